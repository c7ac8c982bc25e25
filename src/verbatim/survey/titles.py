"""Segments under the names that readers know them by, in place of the column's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from verbatim.errors import ConfigError
from verbatim.records import RESERVED_COLUMNS, Survey
from verbatim.survey import wording


def with_titles(survey: Survey, names: Mapping[str, str]) -> Survey:
    """Rename segments as ``segments.names`` says: in the responses, orders and response rates.

    Raises
    ------
    ConfigError
        A name is no segment, or a new one is empty or taken.
    """
    by_sound = {wording.plain(segment): segment for segment in survey.segments}
    titles: dict[str, str] = {}
    for written, title in names.items():
        segment = by_sound.get(wording.plain(written))
        if segment is None:
            raise ConfigError(
                f'{survey.reading.source}: segments.names names "{written}", which is no segment here. Segments: '
                f"{', '.join(survey.segments) or 'none'}."
            )
        titles[segment] = title.strip()
    taken = [*(set(survey.responses) - set(titles)), *RESERVED_COLUMNS]
    for segment, title in titles.items():
        if not title or title in taken:
            raise ConfigError(
                f'{survey.reading.source}: segments.names calls "{segment}" "{title}", which is '
                f"{'empty' if not title else 'the name of another column'}. Give another name."
            )
        taken.append(title)
    rates = survey.rates
    return replace(
        survey,
        responses=survey.responses.rename(columns=titles),
        segments=tuple(titles.get(segment, segment) for segment in survey.segments),
        orders={titles.get(segment, segment): values for segment, values in survey.orders.items()},
        rates=rates.assign(by=rates["by"].replace(titles)) if len(rates) else rates,
    )
