"""What every kind of personal data is found by: a hint that a text may hold it, and a finder that says where."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

from verbatim.text.masking import addresses, numbers, references
from verbatim.text.masking.options import Kind

Bounds = tuple[int, int]


class Finder(NamedTuple):
    """``hint`` is cheap and may be wrong; ``find`` returns the bounds of the personal data."""

    hint: re.Pattern[str]
    find: Callable[[str], list[Bounds]]


def finders(phone_regions: tuple[str, ...]) -> Mapping[Kind, Finder]:
    """Return the finder of every kind; presidio's recognisers are made when the first text needs them."""
    return {
        "url": Finder(addresses.URL_HINT, addresses.find_urls),
        "email": Finder(addresses.EMAIL_HINT, addresses.find_emails),
        "iban": Finder(numbers.IBAN_HINT, numbers.find_ibans),
        "card": Finder(numbers.CARD_HINT, numbers.find_cards),
        "ip": Finder(addresses.IP_HINT, addresses.find_ips),
        "id": Finder(numbers.ID_HINT, numbers.find_ids),
        "birthdate": Finder(references.BIRTH_HINT, references.find_birthdates),
        "account": Finder(references.NUMBER_HINT, references.find_accounts),
        "order": Finder(references.NUMBER_HINT, references.find_orders),
        "phone": Finder(numbers.PHONE_HINT, lambda text: numbers.find_phones(text, phone_regions)),
    }
