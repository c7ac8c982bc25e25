"""Personal data is masked before anything else sees it: in answers, segments, ids and rejected rows.

Survey in, Survey out. What each kind looks like stands in `verbatim.text.masking`. No network; a model only for names,
and only where the user gives one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import pandas as pd

from verbatim.answers import join_answers
from verbatim.errors import ConfigError
from verbatim.records import Progress, Survey
from verbatim.text.masking.masker import Masker
from verbatim.text.masking.options import RedactOptions
from verbatim.text.respondent_key import hashed_id, read_key

IDS = ("response_id", "respondent_id")
QUOTED = ("score", "weight")  # roles whose cells a reason quotes, cut short: a piece of an address looks like nothing
EMAIL = re.compile(r"(?<![^\s@])[^\s@]+@[^\s@]+\.[^\s@]")


class MaskedAnswers(NamedTuple):
    """Answers that were masked elsewhere, in the order of ``Survey.answers``, and what was masked, counts by kind."""

    texts: Sequence[str]
    counts: Mapping[str, int]


def redact(
    survey: Survey,
    options: RedactOptions | None = None,
    progress: Progress | None = None,
    masked: MaskedAnswers | None = None,
) -> Survey:
    """Mask personal data in everything that a run keeps of a survey.

    Parameters
    ----------
    survey : Survey
        As read.
    options : RedactOptions, optional
        Kinds to mask, words to mask and to leave, where the key of the ids is.
    progress : Progress, optional
        Called with "redact" and the number of suspicious texts.
    masked : MaskedAnswers, optional
        Where the answers were masked already; the rest is masked here.

    Returns
    -------
    Survey
        With ``<email>``, ``<phone>`` and so on in place of the data, ``start`` and ``comment`` rebuilt, and ``masked``
        filled. In ``rejected`` every text is masked, ids are hashed and cells of contact columns read ``<contact>``.
        With a key all ids are hashed, and responses are sorted by their new ids.

    Raises
    ------
    ConfigError
        Ids are e-mail addresses and no key is given; the key or the model for names cannot be used.
    """
    options = options or RedactOptions()
    key = read_key(options.hash_key)
    refuse_addresses(survey, key)
    masker = Masker(options)
    if masked is None:
        every = masker.mask_all(survey.answers["text"], progress)
        masked = MaskedAnswers([one.text for one in every], sum((one.counts for one in every), Counter()))
    answers, comments = join_answers(survey.answers.assign(text=masked.texts).astype({"text": "str"}))
    responses = survey.responses.assign(comment=survey.responses["response_id"].map(comments).astype("str"))
    for name in survey.segments:
        responses[name] = _masked(responses[name], masker)
    if key is not None:
        responses, answers = _hashed_ids(responses, key), _hashed_ids(answers, key)
    return replace(
        survey,
        responses=responses,
        answers=answers,
        rejected=_rejected(survey, masker, key),
        reading=replace(
            survey.reading,
            columns=tuple(replace(one, reason=masker.mask(one.reason).text) for one in survey.reading.columns),
            notes=tuple(masker.mask(note).text for note in survey.reading.notes),
        ),
        masked={kind: n for kind, n in sorted(masked.counts.items()) if n},
        rates=survey.rates.assign(value=_masked(survey.rates["value"], masker)) if len(survey.rates) else survey.rates,
    )


def refuse_addresses(survey: Survey, key: bytes | None) -> None:
    """Refuse ids that are e-mail addresses where no key hashes them: ids are kept to join waves, addresses are not.

    Raises
    ------
    ConfigError
        It says how many, in which columns.
    """
    for name in IDS if key is None else ():
        n = int(survey.responses[name].str.contains(EMAIL).sum())
        if n:
            given = [column.name for column in survey.reading.columns if column.role in IDS]
            raise ConfigError(
                f"{survey.reading.source}: {n:,} ids in {' and '.join(map(repr, given))} are e-mail addresses, which "
                'are not kept. Name another column, or hash the ids: [redact] hash_key = "env:VARIABLE".'
            )


def _masked(cells: pd.Series, masker: Masker) -> pd.Series:
    """Mask cells; null stays null."""
    known = cells.dropna().unique()
    return cells.map({cell: masker.mask(cell).text for cell in known}).astype("str")


def _hashed_ids(table: pd.DataFrame, key: bytes) -> pd.DataFrame:
    hashed = table.assign(
        **{name: table[name].map(lambda one: hashed_id(one, key)).astype("str") for name in IDS if name in table}
    )
    return hashed.sort_values("response_id", kind="stable", ignore_index=True)


def _rejected(survey: Survey, masker: Masker, key: bytes | None) -> pd.DataFrame:
    """Rejected rows: texts masked, ids hashed, contact data gone."""
    roles = {column.name: column.role for column in survey.reading.columns}
    table = survey.rejected.copy()
    quoted = [name for name in table.columns.drop("row") if roles.get(name.removesuffix(" (input)")) in QUOTED]
    for name in quoted:
        table["reason"] = [_requoted(*row, masker) for row in zip(table["reason"], table[name], strict=True)]
    for name in table.columns.drop("row"):
        cells, role = table[name], roles.get(name.removesuffix(" (input)"))
        if role in IDS:
            cells = cells.map(lambda cell: hashed_id(cell, key))
        elif role == "contact":
            cells = cells.where(cells.str.strip().eq(""), "<contact>")
        else:
            cells = pd.Series([masked.text for masked in masker.mask_all(cells)], index=cells.index, dtype="str")
        table[name] = cells.astype("str")
    return table


def _requoted(reason: str, cell: str, masker: Masker) -> str:
    """Quote the masked cell in a reason that quotes the beginning of the cell."""
    masked, start = masker.mask(cell), reason.find('"')
    if not masked.counts or start < 0 or not cell.strip().startswith(reason[start + 1 : start + 11].rstrip('…"')):
        return reason
    end = reason.rfind('"')
    return f'{reason[:start]}"{masked.text.strip()}{reason[end:]}'
