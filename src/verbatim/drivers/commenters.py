"""The commenters of some responses, made ready for the regression."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from verbatim.drivers.covariates import code_segments
from verbatim.drivers.moments import Array
from verbatim.drivers.options import DriverOptions
from verbatim.drivers.silence import Silence, weigh_for_silence
from verbatim.drivers.tables import Coded
from verbatim.drivers.tones import Tones
from verbatim.nps import PASSIVE_FROM, PROMOTER_FROM, points


@dataclass(frozen=True, slots=True, eq=False)
class Commenters:
    """The n commenters among coded responses, weighted for silence.

    Attributes
    ----------
    coded : Coded
        All the scored responses, silent ones included.
    silence : Silence
        Weights and cells of all of them.
    points, weight : float arrays, shape (n,)
        NPS points and weight of each commenter.
    mentions : bool array, shape (n, n_themes)
    sentiment : Tones, shape (n, n_themes), or None
    covariates : float array, shape (n, c)
        Segments, coded to sum to zero; ``owner`` names the segment of each column.
    notes : tuple of str
        The assumption for silence, in sentences.
    """

    coded: Coded
    silence: Silence
    points: Array
    weight: Array
    mentions: NDArray[np.bool_]
    sentiment: Tones | None
    covariates: Array
    owner: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def nps(self) -> float:
        """NPS of the commenters, weighted for silence; of all scored responses where nobody commented."""
        if len(self.points) == 0:
            return float(np.average(points(self.coded.score), weights=self.coded.weight))
        return float(self.weight @ self.points / self.weight.sum())


def weigh_commenters(coded: Coded, options: DriverOptions) -> Commenters:
    """Weigh the commenters for silence and code their segments."""
    category = np.digitize(coded.score, [PASSIVE_FROM, PROMOTER_FROM])
    silence = weigh_for_silence(category, coded.segments, coded.commented, coded.weight, options.min_cell)
    rows = coded.commented
    covariates = code_segments(coded.segments.loc[rows], options.min_cell)
    return Commenters(
        coded=coded,
        silence=silence,
        points=points(coded.score[rows]),
        weight=silence.weight[rows],
        mentions=coded.mentions[rows],
        sentiment=None if coded.sentiment is None else coded.sentiment.of_responses(rows),
        covariates=covariates.matrix,
        owner=covariates.owner,
        notes=(*_silence_notes(coded, silence, options), *_dropped_notes(covariates.dropped)),
    )


def _silence_notes(coded: Coded, silence: Silence, options: DriverOptions) -> list[str]:
    if coded.commented.all():
        return []
    notes = [
        f"{coded.commented.sum():,} of {len(coded.score):,} scored responses have a comment. They are weighted to "
        "stand for all of them, assuming that within a cell of score category x segments the silent would have "
        "spoken of the same themes as the commenters. Under these weights they count as "
        f"{silence.kish_n:,.0f} equally weighted commenters (Kish's effective number)."
    ]
    if silence.n_joined:
        notes.append(
            f"{silence.n_joined} of the {silence.n_cells} cells have under {options.min_cell} commenters and were "
            "joined with similar ones."
        )
    return notes


def _dropped_notes(dropped: tuple[str, ...]) -> list[str]:
    return [
        f'Segment "{name}" is not adjusted for: it has more values than a tenth of the commenters can carry.'
        for name in dropped
    ]
