"""Files as they come: every row is accounted for, everything changed is counted."""

import gzip
import io
import random
import zipfile

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from verbatim.errors import SurveyError
from verbatim.survey.doubts import scale_changes
from verbatim.survey.options import SurveyOptions
from verbatim.survey.read import read_survey

WHY = ["late again", "kind staff", "price too high", "app is slow", "great value"]


def frame(n=60, **columns):
    made = {"NPS": [str((7 * i) % 11) for i in range(n)], "Why?": [f"{WHY[i % 5]} {i}" for i in range(n)]}
    return pd.DataFrame(made | columns)


def test_header_repeated_inside_the_file(tmp_path):
    text = frame(20).to_csv(index=False)
    (tmp_path / "s.csv").write_text(text + text, encoding="utf-8")
    survey = read_survey(tmp_path / "s.csv")
    assert survey.rejected["reason"].tolist() == ["the column names again, no answer"]
    assert survey.reading.rows_in == 41


def test_boilerplate_at_the_end_is_taken_off_and_counted():
    table = frame()
    table["Why?"] = table["Why?"] + "READ MORE"
    survey = read_survey(table)
    assert not survey.responses["comment"].str.contains("READ MORE").any()
    assert survey.reading.changed == {'"Why?": the ending "READ MORE" taken off': 60}


def test_answers_that_merely_agree_keep_their_words():
    table = frame()
    table["Why?"] = "good service"
    assert set(read_survey(table, comment="Why?").responses["comment"]) == {"good service"}


def test_entities_mojibake_and_lost_characters():
    table = frame()
    table.loc[0, "Why?"], table.loc[1, "Why?"] = "slow &amp; rude", "It\u00e2\u20ac\u2122s fine"
    table.loc[2, "Why?"], table.loc[3, "Why?"] = "didn\ufffdt come", "a\x00b came late"
    survey = read_survey(table)
    comments = set(survey.responses["comment"])
    assert {"slow & rude", "It’s fine", "didn\ufffdt come", "ab came late"} <= comments
    assert survey.reading.changed == {
        '"Why?": HTML entities written out': 1,
        '"Why?": mojibake mended': 1,
        '"Why?": control characters taken out': 1,
    }
    assert "1 answers hold U+FFFD" in survey.reading.notes[-1]


def test_answers_that_say_nothing_are_counted_and_kept():
    table = frame()
    table.loc[:3, "Why?"] = ["STOP", "RAS", "n/a", "10"]
    survey = read_survey(table)
    assert survey.reading.notes[-1].startswith("4 answers say nothing")
    assert len(survey.responses) == 60


def test_scores_as_people_export_them():
    cells = ["10/10", "9 - likely", "0=not at all", "N/A", "8\x00", "Very likely (10)", "7 ", "11"] * 8
    table = frame(64, NPS=cells)
    survey = read_survey(table, score="NPS")
    assert survey.responses["score"].notna().sum() == 48
    assert survey.rejected["reason"].unique().tolist() == ['score is "11"; NPS scores run 0-10']


def test_five_stars_are_read_when_declared():
    table = frame(NPS=[str(1 + i % 5) for i in range(60)])
    with pytest.raises(SurveyError, match='scale = "1-5"'):
        read_survey(table)
    survey = read_survey(table, options=SurveyOptions(scale="1-5"))
    assert survey.responses["score"].value_counts().to_dict() == dict.fromkeys((2, 4, 6, 8, 10), 12)
    assert survey.reading.changed == {"scores 1-5 doubled, as survey.scale says": 60}
    off = read_survey(table.assign(NPS=["9", *table["NPS"][1:]]), options=SurveyOptions(score="NPS", scale="1-5"))
    assert off.rejected["reason"].tolist() == ['score is "9"; the scale is declared as 1-5']


def changing(n=60):
    scores = [str((5, 4, 5, 3, 5, 1, 2, 5)[i % 8]) for i in range(n)]
    scores += [str((10, 9, 0, 8, 7, 3, 10, 5)[i % 8]) for i in range(n)]
    return frame(2 * n, NPS=scores)


def test_a_scale_that_changes_half_way_is_refused_until_declared():
    with pytest.raises(SurveyError, match=r'(?s)the first 60 of 120 scores run 1-5.*scale = "0-10"'):
        read_survey(changing())
    assert len(read_survey(changing(), options=SurveyOptions(scale="0-10")).responses) == 120


def test_a_changed_scale_is_found_with_few_fives_and_bad_answers_alone_are_none():
    first, then = (1, 2, 3, 3, 4, 4, 2, 5, 3, 4), (10, 9, 9, 8, 7, 10, 3, 6, 0, 5)
    scores = [str((first if i < 200 else then)[i % 10]) for i in range(400)]
    with pytest.raises(SurveyError, match="the first 200 of 400 scores run 1-5"):
        read_survey(frame(400, NPS=scores))
    rng = np.random.default_rng(1)
    low = np.array([0.02, *[0.19] * 5, *[0.006] * 5])  # a survey of the furious: long runs of 1-5 are no wonder
    draws = pd.DataFrame(rng.choice(11, (300, 500), p=low / low.sum()))
    undated = pd.Series(pd.NaT, index=range(500), dtype="datetime64[us]")
    assert not any(scale_changes(scores, undated) for _, scores in draws.iterrows())


def test_a_scale_that_changes_with_time_is_found_in_any_row_order():
    table = changing().assign(Date=[f"2026-{1 + i // 30:02d}-{1 + i % 28:02d}" for i in range(120)])
    with pytest.raises(SurveyError, match=r"the first 60 of 120 scores \(2026-01-01 to 2026-02-28\) run 1-5"):
        read_survey(table.sample(frac=1, random_state=3))


def test_a_file_sorted_by_score_has_no_changing_scale():
    table = frame()
    table["NPS"] = sorted(table["NPS"], key=int)
    assert len(read_survey(table).responses) == 60


def test_zeros_that_look_like_blanks_are_asked_about():
    table = frame(160, NPS=["0"] * 60 + [str((9, 10, 8, 6, 2)[i % 5]) for i in range(100)])
    table.loc[:59, "Why?"] = ""
    with pytest.raises(SurveyError, match=r'(?s)60 of 160 scores are 0.*missing_scores = \["0"\]'):
        read_survey(table)
    gone = read_survey(table, options=SurveyOptions(missing_scores=("0",)))
    assert (len(gone.responses), len(gone.rejected)) == (100, 60)
    assert len(read_survey(table, options=SurveyOptions(missing_scores=())).responses) == 160


def test_the_same_answer_twice_is_rejected_once():
    table = frame(40, customer_id=[f"C{i}" for i in range(40)], Date=[f"2026-03-05 10:00:{i:02d}" for i in range(40)])
    twice = pd.concat([table, table.iloc[[3, 7]], table.iloc[[9]].assign(**{"Why?": "another answer"})])
    survey = read_survey(twice)
    assert survey.rejected["row"].tolist() == [41, 42]
    assert survey.rejected["reason"].iloc[0] == "the same answer as in row 4 (same respondent and time)"
    assert len(read_survey(twice, options=SurveyOptions(repeats="keep")).responses) == 43


def test_the_same_score_on_the_same_day_without_a_word_is_no_repeat():
    table = frame(40, customer_id=["C1"] * 40, Date=["2026-03-05"] * 40, NPS=["9"] * 40).assign(**{"Why?": ""})
    table.loc[:19, "Why?"] = [f"visit {i}" for i in range(20)]
    assert len(read_survey(table, comment="Why?", respondent_id="customer_id").rejected) == 0


def test_unsettled_dates_are_asked_about_with_lines_to_paste():
    table = frame(Date=[f"{1 + i % 12:02d}/{1 + i % 5:02d}/2026" for i in range(60)])
    with pytest.raises(
        SurveyError, match=r'(?s)\[survey\]\n    date_format = "%d/%m/%Y"\n    # date_format = "%m/%d/%Y"'
    ):
        read_survey(table)
    assert read_survey(table, options=SurveyOptions(date_format="%m/%d/%Y")).responses["date"].dt.month.nunique() == 12


def test_a_stated_format_wins_and_what_does_not_fit_is_counted():
    table = frame(Date=["2026-03-05"] * 59 + ["05/03/2026"])
    survey = read_survey(table, date="Date", options=SurveyOptions(date_format="%Y-%m-%d"))
    assert survey.reading.changed == {"dates that cannot be read left blank": 1}
    assert survey.responses["date"].isna().sum() == 1


FRENCH = ["3 janvier", "7 mars", "12 juin", "1er août", "25 décembre"]


def test_months_in_french_make_a_date_and_those_in_finnish_no_segment():
    survey = read_survey(frame(Date=[f"{FRENCH[i % 5]} 2026" for i in range(60)]))
    assert survey.responses["date"].dt.month.value_counts().to_dict() == dict.fromkeys((1, 3, 6, 8, 12), 12)
    finnish = read_survey(frame(Date=[f"{1 + i % 9} {('maaliskuuta', 'May')[i % 3 == 0]} 2026" for i in range(60)]))
    assert finnish.segments == ()
    said = "dates that are written in no one way that is known: 20 of 60 cells were understood"
    assert f'"Date" holds {said}; it is left out. Say how in survey.date_format.' in finnish.reading.notes


def test_dates_in_two_orders_are_asked_about():
    table = frame(Date=[(f"{13 + i % 9}/02/2026" if i % 2 else f"02/{13 + i % 9}/2026") for i in range(60)])
    with pytest.raises(SurveyError, match=r'(?s)are in two orders.*date_format = "%d/%m/%Y"\n    # date_format'):
        read_survey(table)
    told = read_survey(table, options=SurveyOptions(date_format="%d/%m/%Y"))
    assert told.reading.changed == {"dates that cannot be read left blank": 30}


def test_a_stated_format_that_fits_nothing_is_refused_and_one_that_fits_little_is_said():
    table = frame(Date=["2026-03-05"] * 50 + ["05/03/2026"] * 10)
    with pytest.raises(SurveyError, match=r'"%d\.%m\.%Y", but none of the 60 dates in "Date" is written so'):
        read_survey(table, options=SurveyOptions(date_format="%d.%m.%Y"))
    few = read_survey(table, date="Date", options=SurveyOptions(date_format="%d/%m/%Y"))
    assert 'survey.date_format "%d/%m/%Y" fits only 10 of the 60 dates in "Date".' in few.reading.notes


def test_gzip_and_zip_are_read_like_what_they_hold(tmp_path):
    data = frame().to_csv(index=False).encode()
    (tmp_path / "s.csv").write_bytes(data)
    (tmp_path / "s.csv.gz").write_bytes(gzip.compress(data))
    with zipfile.ZipFile(tmp_path / "export.zip", "w") as archive:
        archive.writestr("__MACOSX/._answers.csv", b"junk")
        archive.writestr("folder/answers.csv", data)
    plain = read_survey(tmp_path / "s.csv").responses
    for name, how in (("s.csv.gz", "in gzip"), ("export.zip", 'in zip, "answers.csv"')):
        survey = read_survey(tmp_path / name)
        pd.testing.assert_frame_equal(survey.responses, plain)
        assert survey.reading.source == name
        assert survey.reading.layout.endswith(how)


def test_an_archive_of_several_files_is_a_question(tmp_path):
    with zipfile.ZipFile(tmp_path / "export.zip", "w") as archive:
        archive.writestr("a.csv", b"x")
        archive.writestr("b.csv", b"y")
    with pytest.raises(SurveyError, match=r"2 files \(a.csv, b.csv\)"):
        read_survey(tmp_path / "export.zip")


CELLS = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    st.sampled_from(
        [
            "READ MORE",
            "STOP",
            "RAS",
            "=1+1",
            "'=x",
            "&quot;",
            "a\x00b",
            "Ã©tÃ©",
            "line\nbreak",
            '"',
            "\ufffd",
            "05/04/2026",
        ]
    ),
)
SCORES = st.one_of(st.integers(-2, 12).map(str), st.sampled_from(["", "N/A", "9 - likely", "10/10", "NPS", "٣"]))
ROWS = st.lists(
    st.lists(CELLS, min_size=0, max_size=4).flatmap(lambda rest: SCORES.map(lambda s: [s, *rest])), max_size=25
)
JOINTS = st.sampled_from(["\n", "\r\n", "\r"])
PAGES = st.sampled_from(["utf-8", "utf-8-sig", "latin-1", "cp1252", "cp850", "utf-16"])


@given(ROWS, JOINTS, PAGES, st.booleans(), st.integers(0, 99))
@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
def test_every_row_of_a_hostile_file_is_a_response_or_rejected(tmp_path_factory, rows, end, page, again, seed):
    header = ["NPS", "why", "plan", "Date", "customer_id"]
    rows = [*rows, *([header] if again else []), *rows[:2]]
    random.Random(seed).shuffle(rows)
    text = io.StringIO(newline="")
    pd.DataFrame([[*row, *[""] * 5][:5] for row in rows], columns=header).to_csv(text, index=False, lineterminator=end)
    path = tmp_path_factory.mktemp("hostile") / "s.csv"
    path.write_bytes(text.getvalue().encode(page, errors="replace"))
    try:
        survey = read_survey(path, score="NPS", comment="why")
    except SurveyError as error:
        assert str(error).strip()
        return
    assert survey.reading.rows_in == len(survey.responses) + len(survey.rejected)
    assert survey.rejected["reason"].ne("").all()
    assert survey.responses["response_id"].is_unique
    comments = survey.responses.set_index("response_id")["comment"]
    for row in survey.answers.itertuples():
        assert comments[row.response_id][row.start : row.start + len(row.text)] == row.text
