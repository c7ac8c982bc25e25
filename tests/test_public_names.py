import subprocess
import sys

import pytest

import verbatim as vb


def test_all_public_names_exist_and_are_documented():
    for name in vb.__all__:
        assert getattr(vb, name).__doc__, name
        assert name in dir(vb)


def test_unknown_names_are_attribute_errors():
    with pytest.raises(AttributeError, match="nonsense"):
        vb.nonsense  # noqa: B018


@pytest.mark.parametrize("module", ["verbatim", "verbatim.cli"])
def test_importing_loads_nothing_heavy(module):
    heavy = ("torch", "numba", "pandas", "spacy", "sklearn")
    code = f"import sys, {module}; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
