"""Conversations moved to another database, by the project's own command and interpreter."""

import shutil
import subprocess
import sys
from pathlib import Path

from chatkit_scaffold.error import ScaffoldError
from chatkit_scaffold.scaffold.toolchain import venv_python

INSTALL = "Run `make test` in it once, then this again."
QUIETLY = ["install", "--quiet", "--disable-pip-version-check"]


def database_url(root: Path) -> str:
    """Where the project keeps its conversations now, as it understands its own settings."""
    command = [
        *_python(root),
        "-c",
        "from app.config import Settings; print(Settings().database_url)",
    ]
    done = subprocess.run(
        command,
        cwd=root / "backend",
        stdout=subprocess.PIPE,
        stderr=sys.stderr,
        text=True,
        check=False,
    )
    if done.returncode:
        raise ScaffoldError("The project cannot say where its conversations are.", INSTALL)
    return done.stdout.strip()


def transfer(root: Path, source: str, destination: str) -> None:
    """Moves all conversations, with the project's own command. What it says goes to stderr."""
    backend, python = root / "backend", _python(root)
    move = [*python, "-m", "app.stores.transfer", source, destination]
    steps = [move] if python[1:] else [[*python, "-m", "pip", *QUIETLY, "--editable", "."], move]
    for step in steps:
        if subprocess.run(step, cwd=backend, stdout=sys.stderr, check=False).returncode:
            raise ScaffoldError(
                "The store is added, but the conversations are not moved.",
                f"In {backend}: python -m app.stores.transfer SRC_URL DST_URL",
            )


def _python(root: Path) -> list[str]:
    if uv := shutil.which("uv"):
        return [uv, "run", "--quiet", "python"]
    python = venv_python(root / "backend")
    if not python.exists():
        raise ScaffoldError("--transfer runs the project, which is not installed.", INSTALL)
    return [str(python)]
