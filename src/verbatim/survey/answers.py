"""Cells of the comment columns become answers."""

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
