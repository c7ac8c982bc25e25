"""Addresses of people on the net: e-mail as written and as spelled out, web addresses that tell who, IP and MAC."""

from __future__ import annotations

import re

from verbatim.text.masking.recognisers import found_by, recogniser

_TLD = (
    r"(?:com|org|net|info|biz|io|co|me|eu|edu|gov|uk|de|at|ch|fr|es|pt|it|nl|be|lu|ie|se|no|dk|fi|pl|cz|gr|br|mx|ar|cl|"
    r"in|au|nz|ca|us|za|jp|sg|tv|app)"
)
_LOCAL = r"[\w+-]{1,40}(?:\.[\w-]{1,40}){0,3}"
_LABEL = r"(?!(?:the|a|this|my|your|their|our|its)\b)[^\W_][\w-]{0,40}"
_MAILERS = (
    r"(?:gmail|googlemail|hotmail|yahoo|outlook|icloud|gmx|web|live|aol|proton(?:mail)?|orange|libero|uol|bol|terra)"
)
_AT_WORDS = r"(?:at|ät|arroba|arobase|chiocciola|klammeraffe|apenstaartje|snabel-?a|krøllalfa)"
_DOT_WORDS = r"(?:dot|punto|ponto|punkt|point|punt)"
# Words that go together: "at some point in May" is no address.
_SAID = (
    (r"\sat\s", "dot"), (r"\s(?:ät|at|klammeraffe)\s", "punkt"), (r"\s(?:arroba|chiocciola)\s", "punto|ponto"),
    (r"\sarr?obase\s", "point"), (r"\sapenstaartje\s", "punt"), (r"\s(?:snabel-?a|krøllalfa)\s", "punkt|punktum"),
    (r"\s?@\s?", _DOT_WORDS),
)  # fmt: skip
_BRACKETED = rf"\s?[(\[{{<]\s?(?:{_AT_WORDS}|@)\s?[)\]}}>]\s?"
_ANY_DOT = rf"(?:\s?[(\[{{<]\s?(?:{_DOT_WORDS}|\.)\s?[)\]}}>]\s?|\s{_DOT_WORDS}\s|\.)"


def _said(at: str, dot: str) -> str:
    """Write an address as it is said: "jo dot smith at example dot co dot uk"."""
    dotted = rf"(?:\s(?:{dot})\s|\.)"
    return (
        rf"{_LOCAL}(?:\s(?:{dot})\s\w{{1,40}}){{0,2}}{at}{_LABEL}(?:{dotted}{_LABEL}){{0,2}}"
        rf"\s(?:{dot})\s{_TLD}(?:{dotted}{_TLD})?"
    )


_WAYS = (
    *(_said(at, dot) for at, dot in _SAID),
    rf"{_LOCAL}(?:{_ANY_DOT}\w{{1,40}}){{0,2}}{_BRACKETED}{_LABEL}(?:{_ANY_DOT}{_LABEL}){{0,2}}{_ANY_DOT}{_TLD}(?:{_ANY_DOT}{_TLD})?",
    rf"{_LOCAL}\s?@\s?{_LABEL}(?:\.{_LABEL}){{0,2}}(?:\.{_TLD}|\s?\.\s?(?:com|net|org)(?:\s?\.\s?{_TLD})?)",
    rf"{_LOCAL}\s(?:{_AT_WORDS})\s{_MAILERS}\s?\.\s?{_TLD}",
)
SPELLED = tuple(re.compile(rf"(?<![\w.+-]){way}(?![\w-])", re.I) for way in _WAYS)
EMAIL_HINT = re.compile(
    rf"@|[(\[{{<]\s?{_AT_WORDS}\b|\s{_AT_WORDS}\s[^\n]{{0,80}}(?:\s{_DOT_WORDS}\s|\.\s?[a-z]{{2,3}}\b)", re.I
)
SPELLED_HINT = re.compile(rf"\s@|@\s|\s{_DOT_WORDS}\s|\s{_AT_WORDS}\s|[(\[{{<]\s?(?:{_AT_WORDS}\b|@)", re.I)
URL_HINT = re.compile(r"://|www\.|\.[a-z]{2,6}/", re.I)
URL = re.compile(
    rf"(?:(?:https?|ftp)://|(?<![\w@.-])www\.)[^\s<>\"]{{2,2000}}|(?<![\w@.-])(?:[a-z0-9-]{{1,63}}\.){{1,4}}{_TLD}/[^\s<>\"]{{1,2000}}",
    re.I,
)
# What in a web address tells who: a login, a query, a fragment with a value, a person's page, a number, a long token.
TELLING = re.compile(
    r"://[^/\s]*@|[?#&][^=\s]{0,100}=|/(?:u|user|users|profile|profiles|in|account|accounts|customers?|members?|people|orders?|"
    r"invoices?|tickets?|t|token|reset|verify|track|tracking)/[^/\s]{2}|/[@~]\w|/[^/\s]*\d[^/\s]*\d[^/\s]*\d[^/\s]*\d"
    r"|(?:facebook|instagram|twitter|x|linkedin|tiktok|github|paypal|t|wa|xing|vk)\.(?:com|me)/[^/\s]",
    re.I,
)  # fmt: skip
IP_HINT = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}|[0-9A-Fa-f]{0,4}:[0-9A-Fa-f]{0,4}:[0-9A-Fa-f]|(?:[0-9A-Fa-f]{2}-){5}")
MAC = re.compile(r"(?<![0-9A-Fa-f:-])[0-9A-Fa-f]{2}(?:([:-])[0-9A-Fa-f]{2})(?:\1[0-9A-Fa-f]{2}){4}(?![0-9A-Fa-f:-])")
VERSION = re.compile(r"(?:\b(?:version|firmware|build|release|update|ios|android|v)\W{0,2}|v)$", re.I)
_TOO_LONG = re.compile(r"[0-9A-Fa-f:.]{64,}")


def find_urls(text: str) -> list[tuple[int, int]]:
    """Web addresses that tell who somebody is; "www.example.com/help" does not."""
    return [
        (found.start(), found.start() + len(_trimmed(found[0]))) for found in URL.finditer(text) if _tells(found[0])
    ]


def _tells(url: str) -> bool:
    return TELLING.search(url) is not None


def _trimmed(url: str) -> str:
    return url.rstrip(".,;:!?)]}'’”")


def find_emails(text: str) -> list[tuple[int, int]]:
    """E-mail addresses, also spelled out ("jo at example dot com")."""
    plain = found_by(recogniser("EmailRecognizer"), text, 0.3) if "@" in text else []
    if not SPELLED_HINT.search(text):
        return plain
    return plain + [found.span() for pattern in SPELLED for found in pattern.finditer(text)]


def find_ips(text: str) -> list[tuple[int, int]]:
    """IP and MAC addresses; version numbers look like IPv4, "::" in prose like IPv6."""
    shown = _TOO_LONG.sub(lambda run: "#" * len(run[0]), text)
    spans = found_by(recogniser("IpRecognizer"), shown, 0.3)
    return [span for span in spans if not _no_ip(text, *span)] + [found.span() for found in MAC.finditer(text)]


def _no_ip(text: str, start: int, end: int) -> bool:
    found = text[start:end]
    return bool(VERSION.search(text[max(0, start - 20) : start])) or (
        ":" in found and (len(found) < 6 or not any(c.isdigit() for c in found))
    )
