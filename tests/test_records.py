"""What records say of themselves."""

from dataclasses import replace

from verbatim.records import Theme

THEME = Theme("T01", "Broadband", ("broadband", "faster", "install", "installed", "Broad", "wait", "x"), "", None, 1,
              "subject", "found", 9, (), ())  # fmt: skip


def test_a_found_theme_is_told_by_words_that_are_not_in_its_name():
    assert THEME.said_with == "faster, install, wait"
    assert replace(THEME, name="Faster installation").said_with == "broadband, wait, x"
    assert replace(THEME, source="given").said_with == ""


def test_those_words_stand_in_the_reports(small_run, small_analysis):
    worst = small_analysis.drivers.leaves().nsmallest(1, "rank")["theme_id"].iloc[0]
    theme = small_analysis.themes.by_id()[worst]
    assert theme.said_with
    assert f'<small class="said">{theme.said_with}</small>' in (small_run / "report.html").read_text(encoding="utf-8")
    assert f"{theme.name} ({theme.said_with})" in (small_run / "report.md").read_text(encoding="utf-8")
