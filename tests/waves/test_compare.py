"""Two runs compared: exact, mapped where codebooks differ, written whole, refused cleanly."""

import json
from dataclasses import replace

import pandas as pd
import pytest

import verbatim as vb
from verbatim import run_folder
from verbatim.change.goals import ActionOptions, GoalOptions
from verbatim.change.options import ChangeOptions
from verbatim.config import Config
from verbatim.errors import RunFolderError, SurveyError
from verbatim.records import Mentions
from verbatim.simulate import SimulationOptions, simulate_survey
from verbatim.waves.chart import waterfall_bars
from verbatim.waves.command import run_folders
from verbatim.waves.files import write_comparison
from verbatim.waves.outcomes import outcomes_of
from verbatim.waves.since import since_earlier, write_since
from verbatim.waves.track import trends_of
from verbatim.waves.tracker import track


@pytest.fixture(scope="module")
def later(small_analysis, encoder):
    """A second wave by the codebook of the first."""
    survey = vb.read_survey(simulate_survey(SimulationOptions(n=700, seed=9)).table)
    return vb.analyze(survey, model=small_analysis.themes.model, encoder=encoder)


@pytest.fixture(scope="module")
def comparison(small_analysis, later):
    return vb.compare(small_analysis, later)


def test_lines_sum_and_the_way_back_turns(small_analysis, later, comparison):
    change = later.drivers.nps.score - small_analysis.drivers.nps.score
    assert comparison.table["points"].sum() == pytest.approx(change, abs=1e-9)
    back = vb.compare(later, small_analysis).table
    assert back["points"].to_numpy() == pytest.approx(-comparison.table["points"].to_numpy(), abs=1e-9)
    assert "same codebook" in comparison.notes[0]


def test_effects_are_those_of_the_runs(later, comparison):
    ours = comparison.themes.set_index("theme_id")["share_after"]
    theirs = later.drivers.leaves().dropna(subset=["rank"]).set_index("theme_id")["share"]
    shared = ours.index.intersection(theirs.index)
    assert len(shared) > 3
    assert ours[shared].to_numpy() == pytest.approx(theirs[shared].to_numpy(), abs=0.01)


def test_a_wave_given_in_the_others_codebook(small_analysis, later):
    half = Mentions(later.mentions.table.iloc[::2].reset_index(drop=True))
    found = vb.compare(small_analysis, later, recoded=half)
    lines = found.table[found.table["kind"] == "codebook change"]
    assert len(lines) > 3 and lines["points"].sum() == pytest.approx(0, abs=1e-9)
    assert found.table["points"].sum() == pytest.approx(found.change[0], abs=1e-9)
    strange = Mentions(half.table.assign(response_id="nobody"))
    with pytest.raises(SurveyError, match="recoded holds"):
        vb.compare(small_analysis, later, recoded=strange)


def test_the_waterfall_leads_from_one_nps_to_the_other(comparison):
    bars = waterfall_bars(comparison)
    assert bars[1].start == bars[0].stop
    assert bars[-2].stop == pytest.approx(bars[-1].stop, abs=0.5)


def test_files(tmp_path, later, comparison):
    theme = comparison.themes["theme_id"].iloc[0]
    config = Config(goals=GoalOptions(nps=40), actions=(ActionOptions(theme=theme, what="<b>Fix</b>"),))
    folder = write_comparison(comparison, tmp_path / "out", outcomes_of(comparison, later, config))
    names = {path.name for path in folder.iterdir()}
    assert names == {"compare.json", "compare.csv", "themes.csv", "compare.html", "compare.md"}
    page = (folder / "compare.html").read_text(encoding="utf-8")
    assert (
        "default-src &#39;none&#39;" in page
        and "<script" not in page
        and "&lt;b&gt;Fix" in page
        and "<b>Fix" not in page
    )
    content = json.loads((folder / "compare.json").read_text(encoding="utf-8"))
    assert sum(line["points"] for line in content["lines"]) == pytest.approx(content["change"]["points"], abs=1e-9)
    assert pd.read_csv(folder / "compare.csv")["points"].sum() == pytest.approx(content["change"]["points"], abs=1e-9)
    with pytest.raises(RunFolderError, match="exists already"):
        write_comparison(comparison, folder)


def test_what_changed_since_stays_in_the_run_folder(tmp_path, small_analysis, later, comparison):
    told = since_earlier(later, small_analysis, ChangeOptions())
    assert sum(line.points for line in told.since.lines) == pytest.approx(comparison.change[0], abs=1e-9)
    folder = run_folder.write(later, tmp_path / "later", lambda into: None)
    write_since(told, folder)
    assert vb.Analysis.load(folder).since == told.since and vb.Analysis.load(folder).over_time is not None


def test_rates_are_compared_where_both_files_say_who_was_invited(small_analysis, later):
    def asked(wave, invited):
        n = len(wave.survey.responses)
        rows = pd.DataFrame([("all", "all", invited, n, n // 2)], columns=["by", "value", "invited", "responded",
                                                                           "commented"])  # fmt: skip
        return replace(wave, survey=replace(wave.survey, rates=rows))

    who = vb.compare(asked(small_analysis, 3000), asked(later, 7000)).who
    assert who.rates["rate_before"].tolist() == [0.3, 0.5] and who.rates["rate_after"].tolist() == [0.1, 0.5]
    assert any("30.0 % of the invited responded" in told for told in (*who.sentences, *who.warnings))
    assert vb.compare(small_analysis, asked(later, 7000)).who.rates.empty


def test_tracker_and_trends(small_analysis, later):
    tracker = track([small_analysis, later, later], labels=["a", "b", "c"])
    assert tracker.waves["wave"].tolist() == ["a", "b", "c"]
    assert tracker.waves["change"].iloc[2] == pytest.approx(0, abs=1e-9)
    last = tracker.table[tracker.table["wave"] == "c"]
    assert not last["share_moved"].any() and last["share_change"].abs().max() < 1e-9
    found = trends_of(small_analysis)
    assert found is not None and set(found.trends["series"]) >= {"nps", "share"}


def test_runs_are_named_or_found(tmp_path, small_analysis):
    with pytest.raises(RunFolderError, match="nothing to be compared with"):
        run_folders([run_folder.write(small_analysis, tmp_path / "r1", lambda into: None)])
    with pytest.raises(RunFolderError, match="holds 1 run folder"):
        run_folders([tmp_path])
