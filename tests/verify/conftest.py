"""One small run, written once; every test changes a copy."""

import shutil
from pathlib import Path

import pytest

from verbatim import run_folder
from verbatim.config import Config
from verbatim.report.write import write_report


@pytest.fixture(scope="session")
def kept_run(small_analysis, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("verified") / "run"
    return run_folder.write(small_analysis, folder, lambda into: write_report(small_analysis, into, Config().report))


@pytest.fixture
def run(kept_run, tmp_path) -> Path:
    """Return a copy of the run to change."""
    return Path(shutil.copytree(kept_run, tmp_path / "run"))
