import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.compose import make_column_transformer
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.utils.estimator_checks import check_estimator

from verbatim import ThemeVectorizer
from verbatim.errors import SurveyError, TooFewResponses
from verbatim.themes.attach import mention_matrix


@pytest.fixture(scope="module")
def themes(small_analysis, encoder):
    return ThemeVectorizer(small_analysis.themes.model, encoder=encoder)


def test_it_says_what_the_analysis_says(themes, small_analysis):
    responses = small_analysis.survey.responses.head(150)
    found = themes.fit(responses["comment"]).transform(responses["comment"])
    ids = [name.split()[0] for name in themes.get_feature_names_out()]
    told = mention_matrix(small_analysis.mentions, responses["response_id"], ids)
    assert found.shape == told.shape and np.array_equal(found, told)


def test_blank_null_and_repeated_comments_keep_their_rows(themes):
    found = themes.fit([]).transform(["The driver was late", None, "", "The driver was late"])
    assert found[0].any() and np.array_equal(found[0], found[3]) and not found[1:3].any()
    assert themes.transform([None, " "]).shape == (2, found.shape[1])


def test_it_finds_themes_of_its_own(small_analysis, encoder):
    comments = small_analysis.survey.responses["comment"].dropna().head(200)
    found = ThemeVectorizer(encoder=encoder).fit_transform(comments)
    assert found.shape[0] == 200 and found.any() and set(np.unique(found)) <= {0, 1}
    with pytest.raises(TooFewResponses):
        ThemeVectorizer(encoder=encoder).fit(["one"])


def test_pipelines_clones_and_frames(themes, small_analysis):
    frame = small_analysis.survey.responses.dropna(subset=["comment", "score"]).head(120)
    churned = (frame["score"] <= 6).astype(int)
    pipe = make_pipeline(make_column_transformer((themes, "comment")), LogisticRegression())
    assert pipe.fit(frame, churned).predict(frame).shape == (120,)
    again = clone(themes)
    assert again.model is themes.model and not hasattr(again, "model_")
    table = again.set_output(transform="pandas").fit_transform(frame["comment"])
    assert isinstance(table, pd.DataFrame) and table.index.equals(frame.index)
    assert table.columns.tolist() == again.get_feature_names_out().tolist()


def test_scikit_learns_own_checks_that_apply_to_text():
    check_estimator(ThemeVectorizer(), on_skip=None)


def test_what_is_no_text_is_refused(themes):
    with pytest.raises(SurveyError, match="row 1: 3 is no text"):
        themes.fit(["one", 3])
    with pytest.raises(SurveyError, match="one comment a row"):
        themes.fit("one")
    with pytest.raises(NotFittedError):
        clone(themes).transform(["one"])
