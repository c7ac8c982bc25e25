"""Names of months in seven languages become the English ones that strptime reads."""

import re
from functools import lru_cache

import pandas as pd

LANGUAGES = ("en", "fr", "de", "es", "pt", "it", "nl")
LONGEST = 45
"""Characters; what is longer is a sentence with a date in it, no date."""
BESIDE = frozenset(
    ("de", "del", "le", "den", "am", "um", "uhr", "om", "à", "às", "a", "las", "alle", "ore", "il", "at")
)
"""Words that stand in dates and mean nothing here."""
ORDINAL, CLOCK = r"(?<=\d)(?:\.|er|re|º|ª|°|st|nd|rd|th)(?=[\s,]|$)", r"\b(\d{1,2})\s?[hH](\d{2})\b"


def in_english(text: pd.Series) -> pd.Series:
    """Write dates with months in words as "7 March 2026 10:30"; what holds other words becomes null.

    The names and abbreviations of months and days are those of the Unicode CLDR, in English, French, German, Spanish,
    Portuguese, Italian and Dutch; a name that stands for two months in two of them is none.

    Examples
    --------
    >>> in_english(pd.Series(["lundi 7 mars 2026", "12. Juni 2026", "5 de março de 2026", "Plan 7 of 2026"])).tolist()
    ['7 March 2026', '12 June 2026', '5 March 2026', nan]
    """
    short = text.where(text.str.len() <= LONGEST).dropna()
    return short.map(_english).astype("str").reindex(text.index)


def _english(date: str) -> str | None:
    plain = re.sub(CLOCK, r"\1:\2", re.sub(ORDINAL, "", date.casefold())).replace(",", " ")
    words: list[str] = []
    months, days = _names()
    for word in re.sub(r"(?<=\w)[-/](?=[^\W\d])|(?<=[^\W\d])[-/](?=\w)", " ", plain).split():
        name = word.strip(".")
        if name in months:
            words.append(months[name])
        elif word[0].isdigit() or name in ("am", "pm"):
            words.append(word)
        elif name not in BESIDE and name not in days:
            return None
    return " ".join(words)


@lru_cache(maxsize=1)
def _names() -> tuple[dict[str, str], frozenset[str]]:
    """Name of a month, without capitals and points, to the English one; names of days."""
    from babel import Locale

    english = Locale("en").months["format"]["wide"]
    meant: dict[str, set[str]] = {}
    days: set[str] = set()
    for locale in map(Locale, LANGUAGES):
        for use in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, name in locale.months[use][width].items():
                    meant.setdefault(name.casefold().strip("."), set()).add(english[number])
                days |= {name.casefold().strip(".") for name in locale.days[use][width].values()}
    months = {name: next(iter(of)) for name, of in meant.items() if len(of) == 1 and len(name) > 2}
    return months, frozenset(days - set(months))
