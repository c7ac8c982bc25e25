"""Whether a run can be repeated from its manifest, what differs where it cannot, and whether it was."""

from __future__ import annotations

import json
import platform
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from verbatim.config import Config, options_of
from verbatim.errors import ConfigError, RunFolderError
from verbatim.pipeline import recorded_versions
from verbatim.records import Survey
from verbatim.themes.model import ThemeModel
from verbatim.unfinished.stages import code_sha256
from verbatim.unfinished.values import fingerprint


def origin(
    survey: str | None, model: Path | None, loaded: ThemeModel | None, earlier: Path | None = None
) -> dict[str, Any]:
    """What the manifest holds, beside the options, so that the run can be repeated; of a database, no address."""
    from verbatim.survey.sql import shown_url

    return {
        "survey": shown_url(survey) if survey and "://" in survey else survey,
        "model": str(model) if model else None,
        "model_sha256": model_sha256(loaded),
        "compared_with": str(earlier) if earlier else None,
        "code_sha256": code_sha256(),
    }


def model_sha256(model: ThemeModel | None) -> str | None:
    """Return the hash of a theme model; None for none."""
    return fingerprint(replace(model, reader=None)) if model else None


def read_manifest(file: Path) -> dict[str, Any]:
    """Read a manifest that says how to repeat its run.

    Raises
    ------
    RunFolderError
        It is none, or of a release that did not write down enough.
    """
    try:
        manifest = json.loads(file.read_text(encoding="utf-8"))
        if {"options", "origin", "input", "packages", "tables"} <= set(manifest) and manifest["origin"]:
            return dict(manifest)
    except (OSError, ValueError, TypeError, RecursionError):
        pass
    raise RunFolderError(
        f"{file} is no manifest that a run can be repeated from. Name the manifest.json of a run folder that this "
        "release wrote."
    )


def options_to_repeat(manifest: Mapping[str, Any], file: Path) -> Config:
    """Return the options of a manifest, if it holds them all.

    Raises
    ------
    ConfigError
        They are none of this release, or one was secret and is not in the manifest.
    """
    options = options_of(manifest, str(file))
    if options.redact.words:
        raise ConfigError(
            f"{file}: redact.words is secret and not in the manifest ({len(options.redact.words)} words). Give the "
            "verbatim.toml that holds them with --config."
        )
    return options


def differences(
    manifest: Mapping[str, Any], survey: Survey, model: ThemeModel | None, config: Config
) -> tuple[list[str], list[str]]:
    """Say what differs from the run of a manifest: what makes it another run, and what may change its last digits."""
    before, now = manifest["input"], survey.reading
    other = []
    if before["sha256"] != now.sha256:
        other.append(f"the survey: {now.source} has sha256 {now.sha256[:12]}..., not {before['sha256'][:12]}...")
    joined = (before.get("join") or {}).get("sha256")
    if joined != (now.join.sha256 if now.join else None):
        other.append("the joined table")
    if manifest["origin"]["model_sha256"] != model_sha256(model):
        other.append("the theme model")
    other += [
        f"{name} is {now}, not {then}"
        for name, now, then in _options_changed(config.model_dump(mode="json"), manifest["options"])
    ]
    return other, list(_versions_changed(manifest))


def _options_changed(now: Mapping[str, Any], then: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    for table, options in now.items():
        before = then.get(table)
        if not isinstance(options, dict) or not isinstance(before, dict):
            if options != before:
                yield table, json.dumps(options)[:60], json.dumps(before)[:60]
            continue
        for name in sorted({*options, *before}):
            if options.get(name) != before.get(name):
                yield f"{table}.{name}", json.dumps(options.get(name))[:60], json.dumps(before.get(name))[:60]


def _versions_changed(manifest: Mapping[str, Any]) -> Iterator[str]:
    now = {"python": platform.python_version(), **recorded_versions()}
    then = {"python": manifest.get("python"), **manifest["packages"]}
    yield from (f"{name} {version}, not {then.get(name)}" for name, version in now.items() if version != then.get(name))
    if manifest["origin"].get("code_sha256") != code_sha256():
        yield f"the code of verbatim (written by {manifest.get('verbatim_version')})"


def compared(before: Mapping[str, Any], out: Path, doubts: list[str]) -> str:
    """Say that every table came out the same.

    Raises
    ------
    RunFolderError
        One did not.
    """
    now = json.loads((out / "manifest.json").read_text(encoding="utf-8"))["tables"]
    then = before["tables"]
    unlike = sorted(name for name in {*then, *now} if then.get(name) != now.get(name))
    if not unlike:
        return f"Repeated: all {len(now)} tables are the same, byte for byte."
    why = f"What differs: {'; '.join(doubts)}" if doubts else "Input, options and versions are the same"
    raise RunFolderError(
        f"{out} is written, but {len(unlike)} of {len(now)} tables are not those of the first run: "
        f"{', '.join(unlike[:8])}. {why}. Tables of a run that was edited afterwards (codebook import, forget) cannot "
        "be the same."
    )
