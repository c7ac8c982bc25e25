"""Surveys at the edge of what is possible: a stated answer or a stated refusal, no NaN in a sentence, no warning."""

import json
import re
import warnings

import numpy as np
import pandas as pd
import pytest

import verbatim as vb
from verbatim import run_folder
from verbatim.config import Config
from verbatim.errors import SurveyError, VerbatimError
from verbatim.report.write import write_report
from verbatim.survey.options import SurveyOptions

N = 120
SAID = (
    "The delivery was late again.", "Support answered at once.", "The price is too high.", "The app crashes daily.",
    "Friendly staff in the shop.", "The invoice was wrong twice.",
)  # fmt: skip


def plain(n=N):
    """Six things that are said, with scores that go up and down."""
    rows = np.arange(n)
    return pd.DataFrame(
        {"id": rows.astype(str), "score": rows * 7 % 11, "comment": [SAID[row % len(SAID)] for row in rows]}
    )


def collinear():
    table = plain()
    return table.assign(comment=[f"{SAID[0]} {SAID[2]}" if row % 2 else SAID[1] for row in range(N)])


CASES = {
    "all promoters": plain().assign(score=10),
    "all detractors": plain().assign(score=0),
    "all passives": plain().assign(score=8),
    "one theme in every response": plain().assign(comment=SAID[0]),
    "collinear themes": collinear(),
    "weights of zero": plain().assign(weight=[row % 2 for row in range(N)]),
    "extreme weights": plain().assign(weight=[1e9 if row == 3 else 1e-9 for row in range(N)]),
    "500 segment values": plain(1000).assign(segment=[f"v{row % 500}" for row in range(1000)]),
    "empty segment": plain().assign(segment=None),
    "twelve responses": plain(12),
}


def read(table):
    names = {"response_id": "id", "score": "score", "comment": "comment"}
    names |= {"weight": "weight"} if "weight" in table else {}
    segments = ("segment",) if "segment" in table else ()
    return vb.read_survey(table, options=SurveyOptions(**names, segments=segments, scale="0-10"))


def sentences(folder):
    """Every sentence of a run for people: the report, the notes, and the text columns of the tables."""
    manifest = json.loads((folder / "manifest.json").read_text())
    yield (folder / "report.md").read_text()
    yield from (*manifest["fallbacks"], *manifest["drivers"]["refusals"], *manifest["drivers"]["notes"])
    for file in folder.glob("*.csv"):
        table = pd.read_csv(file)
        for column in {"sentence", "reason"} & set(table):
            yield from table[column].dropna()


@pytest.mark.long
@pytest.mark.parametrize("case", CASES)
def test_an_answer_or_a_refusal_never_nan(case, encoder, tmp_path):
    config = Config()
    with warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)
        try:
            analysis = vb.analyze(read(CASES[case]), config=config, encoder=encoder)
        except VerbatimError as refusal:
            assert str(refusal).endswith(".")
            return
        folder = run_folder.write(
            analysis, tmp_path / "run", lambda into: write_report(analysis, into, config.report, ["md"])
        )
    for sentence in sentences(folder):
        assert not re.search(r"\b(nan|inf|None|NaT|<NA>)\b", sentence), sentence
    ranked = analysis.drivers.table.dropna(subset="rank")
    assert np.isfinite(ranked[["effect", "effect_low", "effect_high", "share"]].to_numpy(dtype=float)).all()
    assert len(ranked) or analysis.drivers.refusals or analysis.drivers.notes
    assert np.isfinite(analysis.drivers.nps).all()


@pytest.mark.parametrize(
    "table",
    [plain(2), plain().assign(score=None), plain().assign(comment=None), plain().assign(weight=0)],
    ids=["two responses", "no score", "no comment", "all weights zero"],
)
def test_nothing_to_tell_is_refused(table, encoder):
    with pytest.raises(SurveyError, match=r"\."):
        vb.analyze(read(table), encoder=encoder)
