"""Personal data in answers is masked before anything else sees them: e-mail, IBAN, card, IP, phone.

Survey in, Survey out. Presidio's pattern recognisers find the data; a cheap pattern of our own decides which texts
are worth showing to them. No model, no network.
"""

from __future__ import annotations

import hashlib
import logging
import re
import string
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Literal, NamedTuple

import pandas as pd
from pydantic import BaseModel, ConfigDict, Field

from verbatim.answers import join_answers
from verbatim.records import Progress, Survey

if TYPE_CHECKING:
    from presidio_analyzer import EntityRecognizer

Kind = Literal["email", "iban", "card", "ip", "phone"]
KINDS: tuple[Kind, ...] = ("email", "iban", "card", "ip", "phone")  # where two claim a text, the first has it
REGIONS = (
    ("US", "GB", "IE", "CA", "AU", "NZ", "DE", "AT", "CH", "FR", "BE", "NL", "LU", "ES", "PT", "IT", "SE", "NO", "DK")
    + ("FI", "PL", "CZ", "GR", "TR", "BR", "MX", "AR", "CO", "CL", "IN", "SG", "ZA", "AE", "IL", "JP")
)  # fmt: skip
ID_ROLES = ("response_id", "respondent_id")
LONGEST = 4_000


class RedactOptions(BaseModel):
    """Which personal data is masked in answers."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kinds: tuple[Kind, ...] = Field(default=KINDS, description="Kinds of personal data to mask; [] masks nothing.")
    phone_regions: tuple[str, ...] = Field(
        default=REGIONS, description="Countries whose national phone numbers are recognised; +49... is always."
    )


class Masked(NamedTuple):
    """A text with placeholders, and how many of each kind were put in."""

    text: str
    counts: Counter[str]


def redact(survey: Survey, options: RedactOptions | None = None, progress: Progress | None = None) -> Survey:
    """Mask personal data in the answers and in the cells of rejected rows.

    Parameters
    ----------
    survey : Survey
        As read.
    options : RedactOptions, optional
        Kinds to mask, countries of phone numbers.
    progress : Progress, optional
        Called with "redact" and the number of suspicious texts.

    Returns
    -------
    Survey
        With ``<email>``, ``<iban>``, ``<card>``, ``<ip>``, ``<phone>`` in place of the data, ``start`` and ``comment``
        rebuilt, and ``masked`` filled. In ``rejected`` every text is masked, ids are hashed and cells of contact
        columns read ``<contact>``.

    Source
    ------
    Recognisers: presidio-analyzer (Microsoft); phone numbers: libphonenumber's metadata.
    """
    masker = Masker(options or RedactOptions())
    texts = survey.answers["text"]
    masked = masker.mask_all(texts, progress)
    answers, comments = join_answers(survey.answers.assign(text=[one.text for one in masked]).astype({"text": "str"}))
    responses = survey.responses.assign(comment=survey.responses["response_id"].map(comments).astype("str"))
    counts = sum((one.counts for one in masked), Counter())
    return replace(
        survey,
        responses=responses,
        answers=answers,
        rejected=_rejected(survey, masker),
        masked={kind: counts[kind] for kind in KINDS if counts[kind]},
    )


class Masker:
    """Masks texts; the recognisers are loaded when the first suspicious text is met.

    Examples
    --------
    >>> Masker(RedactOptions()).mask("Call me on 020 7946 0958 or jo@example.com").text
    'Call me on <phone> or <email>'
    """

    def __init__(self, options: RedactOptions) -> None:
        self.options = options
        self._recognisers: dict[Kind, EntityRecognizer] = {}

    def mask(self, text: str) -> Masked:
        """Mask one text, in pieces where it is very long."""
        if not self.suspicious(text):
            return Masked(text, Counter())
        parts = [self._mask_part(part) for part in _parts(text)]
        return Masked("".join(part.text for part in parts), sum((part.counts for part in parts), Counter()))

    def mask_all(self, texts: Iterable[str], progress: Progress | None = None) -> list[Masked]:
        """Mask many texts, each different one once."""
        every = list(texts)
        suspicious = [text for text in dict.fromkeys(every) if self.suspicious(text)]
        found: dict[str, Masked] = {}
        for done, text in enumerate(suspicious, 1):
            found[text] = self.mask(text)
            if progress is not None and (done % 200 == 0 or done == len(suspicious)):
                progress("redact", done, len(suspicious))
        return [found.get(text) or Masked(text, Counter()) for text in every]

    def suspicious(self, text: str) -> bool:
        """Whether a text may hold personal data at all."""
        return any(SUSPECT[kind].search(text) for kind in self.options.kinds)

    def _mask_part(self, text: str) -> Masked:
        counts: Counter[str] = Counter()
        for kind in KINDS:
            if kind in self.options.kinds and SUSPECT[kind].search(text):
                spans = list(_apart(self._spans(kind, text)))
                counts[kind] += len(spans)
                for start, end in reversed(spans):
                    text = f"{text[:start]}<{kind}>{text[end:]}"
        return Masked(text, +counts)

    def _spans(self, kind: Kind, text: str) -> list[tuple[int, int]]:
        recogniser = self._recogniser(kind)
        shown = text.translate(UPPER) if kind == "iban" else ENDLESS.sub(lambda run: "#" * len(run[0]), text)
        results = recogniser.analyze(shown, recogniser.supported_entities, None)
        spans = [(r.start, r.end) for r in results if r.score >= 0.3]
        endless = [run.span() for run in DIGITS.finditer(text)] if kind == "phone" else []
        return [span for span in spans if not INNOCENT[kind](text, *span)] + endless

    def _recogniser(self, kind: Kind) -> EntityRecognizer:
        if not self._recognisers:
            self._recognisers.update(_recognisers(self.options.phone_regions))
        return self._recognisers[kind]


# What a text must hold to be shown to a recogniser.
SUSPECT: dict[Kind, re.Pattern[str]] = {
    "email": re.compile(r"\w@\w"),
    "iban": re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{2}\d{2}[ -]?(?:[A-Za-z0-9]{4}[ -]?){2}"),
    "card": re.compile(r"(?:\d[ -]?){12}\d"),
    "ip": re.compile(r"\d{1,3}(?:\.\d{1,3}){3}|[0-9A-Fa-f]{0,4}:[0-9A-Fa-f]{0,4}:[0-9A-Fa-f]"),
    "phone": re.compile(r"\d(?:[^\w\n]{0,3}\d){7}"),
}
# Runs that the recognisers would spend minutes on. Digits without end are masked unseen: they may be a list of numbers.
DIGITS = re.compile(r"(?:\d[^\w\n]{0,3}){199,}\d")
ENDLESS = re.compile(rf"{DIGITS.pattern}|[0-9A-Fa-f:.]{{64,}}")
UPPER = str.maketrans(string.ascii_lowercase, string.ascii_uppercase)
DATE = re.compile(r"(?<!\d)(?:(?:\d{1,2}[./-])?\d{1,2}[./-](?:19|20)\d\d|(?:19|20)\d\d[./-]\d{1,2}[./-]\d{1,2})(?!\d)")
COUNTING = re.compile(r"[1-9](?:\W+\d)+")
TIME_OR_RANGE = re.compile(r"\d{1,2}:\d{2}|(?<!\d)(?:19|20)\d\d\s*[-–/]\s*(?:19|20)\d\d(?!\d)")
MONEY_BEFORE = re.compile(r"[£$€¥₹]\s*$")
MONEY_AFTER = re.compile(r"^(?:[.,]\d|\s*(?:[£$€¥₹%]|(?:euros?|pounds?|dollars?|reais|usd|gbp|eur)\b))", re.I)
REFERENCE = re.compile(
    r"\b(?:order|ticket|case|reference|ref|invoice|booking|tracking|pedido|bestellung\w*)\b[^\d\n]{0,15}$", re.I
)
LONGER_BEFORE, LONGER_AFTER = re.compile(r"\d{3}[ -]?$"), re.compile(r"^[ -]?\d{3}")
VERSION = re.compile(r"(?:\b(?:version|firmware|build|release|update|ios|android|v)\W{0,2}|v)$", re.I)


def _no_phone(text: str, start: int, end: int) -> bool:
    """Dates, times, prices, order numbers and short bare numbers look like phone numbers to some country."""
    found, before, after = text[start:end], text[:start], text[end:]
    digits = re.sub(r"\D", "", found)
    bare = found.isdigit() and not found.startswith("0")
    return bool(
        len(digits) < 8
        or DATE.search(found)
        or TIME_OR_RANGE.search(found)
        or COUNTING.fullmatch(found)
        or LONGER_BEFORE.search(before)
        or LONGER_AFTER.search(after)
        or MONEY_BEFORE.search(before)
        or MONEY_AFTER.search(after)
        or (bare and (len(digits) < 10 or REFERENCE.search(before)))
    )


def _no_ip(text: str, start: int, end: int) -> bool:
    """Version numbers look like IPv4 addresses, "::" in prose like IPv6."""
    found = text[start:end]
    return bool(VERSION.search(text[:start])) or (
        ":" in found and (len(found) < 6 or not any(c.isdigit() for c in found))
    )


def _innocent_never(text: str, start: int, end: int) -> bool:
    return False


INNOCENT: dict[Kind, Callable[[str, int, int], bool]] = {
    "email": _innocent_never, "iban": _innocent_never, "card": _innocent_never, "ip": _no_ip, "phone": _no_phone,
}  # fmt: skip


def _recognisers(phone_regions: tuple[str, ...]) -> dict[Kind, EntityRecognizer]:
    """Presidio's recognisers, used one by one; its e-mail recogniser would download a list of suffixes."""
    from presidio_analyzer import predefined_recognizers as presidio

    class Email(presidio.EmailRecognizer):  # type: ignore[misc]
        def validate_result(self, pattern_text: str) -> bool:
            return not pattern_text.rpartition(".")[2].isdigit()

    logging.getLogger("presidio-analyzer").setLevel(logging.CRITICAL)  # it logs the texts that it fails on
    return {
        "email": Email(),
        "iban": presidio.IbanRecognizer(),
        "card": presidio.CreditCardRecognizer(),
        "ip": presidio.IpRecognizer(),
        "phone": presidio.PhoneRecognizer(supported_regions=phone_regions),
    }


def _apart(spans: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Join spans that overlap."""
    start = end = -1
    for low, high in sorted(spans):
        if low < end:
            end = max(end, high)
            continue
        if end > 0:
            yield start, end
        start, end = low, high
    if end > 0:
        yield start, end


def _parts(text: str) -> Iterator[str]:
    """Cut a very long text at white space that no number spans, so that hostile cells cost linear time."""
    start = 0
    while len(text) - start > LONGEST:
        window = text[start : start + LONGEST]
        cuts = [match.end() for match in re.finditer(r"(?<![\d\s])\s+(?![\d\s+(])", window)]
        end = start + (cuts[-1] if cuts else LONGEST)
        yield text[start:end]
        start = end
    yield text[start:]


def _rejected(survey: Survey, masker: Masker) -> pd.DataFrame:
    """Rejected rows: texts masked, ids hashed, contact data gone."""
    roles = {column.name: column.role for column in survey.reading.columns}
    table = survey.rejected.copy()
    for name in table.columns.drop("row"):
        cells, role = table[name], roles.get(name.removesuffix(" (input)"))
        if role in ID_ROLES:
            cells = cells.map(_hashed)
        elif role == "contact":
            cells = cells.where(cells.str.strip().eq(""), "<contact>")
        else:
            cells = pd.Series([masked.text for masked in masker.mask_all(cells)], index=cells.index, dtype="str")
        table[name] = cells.astype("str")
    return table


def _hashed(cell: str) -> str:
    return "h" + hashlib.sha256(cell.strip().encode()).hexdigest()[:12] if cell.strip() else ""
