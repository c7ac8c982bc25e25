import pytest

from verbatim.survey.read import read_survey


def rows(n=60):
    return [f"{(k * 7) % 11},slow service {k}\n" for k in range(n)]


def read(tmp_path, lines, head="nps,why\n"):
    (tmp_path / "s.csv").write_text(head + "".join(lines), encoding="utf-8")
    return read_survey(tmp_path / "s.csv")


def test_a_row_that_swallowed_others_is_rejected_with_its_lines(tmp_path):
    lines = [f"{k % 11},slow service {k}\n" for k in range(60)]
    lines[20], lines[40] = '9,"they were late\n', '7,slow service 40"\n'
    survey = read(tmp_path, lines)
    assert len(survey.responses) == 39
    assert survey.rejected["row"].tolist() == [21]
    assert survey.rejected["reason"][0].startswith(
        "lines 22-42 of the file were read as one row, but 20 of them look like rows of their own"
    )


def test_one_swallowed_row_is_told_by_marks_that_do_not_pair(tmp_path):
    lines = [f'{(k * 7) % 11},"slow service {k}"\n' for k in range(60)]
    lines[20] = '9,"they were late\n'
    survey = read(tmp_path, lines)
    assert survey.rejected["reason"][0].startswith("lines 22-23 of the file were read as one row, but 1 of them look")


def test_a_hint_of_excel_counts_as_a_line(tmp_path):
    lines = [line.replace(",", ";") for line in rows()]
    lines[20], lines[40] = '9;"they were late\n', '7;slow service 40"\n'
    assert "lines 23-43 of the file" in read(tmp_path, lines, "sep=;\nnps;why\n").rejected["reason"][0]


@pytest.mark.parametrize(
    "comment",
    [
        "late,\nrude, and dear\n\nnever again",
        "my list:\n1, price\n2, service\n3, the app",
        "2 calls, no answer\n10, maybe 12 mails",
        'he said "no", twice\nthen left',
    ],
)  # fmt: skip
def test_comments_of_several_lines_stay(tmp_path, comment):
    quoted = comment.replace('"', '""')
    survey = read(tmp_path, [*rows(), f'9,"{quoted}"\n'])
    assert len(survey.rejected) == 0
    assert len(survey.responses) == 61
