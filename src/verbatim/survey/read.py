"""The public verb: a file, a database or a table in memory becomes a `Survey`, every row accounted for."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
from pydantic import ValidationError

from verbatim.answers import join_answers, says_nothing
from verbatim.errors import ConfigError, SurveyError
from verbatim.nps import category
from verbatim.records import Column, Reading, Survey
from verbatim.survey.accounts import AccountOptions, own_account, read_accounts
from verbatim.survey.answered import Answered, read_answered
from verbatim.survey.answers import clean_answers
from verbatim.survey.arrow import ArrowStream
from verbatim.survey.attributes import Attributes, attributes_of
from verbatim.survey.binning import GroupOptions
from verbatim.survey.columns import Roles, recognise
from verbatim.survey.doubts import scale_changes, zeros_are_blanks
from verbatim.survey.groups import segment_values
from verbatim.survey.invitations import InvitationOptions, Invited, invited_column, read_invitations
from verbatim.survey.join import JoinOptions
from verbatim.survey.options import SurveyOptions
from verbatim.survey.orders import read_orders
from verbatim.survey.outcomes import OutcomeOptions, read_outcomes
from verbatim.survey.profile import numbers
from verbatim.survey.repeats import repeated
from verbatim.survey.scores import ScoreCells, read_scores
from verbatim.survey.tables import RawTable, read_table
from verbatim.survey.ticks import tick_labels
from verbatim.survey.titles import with_titles

EMPTY = "no score and no comment"


def read_survey(
    source: str | Path | pd.DataFrame | ArrowStream,
    *,
    score: str | None = None,
    comment: str | Sequence[str] | None = None,
    date: str | None = None,
    respondent_id: str | None = None,
    response_id: str | None = None,
    weight: str | None = None,
    segments: Sequence[str] | None = None,
    query: str | None = None,
    options: SurveyOptions | None = None,
    join: JoinOptions | None = None,
    groups: GroupOptions | None = None,
    accounts: AccountOptions | None = None,
    outcomes: OutcomeOptions | None = None,
    invitations: InvitationOptions | None = None,
) -> Survey:
    """Read a survey: CSV, TSV, Excel, Parquet, Feather, JSON lines, a database, or a table in memory.

    Columns are recognised from their names and contents; what is named here wins over ``options``, and that over
    recognition. Every row of the input is either a response or rejected with a reason.

    Parameters
    ----------
    source : path, URL, DataFrame or Arrow table
        The export, one row a response: a file, a folder of Parquet files, the URL of a database, or a table of pandas,
        polars, DuckDB or anything else with the Arrow PyCapsule interface.
    score, date, respondent_id, response_id, weight : str, optional
        Names of columns.
    comment : str or list of str, optional
        One open question or several, in the order in which their answers are joined.
    segments : list of str, optional
        Columns that group customers; an empty list for none.
    query : str, optional
        SQL that returns the responses, where ``source`` is the URL of a database.
    options : SurveyOptions, optional
        The ``[survey]`` part of verbatim.toml.
    join : JoinOptions, optional
        The ``[join]`` part: a table about the customers, brought in as segments.
    groups : GroupOptions, optional
        The ``[segments]`` part: how numbers become groups.
    accounts : AccountOptions, optional
        The ``[accounts]`` part: which responses belong to one account, and what it counts.
    outcomes : OutcomeOptions, optional
        The ``[outcomes]`` part: scores beside the NPS.
    invitations : InvitationOptions, optional
        The ``[invitations]`` part: who was asked.

    Returns
    -------
    Survey
        Sorted by ``response_id``. A row without an id gets ``r`` and 12 hexadecimal digits of its cells' SHA-256.

    Raises
    ------
    SurveyError
        The file is missing, empty, binary or damaged, the database cannot be read, or the join fails.
    ColumnNotFound
        No column, or several alike, can be the score or the comment, or a name in the options is no column.
    ConfigError
        An option has a value that is not allowed.

    Examples
    --------
    >>> survey = read_survey(pd.DataFrame({"NPS": [10, 3, 11], "Why?": ["Quick and kind", "They came late", "?"]}))
    >>> survey.responses["score"].tolist(), survey.rejected["reason"].tolist()
    ([10, 3], ['score is "11"; NPS scores run 0-10'])
    """
    named = {"score": score, "comment": comment, "date": date, "respondent_id": respondent_id}
    named |= {"response_id": response_id, "weight": weight, "segments": segments, "query": query}
    settings = _settings(options or SurveyOptions(), {key: value for key, value in named.items() if value is not None})
    table = _without_tool_rows(read_table(source, settings), settings)
    accounts, asked = accounts or AccountOptions(), invitations or InvitationOptions()
    apart = [*own_account(table, accounts), *invited_column(table, asked)]
    settings = settings.model_copy(update={"ignore": (*settings.ignore, *apart)})
    roles = recognise(table, settings, outcomes)
    groups = groups or GroupOptions()
    further = attributes_of(table, roles, settings, join or JoinOptions(), groups, accounts.column)
    return with_titles(_survey(table, roles, further, settings, accounts, asked, groups), groups.names)


def _without_tool_rows(table: RawTable, options: SurveyOptions) -> RawTable:
    """Mark the rows that the survey tool itself calls previews, tests or unfinished."""
    if table.tool is None:
        return table
    faults = table.tool.faults(table.cells, options.unfinished == "keep")
    return replace(table, faults=table.faults.where(table.faults.ne(""), faults))


def _settings(options: SurveyOptions, named: dict[str, object]) -> SurveyOptions:
    try:
        return SurveyOptions.model_validate({**options.model_dump(exclude_unset=True), **named})
    except ValidationError as error:
        first = error.errors()[0]
        raise ConfigError(
            f"survey.{'.'.join(map(str, first['loc'][:1]))}: {first['msg']}, not {first['input']!r}."
        ) from error


def _survey(
    table: RawTable,
    roles: Roles,
    further: Attributes,
    options: SurveyOptions,
    accounts: AccountOptions,
    asked: InvitationOptions,
    groups: GroupOptions,
) -> Survey:
    cells = table.cells
    scores = read_scores(cells[roles.score], options.scale, options.missing_scores or ())
    texts, changed = _texts(table, roles)
    weights = numbers(cells[roles.weight]) if roles.weight else pd.Series(1.0, index=cells.index)
    reasons = _reasons(table, scores, texts, options)
    if roles.weight:
        reasons = reasons.where(
            reasons.ne("") | np.isfinite(weights.where(weights.ge(0))), _weight_fault(cells[roles.weight])
        )
    dates = read_answered(table, roles.date, reasons.eq(""), options)
    date = dates.date
    if options.repeats == "reject":
        reasons = _without_repeats(reasons, cells, roles, date, scores.score, texts)
    kept = reasons.eq("")
    _ask_about(table, roles, options, scores.score[kept], date[kept], (texts[kept] != "").any(axis=1))
    ids, id_note = _response_ids(cells[kept], roles)
    own = _own_segments(cells, roles)
    responses = _responses(cells[kept], roles, ids, scores.score[kept], weights[kept]).assign(**own[kept])
    named = read_accounts(table, further.brought, kept, responses, accounts)
    responses = responses.assign(**further.labels[kept])
    segments = tuple(dict.fromkeys([*roles.segments.values(), *further.labels.columns]))
    orders, of_orders = read_orders(table.source, responses[list(segments)], groups)
    answered, of_answered = read_outcomes(table, roles.outcomes, kept)
    responses = responses.assign(**answered)
    invited = _invitations(table, roles, own, further, reasons, texts, asked, options)
    columns = {column.name: column for column in (*roles.columns, *further.joined)} | further.own
    columns |= {name: Column(name, "invited", "says who was invited") for name in invited_column(table, asked)}
    if named:
        columns[named.column.name] = named.column
        responses = responses.assign(weight=named.weight, account=named.account)
    responses.insert(4, "date", date[kept])
    placed, comments = join_answers(_answers(table, roles, texts[kept], ids))
    responses.insert(4, "comment", responses["response_id"].map(comments).astype("str"))
    rejected = cells[~kept].rename(columns={name: f"{name} (input)" for name in ("row", "reason")})
    rejected.insert(0, "row", rejected.index + 1)
    rejected.insert(1, "reason", reasons[~kept])
    changed |= _recoded(scores, kept, dates, options)
    changed |= {what: n for what, rows in further.blanked.items() if (n := int((rows & kept).sum()))}
    said = [*dates.notes, *_said_of_answers(texts[kept]), *filter(None, [id_note])]
    beside = (*of_answered, *of_orders, *(invited.notes if invited else ()))
    notes = (*table.notes, *roles.notes, *further.notes, *(named.notes if named else ()), *said, *beside)
    tool = table.tool.name if table.tool else ""
    return Survey(
        responses=responses.sort_values("response_id", ignore_index=True),
        answers=placed.sort_values("response_id", kind="stable", ignore_index=True),
        segments=segments,
        rejected=rejected.reset_index(drop=True),
        reading=Reading(
            table.source,
            table.layout,
            table.sha256,
            len(cells),
            tuple(columns.values()),
            notes,
            tool,
            {**table.changed, **changed},
            further.report,
        ),
        outcomes=roles.outcomes,
        orders=orders,
        rates=invited.rates if invited else pd.DataFrame(),
    )


def _invitations(
    table: RawTable,
    roles: Roles,
    own: pd.DataFrame,
    further: Attributes,
    reasons: pd.Series,
    texts: pd.DataFrame,
    asked: InvitationOptions,
    options: SurveyOptions,
) -> Invited | None:
    """Response rates over all rows, the silent ones included, which are rejected as empty."""
    person = segment_values(table.cells[roles.respondent_id]) if roles.respondent_id else None
    kept = reasons.eq("")
    state = pd.DataFrame({"silent": reasons.eq(EMPTY), "kept": kept, "commented": kept & (texts != "").any(axis=1)})
    state["person"] = pd.Series(None, index=reasons.index, dtype="str") if person is None else person
    groups = pd.concat([own, further.labels], axis=1)
    return read_invitations(table, state, groups, asked, options.date_format)


def _texts(table: RawTable, roles: Roles) -> tuple[pd.DataFrame, dict[str, int]]:
    """Answers, a column a question, and what was changed in them."""
    texts: dict[str, pd.Series] = {}
    changed: dict[str, int] = {}
    for name in roles.comments:
        texts[name], of_this = clean_answers(table.cells[name])
        for what, n in of_this.items():
            changed[f'"{name}": {what}'] = n
    return pd.DataFrame(texts), changed


def _reasons(table: RawTable, scores: ScoreCells, texts: pd.DataFrame, options: SurveyOptions) -> pd.Series:
    """Why each row is rejected; empty where it is kept."""
    silent = (texts == "").all(axis=1)
    fault = scores.fault
    if options.invalid == "unscored":
        fault = fault.where(silent, "")
    empty = pd.Series("", index=fault.index, dtype="str").where(~(silent & scores.score.isna()), EMPTY)
    return table.faults.where(table.faults.ne(""), fault.where(fault.ne(""), empty))


def _without_repeats(
    reasons: pd.Series, cells: pd.DataFrame, roles: Roles, date: pd.Series, score: pd.Series, texts: pd.DataFrame
) -> pd.Series:
    kept = reasons.eq("")
    response, person = (
        cells.loc[kept, name].str.strip() if name else None for name in (roles.response_id, roles.respondent_id)
    )
    answered = pd.concat([score[kept].rename("score"), texts[kept]], axis=1)
    again = repeated(cells[kept], response, person, date[kept], answered)
    return reasons.where(~kept, again.reindex(reasons.index).fillna(""))


def _ask_about(
    table: RawTable, roles: Roles, options: SurveyOptions, score: pd.Series, date: pd.Series, spoke: pd.Series
) -> None:
    """Refuse scores that mean different things in different rows, unless the options say what they mean."""
    doubt = scale_changes(score, date) if options.scale is None else None
    if doubt is not None:
        raise SurveyError(
            f'{table.source}: the scale of "{roles.score}" seems to change: {doubt.found}. Give a file with one '
            f"part, or recode the part that runs 1-5. If all were asked 0-10, say so in verbatim.toml:\n\n{doubt.lines}"
        )
    doubt = zeros_are_blanks(score, spoke) if options.missing_scores is None else None
    if doubt is not None:
        raise SurveyError(
            f'{table.source}: 0 in "{roles.score}" may stand for "not answered": {doubt.found}. Keep one of these '
            f"lines in verbatim.toml, the second where 0 is an answer:\n\n{doubt.lines}"
        )


def _recoded(scores: ScoreCells, kept: pd.Series, dates: Answered, options: SurveyOptions) -> dict[str, int]:
    """What was changed in scores and dates."""
    found = {
        "scores 1-5 doubled, as survey.scale says": int(scores.score[kept].notna().sum()) * (options.scale == "1-5"),
        "scores outside the scale left out, their comments kept": int((kept & scores.fault.ne("")).sum()),
        "scores that stand for no answer, as survey.missing_scores says": int((kept & scores.missing).sum()),
        "dates that cannot be read left blank": dates.unreadable,
    }
    return {what: n for what, n in found.items() if n}


def _said_of_answers(texts: pd.DataFrame) -> list[str]:
    silent = sum(sum(map(says_nothing, texts[name])) for name in texts)
    lost = sum(int(texts[name].str.contains("\ufffd", regex=False).sum()) for name in texts)
    notes = []
    if silent:
        notes.append(
            f"{silent:,} answers say nothing (STOP, RAS, n/a, digits): kept as they are, but read for no theme."
        )
    if lost:
        notes.append(f"{lost:,} answers hold U+FFFD, a character lost before the export; it cannot be restored.")
    return notes


def _weight_fault(cells: pd.Series) -> pd.Series:
    return 'weight is "' + cells.str.strip().str[:40] + '"; survey weights are numbers from 0 up'


def _response_ids(cells: pd.DataFrame, roles: Roles) -> tuple[pd.Series, str | None]:
    """Ids from the file where every response has its own, otherwise from the row's cells."""
    note = None
    for column in (roles.response_id, roles.respondent_id):
        if column is None or cells.empty:
            continue
        ids = cells[column].str.strip()
        if ids.is_unique and ids.ne("").all():
            return ids, None
        note = f'"{column}" is blank or repeated in some rows, so responses got ids made from their cells.'
    return _hashed(cells), note if roles.response_id else None


def _hashed(cells: pd.DataFrame) -> pd.Series:
    rows = zip(*(cells[name].tolist() for name in cells.columns), strict=True)
    digests = ["r" + hashlib.sha256("\x1f".join(row).encode()).hexdigest()[:12] for row in rows]
    ids = pd.Series(digests, index=cells.index, dtype="str")
    repeat = ids.groupby(ids).cumcount() + 1
    return ids.where(repeat.eq(1), ids + "-" + repeat.astype("str"))


def _responses(cells: pd.DataFrame, roles: Roles, ids: pd.Series, score: pd.Series, weight: pd.Series) -> pd.DataFrame:
    """Every column but comment, date and segments, which need more work."""
    person = ids if roles.respondent_id is None else cells[roles.respondent_id].str.strip()
    table = {"response_id": ids, "respondent_id": person.where(person.ne(""), ids), "score": score}
    return pd.DataFrame({**table, "category": category(score), "weight": weight.astype(float)})


def _own_segments(cells: pd.DataFrame, roles: Roles) -> pd.DataFrame:
    """The survey's own groups of customers, for all its rows."""
    labels = {title: tick_labels(segment_values(cells[name])) for name, title in roles.segments.items()}
    return pd.DataFrame(labels, index=cells.index)


def _answers(table: RawTable, roles: Roles, texts: pd.DataFrame, ids: pd.Series) -> pd.DataFrame:
    """One row an answer, a response's answers together, in the order of the questions."""
    parts = [
        pd.DataFrame({"response_id": ids, "question": table.questions[name], "text": texts[name]})
        for name in roles.comments
    ]
    answers = pd.concat(parts)
    answers = answers[answers["text"].ne("")].sort_values("response_id", kind="stable", ignore_index=True)
    return answers.astype({"question": "str"})
