"""Conversations moved to another database, by the project's own command and interpreter."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from chatkit_scaffold.error import ScaffoldError
from chatkit_scaffold.scaffold.toolchain import venv_python

SOURCE, DESTINATION = "OLD_DATABASE_URL", "NEW_DATABASE_URL"
INSTALL = "Run `make test` in it once, then this again."
QUIETLY = ["install", "--quiet", "--disable-pip-version-check"]


def addresses(root: Path) -> tuple[str, str]:
    """Where the project keeps its conversations now, as it understands its own settings, and
    where they are to go, if its environment says so."""
    asking = (
        "import os; from app.config import Settings; print(Settings().database_url); "
        f"print(os.environ.get({DESTINATION!r}, ''))"
    )
    done = subprocess.run(
        [*_python(root), "-c", asking],
        cwd=root / "backend",
        stdout=subprocess.PIPE,
        stderr=sys.stderr,
        text=True,
        check=False,
    )
    if done.returncode:
        raise ScaffoldError("The project cannot say where its conversations are.", INSTALL)
    source, destination = done.stdout.split("\n")[:2]
    return source.strip(), destination.strip()


def transfer(root: Path, source: str, destination: str) -> None:
    """Moves all conversations, with the project's own command. What it says goes to stderr."""
    backend, python = root / "backend", _python(root)
    # Passwords are in these addresses, and anybody on the machine can read a command line.
    env = {**os.environ, SOURCE: source, DESTINATION: destination}
    move = [*python, "-m", "app.stores.transfer", SOURCE, DESTINATION]
    steps = [move] if python[1:] else [[*python, "-m", "pip", *QUIETLY, "--editable", "."], move]
    for step in steps:
        if subprocess.run(step, cwd=backend, env=env, stdout=sys.stderr, check=False).returncode:
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
