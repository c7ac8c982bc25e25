"""Respondents' ids under a secret key, so that waves can be joined and nobody be found without the key."""

from __future__ import annotations

import hashlib
import hmac
import os
from pathlib import Path

from verbatim.errors import ConfigError

SHORTEST = 16  # characters of a key; a shorter one can be guessed together with the ids


def read_key(named: str | None) -> bytes | None:
    """Read the key that ``redact.hash_key`` names; None where ids are not hashed.

    Raises
    ------
    ConfigError
        The option does not say where the key is, or nothing is there, or too little.
    """
    if named is None:
        return None
    kind, _, place = named.partition(":")
    if kind not in ("env", "file") or not place:
        raise ConfigError(
            'redact.hash_key says where the key is, not the key: "env:VARIABLE" or "file:PATH". What was written there '
            "is not shown here, for it may be the key."
        )
    if kind == "env":
        key = os.environ.get(place, "").strip()
    else:
        try:
            key = Path(place).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            raise ConfigError(f"redact.hash_key names the file {place}, which cannot be read as text.") from None
    if kind == "env" and place not in os.environ:
        raise ConfigError(f"redact.hash_key: the environment variable {place} is not set.")
    if len(key) < SHORTEST:
        where = f"the environment variable {place}" if kind == "env" else f"the file {place}"
        raise ConfigError(
            f"redact.hash_key: {where} holds {len(key)} characters; a key has {SHORTEST} or more. Make one with "
            "`openssl rand -hex 32` and keep it: the same key gives the same person the same id in every wave."
        )
    return key.encode()


def hashed_id(one: str, key: bytes | None) -> str:
    """Return ``h`` and 16 hexadecimal digits of the id's HMAC-SHA256; of its SHA-256, 12 digits, without a key.

    Examples
    --------
    >>> hashed_id("C-1", None), hashed_id(" ", None), len(hashed_id("C-1", b"0123456789abcdef"))
    ('h07e9a9696557', '', 17)
    """
    if not (bare := one.strip()):
        return ""
    if key is None:
        return "h" + hashlib.sha256(bare.encode()).hexdigest()[:12]
    return "h" + hmac.new(key, bare.encode(), hashlib.sha256).hexdigest()[:16]
