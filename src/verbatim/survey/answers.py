"""Cells of the comment columns become answers, and answers become the comment of a response."""

import re

import pandas as pd

CONTROL = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]"
MOJIBAKE = r"[ÂÃâÅð][\x80-\xff€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]"
WRAPPED = re.compile(r'\s*(?:"([^"]*)"|“([^“”]*)”)\s*', flags=re.DOTALL)


def clean_answers(cells: pd.Series) -> tuple[pd.Series, int]:
    r"""Take off what the export added and nothing the customer wrote.

    Outer white space and control characters go, line ends become ``\n``, mojibake is repaired where ftfy is sure of
    it; quotation marks around the whole answer go when more than half of the column's answers wear them.

    Parameters
    ----------
    cells : Series of str
        Cells as found; no nulls.

    Returns
    -------
    tuple
        The answers, empty where nothing was answered, and how many lost quotation marks around them.

    Source
    ------
    Mojibake: Speer (2019), "ftfy", Zenodo.

    Examples
    --------
    >>> clean_answers(pd.Series([' Great! ', 'It\u00e2\u20ac\u2122s\r\nfine']))[0].tolist()
    ['Great!', 'It’s\nfine']
    """
    unique = pd.Series(cells.unique(), dtype="str")
    text = unique.str.replace(r"\r\n?", "\n", regex=True).str.replace(CONTROL, "", regex=True).str.strip()
    suspicious = text.str.contains(MOJIBAKE, regex=True)
    if suspicious.any():
        from ftfy import fix_encoding

        text = text.where(~suspicious, text[suspicious].map(fix_encoding).reindex(text.index))
    cleaned = cells.map(dict(zip(unique, text, strict=True))).astype("str")
    return _unwrapped(cleaned)


def _unwrapped(text: pd.Series) -> tuple[pd.Series, int]:
    wrapped = text.str.fullmatch(WRAPPED)
    if not wrapped.any() or 2 * wrapped.sum() <= text.ne("").sum():
        return text, 0
    return text.where(~wrapped, text.str.replace(WRAPPED, r"\1\2", regex=True).str.strip()), int(wrapped.sum())


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
