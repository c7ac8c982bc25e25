"""Masking of personal data: recall and precision by kind, on cases written by hand and by Faker; and its speed.

    python -m benchmarks.redaction [--seed 1] [--show]

A secret is *caught* when nothing of it is left but pieces of two signs. A placeholder is *wrong* when it stands in a
text that must stay, or when it took words around the secret with it. *Right kind*: the placeholder names the kind.
"""

from __future__ import annotations

import argparse
import random
import re
import time
from collections.abc import Callable, Iterator
from typing import NamedTuple

from rich.console import Console
from rich.table import Table

from benchmarks.redaction_cases import NEGATIVE, POSITIVE
from verbatim.text.masking.masker import Masker
from verbatim.text.masking.options import RedactOptions

RECALL, PRECISION, SPEED = 0.98, 0.97, 5_000
PLACEHOLDER = re.compile(r"<(\w+)>")
PLAIN = (
    "The delivery was late and nobody told me why, so I had to take a day off work for nothing.",
    "Great service, friendly staff, would come again any time!",
    "Too expensive for what you get, and the app is slow.",
    "I waited for the engineer all day. He never came. Then the line dropped again.",
    "O atendimento foi muito bom, mas a entrega demorou demais.",
    "Waited 3 weeks for a refund, 10/10 would not recommend.",
)


class Case(NamedTuple):
    """A text, the secret in it ("" where there is none), the kind, and who wrote it."""

    before: str
    secret: str
    after: str
    kind: str
    source: str


class Count(NamedTuple):
    """Cases, secrets caught, right kinds, placeholders, wrong ones."""

    n: int = 0
    caught: int = 0
    right: int = 0
    placed: int = 0
    wrong: int = 0

    def plus(self, other: Count) -> Count:
        """Add up."""
        return Count(*(a + b for a, b in zip(self, other, strict=True)))


CARRIERS = {
    "email": ("please answer {} soon", "{} is my address", "Ich bin {} erreichbar"),
    "phone": ("you can reach me on {}, thanks", "call {} today", "tel {}"),
    "card": ("you charged {} twice", "card {} declined"),
    "iban": ("refund to {} please", "IBAN {}"),
    "ip": ("blocked from {} again", "my ip {} is banned"),
    "url": ("see {} please", "link: {}"),
    "birthdate": ("I was born on {}, not later", "date of birth: {}"),
    "account": ("my account number is {}", "customer number {} was lost"),
    "order": ("order {} never arrived", "where is my order no. {}?"),
}
PHONES = ("en_GB", "en_US", "de_DE", "fr_FR", "es_ES", "it_IT", "pt_BR", "nl_NL", "pl_PL", "sv_SE", "en_AU", "en_IN")
IBANS = ("en_GB", "de_DE", "fr_FR", "es_ES", "it_IT", "nl_NL", "pl_PL", "sv_SE")
# How people write of their national number where Faker knows it.
NATIONAL = {
    "en_US": "my social security number is {}", "en_GB": "national insurance number {}",
    "fr_FR": "numéro de sécurité sociale {}", "de_CH": "AHV {}", "es_MX": "mi curp {}",
    "es_ES": "mi dni es {}", "it_IT": "il mio codice fiscale {}", "pt_BR": "meu cpf {} está errado",
    "pl_PL": "PESEL {}", "sv_SE": "personnummer {}", "fi_FI": "henkilötunnus {}", "no_NO": "fødselsnummer {}",
    "nl_NL": "mijn BSN is {}", "da_DK": "mit cpr nummer {}", "en_CA": "my SIN is {}",
    "nl_BE": "rijksregisternummer {}",
}  # fmt: skip
NATIONAL_ALONE = ("en_US", "en_GB", "es_ES", "it_IT", "fr_FR", "fi_FI", "sv_SE", "da_DK", "de_CH")


def generated(seed: int, each: int = 4) -> Iterator[Case]:
    """Yield cases whose secrets Faker made, in the formats of its locales."""
    from faker import Faker

    Faker.seed(seed)
    pick = random.Random(seed)
    fakers = {name: Faker(name) for name in {*PHONES, *IBANS, *NATIONAL}}
    plain = fakers["en_US"]
    makers: dict[str, list[Callable[[], str]]] = {
        "email": [fakers[name].email for name in PHONES[:6]] + [plain.ascii_company_email, plain.ascii_free_email],
        "phone": [fakers[name].phone_number for name in PHONES for _ in range(2)],
        "card": [lambda: plain.credit_card_number("visa"), lambda: plain.credit_card_number("mastercard"),
                 lambda: plain.credit_card_number("amex")],
        "iban": [fakers[name].iban for name in IBANS],
        "ip": [plain.ipv4, plain.ipv6, plain.mac_address],
        "url": [lambda: f"{plain.url()}orders/{plain.random_number(8, True)}",
                lambda: f"{plain.url()}?user={plain.user_name()}",
                lambda: f"https://www.facebook.com/{plain.user_name()}"],
        "birthdate": [lambda pattern=pattern: plain.date_of_birth(minimum_age=18).strftime(pattern)
                      for pattern in ("%d/%m/%Y", "%Y-%m-%d", "%d %B %Y", "%d.%m.%Y", "%B %d, %Y")],
        "account": [lambda: plain.bothify("########"), lambda: plain.bothify("??######").upper(), plain.uuid4],
        "order": [lambda: plain.bothify("#########"), lambda: plain.bothify("??-#####-##").upper(),
                  lambda: plain.bothify("A#####")],
    }  # fmt: skip
    for kind, ways in makers.items():
        for way in ways:
            for _ in range(each if len(ways) < 12 else 2):
                yield _case(pick.choice(CARRIERS[kind]), way(), kind, "Faker")
    for name, said in NATIONAL.items():
        for _ in range(each):
            made = fakers[name]
            secret = (
                made.curp()
                if name == "es_MX"
                else made.nif()
                if name == "es_ES"
                else made.cpf()
                if name == "pt_BR"
                else made.ssn()
            )
            yield _case(
                said if name not in NATIONAL_ALONE or pick.random() < 0.5 else "{} is mine", secret, "id", "Faker"
            )


def written() -> Iterator[Case]:
    """Yield the cases written by hand."""
    for kind, cases in POSITIVE.items():
        for carrier, secret in cases:
            yield _case(carrier, secret, kind, "by hand")
    for text in NEGATIVE:
        yield Case(text, "", "", "nothing", "by hand")


def _case(carrier: str, secret: str, kind: str, source: str) -> Case:
    before, after = carrier.split("{}")
    return Case(before, secret, after, kind, source)


def judge(masker: Masker, case: Case) -> Count:
    """Mask a case and count."""
    masked = masker.mask(case.before + case.secret + case.after).text
    kinds = PLACEHOLDER.findall(masked)
    if not case.secret:
        return Count(1, 0, 0, len(kinds), len(kinds))
    left = masked.removeprefix(case.before.rstrip(" #:([").rstrip()).removesuffix(case.after)
    pieces = [piece for piece in re.findall(r"[^\W_]+", case.secret) if len(piece) > 2]
    bare = re.sub(r"\W", "", PLACEHOLDER.sub("", left))
    caught = (
        bool(kinds)
        and not any(piece in left.replace("<", " <") and piece not in kinds for piece in pieces)
        and len(bare) < 3
    )
    intact = masked.startswith(case.before.rstrip(" #:([")) and masked.endswith(case.after)
    return Count(1, int(caught), int(case.kind in kinds), len(kinds), 0 if intact else 1)


def speed(masker: Masker) -> tuple[float, float]:
    """Comments a second of processor time on plain text, no two alike, and seconds for the worst cell of 110 kB."""
    letters = "abcdefghijklmnopqrstuvwxyz"
    texts = [
        f"{PLAIN[n % len(PLAIN)]} {'really ' * (n % 7)}{letters[n % 26]}{letters[n // 26 % 26]}{letters[n // 676 % 26]}"
        for n in range(20_000)
    ]
    start = time.process_time()
    masker.mask_all(texts)
    rate = len(texts) / (time.process_time() - start)
    worst = 0.0
    for cell in (
        "1 " * 55_000,
        "12345 " * 18_333,
        "1" * 110_000,
        "123-" * 27_500,
        "a1" * 55_000,
        "order 12345 " * 9_166,
        "a.b@" * 27_500,
    ):
        start = time.process_time()
        masker.mask(cell)
        worst = max(worst, time.process_time() - start)
    return rate, worst


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", action="store_true", help="print what is missed or wrong")
    arguments = parser.parse_args()
    masker, console = Masker(RedactOptions()), Console(width=110)
    counts: dict[tuple[str, str], Count] = {}
    for case in (*written(), *generated(arguments.seed)):
        found = judge(masker, case)
        counts[case.kind, case.source] = counts.get((case.kind, case.source), Count()).plus(found)
        if arguments.show and (found.wrong or (case.secret and not (found.caught and found.right))):
            text = case.before + case.secret + case.after
            console.print(f"{case.kind:<10} {text}  ->  {masker.mask(text).text}", markup=False, highlight=False)
    console.print(table(counts))
    rate, worst = speed(masker)
    console.print(f"{rate:,.0f} comments a second on plain text (goal {SPEED:,}){'' if rate >= SPEED else '  MISSED'}")
    console.print(f"{worst:.2f} s for the worst cell of 110 kB (goal 1.00){'' if worst < 1 else '  MISSED'}")


def table(counts: dict[tuple[str, str], Count]) -> Table:
    """Lay the counts out, a row a kind."""
    shown = Table(title="Masking of personal data")
    for heading in ("kind", "by hand", "Faker", "caught", "recall", "right kind", "placeholders", "wrong"):
        shown.add_column(heading, justify="left" if heading == "kind" else "right")
    total = Count()
    for kind in dict.fromkeys(kind for kind, _ in counts):
        hand, made = (counts.get((kind, source), Count()) for source in ("by hand", "Faker"))
        both = hand.plus(made)
        total = total.plus(both if kind != "nothing" else Count(0, 0, 0, both.placed, both.wrong))
        recall = f"{both.caught / both.n:.3f}" if kind != "nothing" else ""
        right = f"{both.right / both.n:.3f}" if kind != "nothing" else ""
        shown.add_row(
            kind, str(hand.n), str(made.n), str(both.caught), recall, right, str(both.placed), str(both.wrong)
        )
    recall, precision = total.caught / total.n, 1 - total.wrong / total.placed
    shown.add_section()
    shown.add_row(
        "all secrets",
        "",
        "",
        f"{total.caught} of {total.n}",
        _against(recall, RECALL),
        "",
        str(total.placed),
        str(total.wrong),
    )
    shown.caption = f"precision {_against(precision, PRECISION)} (goal {PRECISION}); recall goal {RECALL}"
    return shown


def _against(value: float, goal: float) -> str:
    return f"{value:.3f}{'' if value >= goal else ' MISSED'}"


if __name__ == "__main__":
    main()
