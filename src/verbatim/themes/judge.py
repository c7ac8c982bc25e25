"""Which of the given themes a comment has: learnt from the survey's own pieces, and from comments people coded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FEWEST_CODED = 20  # with fewer coded comments there is too little to learn from
_RIDGE = 10.0  # on unit vectors
_CODED_RIDGE = 0.5  # against a kernel whose mean diagonal is about 1
_NEAR_WEIGHS = 0.3  # prototypes beside vectors and themes, in the kernel
_DAMPING = 4  # a prototype that n comments have counts 1 / sqrt(n + 4)
_DOUBT = 0.6  # of what comments with a piece of the theme look like it on average
_THRESHOLDS = np.round(np.arange(0.2, 0.7, 0.02), 2)


@dataclass(frozen=True, slots=True, eq=False)
class Signs:
    """What is known of comments: vectors (n, 2 dim), prototypes and themes they have by their pieces (0/1 tables)."""

    vectors: NDArray[np.float32]
    near: NDArray[np.float32]
    has: NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Judgement:
    """A linear judgement: weights for each kind of sign and a base, (n_themes,); from 0 on a comment has the theme."""

    of_vectors: NDArray[np.float64]
    of_prototypes: NDArray[np.float64]
    of_themes: NDArray[np.float64]
    base: NDArray[np.float64]

    def of(self, signs: Signs) -> NDArray[np.float64]:
        """Judge comments: (n_comments, n_themes)."""
        return (
            signs.vectors @ self.of_vectors + signs.near @ self.of_prototypes + signs.has @ self.of_themes + self.base
        )


def from_pieces(signs: Signs) -> tuple[Judgement, NDArray[np.float64], NDArray[np.float64]]:
    """Judge by the pieces, and doubt a piece where the whole comment does not look like the theme.

    A ridge regression from comments' vectors to the themes that their pieces name says how much each comment looks like
    each theme. A comment has the theme of its piece where it looks at least 0.6 times as much like it as such comments
    do on average.

    Returns
    -------
    judgement : Judgement
    weights, intercept : float arrays, shape (2 dim, n_themes) and (n_themes,)
        The regression alone.
    """
    mean, share = signs.vectors.mean(axis=0, dtype=float), signs.has.mean(axis=0, dtype=float)
    rows = signs.vectors - mean
    weights = np.linalg.solve(rows.T @ rows + _RIDGE * np.eye(rows.shape[1]), rows.T @ (signs.has - share))
    intercept = share - mean @ weights
    looks = signs.vectors @ weights + intercept
    usual = (looks * signs.has).sum(axis=0) / np.maximum(signs.has.sum(axis=0), 1)
    n_prototypes, n_themes = signs.near.shape[1], len(share)
    judgement = Judgement(
        weights / 2, np.zeros((n_prototypes, n_themes)), np.eye(n_themes) / 2, (intercept - _DOUBT * usual - 1) / 2
    )
    return judgement, weights, intercept


def from_coded(
    survey: Signs,
    coded: Signs,
    truth: NDArray[np.bool_],
    weights: NDArray[np.float64],
    intercept: NDArray[np.float64],
    stands_for: NDArray[np.float64] | None = None,
) -> tuple[Judgement, NDArray[np.float64]]:
    """Learn from comments that people coded: ridge regression on all signs at once.

    Parameters
    ----------
    survey : Signs
        Every comment: gives means and scales.
    coded : Signs
    truth : bool array, shape (n_coded, n_themes)
    weights, intercept
        From `from_pieces`: how much a comment looks like each theme is a sign too.
    stands_for : float array, shape (n_coded,), optional
        Comments that each coded one stands for, where some were likelier to be coded; by default alike.

    Returns
    -------
    judgement : Judgement
        Its threshold is the one with the best micro-F1 on coded comments judged without their own coding.
    held_back : float array, shape (n_coded, n_themes)
        Those judgements: each coded comment's, its own coding held back.

    Source
    ------
    Leave-one-out residuals of ridge regression: Hastie, Tibshirani, Friedman 2009, section 7.10.
    """
    looks = [signs.vectors @ weights + intercept for signs in (survey, coded)]
    rare = 1 / np.sqrt(survey.near.sum(axis=0, dtype=float) + _DAMPING)
    kinds = {
        "vectors": (survey.vectors, coded.vectors, np.ones(survey.vectors.shape[1])),
        "near": (survey.near, coded.near, rare),
        "has": (np.hstack([looks[0], survey.has]), np.hstack([looks[1], coded.has]), np.ones(2 * len(intercept))),
    }
    mean = {name: whole.mean(axis=0, dtype=float) for name, (whole, _, _) in kinds.items()}
    scale = {
        name: weight / max(np.sqrt((((whole - mean[name]) * weight) ** 2).sum(axis=1).mean() * len(kinds)), 1e-9)
        for name, (whole, _, weight) in kinds.items()
    }
    scale["near"] *= np.sqrt(_NEAR_WEIGHS)
    rows = {name: (some - mean[name]) * scale[name] for name, (_, some, _) in kinds.items()}
    kernel = sum(row @ row.T for row in rows.values())
    inverse = np.linalg.inv(kernel + _CODED_RIDGE * np.eye(len(truth)))
    each = np.ones(len(truth)) if stands_for is None else stands_for
    share = each @ truth / each.sum()
    dual, own = inverse @ (truth - share), np.diag(inverse)
    without = (each / (each.sum() - each))[:, None] * (truth - share)  # what its own coding adds to the share
    held_back = truth - (dual + without * inverse.sum(axis=1)[:, None]) / own[:, None]
    threshold = _best_threshold(held_back, truth, each)
    judgement = _linear(rows, scale, mean, dual, weights, intercept, share - threshold)
    return judgement, held_back - threshold


def _linear(
    rows: Mapping[str, NDArray[np.float64]], scale: Mapping[str, NDArray[np.float64]],
    mean: Mapping[str, NDArray[np.float64]], dual: NDArray[np.float64], weights: NDArray[np.float64],
    intercept: NDArray[np.float64], base: NDArray[np.float64],
) -> Judgement:  # fmt: skip
    """Weights of each sign from the weights of each coded comment."""
    slope = {name: (row.T @ dual) * scale[name][:, None] for name, row in rows.items()}
    base = base - sum(mean[name] @ slope[name] for name in rows)
    of_looks, of_themes = np.split(slope["has"], 2)
    return Judgement(slope["vectors"] + weights @ of_looks, slope["near"], of_themes, base + intercept @ of_looks)


def _best_threshold(judged: NDArray[np.float64], truth: NDArray[np.bool_], each: NDArray[np.float64]) -> float:
    best = judged >= judged.max(axis=1, keepdims=True)

    def f1(threshold: float) -> float:
        said = (judged >= threshold) | best
        both, either = each @ (said & truth).sum(axis=1), each @ (said.sum(axis=1) + truth.sum(axis=1))
        return round(2 * float(both) / max(float(either), 1e-9), 6)

    return float(max(_THRESHOLDS, key=f1))
