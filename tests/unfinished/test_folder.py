"""One run at a time, and what a stopped one leaves."""

import os
import signal
import subprocess
import sys

import pytest

from verbatim.errors import EncoderError, RunFolderError
from verbatim.unfinished.folder import OLD, partial_of, unfinished
from verbatim.unfinished.stages import put

HOLDS = """
import sys, time
from pathlib import Path
from verbatim.unfinished.folder import unfinished
with unfinished(Path(sys.argv[1]), False, False):
    print("held", flush=True)
    time.sleep(120)
"""


def test_two_runs_into_one_folder(tmp_path):
    run = tmp_path / "run"
    other = subprocess.Popen([sys.executable, "-c", HOLDS, str(run)], stdout=subprocess.PIPE, text=True)
    try:
        assert other.stdout.readline() == "held\n"
        with pytest.raises(RunFolderError, match=rf"process {other.pid}"), unfinished(run, True, True):
            pass
        other.send_signal(signal.SIGKILL)
        other.wait()
        with unfinished(run, False, False) as folder:  # the lock of a dead process is none
            assert (folder / "lock").read_text() == f"{os.getpid()}\n"
    finally:
        other.kill()
        other.wait()
        other.stdout.close()
    assert not partial_of(run).exists()


def stopped(run, error, resume=False):
    with unfinished(run, resume, False) as folder:
        put(folder / "redact-0.stage", "kept")
        raise error


def test_an_interrupt_says_what_to_do(tmp_path):
    run = tmp_path / "run"
    with pytest.raises(RunFolderError, match=r"Stopped\. The stages .* --resume"):
        stopped(run, KeyboardInterrupt())
    with pytest.raises(RunFolderError, match="--resume to continue it"), unfinished(run, False, False):
        pass
    with pytest.raises(EncoderError, match=r"no model\.\n.*--resume"):
        stopped(run, EncoderError("no model."), resume=True)
    with unfinished(run, True, False) as folder:
        assert (folder / "redact-0.stage").is_file()
    assert not partial_of(run).exists()


def test_overwrite_starts_from_nothing(tmp_path):
    run = tmp_path / "run"
    with pytest.raises(RunFolderError):
        stopped(run, KeyboardInterrupt())
    with unfinished(run, False, True) as folder:
        assert not list(folder.glob("*.stage"))


def test_nothing_done_leaves_nothing(tmp_path):
    with pytest.raises(RunFolderError, match="nothing is left behind"), unfinished(tmp_path / "run", False, False):
        raise KeyboardInterrupt
    assert not list(tmp_path.iterdir())


def test_a_run_that_was_being_replaced_is_put_back(tmp_path):
    run = tmp_path / "run"
    old = partial_of(run) / f"{OLD}x"
    old.mkdir(parents=True)
    (old / "manifest.json").write_text("{}")
    with unfinished(run, False, True):
        assert (run / "manifest.json").read_text() == "{}"
    assert not old.exists()
