"""The programs a new project is handed to: git, uv, pip, npm, make. Any of them may be missing."""

import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from chatkit_scaffold import __version__
from chatkit_scaffold.error import ScaffoldError
from chatkit_scaffold.tree import Tree

NODE = (20, 19)
PACKAGES = "frontend/package.json"


def init_git(root: Path) -> str:
    """Makes a repository with a first commit. Returns what could not be done, if anything."""
    git = shutil.which("git")
    if not git:
        return "git is not installed, so there is no repository yet."
    if (root / ".git").exists() or _quiet(git, "-C", root, "rev-parse", "--git-dir"):
        return ""  # the owner's repository: what goes into it is theirs to say
    if not _quiet(git, "-C", root, "init", "--initial-branch", "main"):
        return "`git init` failed, so there is no repository yet."
    message = f"Start from chatkit-scaffold {__version__}"
    done = _quiet(git, "-C", root, "add", "--all") and _quiet(
        git, "-C", root, "-c", "commit.gpgsign=false", "commit", "--no-verify", "-m", message
    )
    return "" if done else "git knows no user.name and user.email yet, so nothing is committed."


def check_node(tree: Tree, *, now: bool) -> str:
    """Why the page of this project cannot run on this machine; raised, if it is to run `now`."""
    if PACKAGES not in tree:
        return ""
    node = shutil.which("node") if shutil.which("npm") else None
    found = _output(node, "--version") if node else "none"
    version = tuple(int(part) for part in re.findall(r"\d+", found)[:2])
    if version >= NODE:
        return ""
    needed = ".".join(map(str, NODE))
    problem = f"This frontend needs Node {needed} or later, with npm; here is {found}."
    if now:
        hint = "Install it from https://nodejs.org, or choose --frontend cdn, which needs none."
        raise ScaffoldError(problem, hint)
    return problem


def uncommitted(root: Path) -> list[str]:
    """The files in which a change could not be told from the owner's own, where git is in use."""
    git = shutil.which("git")
    if not git:
        return []
    command = [git, "-C", str(root), "status", "--porcelain", "-z", "--", "."]
    out = subprocess.run(command, capture_output=True, check=False).stdout
    return [entry[3:] for entry in out.decode(errors="replace").split("\0") if entry[2:3] == " "]


def install(root: Path) -> None:
    """With uv where it is installed, else in a virtual environment. Progress goes to stderr."""
    backend = root / "backend"
    if uv := shutil.which("uv"):
        steps = [[uv, "sync", "--quiet"]]
    else:
        pip = [str(venv_python(backend)), "-m", "pip", "--disable-pip-version-check"]
        steps = [
            [sys.executable, "-m", "venv", ".venv"],
            [*pip, "install", "--quiet", "--editable", "."],
        ]
    for step in steps:
        _take(step, backend)
    if (root / PACKAGES).exists():
        npm = shutil.which("npm") or "npm"
        _take([npm, "install", "--no-audit", "--no-fund", "--loglevel=error"], root / "frontend")


def _take(step: list[str], folder: Path) -> None:
    if subprocess.run(step, cwd=folder, stdout=sys.stderr, check=False).returncode:
        raise ScaffoldError(
            f"The project is made, but `{' '.join(step)}` failed in {folder}.",
            "Mend what it says above, then run it there again.",
        )


def start(root: Path) -> None:
    """Runs the app until it is stopped."""
    backend = root / "backend"
    uv = shutil.which("uv")
    command = [uv, "run", "python"] if uv else [str(venv_python(backend))]
    try:
        subprocess.run([*command, "-m", _app(root)], cwd=backend, stdout=sys.stderr, check=False)
    except KeyboardInterrupt:
        return


def next_steps(root: Path, installed: bool) -> list[str]:
    """The commands that lead from a shell in this folder to the running app."""
    here = Path.cwd()
    folder = str(root.relative_to(here)) if root.is_relative_to(here) else str(root)
    go = [] if root == here else [f"cd {shlex.quote(folder)}"]
    if shutil.which("make"):
        return [*go, "make dev"]
    go = [f"cd {shlex.quote(str(Path(folder) / 'backend'))}"]
    if (root / PACKAGES).exists() and not installed:
        go = [f"cd {shlex.quote(str(Path(folder) / 'frontend'))}", "npm install", "cd ../backend"]
    if shutil.which("uv"):
        return [*go, f"uv run python -m {_app(root)}"]
    python = venv_python(Path())
    setup = [f"{Path(sys.executable).name} -m venv .venv", f"{python} -m pip install --editable ."]
    return [*go, *([] if installed else setup), f"{python} -m {_app(root)}"]


def _app(root: Path) -> str:
    """With a page that has a server of its own, both are started."""
    return "app.dev" if (root / PACKAGES).exists() else "app"


def install_again(root: Path, written: Iterable[str]) -> list[str]:
    """The commands that bring what is installed, and its lock file, after a change."""
    steps = []
    for folder, _, name in (path.rpartition("/") for path in written):
        there, go = root / folder, f"cd {shlex.quote(folder)} && " if folder else ""
        if name == "package.json":
            steps.append(f"{go}npm install")
        elif name == "pyproject.toml" and (there / "uv.lock").exists():
            steps.append(f"{go}uv lock")
        elif name == "pyproject.toml" and (there / "poetry.lock").exists():
            steps.append(f"{go}poetry lock && poetry install")
        elif name == "requirements.txt":
            steps.append(f"{go}python -m pip install -r {name}")
        elif name == "pyproject.toml" and (there / ".venv").exists() and not shutil.which("uv"):
            steps.append(f"{go}{venv_python(Path())} -m pip install --editable .")
    return steps


def venv_python(folder: Path) -> Path:
    windows = sys.platform == "win32"
    return folder / ".venv" / ("Scripts/python.exe" if windows else "bin/python")


def _quiet(*command: str | Path) -> bool:
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def _output(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
