"""Business customers: several people answer for one account."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from pydantic import BaseModel, ConfigDict, Field

from verbatim.errors import ConfigError, SurveyError
from verbatim.records import Column
from verbatim.survey import wording
from verbatim.survey.binning import read_amounts
from verbatim.survey.join import column_of
from verbatim.survey.tables import RawTable

RESPONSE, ACCOUNT = "response", "account"


class AccountOptions(BaseModel):
    """Which responses belong to one account, and what an account counts."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    column: str | None = Field(
        default=None, description="Column, of the survey or the joined table, that names the account of each response."
    )
    weight: str = Field(
        default=RESPONSE,
        description='What counts alike: every "response", every "account" (one account, one vote), or a column such as '
        "revenue, in whose proportion accounts count.",
    )
    listed: int | None = Field(
        default=None,
        ge=1,
        description="Accounts (without accounts.column: people) in the whole list of customers; narrows the interval "
        "of the NPS when many of them answered.",
    )


class AccountCells(NamedTuple):
    """Account of each response, its column, the responses' weights, and what a reader should know."""

    column: Column
    account: pd.Series
    weight: pd.Series
    notes: tuple[str, ...]


def read_accounts(
    table: RawTable, brought: pd.DataFrame, kept: pd.Series, responses: pd.DataFrame, options: AccountOptions
) -> AccountCells | None:
    """Name the account of each response and weigh the responses; None where no account column is named.

    Parameters
    ----------
    table : RawTable
    brought : DataFrame of str
        Joined columns, row for row with the table's cells.
    kept : Series of bool
        Rows that are responses.
    responses : DataFrame
        ``response_id, score, weight`` of the kept rows, in their order.
    options : AccountOptions

    Raises
    ------
    ConfigError
        A weight needs an account column.
    ColumnNotFound, SurveyError
        A column is not there; the weights of an account differ, are negative or are no numbers.
    """
    if options.column is None:
        if options.weight != RESPONSE:
            raise ConfigError(
                'accounts.weight needs accounts.column: name the column with the account. [accounts]\ncolumn = "..."'
            )
        return None
    named = _cells(table, brought, options.column, "accounts.column")[kept].str.strip()
    account = named.where(named.ne(""), responses["response_id"])
    column = Column(str(named.name), "account", "named in the options")
    blank = int(named.eq("").sum())
    notes = [f'{account.nunique():,} accounts, named by "{options.column}", are one cluster each in the intervals.']
    if blank:
        notes.append(f'Responses without "{options.column}", each an account of its own: {blank:,}.')
    if options.weight == RESPONSE:
        return AccountCells(column, account, responses["weight"], tuple(notes))
    size = pd.Series(1.0, index=account.index)
    if options.weight != ACCOUNT:
        size = _sizes(_cells(table, brought, options.weight, "accounts.weight")[kept], account, table, options)
        if unknown := int(size.isna().sum()):
            notes.append(f'Responses of accounts without "{options.weight}", which count nothing: {unknown:,}.')
    votes = "one vote" if options.weight == ACCOUNT else f'votes in proportion to "{options.weight}"'
    notes.append(f"Every account has {votes}, shared by its responses.")
    return AccountCells(column, account, shared_weights(account, responses, size.fillna(0.0)), tuple(notes))


def own_account(table: RawTable, options: AccountOptions) -> list[str]:
    """Name the survey's own column with the account, which then is nothing else; none where a joined table has it."""
    wanted = wording.plain(options.column or "")
    return [name for name in map(str, table.cells) if wanted and wording.plain(name) == wanted][:1]


def shared_weights(account: pd.Series, responses: pd.DataFrame, size: pd.Series) -> pd.Series:
    """Share what an account counts among its scored responses, in proportion to their survey weights; mean 1.

    Examples
    --------
    >>> responses = pd.DataFrame({"score": [9, 3, 10], "weight": 1.0})
    >>> shared_weights(pd.Series(["a", "a", "b"]), responses, pd.Series(1.0, index=range(3))).tolist()
    [0.75, 0.75, 1.5]
    """
    scored = responses["weight"].where(responses["score"].notna(), 0.0)
    total = scored.groupby(account).transform("sum")
    weight = size * responses["weight"] / total.where(total > 0, responses["weight"].groupby(account).transform("sum"))
    weight = weight.fillna(0.0)
    mean = float(weight[responses["score"].notna()].mean())
    return weight / mean if mean > 0 else weight


def _cells(table: RawTable, brought: pd.DataFrame, name: str, option: str) -> pd.Series:
    """Find a column among the joined ones by its name, otherwise among the survey's own."""
    return brought[name] if name in brought else table.cells[column_of(table, name, option)]


def _sizes(cells: pd.Series, account: pd.Series, table: RawTable, options: AccountOptions) -> pd.Series:
    """Number an account counts, null where it has none."""
    amounts = read_amounts(cells)
    wrong = (cells.str.strip().ne("") & amounts.isna()) | amounts.lt(0) | ~np.isfinite(amounts.fillna(0.0))
    if wrong.any():
        raise SurveyError(
            f'{table.source}, row {_first(wrong):,}: "{options.weight}" is "{cells[wrong].iloc[0].strip()[:40]}"; what '
            "an account counts is a number from 0 up."
        )
    differ = amounts.groupby(account).transform("nunique").gt(1)
    if differ.any():
        raise SurveyError(
            f'{table.source}: "{options.weight}" differs within {account[differ].nunique():,} accounts, for example in '
            f"that of row {_first(differ):,}. Give every response of an account the same."
        )
    return amounts.groupby(account).transform("first")


def _first(rows: pd.Series) -> int:
    """Data row, from 1, of the first true one."""
    return int(rows.index[rows][0]) + 1
