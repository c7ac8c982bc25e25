"""The frozen types that pass between stages, in flow order.

Tables are DataFrames, matrices are arrays. No stage changes what it is given; each returns a new record.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from verbatim.nps import Nps
from verbatim.over_time import OverTime as OverTime
from verbatim.over_time import ProposedTheme as ProposedTheme
from verbatim.over_time import Since as Since
from verbatim.pace import Agreement as Agreement
from verbatim.pace import EncoderCard as EncoderCard
from verbatim.pace import Pace as Pace
from verbatim.reading import Column as Column
from verbatim.reading import JoinReport as JoinReport
from verbatim.reading import Reading as Reading
from verbatim.reading import Role as Role
from verbatim.scales import Outcome, RankedOutcome
from verbatim.shown import Shown

if TYPE_CHECKING:  # what reads comments on a cluster loads no pandas
    import pandas as pd

    from verbatim.themes.model import ThemeModel

RESPONSE_COLUMNS = ("response_id", "respondent_id", "score", "category", "comment", "date", "weight")
RESERVED_COLUMNS = (*RESPONSE_COLUMNS, "account")
SPAN_COLUMNS = ("span_id", "response_id", "question", "start", "end", "text", "theme_id", "similarity", "sentiment")
MENTION_COLUMNS = ("response_id", "theme_id", "sentiment", "n_spans")
RANKING_COLUMNS = (
    "rank", "theme_id", "name", "level", "parent_id", "n_responses", "share", "nps_mentioners", "leave_out",
    "effect_per_mention", "effect", "effect_low", "effect_high", "rank_low", "rank_high", "p_top3", "above_noise",
    "promoters_lost", "detractors_made", "n_negative", "n_positive", "effect_negative", "effect_positive",
    "effect_negative_if_mood", "effect_positive_if_mood", "divided",
)  # fmt: skip
CHECK_COLUMNS = (
    "relative_weight", "effect_ordinal", "rank_ordinal", "robustness_value", "benchmark", "benchmark_strength",
    "silence_ratio",
)  # fmt: skip
DRIVER_COLUMNS = (*RANKING_COLUMNS, *CHECK_COLUMNS)
POOLED_COLUMNS = ("pooled_per_mention", "pooled_effect", "pooled_low", "pooled_high")
SEGMENT_COLUMNS = ("segment", "value", *RANKING_COLUMNS, *POOLED_COLUMNS)
CONTRAST_COLUMNS = (
    "segment", "value", "level", "theme_id", "name", "share", "share_others", "effect", "effect_others", "difference",
    "difference_low", "difference_high", "reach_part", "severity_part", "reason", "pooled_effect",
    "pooled_effect_others", "above_noise", "sentence",
)  # fmt: skip
SHARE_COLUMNS = ("theme_id", "name", "category", "n", "commenters", "share", "low", "high")
_STEM, _SAID_WITH = 4, 3
BRIDGE_COLUMNS = ("theme_id", "source", "kind", "points")


class Progress(Protocol):
    """Called by long stages: the stage's name, how much is done, how much there is."""

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Note that ``done`` of ``total`` are done."""


def _no_rows() -> pd.DataFrame:
    import pandas

    return pandas.DataFrame()


@dataclass(frozen=True, slots=True, eq=False)
class Survey:
    """A survey: one row a response, sorted by ``response_id``, so that row order in the file never matters.

    Attributes
    ----------
    responses : DataFrame
        ``RESPONSE_COLUMNS``, then the segment columns (str, null where empty). ``comment`` is null where
        nothing was answered; with several open questions it is the answers joined by a line break. Last comes
        ``account`` (str) where an account column was named.
    answers : DataFrame
        ``response_id, question, start, text``: every non-empty answer to an open question;
        ``comment[start : start + len(text)] == text`` in code points.
    segments : tuple of str
        Names of the segment columns of ``responses``.
    rejected : DataFrame
        ``row`` (1-based data row of the input), ``reason``, then the input's cells as text.
    reading : Reading
        Where all this came from.
    masked : mapping of str to int
        Personal data masked in the comments, counts by kind; empty before `verbatim.text.redact.redact`.
    outcomes : tuple of Outcome
        Further scores, a column of ``responses`` each (Int8, null where not given).
    orders : mapping of str to tuple of str
        Segments whose values have an order, and the values in it.
    rates : DataFrame
        ``verbatim.survey.invitations.RATE_COLUMNS``; empty where the file does not say who was invited.
    """

    responses: pd.DataFrame
    answers: pd.DataFrame
    segments: tuple[str, ...]
    rejected: pd.DataFrame
    reading: Reading
    masked: Mapping[str, int] = field(default_factory=dict)
    outcomes: tuple[Outcome, ...] = ()
    orders: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    rates: pd.DataFrame = field(default_factory=_no_rows)


@dataclass(frozen=True, slots=True, eq=False)
class Spans:
    """Pieces of comments that make one point each.

    ``table`` has ``SPAN_COLUMNS``, sorted by response and start; ``theme_id``, ``similarity`` and ``sentiment``
    are null until the stages that fill them. ``comment[start:end] == text``, in code points, always.
    """

    table: pd.DataFrame

    def made_by(self, response_ids: pd.Series) -> pd.Series:
        """Say of each response whether it has a span, and so a comment with words.

        Examples
        --------
        >>> import pandas as pd
        >>> Spans(pd.DataFrame({"response_id": ["b", "b"]})).made_by(pd.Series(["a", "b"])).tolist()
        [False, True]
        """
        import pandas as pd

        places = pd.Index(self.table["response_id"].unique()).get_indexer(pd.Index(response_ids))
        return pd.Series(places >= 0, response_ids.index)


@dataclass(frozen=True, slots=True, eq=False)
class SentimentReading:
    """How sentiment (-1..1) was read, and how it relates to the scores.

    Attributes
    ----------
    comments : DataFrame
        ``response_id, sentiment``: the whole comment, out of fold like its spans.
    calibration : DataFrame
        ``low, high, n, promoters, passives, detractors, promoter_share``: the scored comments by their sentiment.
    auc : float or None
        Chance that a promoter's comment reads better than a detractor's; None without either.
    estimated : DataFrame
        ``response_id, estimated_category, p_promoter, p_passive, p_detractor`` of comments without a score. Estimated:
        never part of the NPS. Empty where scores are too few.
    estimate_quality : DataFrame
        ``predictor, n, accuracy, log_loss, brier`` of such estimates on the scored comments, out of fold, and of the
        survey's shares of the categories.
    learned : bool
        Whether the scores were many enough to learn from.
    notes : tuple of str
        How sentiment was read, in sentences for the reader.
    """

    comments: pd.DataFrame
    calibration: pd.DataFrame
    auc: float | None
    estimated: pd.DataFrame
    estimate_quality: pd.DataFrame
    learned: bool
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Embedding:
    """Unit vectors of the spans, row for row with ``Spans.table``, and of their pieces.

    Attributes
    ----------
    in_context : float32 array, shape (n_spans, dim)
        Pooled from the comment's own token vectors: a span "knows" its comment, which serves themes.
    own_words : float32 array, shape (n_spans, dim)
        Reads the span alone: sentiment must not see the rest of the comment.
    pieces : DataFrame
        `verbatim.text.pieces.cut_pieces`: what each span names, one row a piece.
    of_pieces : float32 array, shape (n_pieces, dim)
        Row for row with ``pieces``: the piece, its noun and its span, each read in the comment.
    encoder : EncoderCard
    pace : Pace
        Whether the encoder itself read the spans.
    """

    in_context: NDArray[np.float32]
    own_words: NDArray[np.float32]
    pieces: pd.DataFrame
    of_pieces: NDArray[np.float32]
    encoder: EncoderCard
    pace: Pace = field(default_factory=Pace)
    held: ClassVar[bool] = True  # False where they are read when they are taken (`verbatim.text.embed.OnDemand`)

    def whole(self) -> Embedding:
        """Return the vectors of all spans."""
        return self

    def later(self, rows: NDArray[np.intp]) -> Callable[[], Embedding]:
        """Return what gives the vectors of some spans when it is called, as `take` does."""
        return partial(self.take, rows)

    def take(self, rows: NDArray[np.intp]) -> Embedding:
        """Return the vectors of some spans, rows in ascending order, and of their pieces."""
        of_piece = self.pieces["span"].to_numpy()
        kept = np.flatnonzero(np.isin(of_piece, rows))
        pieces = self.pieces.iloc[kept].assign(span=np.searchsorted(rows, of_piece[kept])).reset_index(drop=True)
        return Embedding(
            self.in_context[rows], self.own_words[rows], pieces, self.of_pieces[kept], self.encoder, self.pace
        )


@dataclass(frozen=True, slots=True, eq=False)
class Theme:
    """What a set of spans is about.

    ``theme_id`` is permanent; ``kind`` tells subjects from general praise or complaint, and ``tone`` which of the two a
    general theme is. ``lineage`` says, an event an entry, where the theme comes from and what became of it.
    ``confirm_next_wave`` marks a theme whose comments changed in an edit made after the drivers of this survey were
    shown: its figures here were chosen by looking at them.
    """

    theme_id: str
    name: str
    keywords: tuple[str, ...]
    definition: str
    parent_id: str | None
    level: int
    kind: Literal["subject", "general"]
    source: Literal["found", "given"]
    n_spans: int
    exemplars: tuple[str, ...]
    lineage: tuple[str, ...]
    tone: Literal["praise", "complaint"] | None = None
    confirm_next_wave: bool = False

    @property
    def said_with(self) -> str:
        """Up to three keywords that are no form of a word of the name: "faster, installed, waiting" for Broadband.

        Empty for themes that people gave, whose names and definitions are theirs.
        """
        told: list[str] = []
        stems = {word.casefold()[:_STEM] for word in self.name.replace(",", " ").split()}
        for word in self.keywords if self.source == "found" else ():
            if word.casefold()[:_STEM] not in stems and len(told) < _SAID_WITH:
                told.append(word)
                stems.add(word.casefold()[:_STEM])
        return ", ".join(told)


@dataclass(frozen=True, slots=True, eq=False)
class Themes:
    """The themes of a survey, the model that recognises them, and new themes it may lack where it was given."""

    themes: tuple[Theme, ...]
    model: ThemeModel
    proposed: tuple[ProposedTheme, ...] = ()

    def by_id(self) -> dict[str, Theme]:
        """Return the themes keyed by ``theme_id``, in their order."""
        return {theme.theme_id: theme for theme in self.themes}


@dataclass(frozen=True, slots=True, eq=False)
class Mentions:
    """Which response speaks of which theme: ``table`` has ``MENTION_COLUMNS``, one row a response and theme."""

    table: pd.DataFrame


@dataclass(frozen=True, slots=True)
class Halo:
    """Correlation of tones within a comment, -1..1, its 95 % interval, and the pairs and comments behind it.

    ``index``, ``low`` and ``high`` are NaN under 30 pairs or where tone does not vary.
    """

    index: float
    low: float
    high: float
    n_pairs: int
    n_comments: int


@dataclass(frozen=True, slots=True, eq=False)
class Drivers(Shown):
    """Themes ranked by their effect on NPS.

    Attributes
    ----------
    nps : Nps
        Over all scored responses, weighted by the survey weights.
    table : DataFrame
        ``DRIVER_COLUMNS``; rank 1 is the most harmful. Effects in NPS points on the whole population (-200..200).
    segments : DataFrame
        ``SEGMENT_COLUMNS``: the same ranking within each value of each segment that has enough responses, raw and
        pooled across the values.
    contrasts : DataFrame
        ``CONTRAST_COLUMNS``: each value against the others, theme by theme.
    category_shares : DataFrame
        ``SHARE_COLUMNS``: who speaks of what within each score category.
    segment_nps : DataFrame
        ``segment, value, n, nps, low, high``: the NPS of every segment value that is large enough.
    coin_toss : DataFrame
        ``RANKING_COLUMNS`` for two random themes that cannot matter: what chance looks like.
    bridges : DataFrame
        ``BRIDGE_COLUMNS``: why leave-out differs from the effect. For every ranked theme its own effect (kind "own"),
        then what of its leave-out belongs to each other theme and segment, largest first; the points sum to
        ``leave_out``.
    covariance : DataFrame
        Covariance of the effects of the ranked themes, in squared NPS points, theme_id by theme_id; null between
        themes of different levels, which are regressions of their own.
    leaf_level : int
        Level of the themes that stand under the broader ones; ``base`` belongs to it.
    base : float
        Intercept and segment part of the regression; ``base + sum of effects`` is ``nps_commenters``.
    nps_commenters : float
        Weighted NPS of the commenters, weighted for silence; it equals the overall NPS where every
        category x segment cell has enough commenters.
    n_scored, n_commenters : int
        Scored responses; those among them with a comment.
    kish_n : float
        Kish's effective number of commenters under the weights.
    halo : Halo
        How far the tones of one comment go together; beside it every split by tone is to be read.
    r_squared : float
        Part (0-1) of the variance of the points that themes and segments account for together.
    refusals : tuple of str
        Why no effects are given; empty where they are.
    notes : tuple of str
        Fallbacks taken and what could not be told, in sentences for the reader.
    ranked_on : RankedOutcome or None
        The score whose drivers these are, where it is not the NPS: then every figure of effects, `nps_mentioners`,
        `leave_out`, ``base`` and ``nps_commenters`` is in points of its top box less bottom box, -100..100;
        ``nps``, ``segment_nps`` and ``category_shares`` stay the NPS's.
    """

    nps: Nps
    table: pd.DataFrame
    segments: pd.DataFrame
    contrasts: pd.DataFrame
    category_shares: pd.DataFrame
    segment_nps: pd.DataFrame
    coin_toss: pd.DataFrame
    bridges: pd.DataFrame
    covariance: pd.DataFrame
    leaf_level: int
    base: float
    nps_commenters: float
    n_scored: int
    n_commenters: int
    kish_n: float
    halo: Halo
    r_squared: float
    refusals: tuple[str, ...]
    notes: tuple[str, ...]
    ranked_on: RankedOutcome | None = None

    def bridge(self, theme_id: str) -> pd.DataFrame:
        """Return the lines of ``bridges`` of one theme: what its leave-out consists of. KeyError: it has no effect."""
        lines = self.bridges[self.bridges["theme_id"] == theme_id]
        if lines.empty:
            raise KeyError(f"{theme_id!r} has no effect here, so there is nothing to explain.")
        return lines.drop(columns="theme_id").reset_index(drop=True)

    def leaves(self) -> pd.DataFrame:
        """Return the rows of ``table`` at `leaf_level`, to which ``base`` belongs; broader themes are left out."""
        return self.table[self.table["level"] == self.leaf_level]


@dataclass(frozen=True, slots=True, eq=False)
class Analysis(Shown):
    """Everything one run found. ``manifest`` says how it came about (versions, options, timings, row ledger).

    ``over_time`` is None where dates make fewer than two periods; ``since`` is None until an earlier wave was compared.
    """

    survey: Survey
    spans: Spans
    themes: Themes
    mentions: Mentions
    sentiment: SentimentReading
    drivers: Drivers
    manifest: Mapping[str, object]
    over_time: OverTime | None = None
    since: Since | None = None

    @staticmethod
    def load(run: str | Path) -> Analysis:
        """Read a run folder. Raises RunFolderError where a file is missing or damaged."""
        from verbatim import run_folder

        return run_folder.load(Path(run))
