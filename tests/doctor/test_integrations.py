"""The doctor in pre-commit and in GitHub Actions: their files, run as these tools run them."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import ROOT

WRONG = {
    "chat.js": 'chatkit.setOptions({ api: { url: "https://a.example/chatkit" } });\n',
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "mín app"
    folder.mkdir()
    for path, text in WRONG.items():
        (folder / path).write_text(text)
    return folder


def steps() -> list[dict[str, Any]]:
    action: Any = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
    listed: list[dict[str, Any]] = action["runs"]["steps"]
    return listed


def act(step: dict[str, Any], tools: Path, **given: str) -> subprocess.CompletedProcess[str]:
    """The script of a step, with its variables instead of its expressions."""
    given = {**given, "RUNNER_TEMP": str(tools), "PATH": os.environ["PATH"]}
    return subprocess.run(
        ["bash", "-e", "-o", "pipefail", "-c", step["run"]],
        env=given,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def tools(tmp_path: Path) -> Path:
    """What the first step installs: here the doctor of this repository."""
    folder = tmp_path / "tools" / "chatkit-doctor" / "bin"
    folder.mkdir(parents=True)
    command = folder / "chatkit-scaffold"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m chatkit_scaffold "$@"\n')
    command.chmod(0o755)
    return tmp_path / "tools"


def test_the_action_is_one_that_github_takes() -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema"]
    file = str(ROOT / "action.yml")
    ended = subprocess.run(
        [*command, "vendor.github-actions", file], capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr


def test_the_action_annotates_and_fails(project: Path, tools: Path) -> None:
    examine = steps()[-1]
    assert set(examine["env"]) == {"EXAMINED", "MORE"}
    ended = act(examine, tools, EXAMINED=str(project), MORE="")
    assert "::error file=" in ended.stdout
    assert "CK505" in ended.stdout
    assert ended.returncode == 1
    ended = act(examine, tools, EXAMINED=str(project), MORE="--ignore CK505 --strict")
    assert (ended.returncode, ended.stderr) == (0, "")


@pytest.mark.matrix
@pytest.mark.slow
def test_the_action_installs_the_doctor(project: Path, tmp_path: Path) -> None:
    _, install, examine = steps()
    given = {"PYTHON": sys.executable, "GITHUB_ACTION_PATH": str(ROOT), "HOME": str(tmp_path)}
    ended = act(install, tmp_path, **given)
    assert ended.returncode == 0, ended.stderr
    assert "CK505" in act(examine, tmp_path, EXAMINED=str(project), MORE="").stdout


def test_the_hook_runs_as_pre_commit_runs_it(project: Path) -> None:
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    assert hook["pass_filenames"] is False
    command, *arguments = hook["entry"].split()
    assert command == "chatkit-scaffold"
    (project / ".git").mkdir()
    ended = subprocess.run(
        [sys.executable, "-m", "chatkit_scaffold", *arguments],
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "CK505" in ended.stdout
    assert ended.returncode == 1
