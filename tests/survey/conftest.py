import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def real_data() -> Path:
    folder = os.environ.get("VERBATIM_DATA")
    if not folder:
        pytest.skip("VERBATIM_DATA names no folder of real data")
    return Path(folder)
