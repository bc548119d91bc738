"""What the tests share: the template, its menu, and how to treat a program that is missing."""

import os
import shutil
from pathlib import Path

import pytest

from chatkit_scaffold.scaffold.menu import Menu

ROOT = Path(__file__).resolve().parent.parent
TEMPLATE = ROOT / "templates"


@pytest.fixture(scope="session")
def menu() -> Menu:
    return Menu(TEMPLATE)


def need(program: str) -> str:
    """The path of a program. Without it a test is skipped at the desk and fails in CI."""
    path = shutil.which(program)
    if path is None:
        message = f"{program} is not installed"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    return path
