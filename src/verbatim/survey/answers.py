"""Cells of the comment columns become answers."""

import html
import re
from collections.abc import Mapping

import pandas as pd

CONTROL = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]"
MOJIBAKE = r"[ÂÃâÅðÐÑ][\x80-\xff€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]"
ENTITY = re.compile(r"&(?:quot|amp|lt|gt|apos|nbsp|#\d{2,5}|#x[0-9a-fA-F]{2,4});")
WRAPPED = re.compile(r'\s*(?:"[^"]*"|“[^“”]*”)\s*')
FEWEST, MOST_OF = 20, 0.5
"""An ending is the export's own where 20 answers and half of all have it, after different texts."""
LONGEST_TAIL = 60


def clean_answers(cells: pd.Series) -> tuple[pd.Series, Mapping[str, int]]:
    r"""Take off what the export added and nothing the customer wrote.

    Outer white space and control characters go, line ends become ``\n``, HTML entities become what they stand for,
    mojibake is repaired where ftfy is sure of it; quotation marks around the whole answer go when more than half of
    the column's answers wear them; so does an ending ("READ MORE") that half of the answers share.

    Parameters
    ----------
    cells : Series of str
        Cells as found; no nulls.

    Returns
    -------
    tuple
        The answers, empty where nothing was answered; and what was changed, with the number of answers.

    Source
    ------
    Mojibake: Speer (2019), "ftfy", Zenodo.

    Examples
    --------
    >>> texts, changed = clean_answers(pd.Series([" Great! ", "It\u00e2\u20ac\u2122s\r\nfine &amp; quick"]))
    >>> texts.tolist(), changed
    (['Great!', 'It’s\nfine & quick'], {'HTML entities written out': 1, 'mojibake mended': 1})
    """
    codes, unique_cells = pd.factorize(cells)
    unique, of_each = pd.Series(unique_cells, dtype="str"), pd.Series(codes).value_counts().sort_index()
    changed: dict[str, int] = {}

    def count(what: str, hit: pd.Series) -> None:
        if hit.any():
            changed[what] = changed.get(what, 0) + int(of_each[hit.to_numpy()].sum())

    text = unique.str.replace(r"\r\n?", "\n", regex=True)
    coded = text.str.contains(ENTITY)
    count("HTML entities written out", coded)
    text = text.where(~coded, text.str.replace(ENTITY, lambda found: html.unescape(found[0]), regex=True))
    count("control characters taken out", text.str.contains(CONTROL, regex=True))
    text = text.str.replace(CONTROL, "", regex=True).str.strip()
    mended = mend_mojibake(text)
    count("mojibake mended", mended.ne(text))
    text = pd.Series(mended.to_numpy()[codes], index=cells.index, dtype="str")
    text, unwrapped = _unwrapped(text)
    if unwrapped:
        changed["quotation marks around answers taken off"] = unwrapped
    text, tail, ended = _without_tail(text)
    if ended:
        changed[f'the ending "{tail}" taken off'] = ended
    return text, changed


def mend_mojibake(text: pd.Series) -> pd.Series:
    """Undo UTF-8 that was read as something else ("Ã©" for "é"), where ftfy is sure of it."""
    suspicious = text.str.contains(MOJIBAKE, regex=True)
    if not suspicious.any():
        return text
    from ftfy import fix_encoding

    return text.where(~suspicious, text[suspicious].map(fix_encoding).reindex(text.index))


def _unwrapped(text: pd.Series) -> tuple[pd.Series, int]:
    wrapped = text.str.fullmatch(WRAPPED)
    if not wrapped.any() or 2 * wrapped.sum() <= text.ne("").sum():
        return text, 0
    bare = text[wrapped].str.strip().str[1:-1].str.strip()
    return text.where(~wrapped, bare.reindex(text.index)), int(wrapped.sum())


def _without_tail(text: pd.Series) -> tuple[pd.Series, str, int]:
    """Take off the ending that most answers share, if there is one; returns the answers, the ending, how many."""
    filled = text[text.ne("")]
    tail = _shared_ending(filled.str[-LONGEST_TAIL:].tolist())
    ended = text.str.endswith(tail) if tail else pd.Series(False, index=text.index)
    without = text.where(~ended, text.str.slice(stop=-len(tail) or None).str.rstrip(" \n\t.…·|-"))
    left = without[ended & without.ne("")]
    if not tail or ended.sum() < max(FEWEST, MOST_OF * len(filled)) or left.nunique() < FEWEST / 2:
        return text, "", 0
    return without, tail, int(ended.sum())


def _shared_ending(ends: list[str]) -> str:
    """Find the longest ending of more than half of the texts, from a word's beginning on; empty where there is none."""
    tail, most = "", MOST_OF * len(ends)
    while ends:
        counts: dict[str, int] = {}
        for end in ends:
            if len(end) > len(tail):
                before = end[len(end) - len(tail) - 1]
                counts[before] = counts.get(before, 0) + 1
        char = max(sorted(counts), key=counts.__getitem__, default="")
        if not char or counts[char] < most:
            break
        tail = char + tail
        ends = [end for end in ends if end.endswith(tail)]
    if not tail[:1].isspace() and not tail[:1].isupper():
        tail = tail.partition(" ")[2]
    tail = tail.strip()
    return tail if sum(char.isalpha() for char in tail) >= 4 else ""
