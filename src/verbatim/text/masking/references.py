"""What ties a comment to a person through someone's files: account and order numbers, dates of birth.

A number means nothing alone; a word before it does, in the languages of the usual markets, or a shape that only such
numbers have.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

# Between the word and the number: "order number is:", "Bestellung mit der Nr.", "pedido n.º".
FILLER = (
    r"(?:[\s:=#.,\-–(\"'’]|\b(?:numbers?|num|n|nummer|num[ée]ro|n[úu]mero|numer|no|nr|nbr|n[°ºo]|id|ids|ref(?:erence)?|code|"
    r"is|was|are|ist|war|lautet|est|es|é|è|er|är|the|with|of|mit|der|die|das|de|del|da|do|di|la|le|el|il|card|my|mon|mein|"
    r"mi|meu|mio)\b|[°º]){1,12}"
)
# An identifier: letters and digits in one piece or in groups, or groups of digits apart.
TOKEN = (
    r"(?:(?-i:[A-Z]{1,4})[ -]|[A-Za-z]{1,6}-?)?\d[A-Za-z\d]{0,30}"
    r"(?:[-./]?[A-Za-z]?\d[A-Za-z\d]{0,30}| \d[A-Za-z\d]{1,30}){0,6}"
    r"(?:[ -]?(?-i:[A-Z])(?!\w))?|[A-Za-z]{1,6}\d[A-Za-z\d]{2,30}"
)
NUMBER_HINT = re.compile(r"\d[^\s]{0,3}[A-Za-z\d](?:[^\w\n]?[A-Za-z]?\d){2}|\d(?:[ -]?\d){4}")

ACCOUNT_CONTEXT = (
    r"(?:account|acct|acc|a/c|customer|client|member(?:ship)?|policy|contract|subscriber|subscription|user|patient|loyalty|"
    r"meter|serial|imei|iccid|sort code|routing|insurance|login|employee|student|kunden|konto|vertrags?|mitglieds?|"
    r"versicherungs?|z[äa]hler|matrikel|benutzer|compte|contrat|adh[ée]rent|cuenta|cliente|contrato|p[óo]liza|socio|conta|"
    r"ap[óo]lice|matr[íi]cula|conto|polizza|contratto|rekening|klant|lidmaatschaps?|konto|kund|avtals?|kunde|asiakas)"
)
ORDER_CONTEXT = (
    r"(?:orders?|tickets?|cases?|references?|ref|invoices?|bookings?|reservations?|tracking|parcel|shipment|receipt|"
    r"transaction|confirmation|complaint|claim|incident|request|return|rma|quote|bestell(?:ung|ungs)?|auftrags?|rechnungs?|"
    r"buchungs?|sendungs?|vorgangs?|ticket|bon|commande|facture|r[ée]servation|dossier|colis|suivi|pedido|encomenda|compra|"
    r"factura|fatura|reserva|protocolo|chamado|boleto|ordine|fattura|prenotazione|pratica|spedizione|bestelling|factuur|"
    r"boeking|zending|ordre|faktura|bokning|bestilling|zam[óo]wieni[ea]|tilaus)"
)
_COMPOUND = r"(?:-?(?:nummer|nr|numero|number|no|id|kod|numer))?"
ACCOUNT_AFTER = re.compile(rf"(?<!\w){ACCOUNT_CONTEXT}{_COMPOUND}(?!\w){FILLER}(?P<number>{TOKEN})", re.I)
ORDER_AFTER = re.compile(rf"(?<!\w){ORDER_CONTEXT}{_COMPOUND}(?!\w){FILLER}(?P<number>{TOKEN})", re.I)
SORT_CODE = re.compile(r"\bsort ?code\W{1,4}(?:is\s)?(?P<number>\d\d-\d\d-\d\d)(?!\d)", re.I)
# Shapes of accounts: UUID; of orders: ORD-12345, INV/2024/00123, #123456, 112-1234567-1234567, parcels.
UUID = re.compile(r"(?<![\w-])[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}(?![\w-])", re.I)
ACCOUNT_SHAPES = re.compile(r"(?<![\w-])(?:ACCT?|CUST|CLI|KD|KND|CRM|MBR|POL)[-_#/]?\d{4,20}(?![\w])")
ORDER_SHAPES = re.compile(
    r"(?<![\w-])(?:(?:ORD|ORDER|INV|PO|SO|REF|RMA|TKT|INC|CAS|CASE|BK|BKG|TRX|TXN|RE|AB)[-_#/]\d[\d/-]{3,20}(?!\w)"
    r"|(?:ORD|INV|RMA|TKT|INC|BKG|TRX|TXN)\d{5,20}(?!\w)|\d{3}-\d{7}-\d{7}(?!\w)|1Z[0-9A-Z]{16}(?!\w)|[A-Z]{2}\d{9}[A-Z]{2}(?!\w))"
    r"|(?<![\w&])#[A-Z]{0,4}-?\d{5,20}(?!\w)"
)
PLAIN_DATE = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])|\d{1,4}([./-])\d{1,2}\1\d{1,4}")
MONEY = re.compile(
    r"^(?:[.,]\d|\s*(?:[£$€¥₹%]|(?:euros?|pounds?|dollars?|points?|pts|miles|reais|usd|gbp|eur)\b))", re.I
)

_MONTH = (
    r"(?:jan|feb|f[ée]v|mar|m[äa]r|apr|abr|avr|may|mai|maj|mei|mag|jun|juin|giu|jul|juil|lug|aug|ago|ao[ûu]|sep|set|oct|okt|"
    r"out|ott|nov|dec|dez|d[ée]c|dic|gen|ene)[^\W\d_]{0,8}"
)
_DATE = (
    rf"(?:\d{{1,2}}[./ -]\d{{1,2}}[./ -](?:\d{{4}}|\d{{2}})|(?:19|20)\d\d[./-]\d{{1,2}}[./-]\d{{1,2}}|(?:19|20)\d{{6}}"
    rf"|\d{{1,2}}(?:st|nd|rd|th|er|\.|º|ª)?(?:\s(?:of|de|di))?\s{_MONTH}\.?(?:,?\s(?:de |del )?(?:\d{{4}}|\d{{2}}))?"
    rf"|{_MONTH}\s\d{{1,2}}(?:st|nd|rd|th)?(?:,?\s\d{{4}})?)(?!\d)"
)
_BORN = (
    r"(?:born|d\.?o\.?b\.?|date of birth|birth ?dates?|birthdays?|birth|geboren|geb\.?|geburtstag|geburtsdatum|n[ée]e?|"
    r"date de naissance|"
    r"naissance|anniversaire|nacid[oa]|nac[íi]|fecha de nacimiento|nacimiento|cumplea[ñn]os|nascid[oa]|"
    r"nasci|data de nascimento|nascimento|anivers[áa]rio|nat[oa]|data di nascita|compleanno|geboortedatum|född|"
    r"f[øo]dt|f[øo]dselsdato|syntynyt|urodzon[ya]|data urodzenia)"
)
_BORN_FILLER = (
    r"(?:[\s:=,.\-–()]|\b(?:is|was|on|the|am|ist|war|le|el|em|il|den|op|est|es|é|è|in|dia|día|meine|my|mon)\b){1,10}"
)
BIRTH_HINT = re.compile(rf"(?<!\w){_BORN}(?!\w)", re.I)
BORN_ON = re.compile(rf"(?<!\w){_BORN}(?!\w){_BORN_FILLER}(?P<date>{_DATE})", re.I)
DATE_BORN = re.compile(rf"(?<![\d./-])(?P<date>{_DATE})\W{{1,4}}(?:(?:my|is my|his|her)\s)?(?:{_BORN})(?!\w)", re.I)


def identifiers(after: re.Pattern[str], text: str, least: int) -> Iterator[tuple[int, int]]:
    """Bounds of the numbers that a pattern finds: ``least`` signs or more, mostly digits, no date and no price."""
    for found in after.finditer(text):
        start, end = found.span("number")
        number = _one(found["number"].rstrip(" ./-"))
        end = start + len(number)
        digits = sum(map(str.isdigit, number))
        long = digits >= least - 2 and sum(map(str.isalnum, number)) >= least
        if long and not PLAIN_DATE.fullmatch(number) and not MONEY.match(text[end : end + 10]):
            yield start, end


def _one(number: str) -> str:
    """Leave out what follows a whole number: "12345 10 days" speaks of days; "943 476 5919" is one number."""
    first = number.split(" ")[0]
    return first if sum(map(str.isdigit, first)) >= 5 else number


def find_accounts(text: str) -> list[tuple[int, int]]:
    """Account, customer, contract, policy and device numbers of five signs or more."""
    shaped = [found.span() for pattern in (UUID, ACCOUNT_SHAPES) for found in pattern.finditer(text)]
    return [
        *identifiers(ACCOUNT_AFTER, text, least=5),
        *shaped,
        *(code.span("number") for code in SORT_CODE.finditer(text)),
    ]


def find_orders(text: str) -> list[tuple[int, int]]:
    """Order, ticket, invoice, booking and parcel numbers of five signs or more; "ticket 4521" stays."""
    return [*identifiers(ORDER_AFTER, text, least=5), *(found.span() for found in ORDER_SHAPES.finditer(text))]


def find_birthdates(text: str) -> list[tuple[int, int]]:
    """Dates beside a word for being born."""
    return [found.span("date") for pattern in (BORN_ON, DATE_BORN) for found in pattern.finditer(text)]
