"""The run folder: an Analysis as tables and a manifest on disk, written whole or not at all."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pandas as pd

from verbatim.analysis import course
from verbatim.analysis.accounts import account_table
from verbatim.analysis.beside import outcome_table
from verbatim.analysis.journey import journey_table
from verbatim.errors import RunFolderError
from verbatim.nps import Nps
from verbatim.people.plays import PLAY_COLUMNS
from verbatim.records import (
    DRIVER_COLUMNS,
    MENTION_COLUMNS,
    SEGMENT_COLUMNS,
    SPAN_COLUMNS,
    Analysis,
    Column,
    Drivers,
    Halo,
    JoinReport,
    Mentions,
    Reading,
    SentimentReading,
    Spans,
    Survey,
    Themes,
)
from verbatim.scales import Outcome, RankedOutcome
from verbatim.themes.agreement import AGREEMENT_COLUMNS
from verbatim.themes.attach import mention_matrix
from verbatim.themes.model import ThemeModel
from verbatim.themes.model_folder import theme_from_json, theme_to_json
from verbatim.unfinished.place import put_in_place

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def write(analysis: Analysis, folder: Path, reports: Callable[[Path], object], *, overwrite: bool = False) -> Path:
    """Write every table and, through ``reports(folder)``, the reports; the folder appears when all is written.

    Raises
    ------
    RunFolderError
        The folder exists, or the disk does not let us write.
    """

    def fill(building: Path) -> None:
        _write_tables(analysis, building)
        reports(building)

    put_in_place(folder, fill, overwrite)
    return folder


def _write_tables(analysis: Analysis, folder: Path) -> None:
    survey, drivers = analysis.survey, analysis.drivers
    survey.responses.to_parquet(folder / "responses.parquet", index=False)
    survey.answers.to_parquet(folder / "answers.parquet", index=False)
    inert(survey.rejected).to_csv(folder / "rejected.csv", index=False)
    analysis.spans.table[list(SPAN_COLUMNS)].to_parquet(folder / "spans.parquet", index=False)
    analysis.mentions.table[list(MENTION_COLUMNS)].to_parquet(folder / "mentions.parquet", index=False)
    _write_json(folder / "themes.json", [theme_to_json(theme) for theme in analysis.themes.themes])
    for name, content in course.json_files(analysis).items():
        _write_json(folder / name, content)
    analysis.themes.model.save(folder / "model")
    drivers.table.to_parquet(folder / "drivers.parquet", index=False)
    drivers.covariance.reset_index().to_parquet(folder / "covariance.parquet", index=False)
    for name, table in csv_tables(analysis).items():
        (folder / name).write_text(csv_text(table), encoding="utf-8", newline="")
    _write_json(folder / "manifest.json", manifest_of(analysis) | {"tables": _hashes(folder)})


def _hashes(folder: Path) -> dict[str, str]:
    """Return the sha256 of every file written so far."""
    files = sorted(file for file in folder.rglob("*") if file.is_file())
    return {file.relative_to(folder).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


def csv_tables(analysis: Analysis) -> dict[str, pd.DataFrame]:
    """Every table that is made from the others and published as CSV, by file name."""
    agreement, survey = agreement_table(analysis.manifest), analysis.survey
    accounts = "account" in survey.responses
    return {
        "coded.csv": coded_table(analysis),
        **_driver_tables(analysis.drivers),
        **_sentiment_tables(analysis.sentiment),
        **course.tables(analysis),
        **_beside_the_nps(analysis),
        **({"accounts.csv": account_table(survey, analysis.mentions, analysis.drivers)} if accounts else {}),
        **({"agreement.csv": agreement} if len(agreement) else {}),
        "plays.csv": plays_table(analysis.manifest),
    }


def csv_text(table: pd.DataFrame) -> str:
    """A table as it is written: comma-separated, nothing in it that a spreadsheet would run."""
    return inert(table).to_csv(index=False, lineterminator="\n")


def coded_table(analysis: Analysis) -> pd.DataFrame:
    """One row a response: id, score, segments, ``commented``, then one 0/1 column a theme, named by its id.

    A response without a comment has 0 everywhere: leave it out (``commented == 0``) when counting mentions.
    """
    survey = analysis.survey
    ids = [theme.theme_id for theme in analysis.themes.themes]
    spoke = analysis.spans.made_by(survey.responses["response_id"]).astype("int8")
    coded = mention_matrix(analysis.mentions, survey.responses["response_id"], ids).reset_index(drop=True)
    return pd.concat(
        [survey.responses[["response_id", "score", *survey.segments]], spoke.rename("commented"), coded], axis=1
    )


def agreement_table(manifest: Mapping[str, Any]) -> pd.DataFrame:
    """People's coding and ours, code by code, as the manifest holds it; empty where nothing was coded."""
    guided: Mapping[str, Any] = manifest.get("guided_by") or {}
    return pd.DataFrame(guided.get("agreement", []), columns=list(AGREEMENT_COLUMNS))


def plays_table(manifest: Mapping[str, Any]) -> pd.DataFrame:
    """Whose play is which, and how many they are, as the manifest holds it."""
    return pd.DataFrame(manifest.get("plays", []), columns=list(PLAY_COLUMNS)).astype({"within_days": "Int64"})


def _driver_tables(drivers: Drivers) -> dict[str, pd.DataFrame]:
    return {
        "drivers.csv": drivers.table[list(DRIVER_COLUMNS)],
        "segments.csv": drivers.segments[list(SEGMENT_COLUMNS)],
        "segment_nps.csv": drivers.segment_nps,
        "contrasts.csv": drivers.contrasts,
        "category_shares.csv": drivers.category_shares,
        "coin_toss.csv": drivers.coin_toss,
        "bridges.csv": drivers.bridges,
    }


def _beside_the_nps(analysis: Analysis) -> dict[str, pd.DataFrame]:
    """Further scores, stages in their order and response rates, where there are any; no figure of small groups."""
    survey, options = analysis.survey, analysis.manifest.get("options")
    minimum = options["report"]["minimum_group"] if isinstance(options, dict) else 1
    tables = {"outcomes.csv": outcome_table(survey), "journey.csv": journey_table(survey, analysis.drivers, minimum)}
    if len(survey.rates):
        tables["response_rates.csv"] = survey.rates[survey.rates["invited"] >= minimum]
    return {name: table for name, table in tables.items() if len(table)}


def _sentiment_tables(reading: SentimentReading) -> dict[str, pd.DataFrame]:
    return {
        "comment_sentiment.csv": reading.comments,
        "sentiment_calibration.csv": reading.calibration,
        "estimated.csv": reading.estimated,
        "estimate_quality.csv": reading.estimate_quality,
    }


def inert(table: pd.DataFrame) -> pd.DataFrame:
    """Text cells that a spreadsheet would run as a formula get an apostrophe in front."""
    safe = table.copy()
    for name in safe.select_dtypes(["str", "object"]).columns:
        runs = safe[name].astype("str").str.startswith(_FORMULA_STARTS).fillna(False)
        if runs.any():
            safe[name] = safe[name].where(~runs, "'" + safe[name].astype("str"))
    return safe.rename(columns=lambda name: f"'{name}" if str(name).startswith(_FORMULA_STARTS) else name)


def manifest_of(analysis: Analysis) -> dict[str, Any]:
    """What manifest.json holds: how the analysis came about, and the figures that belong to no row."""
    survey, drivers = analysis.survey, analysis.drivers
    return {
        **analysis.manifest,
        "input": asdict(survey.reading),
        "segments": list(survey.segments),
        "orders": {name: list(values) for name, values in survey.orders.items()},
        "outcomes": [asdict(outcome) for outcome in survey.outcomes],
        "masked": dict(survey.masked),
        "nps": drivers.nps._asdict(),
        "sentiment": {
            "learned": analysis.sentiment.learned,
            "auc": analysis.sentiment.auc,
            "notes": list(analysis.sentiment.notes),
        },
        "drivers": {
            "leaf_level": drivers.leaf_level,
            "base": drivers.base,
            "nps_commenters": drivers.nps_commenters,
            "n_scored": drivers.n_scored,
            "n_commenters": drivers.n_commenters,
            "kish_n": drivers.kish_n,
            "r_squared": _null_for_nan(drivers.r_squared),
            "halo": {name: _null_for_nan(value) for name, value in asdict(drivers.halo).items()},
            "refusals": list(drivers.refusals),
            "notes": list(drivers.notes),
            "ranked_on": asdict(drivers.ranked_on) | {"net": drivers.ranked_on.net._asdict()}
            if drivers.ranked_on
            else None,
        },
    }


def _null_for_nan(number: float) -> float | None:
    return None if number != number else number


def _nan_for_null(number: float | None) -> float:
    return float("nan") if number is None else number


def _write_json(file: Path, content: object) -> None:
    file.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def load(folder: Path) -> Analysis:
    """Read a run folder back.

    Raises
    ------
    RunFolderError
        A file is missing or cannot be read.
    """
    if not (folder / "manifest.json").is_file():
        raise RunFolderError(
            f"{folder} is no run folder: manifest.json is missing. Name a folder that `verbatim run` wrote."
        )
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        survey = _load_survey(folder, manifest)
        themes = tuple(
            theme_from_json(entry) for entry in json.loads((folder / "themes.json").read_text(encoding="utf-8"))
        )
        return Analysis(
            survey,
            Spans(pd.read_parquet(folder / "spans.parquet")),
            Themes(themes, ThemeModel.load(folder / "model"), course.load_proposed(folder)),
            Mentions(pd.read_parquet(folder / "mentions.parquet")),
            _load_sentiment(folder, manifest),
            _load_drivers(folder, manifest),
            manifest,
            course.load_over_time(folder),
            course.load_since(folder),
        )
    except (OSError, KeyError, TypeError, ValueError, RecursionError) as error:
        raise RunFolderError(
            f"{folder} is incomplete or damaged: {error}. Run the survey again into a new folder."
        ) from None


def _load_survey(folder: Path, manifest: Mapping[str, Any]) -> Survey:
    reading = dict(manifest["input"])
    reading["columns"] = tuple(Column(**column) for column in reading["columns"])
    reading["notes"] = tuple(reading["notes"])
    if join := reading.get("join"):
        lists = {name: tuple(join[name]) for name in ("columns", "unmatched_rows")}
        reading["join"] = JoinReport(**{**join, **lists})
    rejected = pd.DataFrame()
    with suppress(pd.errors.EmptyDataError):
        rejected = pd.read_csv(folder / "rejected.csv", dtype="str", keep_default_na=False).astype({"row": int})
    return Survey(
        pd.read_parquet(folder / "responses.parquet"),
        pd.read_parquet(folder / "answers.parquet"),
        tuple(manifest["segments"]),
        rejected,
        Reading(**reading),
        manifest["masked"],
        tuple(_outcome(entry) for entry in manifest.get("outcomes", [])),
        {name: tuple(values) for name, values in manifest.get("orders", {}).items()},
        _load_rates(folder / "response_rates.csv"),
    )


def _outcome(entry: Mapping[str, Any]) -> Outcome:
    return Outcome(**{**entry, "top": tuple(entry["top"]), "bottom": tuple(entry["bottom"])})


def _load_rates(file: Path) -> pd.DataFrame:
    return pd.read_csv(file, dtype={"by": "str", "value": "str"}) if file.is_file() else pd.DataFrame()


def _load_sentiment(folder: Path, manifest: Mapping[str, Any]) -> SentimentReading:
    told = manifest["sentiment"]
    comments, calibration, estimated, quality = (
        pd.read_csv(folder / name, dtype={"response_id": "str", "estimated_category": "str", "predictor": "str"})
        for name in ("comment_sentiment.csv", "sentiment_calibration.csv", "estimated.csv", "estimate_quality.csv")
    )
    return SentimentReading(
        comments, calibration, told["auc"], estimated, quality, told["learned"], tuple(told["notes"])
    )


def _load_drivers(folder: Path, manifest: Mapping[str, Any]) -> Drivers:
    numbers = dict(manifest["drivers"])
    numbers |= {name: tuple(numbers[name]) for name in ("notes", "refusals")}
    numbers["r_squared"] = _nan_for_null(numbers["r_squared"])
    if ranked := numbers.get("ranked_on"):
        numbers["ranked_on"] = RankedOutcome(_outcome(ranked["outcome"]), Nps(**ranked["net"]))
    halo = numbers["halo"]
    index, low, high = (_nan_for_null(halo[name]) for name in ("index", "low", "high"))
    numbers["halo"] = Halo(index, low, high, halo["n_pairs"], halo["n_comments"])
    labels = {"segment": "str", "value": "str", "theme_id": "str", "name": "str", "reason": "str", "sentence": "str"}
    return Drivers(
        nps=Nps(**manifest["nps"]),
        table=pd.read_parquet(folder / "drivers.parquet"),
        segments=pd.read_csv(folder / "segments.csv", dtype={"segment": "str", "value": "str"}),
        contrasts=pd.read_csv(folder / "contrasts.csv", dtype=labels),
        category_shares=pd.read_csv(
            folder / "category_shares.csv", dtype={"theme_id": "str", "name": "str", "category": "str"}
        ),
        segment_nps=pd.read_csv(folder / "segment_nps.csv", dtype={"segment": "str", "value": "str"}),
        coin_toss=pd.read_csv(folder / "coin_toss.csv"),
        bridges=pd.read_csv(folder / "bridges.csv", dtype={"theme_id": "str", "source": "str", "kind": "str"}),
        covariance=pd.read_parquet(folder / "covariance.parquet").set_index("theme_id"),
        **numbers,
    )
