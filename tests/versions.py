"""A template of two versions: the real one, and what a release after it could be like."""

import re
import shutil
from pathlib import Path

from chatkit_scaffold.scaffold.history import ARCHIVE, add, snapshot
from chatkit_scaffold.scaffold.menu import Menu
from tests.conftest import TEMPLATE


def two_versions(folder: Path) -> Path:
    template = folder / "templates"
    shutil.copytree(TEMPLATE, template)
    archive = template / ARCHIVE
    before = archive.read_bytes() if archive.exists() else None
    archive.write_bytes(add(before, Menu(template).version, snapshot(template)))
    alter(template, "0.2.0")
    return template


def alter(template: Path, version: str) -> None:
    """New, changed and dropped files; a dependency, a setting and a question more."""
    questions = template / "copier.yml"
    text = questions.read_text("utf-8")
    text = re.sub(r'default: "\d+\.\d+\.\d+"', f'default: "{version}"', text, count=1)
    more = "motto:\n  type: str\n  help: A motto\n  default: Onwards\n\n"
    questions.write_text(
        text.replace("# What the answers bring", more + "# What the answers bring")
    )
    project = template / "project"
    (project / "backend/app/motto.py.jinja").write_text("MOTTO = [[ motto | to_json ]]\n")
    source(project / "backend/tests/test_events.py").unlink()
    replace(
        project / "backend/app/assistant.py", "import Agent, Model", "import Agent, Model  # newer"
    )
    replace(project / "backend/app/server.py", "    async def ", "    # Newer.\n    async def ", 1)
    replace(
        project / "backend/pyproject.toml",
        '    "python-dotenv',
        '    "motto>=1",\n    "python-dotenv',
    )
    replace(project / "backend/.env.example", "LLM_TIMEOUT=60", "LLM_TIMEOUT=90")
    replace(project / "Makefile", "PORT ?= ", "PORT ?= 1")


def source(file: Path) -> Path:
    """Of a file that a project has: as it is, or with answers in it."""
    return file if file.exists() else file.with_name(f"{file.name}.jinja")


def replace(file: Path, old: str, new: str, count: int = -1) -> None:
    text = source(file).read_text("utf-8")
    assert old in text, f"{file.name} has no {old!r}"
    source(file).write_text(text.replace(old, new, count), "utf-8")
