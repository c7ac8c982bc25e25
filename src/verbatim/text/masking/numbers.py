"""Numbers that name a person or their money: IBAN, card, national ids, phone."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator

from verbatim.text.masking.recognisers import found_by, national, recogniser
from verbatim.text.masking.references import FILLER, TOKEN, identifiers

IBAN_HINT = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{2}\d{2}[ -]?(?:[A-Za-z0-9]{4}[ -]?){2}")
CARD_HINT = re.compile(r"(?:\d[ -]?){12}\d")
PHONE_HINT = re.compile(r"\d(?:[^\w\n]{0,3}\d){7}")
ID_HINT = re.compile(r"\d(?:[^\n\d]{0,2}\d){4}|[A-Za-z]\d+[A-Za-z]*\d|\d[A-Za-z]+\d")
CHECKED_HINT = re.compile(r"\d(?:[ .:+-]?[A-Za-z]?\d){6}|[A-Za-z]{5}\d{4}[A-Za-z]|[A-Za-z]{6}\d\d")
UPPER = str.maketrans(string.ascii_lowercase, string.ascii_uppercase)

IBAN = re.compile(r"(?<![A-Z0-9])[A-Z]{2}\d\d(?:[A-Z0-9]{11,30}|(?:[ -][A-Z0-9]{1,4}){3,8})(?![A-Z0-9])")
CARD = re.compile(r"(?<![\w.-])[2-6]\d{3}(?:[ -]?\d){9,15}(?![\w-])")
# Abroad: any number of eight digits or more after a plus; at home: seven after a word that says phone.
ABROAD = re.compile(r"(?<![\w+])(?:\+|00(?=[1-9]))\s?\(?\d{1,3}(?:[\s()./-]{0,3}\d){7,13}(?!\d)")
SAID_PHONE = re.compile(
    rf"(?<!\w)(?:call|ring|phone|tel|tel[eé]fono?|telefone?|telephone|t[ée]l[ée]phone|telefonnummer|mobile?|mobil|cell|whatsapp|fax|"
    rf"handy(?:nummer)?|celular|m[óo]vil|cellulare|portable|text|sms|dial|reach|contact|appelez|llama\w*|ligu?e\w*)(?!\w)"
    rf"(?:\sme)?(?:\s(?:on|at|under|unter|al|au|no|em))?{FILLER}(?P<number>\(?\d(?:[\s().-]?\d){{6,13}})(?![\w]|[.,/]\d)",
    re.I,
)
# What people call a national number, in the languages of the usual markets; what follows with five signs or more is
# one, whatever the country.
ID_CONTEXT = (
    r"(?:(?:(?<=my )|(?<=mi )|(?<=meu ))(?:sin|fin|nie|run|rut|pan|rg)|(?:sin|fin|nie|run|rut|pan|rg|pass)"
    r"(?=\s?(?:number|no\b|nr\b|nummer|n[°º]|id\b|is\b|card\b|:|#))|ssn|"
    r"social (?:security|insurance)|national insurance|ni (?=number|no)|nino|nhs|"
    r"itin|ein|"
    r"tax (?:payer )?(?:id|file|code)\w*|"
    r"taxpayer\w*|passport\w*|pasaporte|passaporto|passaporte|passeport|reisepass\w*|paspoort\w*|"
    r"driv(?:er|ing)(?:'?s|’s)? licen[cs]e|führerschein\w*|permis de conduire|"
    r"identity (?:card|number|document)|id card|(?:national )?id (?=number|no)|"
    r"(?:personal)?ausweis\w*|steuer-?(?:id\w*|nummer)|idnr|sozialversicherungs\w*|krankenversicherten\w*|svnr|rentenversicherungs\w*|"
    r"num[ée]ro de s[ée]cu\w*(?: sociale)?|s[ée]curit[ée] sociale|insee|nir|carte d['’]identit[ée]|"
    r"dni|nif|c[ée]dula|curp|rfc|cuil|cuit|cpf|cnpj|cnh|contribuinte|"
    r"codice fiscale|carta d['’]identit[àa]|partita iva|bsn|burgerservicenummer|sofi\w*|rijksregister\w*|"
    r"personnummer|samordningsnummer|f[øo]dselsnummer|cpr\w*|hetu|henkil[öo]tunnus|pesel|rodn[ée] [čc][íi]slo|amka|"
    r"aadhaa?r|voter id|pps\w?|tfn|medicare|nric|t\.?c\.? kimlik\w*|kimlik\w*|teudat zehut|"
    r"マイナンバー|ahv\w*|avs)"
)
ID_AFTER = re.compile(rf"(?<!\w){ID_CONTEXT}(?!\w){FILLER}(?P<number>{TOKEN})", re.I)
# Shapes that nothing else has, most with a fixed grouping: no context and no check digit needed.
SHAPES = re.compile(
    r"(?<![\w.,/-])(?:"
    r"\d{3}\.\d{3}\.\d{3}-\d{2}"  # Brazil, CPF
    r"|\d{2}\.\d{3}\.\d{3}/\d{4}-\d{2}"  # Brazil, CNPJ
    r"|756\.\d{4}\.\d{4}\.\d{2}"  # Switzerland, AHV
    r"|[A-Z]{4}\d{6}[HM][A-Z]{5}[A-Z\d]\d"  # Mexico, CURP
    r"|[A-ZÑ&]{4}\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])[A-Z\d]{3}"  # Mexico, RFC
    r"|(?:20|2[347]|30|33)-\d{8}-\d"  # Argentina, CUIT
    r"|\d{1,2}\.\d{3}\.\d{3}-[\dkK]"  # Chile, RUT
    r"|[12] ?\d{2} ?(?:0[1-9]|1[0-2]|[2-9]\d) ?(?:\d{2}|2[AB]) ?\d{3} ?\d{3} ?\d{2}"  # France, NIR
    r"|\d{2}\.(?:0\d|1[0-2])\.[0-3]\d-\d{3}\.\d{2}"  # Belgium, NRN
    r"|(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])\d{2}-\d{4}"  # Denmark, CPR
    r"|(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])\d{2} \d{5}"  # Norway, fødselsnummer
    r"|\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])[-+]\d{4}"  # Sweden, personnummer
    r"|(?-i:[A-Z]{2}) ?\d{2} ?\d{2} ?\d{2} ?(?-i:[A-DT])"  # United Kingdom, national insurance, unissued prefixes too
    r"|(?!000|666|9\d\d)\d{3}-(?!00)\d{2}-(?!0000)\d{4}"  # United States, SSN
    r")(?![\w-]|[.,/]\d)",
    re.I,
)
DATE = re.compile(r"(?<!\d)(?:(?:\d{1,2}[./-])?\d{1,2}[./-](?:19|20)\d\d|(?:19|20)\d\d[./-]\d{1,2}[./-]\d{1,2})(?!\d)")
COUNTING = re.compile(r"[1-9](?:\W+\d)+")
TIME_OR_RANGE = re.compile(r"\d{1,2}:\d{2}|(?<!\d)(?:19|20)\d\d\s*[-–/]\s*(?:19|20)\d\d(?!\d)")
MONEY_BEFORE = re.compile(r"[£$€¥₹]\s*$")
MONEY_AFTER = re.compile(r"^(?:[.,]\d|\s*(?:[£$€¥₹%]|(?:euros?|pounds?|dollars?|reais|usd|gbp|eur)\b))", re.I)
THING_BEFORE = re.compile(
    r"\b(?:part|sku|model\w*|modelo|modell|ean|isbn|article|artikel\w*|art|item|upc|product|produkt\w*|produit|producto|"
    r"barcode|asin|version|firmware|build|parts?|type|typ)\b[^\d\n]{0,15}$",
    re.I,
)
DECIMAL = re.compile(r"\d[.,]\d+")
LONGER_BEFORE, LONGER_AFTER = re.compile(r"\d{3}[ -]?$"), re.compile(r"^[ -]?\d{3}")
_NEAR = 40  # characters before a number that may say what it is


def find_ibans(text: str) -> list[tuple[int, int]]:
    """IBANs, in groups or not, by their check digits."""
    shown = text.translate(UPPER)
    spans = found_by(recogniser("IbanRecognizer"), shown, 0.3)
    for found in IBAN.finditer(shown):
        spans += [(found.start(), end) for end in _iban_ends(shown, *found.span())][:1]
    return spans


def _iban_ends(text: str, start: int, end: int) -> Iterator[int]:
    """Ends of groups at which the check digits are right, the last first: words may follow like a group."""
    ends = [start + gap.start() for gap in re.finditer(r"[ -]|$", text[start:end])]
    for at in reversed(ends):
        bare = re.sub(r"[ -]", "", text[start:at])
        if 15 <= len(bare) <= 34 and int("".join(str(int(sign, 36)) for sign in bare[4:] + bare[:4])) % 97 == 1:
            yield at


def find_cards(text: str) -> list[tuple[int, int]]:
    """Card numbers, by their first and their check digit; presidio knows the old issuers' ranges only."""
    numbered = [found.span() for found in CARD.finditer(text) if _luhn(found[0]) and not _a_thing(text, *found.span())]
    return found_by(recogniser("CreditCardRecognizer"), text, 0.3) + numbered


def _luhn(number: str) -> bool:
    digits = [int(sign) for sign in reversed(number) if sign.isdigit()]
    return sum(digits[::2]) % 10 == -sum(sum(divmod(2 * digit, 10)) for digit in digits[1::2]) % 10


def find_ids(text: str) -> list[tuple[int, int]]:
    """National numbers: by a word before them, by a shape of their own, or by presidio's check digits."""
    shaped = [found.span() for found in SHAPES.finditer(text)]
    spans = [*identifiers(ID_AFTER, text, least=5), *(span for span in shaped if not _a_thing(text, *span))]
    if CHECKED_HINT.search(text):
        spans += [span for known in national() for span in found_by(known, text, 0.5) if _like_an_id(text, *span)]
    return spans


def _like_an_id(text: str, start: int, end: int) -> bool:
    """Bare digits are an id only where a word says so; letters or separators among them tell by themselves."""
    found = text[start:end]
    telling = not found.isdigit() and len(re.sub(r"\W", "", found)) >= 9 and not DATE.search(found)
    return telling and not _a_thing(text, start, end)


def _a_thing(text: str, start: int, end: int) -> bool:
    """Whether the words around a number call it a part or a price."""
    before, after = text[max(0, start - _NEAR) : start], text[end : end + _NEAR]
    return bool(THING_BEFORE.search(before) or MONEY_BEFORE.search(before) or MONEY_AFTER.search(after))


def find_phones(text: str, regions: tuple[str, ...]) -> list[tuple[int, int]]:
    """Phone numbers of the regions and of every country after a +, but not what only looks like one."""
    spans = found_by(recogniser("PhoneRecognizer", regions), text, 0.3)
    spans = [span for span in spans if not _no_phone(text, *span)]
    said = (found.span("number") for found in SAID_PHONE.finditer(text))
    spans += [span for span in said if not _a_thing(text, *span) and not DATE.search(text[slice(*span)])]
    return spans + [found.span() for found in ABROAD.finditer(text)]


def _no_phone(text: str, start: int, end: int) -> bool:
    """Dates, times, prices, part numbers and short bare numbers look like phone numbers to some country."""
    found, before, after = text[start:end], text[max(0, start - _NEAR) : start], text[end : end + _NEAR]
    digits = re.sub(r"\D", "", found)
    bare = found.isdigit() and not found.startswith("0")
    return bool(
        len(digits) < 8
        or DATE.search(found)
        or TIME_OR_RANGE.search(found)
        or COUNTING.fullmatch(found)
        or DECIMAL.fullmatch(found)
        or LONGER_BEFORE.search(before)
        or LONGER_AFTER.search(after)
        or (bare and len(digits) < 10)
        or (not found.startswith("+") and _a_thing(text, start, end))
    )
