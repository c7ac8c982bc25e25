"""Forgetting one person: nothing of them is left, and what is left agrees with itself."""

import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace

import pandas as pd
import pytest

import verbatim as vb
from verbatim import run_folder
from verbatim.commands.forget import forget
from verbatim.config import parse_config
from verbatim.errors import RunFolderError
from verbatim.records import Spans
from verbatim.simulate import SimulationOptions, simulate_survey
from verbatim.text.embed import embed_spans
from verbatim.text.encoder import EncoderOptions, load_encoder


@pytest.fixture(scope="module")
def before(tmp_path_factory):
    place = tmp_path_factory.mktemp("forget")
    table = simulate_survey(SimulationOptions(n=400)).table.drop(columns="response_id")
    table.insert(0, "customer_id", [f"c{row:05d}" for row in range(len(table))])
    row = table.index[table["comment"].str.len() > 60][0]
    table.loc[row, "comment"] += " Zanzibarquux the parcel."
    who = table.loc[row, "customer_id"]
    table.loc[len(table)] = table.loc[row].to_dict() | {"nps_score": 11}
    config = parse_config({"encoder": {"cache": str(place / "cache")}}, "test")
    analysis = vb.analyze(vb.read_survey(table.astype({"nps_score": "str"})), config=config)
    run_folder.write(analysis, place / "run", lambda folder: (folder / "report.md").write_text("report"))
    (place / "run" / "mine.txt").write_text("Zanzibarquux")
    return place, who


@pytest.fixture(scope="module")
def erased(before):
    place, who = before
    shutil.copytree(place / "run", place / "first")
    return place, who, forget(place / "run", who)


def test_nothing_of_the_person_is_left(erased):
    place, who, forgotten = erased
    assert (forgotten.responses, forgotten.rejected) == (1, 1)
    for file in (place / "run").rglob("*.*"):
        said = (
            pd.read_parquet(file).to_csv()
            if file.suffix == ".parquet"
            else file.read_bytes().decode("utf-8", "replace")
        )
        assert "zanzibarquux" not in said.casefold() and who not in said, file
    assert any("mine.txt" in sentence for sentence in forgotten.sentences)


def test_their_vectors_leave_the_cache(erased):
    place, who, forgotten = erased
    first = vb.Analysis.load(place / "first")
    theirs = first.survey.responses[first.survey.responses["respondent_id"] == who]
    spans = first.spans.table[first.spans.table["response_id"].isin(theirs["response_id"])]
    spans = Spans(spans.drop_duplicates(["start", "end"]).reset_index(drop=True))

    def rows():
        with closing(sqlite3.connect(place / "cache" / "vectors.sqlite")) as database:
            return database.execute("SELECT COUNT(*) FROM vectors").fetchone()[0]

    without = rows()
    encoder = load_encoder(EncoderOptions(cache=str(place / "cache")))
    embed_spans(replace(first.survey, responses=theirs), spans, encoder=encoder)
    assert rows() - without == forgotten.vectors > 0


def test_the_ledger_stays_true_and_the_figures_are_new(erased):
    place, _, _ = erased
    first, left = (vb.Analysis.load(place / name) for name in ("first", "run"))
    ledger = left.manifest["ledger"]
    assert ledger["rows_in"] == ledger["responses"] + ledger["rejected"] == first.manifest["ledger"]["rows_in"] - 2
    assert ledger["responses"] == len(left.survey.responses)
    assert left.drivers.nps.n == first.drivers.nps.n - 1
    assert left.manifest["forgotten"] == {"respondents": 1, "responses": 1, "rejected": 1}
    assert [t.theme_id for t in left.themes.themes] == [t.theme_id for t in first.themes.themes]
    known = set(left.spans.table["span_id"])
    assert all(set(theme.exemplars) <= known for theme in left.themes.themes)


def test_nobody_is_nobody(erased):
    place, who, _ = erased
    with pytest.raises(RunFolderError, match="nothing was changed"):
        forget(place / "run", who)
