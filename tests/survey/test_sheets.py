import pandas as pd
import pytest
from tests.survey.made import survey

import verbatim as vb
from verbatim.errors import ColumnNotFound
from verbatim.survey.options import SurveyOptions

ANSWERS = survey({"nps": "nps", "why": "text", "plan": "plan"})
COVER = pd.DataFrame({"About": ["Wave 3"], "Made": ["May"]})
TOTALS = pd.DataFrame({"plan": ["basic", "plus", "pro"], "customers": [120, 80, 33]})


@pytest.fixture
def book(tmp_path):
    def write(**sheets):
        with pd.ExcelWriter(tmp_path / "book.xlsx") as book:
            for name, table in sheets.items():
                table.to_excel(book, sheet_name=name, index=False)
        return tmp_path / "book.xlsx"

    return write


def test_the_one_sheet_that_looks_like_a_survey_is_read(book):
    read = vb.read_survey(book(Cover=COVER, Totals=TOTALS, Answers=ANSWERS))
    assert read.reading.layout == 'Excel, sheet "Answers", the only one of 3 that looks like a survey'
    assert read.reading.rows_in == len(ANSWERS)


def test_several_such_sheets_are_a_question(book):
    file = book(Cover=COVER, **{'Q1 "new"': ANSWERS, "Q2": ANSWERS})
    with pytest.raises(ColumnNotFound) as error:
        vb.read_survey(file)
    assert '"Q1 "new"" (60 rows), "Q2" (60 rows)' in str(error.value)
    assert '[survey]\n    sheet = "Q1 \\"new\\""\n    # sheet = "Q2"\n' in str(error.value)


def test_a_named_sheet_wins(book):
    options = SurveyOptions(sheet="Q2")
    file = book(Q1=ANSWERS, Q2=ANSWERS.head(30))
    assert vb.read_survey(file, options=options).reading.rows_in == 30
