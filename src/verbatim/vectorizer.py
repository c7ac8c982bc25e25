"""Themes as features: a scikit-learn transformer from comments to a 0/1 matrix."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from verbatim.analysis.given import comments_alone
from verbatim.config import Config
from verbatim.errors import SurveyError, TooFewResponses
from verbatim.pipeline import FEWEST_COMMENTS, reader_of
from verbatim.text.embed import embed_spans
from verbatim.text.encoder import Encoder
from verbatim.text.split import resolve_language, split_comments
from verbatim.themes.attach import attach_themes, mention_matrix
from verbatim.themes.discover import apply_themes, find_themes
from verbatim.themes.model import ThemeModel


class ThemeVectorizer(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Which comment speaks of which theme, for models of churn, value or anything else.

    Parameters
    ----------
    model : ThemeModel or folder, optional
        Themes to recognise; `fit` then learns nothing. Without it, `fit` finds themes in the comments it is given.
    config : Config, optional
    encoder : Encoder, optional
        By default the model's own, or the one that ``config.encoder`` names.

    Attributes
    ----------
    model_ : ThemeModel
        The themes; ``model_.save(folder)`` keeps them.

    Notes
    -----
    Finding themes never sees ``y``. Broader themes are no columns: they are sums of their parts.
    """

    def __init__(
        self, model: ThemeModel | str | Path | None = None, config: Config | None = None, encoder: Encoder | None = None
    ) -> None:
        self.model = model
        self.config = config
        self.encoder = encoder

    def fit(self, X: Iterable[object], y: object = None) -> ThemeVectorizer:
        """Find the themes of comments, or take the model's.

        Parameters
        ----------
        X : list, Series or array of str, length n_comments
            Null and blank comments speak of nothing.
        y : ignored

        Raises
        ------
        SurveyError
            X is no list of texts.
        TooFewResponses
            Fewer than ten comments to find themes in.
        """
        comments = _texts(X)
        given = self.model
        if given is None:
            self.model_ = self._find(comments)
        else:
            self.model_ = given if isinstance(given, ThemeModel) else ThemeModel.load(given)
        return self

    def transform(self, X: Iterable[object]) -> NDArray[np.int8]:
        """Return a 0/1 matrix, shape (n_comments, n_themes): 1 where the comment speaks of the theme.

        Raises
        ------
        NotFittedError, SurveyError
            `fit` was not called; X is no list of texts.
        """
        check_is_fitted(self)
        comments, config = _texts(X), self.config or Config()
        columns = [theme_id for theme_id, _ in self._columns()]
        if not any(text.strip() for text in comments):
            return np.zeros((len(comments), len(columns)), dtype=np.int8)
        survey = comments_alone(comments, config)
        split = config.split.model_copy(update={"language": self.model_.language})
        spans = split_comments(survey, split)
        reader, _ = reader_of(survey, spans, self.model_.language, self.encoder, self.model_, config)
        exact = config.encoder.model_copy(update={"speed": "exact"})  # a row is read alike whatever stands beside it
        embedding = embed_spans(survey, spans, exact, reader, language=self.model_.language)
        spans, themes = apply_themes(spans, embedding, reader, self.model_)
        mentions = attach_themes(spans, themes.themes)
        return mention_matrix(mentions, survey.responses["response_id"], columns).to_numpy(dtype=np.int8)

    def get_feature_names_out(self, input_features: object = None) -> NDArray[Any]:
        """Return the id and name of every theme, such as "T03 Late deliveries"."""
        check_is_fitted(self)
        return np.array([f"{theme_id} {name}" for theme_id, name in self._columns()], dtype=object)

    def _columns(self) -> list[tuple[str, str]]:
        leaves = [self.model_.themes[row] for row in self.model_.leaves]
        return [(theme.theme_id, theme.name) for theme in leaves]

    def _find(self, comments: list[str]) -> ThemeModel:
        config = self.config or Config()
        n = sum(bool(text.strip()) for text in comments)
        if n < FEWEST_COMMENTS:
            raise TooFewResponses(f"{n} comments; themes need at least {FEWEST_COMMENTS}. Give more, or a model.")
        survey = comments_alone(comments, config)
        language = resolve_language(survey, config.split)
        spans = split_comments(survey, config.split.model_copy(update={"language": language}))
        reader, _ = reader_of(survey, spans, language, self.encoder, None, config)
        embedding = embed_spans(survey, spans, config.encoder, reader, language=language)
        return find_themes(spans, embedding, reader, language, config.themes)[1].model

    def __sklearn_clone__(self) -> ThemeVectorizer:
        """Share models and encoders instead of copying them: nothing changes them."""
        return type(self)(**self.get_params(deep=False))

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.string = True
        tags.input_tags.one_d_array = True
        tags.input_tags.two_d_array = False
        tags.input_tags.allow_nan = True
        tags.requires_fit = True
        return tags


def _texts(X: Iterable[object]) -> list[str]:
    """Comments as texts; nulls are blank."""
    if isinstance(X, str) or (isinstance(X, pd.DataFrame | np.ndarray) and X.ndim != 1):
        raise SurveyError('ThemeVectorizer takes one comment a row, as a list or a column: frame["comment"].')
    texts = ["" if value is None or value is pd.NA or value != value else value for value in X]
    wrong = next((row for row, text in enumerate(texts) if not isinstance(text, str)), None)
    if wrong is not None:
        raise SurveyError(f"ThemeVectorizer, row {wrong}: {texts[wrong]!r} is no text. Give texts, or null for none.")
    return [str(text) for text in texts]
