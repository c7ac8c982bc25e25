"""What the README shows works as it stands there."""

import os
import re
import subprocess
import sys
from pathlib import Path

from verbatim.simulate import SimulationOptions, simulate_survey

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_python_examples_run(tmp_path):
    first, then = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    assert len(first.strip().splitlines()) <= 10 and len(then.strip().splitlines()) <= 6
    example = first + then
    simulate_survey(SimulationOptions(n=400, seed=3)).table.to_csv(tmp_path / "survey.csv", index=False)
    done = subprocess.run(
        [sys.executable, "-c", example], cwd=tmp_path, capture_output=True, text=True, env=os.environ, timeout=300
    )
    assert done.returncode == 0, done.stderr
    assert "Nps(score=" in done.stdout and "effect_low" in done.stdout


def test_links_inside_the_repository_lead_somewhere():
    for page in [ROOT / "README.md", *ROOT.glob("docs/*.md"), *ROOT.glob("models/*.md"), *ROOT.glob("benchmarks/*.md")]:
        for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            assert (page.parent / link).exists(), f"{page.name}: {link}"


def test_make_targets_the_readme_names_exist():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"^make ([a-z]+)", README, re.MULTILINE):
        assert re.search(rf"^{target}:.*## ", makefile, re.MULTILINE), target
