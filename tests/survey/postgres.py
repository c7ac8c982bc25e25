"""A PostgreSQL of the tests' own, in a temporary folder; skipped with a reason where there is none."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

PASSWORD = "s3cret/p@ss%"
QUOTED = "s3cret%2Fp%40ss%25"


@contextmanager
def postgres() -> Iterator[str]:
    """Start a server that asks for a password; yields its URL."""
    binaries = _binaries()
    who = {"user": "postgres", "group": "postgres"} if os.geteuid() == 0 else {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        secret = folder / "password"
        secret.write_text(PASSWORD)
        if who:
            _hand_over(folder)
        port = _free_port()
        run = {"check": True, "capture_output": True, "cwd": folder, **who}
        data = folder / "data"
        options = ["-U", "ana", f"--pwfile={secret}", "--auth=scram-sha-256", "--encoding=UTF8", "--no-sync"]
        subprocess.run([binaries / "initdb", "-D", data, *options], **run)
        start = ["-o", f"-p {port} -k {folder} -h 127.0.0.1 -F", "-l", folder / "log", "-w", "start"]
        subprocess.run([binaries / "pg_ctl", "-D", data, *start], **run)
        try:
            yield f"postgresql://ana:{QUOTED}@127.0.0.1:{port}/postgres"
        finally:
            subprocess.run([binaries / "pg_ctl", "-D", data, "-m", "immediate", "stop"], **run)


def _binaries() -> Path:
    found = shutil.which("initdb")
    places = [Path(found).parent] if found else sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    if not places:
        pytest.skip("PostgreSQL is not installed here")
    return places[0]


def _hand_over(folder: Path) -> None:
    try:
        for path in (folder, *folder.iterdir()):
            shutil.chown(path, "postgres", "postgres")
    except LookupError:
        pytest.skip("PostgreSQL refuses to run as root, and there is no user postgres")


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
