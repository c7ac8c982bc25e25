"""The answers of a response become its comment; masking an answer moves the ones after it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

NOTHING = frozenset(
    ("stop", "ras", "r a s", "n a", "na", "nil", "none", "nothing", "nope", "no", "no comment", "no comments", "x")
    + ("rien", "aucun", "nada", "ninguno", "nenhum", "nenhuma", "nichts", "keine", "kein kommentar", "sem comentarios")
    + ("sin comentarios", "niente", "geen", "inget", "null", "unsubscribe")
)
"""Whole answers, without case and punctuation, that say nothing about anything."""
_BETWEEN, _LETTER = re.compile(r"[\W_]+"), re.compile(r"[^\W\d_]")


def join_answers(answers: pd.DataFrame) -> tuple[pd.DataFrame, pd.Series]:
    r"""Join each response's answers by a line break into its comment.

    Parameters
    ----------
    answers : DataFrame
        ``response_id``, ``question``, ``text``, in the order in which they are to be joined; a ``start`` is replaced.

    Returns
    -------
    tuple
        The answers with ``start`` (code points), and the comments, indexed by ``response_id``;
        ``comment[start : start + len(text)] == text``.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"response_id": ["r1", "r1"], "question": ["why", "improve"], "text": ["Slow", "Speed"]})
    >>> placed, comments = join_answers(table)
    >>> placed["start"].tolist(), comments["r1"]
    ([0, 5], 'Slow\nSpeed')
    """
    width = answers["text"].str.len().astype("int64") + 1
    start = width.groupby(answers["response_id"], sort=False).cumsum() - width
    placed = answers.assign(start=start)[["response_id", "question", "start", "text"]]
    texts = answers.set_index("response_id")["text"]
    if texts.index.is_unique:
        return placed, texts
    return placed, texts.groupby(level=0, sort=False).agg("\n".join).astype("str")


def span_ids(response_id: pd.Series) -> pd.Series:
    """Ids of spans, from the response of each: numbered within it, in the order given.

    Examples
    --------
    >>> import pandas as pd
    >>> span_ids(pd.Series(["a", "a", "b"])).tolist()
    ['a.1', 'a.2', 'b.1']
    """
    number = response_id.groupby(response_id).cumcount() + 1
    return response_id + "." + number.astype("str")


def says_nothing(text: str) -> bool:
    """Tell whether an answer says nothing: "STOP", "RAS", "n/a", or no letter at all.

    Examples
    --------
    >>> [says_nothing(text) for text in ("STOP", "R.A.S.", "10", "", "Stop calling me")]
    [True, True, True, False, False]
    """
    return text != "" and (_BETWEEN.sub(" ", text).strip().casefold() in NOTHING or not _LETTER.search(text))
