"""The answers of a response become its comment; masking an answer moves the ones after it."""

import pandas as pd

NOTHING = frozenset(
    ("stop", "ras", "r a s", "n a", "na", "nil", "none", "nothing", "nope", "no", "no comment", "no comments", "x")
    + ("rien", "aucun", "nada", "ninguno", "nenhum", "nenhuma", "nichts", "keine", "kein kommentar", "sem comentarios")
    + ("sin comentarios", "niente", "geen", "inget", "null", "unsubscribe")
)
"""Whole answers, without case and punctuation, that say nothing about anything."""


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
    >>> span_ids(pd.Series(["a", "a", "b"])).tolist()
    ['a.1', 'a.2', 'b.1']
    """
    number = response_id.groupby(response_id).cumcount() + 1
    return response_id + "." + number.astype("str")


def say_nothing(text: pd.Series) -> pd.Series:
    """Tell answers that say nothing: "STOP", "RAS", "n/a", or no letter at all.

    Examples
    --------
    >>> say_nothing(pd.Series(["STOP", "R.A.S.", "10", "", "Stop calling me"])).tolist()
    [True, True, True, False, False]
    """
    bare = text.str.replace(r"[\W_]+", " ", regex=True).str.strip().str.casefold()
    wordless = ~text.str.contains(r"[^\W\d_]", regex=True)
    return text.ne("") & (bare.isin(NOTHING) | wordless)
