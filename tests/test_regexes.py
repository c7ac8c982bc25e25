"""Every regular expression of the package takes linear time: `make torture` tries texts of a million letters."""

from benchmarks.regexes import patterns, slow


def test_no_expression_takes_quadratic_time():
    every = patterns()
    assert len(every) > 200
    found = {used.place: told for used in every if (told := slow(used, 5_000, 0.03))}
    assert not found
