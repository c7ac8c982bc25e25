"""Fifty kinds of personal data are planted everywhere in a survey; nothing that a run writes holds one of them."""

import json
import os
import sqlite3
import subprocess
import sys
import zipfile
from pathlib import Path

import pandas as pd
import pytest

from verbatim.simulate import SimulationOptions, simulate_survey

CANARIES = {
    "e-mail": ("Write to {} please", "canary.bird@example.com"),
    "e-mail in capitals": ("Write to {} please", "CANARY_TWO@EXAMPLE.ORG"),
    "e-mail with umlaut": ("Bitte an {} schreiben", "jürgen.kanarie@müller.de"),
    "e-mail said": ("Write to {} please", "canaryone at example dot com"),
    "e-mail in brackets": ("Write to {} please", "canarytwo [at] example [dot] net"),
    "e-mail in Spanish": ("Escríbeme a {}", "canarytres arroba correo punto es"),
    "UK phone": ("Call me on {} tonight", "020 7946 0958"),
    "UK mobile": ("Call me on {} tonight", "07700 900123"),
    "US phone": ("My number is {} by the way", "(212) 555-0187"),
    "German phone": ("Ruft {} an bitte", "+49 30 23125 177"),
    "French phone": ("Appelez le {} merci", "01 42 68 53 00"),
    "Brazilian phone": ("Meu telefone é {} obrigado", "(11) 91234-5678"),
    "Visa": ("You charged {} twice", "4111 1111 1111 1111"),
    "Mastercard": ("You charged {} twice", "2223000048400011"),
    "Amex": ("You charged {} twice", "3782 822463 10005"),
    "German IBAN": ("Refund {} please", "DE89 3704 0044 0532 0130 00"),
    "UK IBAN": ("Refund {} please", "GB29NWBK60161331926819"),
    "IPv4": ("Blocked from {} again", "203.0.113.77"),
    "IPv6": ("Blocked from {} again", "2001:db8::8a2e:370:7334"),
    "MAC": ("Router {} is down", "00:1B:44:11:3A:B7"),
    "link with a query": ("See {} for it", "https://shop.example.com/a?customer=canary77"),
    "profile link": ("I am {} there", "https://www.facebook.com/canary.bird.55"),
    "reset link": ("Link {} expired", "http://example.com/reset/8f3a9c2b7dcanary"),
    "US SSN": ("My ssn is {} and", "078-05-1120"),
    "UK NINO": ("National insurance {} given", "AB 12 34 56 C"),
    "NHS": ("NHS number {} was lost", "943 476 5919"),
    "German tax id": ("Meine Steuer-ID: {} stimmt", "12 345 678 901"),
    "French NIR": ("Mon numéro de sécurité sociale est {} merci", "1 84 12 76 451 089 46"),
    "Spanish DNI": ("mi DNI es {} gracias", "12345678Z"),
    "Spanish NIE": ("mi NIE es {} gracias", "X1234567L"),
    "Italian code": ("codice fiscale {} errato", "RSSMRA85T10A562S"),
    "Brazilian CPF": ("meu CPF é {} obrigado", "123.456.789-09"),
    "Mexican CURP": ("mi CURP {} no sirve", "GODE561231HDFRRN09"),
    "Dutch BSN": ("mijn BSN is {} dus", "814703296"),
    "Belgian number": ("rijksregisternummer {} klopt", "85.07.30-033.28"),
    "Swedish number": ("personnummer {} är rätt", "850709-9805"),
    "Danish CPR": ("mit CPR {} er rigtigt", "211062-5629"),
    "Finnish HETU": ("henkilötunnus {} on oikein", "131052-308T"),
    "Polish PESEL": ("PESEL {} podany", "44051401359"),
    "Aadhaar": ("aadhaar {} refused", "2341 2341 2346"),
    "PAN": ("PAN card {} rejected", "ABCPE1234F"),
    "passport": ("passport no. {} scanned twice", "C01X00T47"),
    "date of birth": ("I was born on {} actually", "12/03/1984"),
    "spelled date of birth": ("date of birth {} was wrong", "23 September 1977"),
    "account": ("my account number {} is blocked", "99887766"),
    "policy": ("policy {} was cancelled", "PL-9981234"),
    "order": ("order {} never came", "#1002457"),
    "invoice": ("Invoice {} is wrong", "INV/2024/55671"),
    "parcel": ("parcel {} is lost", "RR123456785GB"),
    "listed word": ("Ask {} about it", "Zanzibarquux"),
}
CONTACTS = {
    "Email": "contact{}@canary.example", "Phone": "+44 7700 90{:04d}", "Full name": "Canary{} Birdwell",
    "Home": "{} Canary Street, Birdtown", "customer_id": "CANARY-{:05d}",
}  # fmt: skip
OPTIONS = """
[redact]
words = ["Zanzibarquux"]
hash_key = "env:NEST_KEY"
[encoder]
cache = "{cache}"
"""
WRITTEN = {
    "manifest.json", "rejected.csv", "report.xlsx", "report.pptx", "brief.json", "members.parquet", "vectors.sqlite",
    "codebook.yaml", "to_code.xlsx", "compare.html",
}  # fmt: skip
KEY = "a-key-that-is-kept-nowhere-0123456789"


def planted() -> pd.DataFrame:
    """Return a survey with every canary in two comments, a rejected row and, one of them, in a segment."""
    table = simulate_survey(SimulationOptions(n=380)).table.drop(columns="response_id").astype({"comment": "str"})
    spoken = table.index[table["comment"].notna() & table["comment"].ne("nan")]
    said = [carrier.format(secret) for carrier, secret in CANARIES.values()]
    for row, text in zip(spoken, said * 2, strict=False):
        table.loc[row, "comment"] = f"{table.loc[row, 'comment']} {text}."
    table["nps_score"] = table["nps_score"].astype("str")
    rejected = pd.DataFrame(
        {"nps_score": ["11"] * len(said) + said, "comment": said + ["Nothing to say here"] * len(said)}
    )
    table = pd.concat([table, rejected], ignore_index=True)
    table["plan"] = table["plan"].fillna("Day pass")
    table.loc[:2, "plan"] = "Pass of canary.bird@example.com"
    for name, pattern in CONTACTS.items():
        table[name] = [pattern.format(row) for row in range(len(table))]
    return table.sample(frac=1, random_state=1)


@pytest.fixture(scope="module")
def everything(tmp_path_factory):
    """Run the command line with its temporary folder, cache and logs in one place."""
    place = tmp_path_factory.mktemp("planted")
    (place / "written" / "tmp").mkdir(parents=True)
    planted().to_csv(place / "survey.csv", index=False)
    (place / "verbatim.toml").write_text(
        OPTIONS.format(cache=(place / "written" / "cache").as_posix()), encoding="utf-8"
    )
    survey, written = str(place / "survey.csv"), str(place / "written")
    run, options = f"{written}/run", ["--config", str(place / "verbatim.toml")]
    commands = [
        ["run", survey, "--out", run, *options],
        ["run", survey, "--out", f"{run}2", "--model", run, "--json", *options],
        ["compare", run, f"{run}2", "--out", f"{written}/compared"],
        ["codebook", "export", run, f"{written}/codebook.yaml"],
        ["sample", run, "--n", "150", "--out", f"{written}/to_code.xlsx"],
        ["forget", run, "--respondent", "CANARY-00007", *options],
    ]
    return place / "written", _verbatim(place, commands)


_EACH = """
import json, sys
from verbatim.cli import main
for sys.argv[1:] in json.loads(sys.argv[1]):
    try:
        main()
    except SystemExit as stop:
        if stop.code:
            raise
"""


def _verbatim(place: Path, commands: list[list[str]]) -> str:
    """Run commands one after another in one process of its own, which finds home and temporary folder in ``place``."""
    home = {name: str(place / "written" / "tmp") for name in ("TMPDIR", "HOME", "XDG_CACHE_HOME")}
    done = subprocess.run(
        [sys.executable, "-c", _EACH, json.dumps(commands)],
        env=os.environ | home | {"NEST_KEY": KEY}, capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


def readings(file: Path) -> list[str]:
    """Return everything a file says: its bytes, and what is packed in them."""
    said = [file.read_bytes().decode("utf-8", "replace"), file.read_bytes().decode("utf-16-le", "replace")]
    if file.suffix == ".parquet":
        said.append(pd.read_parquet(file).to_csv())
    if file.suffix in (".xlsx", ".pptx"):
        with zipfile.ZipFile(file) as book:
            said += [book.read(name).decode("utf-8", "replace") for name in book.namelist()]
    if file.suffix == ".sqlite":
        with sqlite3.connect(file) as database:
            said.append("\n".join(database.iterdump()))
    if file.suffix == ".html":
        import html

        said.append(html.unescape(said[0]))
    return said


def test_there_are_fifty_kinds():
    assert len(CANARIES) == 50


def test_no_canary_is_written_anywhere(everything):
    written, printed = everything
    secrets = {secret.casefold(): name for name, (_, secret) in CANARIES.items()}
    secrets |= {"canary": "part of a canary", KEY: "the key"}
    files = [file for file in written.rglob("*") if file.is_file()]
    assert {f.name for f in files} >= WRITTEN
    leaks = [
        (str(file.relative_to(written)), name)
        for file in files
        for said in map(str.casefold, readings(file))
        for secret, name in secrets.items()
        if secret in said
    ]
    assert leaks == []
    out = printed.casefold()
    assert [name for secret, name in secrets.items() if secret in out and secret != "canary"] == []


def test_placeholders_stand_in_their_place_and_name_no_theme(everything):
    written, _ = everything
    run = written / "run"
    comments = " ".join(pd.read_parquet(run / "responses.parquet")["comment"].dropna())
    kinds = ("email", "phone", "card", "iban", "ip", "url", "id", "birthdate", "account", "order", "word")
    assert all(f"<{kind}>" in comments for kind in kinds)
    themes = pd.read_json(run / "themes.json")
    words = " ".join([*themes["name"], *(" ".join(words) for words in themes["keywords"])]).casefold()
    assert "<" not in words
