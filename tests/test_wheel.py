"""The package as people get it: a wheel, in an environment with nothing else in it."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.conftest import ROOT, TEMPLATE

pytestmark = pytest.mark.matrix
UV = Path(sys.executable).with_name("uv")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from the source distribution, so that both are proven."""
    out = tmp_path_factory.mktemp("dist")
    subprocess.run([UV, "build", "--quiet", "--out-dir", str(out), str(ROOT)], check=True)
    return next(out.glob("*.whl"))


def test_the_wheel_holds_the_whole_template(wheel: Path) -> None:
    prefix = "chatkit_scaffold/templates/"
    packed = {n.removeprefix(prefix) for n in zipfile.ZipFile(wheel).namelist() if prefix in n}
    tracked = subprocess.check_output(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "."],
        cwd=TEMPLATE,
        text=True,
    )
    assert packed == set(tracked.strip("\0").split("\0"))
    assert max(map(len, packed)) < 120


def test_an_installed_wheel_makes_the_same_project(wheel: Path, tmp_path: Path) -> None:
    venv = tmp_path / "venv"
    env = {**os.environ, "PATH": f"{UV.parent}:{os.environ['PATH']}"}
    subprocess.run([UV, "venv", "--quiet", "--python", sys.executable, str(venv)], check=True)
    subprocess.run(
        [UV, "pip", "install", "--quiet", "--python", str(venv / "bin/python"), str(wheel)],
        check=True,
        env=env,
    )
    trees = []
    for name, python in [("installed", venv / "bin/python"), ("checkout", Path(sys.executable))]:
        (tmp_path / name).mkdir()
        out = subprocess.check_output(
            [python, "-m", "chatkit_scaffold", "new", "x1", "--json", "--no-git"],
            cwd=tmp_path / name,
        )
        trees.append([
            (file["path"], (tmp_path / name / "x1" / file["path"]).read_bytes())
            for file in json.loads(out)["files"]
        ])  # fmt: skip
    assert trees[0] == trees[1]
