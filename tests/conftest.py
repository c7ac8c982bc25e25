"""What many tests share: the packaged encoder and one small simulated survey, analysed once a session."""

import os
import shutil
from pathlib import Path

os.environ["HF_HUB_OFFLINE"] = "1"
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")

import pytest
from hypothesis import Phase, settings

import verbatim as vb
from verbatim import run_folder
from verbatim.config import Config
from verbatim.records import Analysis, Survey
from verbatim.report.write import write_report
from verbatim.simulate import SimulationOptions, simulate_survey
from verbatim.text.encoder import Encoder, EncoderOptions, load_encoder

settings.register_profile(  # of benchmarks.mutation: a failing example is enough
    "unshrunk", phases=[Phase.explicit, Phase.generate], derandomize=True, database=None, deadline=None
)


@pytest.fixture(scope="session")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> Encoder:
    """Return the packaged encoder with a vector cache of this session."""
    return load_encoder(EncoderOptions(cache=str(tmp_path_factory.mktemp("vectors"))))


@pytest.fixture(scope="session")
def small_survey() -> Survey:
    """Return 900 simulated responses, about half of them with a comment."""
    return vb.read_survey(simulate_survey(SimulationOptions(n=900)).table)


@pytest.fixture(scope="session")
def small_analysis(small_survey: Survey, encoder: Encoder) -> Analysis:
    """Return the analysis of ``small_survey`` with the default options."""
    return vb.analyze(small_survey, encoder=encoder)


@pytest.fixture(scope="session")
def small_run(small_analysis: Analysis, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the run folder of ``small_analysis`` with all its reports: to read, not to change."""
    folder = tmp_path_factory.mktemp("runs") / "small"
    return run_folder.write(small_analysis, folder, lambda into: write_report(small_analysis, into, Config().report))


@pytest.fixture
def run(small_run: Path, tmp_path: Path) -> Path:
    """Return a copy of ``small_run`` to change."""
    return Path(shutil.copytree(small_run, tmp_path / "run"))
