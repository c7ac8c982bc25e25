"""verbatim.toml: every stage's options in one file, each default written once, beside the stage that uses it."""

from __future__ import annotations

import difflib
import json
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from verbatim.drivers.options import DriverOptions
from verbatim.errors import ConfigError
from verbatim.report.options import ReportOptions
from verbatim.survey.options import SurveyOptions
from verbatim.text.encoder import EncoderOptions
from verbatim.text.redact import RedactOptions
from verbatim.text.sentiment import SentimentOptions
from verbatim.text.split import SplitOptions
from verbatim.themes.language_model import NamingOptions
from verbatim.themes.options import ThemeOptions


class Config(BaseModel):
    """All options, one table a stage."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    survey: SurveyOptions = SurveyOptions()
    redact: RedactOptions = RedactOptions()
    split: SplitOptions = SplitOptions()
    encoder: EncoderOptions = EncoderOptions()
    themes: ThemeOptions = ThemeOptions()
    naming: NamingOptions = NamingOptions()
    sentiment: SentimentOptions = SentimentOptions()
    drivers: DriverOptions = DriverOptions()
    report: ReportOptions = ReportOptions()


def load_config(path: str | Path | None) -> Config:
    """Read ``verbatim.toml``; None gives the defaults.

    Raises
    ------
    ConfigError
        The file is missing or no TOML, a key is unknown, or a value is not allowed; the message names the right ones.
    """
    if path is None:
        return Config()
    file = Path(path)
    try:
        given = tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except OSError:
        raise ConfigError(
            f"{file} cannot be read. Name an existing verbatim.toml; `verbatim config` prints one."
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(
            f"{file} is not valid TOML: {error}. `verbatim config` prints a file to start from."
        ) from None
    config = parse_config(_beside(file, given), str(file))
    if config.report.logo and not Path(config.report.logo).is_file():
        raise ConfigError(f"{file}: report.logo = {config.report.logo} is no file. Name a PNG or JPEG beside {file}.")
    return config


def _beside(file: Path, given: dict[str, Any]) -> dict[str, Any]:
    """Files that the options name lie beside the file with the options, unless their path is whole."""
    beside = {}
    for table, keys in (("themes", ("codebook", "coded")), ("report", ("logo",))):
        options = given.get(table)
        if isinstance(options, dict):
            named = {key: options[key] for key in keys if isinstance(options.get(key), str) and options[key]}
            beside[table] = options | {key: str(file.parent / name) for key, name in named.items()}
    return given | beside


def parse_config(given: Mapping[str, Any], source: str) -> Config:
    """Check a mapping of tables against the options."""
    try:
        return Config.model_validate(given)
    except ValidationError as error:
        raise ConfigError("\n".join(_explain(fault, source) for fault in error.errors()[:5])) from None


def options_of(manifest: Mapping[str, Any]) -> Config:
    """Return the options a run was made with, from its manifest.

    Raises
    ------
    ConfigError
        They are those of another version.
    """
    return parse_config(manifest["options"], "manifest.json")


def _explain(fault: Any, source: str) -> str:
    keys = [
        str(key)
        for key in fault["loc"]
        if not str(key).startswith(("function", "literal", "constrained", "int", "str", "list"))
    ]
    where = ".".join(keys)
    if fault["type"] == "extra_forbidden":
        allowed = _allowed(keys[:-1])
        near = difflib.get_close_matches(keys[-1], allowed, n=1, cutoff=0.5)
        hint = f'Did you mean "{near[0]}"?' if near else f"Allowed here: {', '.join(allowed)}."
        return f'{source}: "{where}" is not an option. {hint}'
    return f"{source}: {where} = {json.dumps(fault['input'], default=str)} is not allowed: {fault['msg']}."


def _allowed(keys: list[str]) -> list[str]:
    model: Any = Config
    for key in keys:
        model = model.model_fields[key].annotation
    return sorted(model.model_fields)


def template() -> str:
    """Every option with its default and meaning, as a verbatim.toml ready to paste.

    Options whose default is "none" stand commented out.
    """
    return "\n".join(_template_lines())


def _template_lines() -> Iterator[str]:
    yield "# verbatim.toml: every option with its default. Keep the lines you change, drop the rest."
    for table, options in Config():
        yield f"\n[{table}]"
        for name, field in type(options).model_fields.items():
            value = getattr(options, name)
            yield f"# {field.description}"
            yield f"# {name} =" if value is None else f"{name} = {_toml(value)}"


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_toml(item) for item in value) + "]"
    return json.dumps(value, ensure_ascii=False)
