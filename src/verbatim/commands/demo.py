"""The demonstration: a survey whose drivers are known, analysed like any other, found beside planted."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from verbatim import run_folder
from verbatim.config import Config
from verbatim.drivers.planning.what_if import what_if
from verbatim.errors import RunFolderError
from verbatim.pipeline import analyze
from verbatim.records import Analysis, Drivers, Progress
from verbatim.report.write import write_report
from verbatim.simulate import SimulationOptions, found_beside_planted, simulate_survey, simulate_waves
from verbatim.survey.read import read_survey


@dataclass(frozen=True, slots=True, eq=False)
class Demonstration:
    """Where the simulated survey and its run lie, and the table of planted beside found drivers."""

    survey: Path
    run: Path
    recovery: pd.DataFrame


def run_demo(folder: Path, n: int = 3000, progress: Progress | None = None) -> Demonstration:
    """Simulate a survey into ``folder``, analyse it into ``folder/run``, and set found beside planted drivers."""
    options = SimulationOptions(n=n)
    survey, truth = write_simulated(folder / "survey.csv", options, overwrite=True)
    config = Config()
    analysis = analyze(read_survey(survey), config=config, progress=progress)
    run = run_folder.write(
        analysis, folder / "run", lambda into: write_report(analysis, into, config.report), overwrite=True
    )
    recovery = found_beside_planted(pd.read_csv(truth), analysis.drivers.leaves(), theme_texts(analysis))
    recovery = recovery.join(_intervals_together(recovery["theme_ids"], analysis.drivers))
    recovery.to_csv(folder / "planted_and_found.csv", index=False)
    return Demonstration(survey, run, recovery)


def _intervals_together(theme_ids: pd.Series, drivers: Drivers) -> pd.DataFrame:
    """95 % interval of the sum of the effects of each row's themes: what taking all their mentions away would give."""
    found = theme_ids.replace("", None).map(
        lambda ids: what_if(drivers, dict.fromkeys(ids.split("+"), -1.0)), na_action="ignore"
    )
    ends = [(None, None) if pd.isna(each) else (-each.high, -each.low) for each in found]
    return pd.DataFrame(ends, columns=["together_low", "together_high"], index=theme_ids.index, dtype="float64")


def theme_texts(analysis: Analysis) -> dict[str, list[str]]:
    """Name and exemplar spans of each theme."""
    text = analysis.spans.table.set_index("span_id")["text"]
    return {theme.theme_id: [theme.name, *text.loc[list(theme.exemplars)]] for theme in analysis.themes.themes}


def write_simulated(file: Path, options: SimulationOptions, overwrite: bool = False, waves: int = 1) -> list[Path]:
    """Write simulated surveys as CSV, the truth beside each.

    One wave: ``NAME.csv`` and ``NAME.truth.csv``. Two: ``NAME.wave1.csv``, ``NAME.wave2.csv``, the truth beside each,
    and ``NAME.changes.csv``.

    Raises
    ------
    RunFolderError
        A file exists and ``overwrite`` is false, or the folder cannot be written.
    """
    names = [file.name] if waves == 1 else [f"{file.stem}.wave{wave}{file.suffix}" for wave in (1, 2)]
    paths = [path for name in names for path in (file.with_name(name), file.with_name(f"{Path(name).stem}.truth.csv"))]
    paths += [file.with_name(f"{file.stem}.changes.csv")] if waves > 1 else []
    for path in paths:
        if path.exists() and not overwrite:
            raise RunFolderError(f"{path} exists already. Add --overwrite to replace it, or name another file.")
    for path, table in zip(paths, _simulated_tables(options, waves), strict=True):
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            table.to_csv(path, index=False)
        except OSError as error:
            raise RunFolderError(f"{path} cannot be written: {error.strerror}. Name another file.") from None
    return paths


def _simulated_tables(options: SimulationOptions, waves: int) -> list[pd.DataFrame]:
    if waves == 1:
        simulated = simulate_survey(options)
        return [simulated.table, simulated.truth]
    both = simulate_waves(options)
    return [both.first.table, both.first.truth, both.second.table, both.second.truth, both.changes]
