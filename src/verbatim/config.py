"""verbatim.toml: every stage's options in one file, each default written once, beside the stage that uses it."""

from __future__ import annotations

import difflib
import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from verbatim.change.goals import ActionOptions, GoalOptions
from verbatim.change.options import ChangeOptions
from verbatim.drivers.options import DriverOptions
from verbatim.errors import ConfigError
from verbatim.people.options import HandoffOptions
from verbatim.people.plays import DEFAULT_PLAYS, Play
from verbatim.report.options import ReportOptions
from verbatim.spark.options import SparkOptions
from verbatim.survey.accounts import AccountOptions
from verbatim.survey.binning import GroupOptions
from verbatim.survey.invitations import InvitationOptions
from verbatim.survey.join import JoinOptions
from verbatim.survey.options import SurveyOptions
from verbatim.survey.outcomes import OutcomeOptions
from verbatim.text.encoder import EncoderOptions
from verbatim.text.masking.options import RedactOptions
from verbatim.text.sentiment import SentimentOptions
from verbatim.text.split import SplitOptions
from verbatim.themes.language_model import NamingOptions
from verbatim.themes.options import ThemeOptions

FILES = {"themes": ("codebook", "coded"), "join": ("file",), "report": ("logo",)}
_LONGEST, _SHOWN = 1_000_000, 200
_ENDLESS_KEY = re.compile(r"""(?<![\w-])(?:(?:[\w-]+|"[^"\n]*"|'[^'\n]*')[ \t]*\.[ \t]*){20}""")
"""The parser keeps every beginning of a dotted key: one of 50,000 parts would take 10 GB."""


class Config(BaseModel):
    """All options, one table a stage."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    survey: SurveyOptions = SurveyOptions()
    join: JoinOptions = JoinOptions()
    segments: GroupOptions = GroupOptions()
    accounts: AccountOptions = AccountOptions()
    outcomes: OutcomeOptions = OutcomeOptions()
    invitations: InvitationOptions = InvitationOptions()
    redact: RedactOptions = RedactOptions()
    split: SplitOptions = SplitOptions()
    encoder: EncoderOptions = EncoderOptions()
    themes: ThemeOptions = ThemeOptions()
    naming: NamingOptions = NamingOptions()
    sentiment: SentimentOptions = SentimentOptions()
    drivers: DriverOptions = DriverOptions()
    report: ReportOptions = ReportOptions()
    change: ChangeOptions = ChangeOptions()
    goals: GoalOptions = GoalOptions()
    actions: tuple[ActionOptions, ...] = ()
    handoff: HandoffOptions = HandoffOptions()
    plays: tuple[Play, ...] = DEFAULT_PLAYS
    spark: SparkOptions = SparkOptions()


def load_config(path: str | Path | None, query: str | None = None) -> Config:
    """Read ``verbatim.toml``; None gives the defaults. A query given beside it takes the place of ``survey.query``.

    Raises
    ------
    ConfigError
        The file is missing or no TOML, a key is unknown, or a value is not allowed; the message names the right ones.
    """
    config = Config() if path is None else _read(Path(path))
    if query is None:
        return config
    return config.model_copy(update={"survey": config.survey.model_copy(update={"query": query})})


def source_named(survey: str | None, config: Config) -> str:
    """Return what the command names as the survey, otherwise ``survey.url``. Raises ConfigError where neither does."""
    if source := survey or config.survey.url:
        return source
    raise ConfigError(
        'Which survey? Name a file or a database URL, or in verbatim.toml:\n\n    [survey]\n    url = "..."\n'
    )


def _read(file: Path) -> Config:
    try:
        text = file.read_text(encoding="utf-8-sig")
        if len(text) > _LONGEST or _ENDLESS_KEY.search(text):
            raise ConfigError(
                f"{file} is no config: it has {len(text):,} characters, of at most {_LONGEST:,}, or a key of 20 parts "
                "or more. `verbatim config` prints a file to start from."
            )
        given = tomllib.loads(text)
    except OSError:
        raise ConfigError(
            f"{file} cannot be read. Name an existing verbatim.toml; `verbatim config` prints one."
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(
            f"{file} is not valid TOML: {error}. `verbatim config` prints a file to start from."
        ) from None
    except RecursionError:
        raise ConfigError(
            f"{file} is nested deeper than any option. `verbatim config` prints a file to start from."
        ) from None
    config = parse_config(_beside(file, given), str(file))
    if config.report.logo and not Path(config.report.logo).is_file():
        raise ConfigError(f"{file}: report.logo = {config.report.logo} is no file. Name a PNG or JPEG beside {file}.")
    return config


def _beside(file: Path, given: dict[str, Any]) -> dict[str, Any]:
    """Files that the options name lie beside the file with the options, unless their path is whole."""
    placed = {table: _placed(file, options, FILES.get(table, ())) for table, options in given.items()}
    redact = placed.get("redact")
    if isinstance(redact, dict) and str(redact.get("hash_key")).startswith("file:"):
        placed["redact"] = redact | {"hash_key": f"file:{file.parent / redact['hash_key'][5:]}"}
    return placed


def _placed(file: Path, options: Any, keys: tuple[str, ...]) -> Any:
    if not isinstance(options, dict):
        return options
    named = {key: options[key] for key in keys if isinstance(options.get(key), str) and options[key]}
    return options | {key: str(file.parent / name) for key, name in named.items()}


def parse_config(given: Mapping[str, Any], source: str) -> Config:
    """Check a mapping of tables against the options."""
    try:
        return Config.model_validate(given)
    except ValidationError as error:
        raise ConfigError("\n".join(_explain(fault, source) for fault in error.errors()[:5])) from None


def options_of(manifest: Mapping[str, Any], source: str = "manifest.json") -> Config:
    """Return the options a run was made with, from its manifest; messages name ``source``.

    Raises
    ------
    ConfigError
        They are those of another version.
    """
    return parse_config(manifest["options"], source)


_TYPE = re.compile(r"(?:int|str|list)$|(?:function|literal|constrained|list|tuple)\W")  # of a union, among the keys


def _explain(fault: Any, source: str) -> str:
    *inside, last = map(str, fault["loc"])
    keys = [key for key in inside if not _TYPE.match(key)]
    if fault["type"] == "extra_forbidden" or not _TYPE.match(last):
        keys.append(last)
    where = _short(".".join(keys))
    if fault["type"] == "extra_forbidden":
        allowed = _allowed(keys[:-1])
        near = difflib.get_close_matches(keys[-1], allowed, n=1, cutoff=0.5)
        hint = f'Did you mean "{near[0]}"?' if near else f"Allowed here: {', '.join(allowed)}."
        return f'{source}: "{where}" is not an option. {hint}'
    if fault["type"] == "missing":
        return f'{source}: "{where}" is missing.'
    if fault["type"] == "tuple_type" and isinstance(fault["input"], dict):
        return f"{source}: [{where}] can be there several times: write [[{where}]]."
    return f"{source}: {where} = {_short(json.dumps(fault['input'], default=str))} is not allowed: {fault['msg']}."


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."


def _allowed(keys: list[str]) -> list[str]:
    model: Any = Config
    for key in keys:
        model = model.__args__[0] if key.isdigit() else model.model_fields[key].annotation
    return sorted(model.model_fields)


def template() -> str:
    """Every option with its default and meaning, as a verbatim.toml ready to paste.

    Options whose default is "none" stand commented out.
    """
    return "\n".join(_template_lines())


def _template_lines() -> Iterator[str]:
    yield "# verbatim.toml: every option with its default. Keep the lines you change, drop the rest."
    for table, options in Config():
        several = isinstance(options, tuple)
        for one in options if several else (options,):
            yield f"\n[[{table}]]" if several else f"\n[{table}]"
            for name, field in type(one).model_fields.items():
                value = getattr(one, name)
                yield f"# {field.description}"
                yield f"# {name} =" if value is None else f"{name} = {_toml(value)}"
        if table == "actions" and not options:
            yield "\n# What is done about a theme; repeat the table for every action."
            yield "# [[actions]]"
            yield from (f"# {name} =  # {field.description}" for name, field in ActionOptions.model_fields.items())


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)} = {_toml(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_toml(item) for item in value) + "]"
    if isinstance(value, dict):
        return (
            "{"
            + ", ".join(f"{json.dumps(key, ensure_ascii=False)} = {_toml(item)}" for key, item in value.items())
            + "}"
        )
    return json.dumps(value, ensure_ascii=False)
