import pandas as pd
import pytest

from verbatim.errors import ConfigError
from verbatim.survey.dates import read_dates

DAY = pd.Timestamp("2026-03-05")
ALONE = [
    *("2026-03-05", "2026/03/05", "05 March 2026", "5 Mar 2026", "March 5, 2026", "5-Mar-2026", "2026-03-05 00:00:00"),
    *("5 mars 2026", "jeudi 5 mars 2026", "5. März 2026", "5 de marzo de 2026", "5 de março de 2026", "5 marzo 2026"),
    *("5 maart 2026", "5 mrt. 2026"),
    *("2026-03-05T00:00:00Z", "1772668800", "1772668800000", "46086"),
]


@pytest.mark.parametrize("cell", ALONE)
def test_unmistakable(cell):
    read = read_dates(pd.Series([cell]))
    assert read.date.tolist() == [DAY]
    assert not read.unsettled


def test_one_day_above_twelve_settles_the_column():
    assert read_dates(pd.Series(["05/03/2026", "13/03/2026"])).date[0] == DAY
    assert read_dates(pd.Series(["03/05/2026", "03/13/2026"])).date[0] == DAY


def test_without_one_both_formats_are_offered_unless_the_tool_is_known():
    cells = pd.Series(["11/1/2019 8:51:12", "11/2/2019 9:00:00", "11/3/2019 9:01:00"])
    assert read_dates(cells).unsettled == ("%d/%m/%Y %H:%M:%S", "%m/%d/%Y %H:%M:%S")
    for told in read_dates(cells).unsettled:
        assert not read_dates(cells, told).unsettled
        assert not read_dates(cells, told).unreadable
    known = read_dates(cells, month_first=True)
    assert known.date.dt.month.tolist() == [11, 11, 11]
    assert not known.unsettled


def test_dates_in_both_orders_are_asked_about_even_where_the_tool_is_known():
    cells = pd.Series(["25/12/2026", "12/25/2026", "03/04/2026"])
    assert read_dates(cells, month_first=True).unsettled == ("%d/%m/%Y", "%m/%d/%Y")


def test_the_same_day_and_month_need_no_question():
    assert not read_dates(pd.Series(["05/05/2026", "03.03.2026"])).unsettled


def test_stamps_as_google_forms_writes_them_in_csv():
    read = read_dates(pd.Series(["2026/03/05 1:30:00 PM GMT+1", "2026/03/05 12:30:00 AM GMT-3:30"]))
    assert read.date.tolist() == [pd.Timestamp("2026-03-05 12:30"), pd.Timestamp("2026-03-05 04:00")]


def test_halves_of_the_day():
    read = read_dates(pd.Series(["03/13/2026 12:05 AM", "03/13/2026 1:05 pm", "03/13/2026 12:00 PM"]))
    assert read.date.dt.hour.tolist() == [0, 13, 12]


def test_unreadable_and_blank():
    read = read_dates(pd.Series(["soon", "", "31/02/2026", "2026-03-05"]))
    assert read.date.notna().tolist() == [False, False, False, True]
    assert read.unreadable == 2


def test_months_and_zones():
    assert read_dates(pd.Series(["September 2021"])).date[0] == pd.Timestamp("2021-09-01")
    assert read_dates(pd.Series(["2026-03-05T01:00:00+01:00"])).date[0] == DAY


def test_a_format_is_obeyed_or_refused():
    assert read_dates(pd.Series(["03.05.26"]), "%m.%d.%y").date[0] == DAY
    with pytest.raises(ConfigError, match=r"survey.date_format"):
        read_dates(pd.Series(["03.05.26"]), "%m.%Q")


def test_numbers_are_dates_only_when_asked():
    assert read_dates(pd.Series(["46086"]), numbers=False).date.isna().all()


def test_months_of_other_languages_with_a_time():
    read = read_dates(pd.Series(["1er août 2026 à 10h30", "12. Juni 2026 um 9:05 Uhr", "3 dic 2026"]))
    assert read.date.dt.strftime("%m-%d %H:%M").tolist() == ["08-01 10:30", "06-12 09:05", "12-03 00:00"]


def test_words_beside_a_year_are_no_date():
    assert read_dates(pd.Series(["Plan 7 of 2026", "7 maaliskuuta 2026"])).date.isna().all()
