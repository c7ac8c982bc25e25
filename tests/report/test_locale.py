"""Numbers and dates of the reports in another locale."""

import re

import pytest
from pydantic import ValidationError

from verbatim.report.formats import day, in_locale, interval, month, percent, signed, whole
from verbatim.report.options import ReportOptions
from verbatim.report.write import write_report


def test_the_locale_ends_with_its_block():
    import datetime

    born = datetime.date(2018, 3, 9)
    with in_locale("fr"):
        assert (signed(-6.14), percent(0.041), interval(-1.5, 2.25)) == ("−6,1", "4,1 %", "[−1,5; 2,2]")
        assert whole(12345) == "12\u202f345" and day(born) == "9 mars 2018" and month(born) == "mars 2018"
    assert (whole(12345), signed(6.14), day(born)) == ("12,345", "+6.1", "9 Mar 2018")


@pytest.mark.parametrize("name", ["klingon", "", "en_XX_YY_ZZ", "../de"])
def test_an_unknown_locale_is_refused(name):
    with pytest.raises(ValidationError, match="is no locale that is known"):
        ReportOptions(locale=name)


def test_every_number_of_the_page_is_written_alike(analysis, tmp_path):
    write_report(analysis, tmp_path, ReportOptions(locale="de-DE"), ["html", "brief"])
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    shown = re.sub(r"<(script|style)\b.*?</\1>|<[^>]*>|\bv\d[\d.]*", " ", page, flags=re.DOTALL)
    assert re.search(r"−\d+,\d", shown) and '"marks":{"decimal":",","group":".","between":"; "}' in page
    assert re.search(r"-\d+\.\d", (tmp_path / "brief.md").read_text(encoding="utf-8"))
    assert re.findall(r"(?<!\S)[−+]?\d+\.\d (?:points|times|%|among)", shown) == []
