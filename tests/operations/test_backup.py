"""The scripts that back up and restore, with a `docker` that runs their commands right here."""

import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from chatkit_scaffold.tree import create
from tests.rendering import made
from tests.services import Postgres

DOCKER = """\
#!/bin/sh
# docker compose exec -T SERVICE COMMAND, or run --rm -T --no-deps SERVICE COMMAND
echo "$@" >>"$CALLS"
case "$2" in
exec) shift 4 ;;
run) shift 6 ;;
*) exit 0 ;;
esac
exec "$@"
"""


@pytest.fixture
def project(tmp_path: Path) -> Callable[[str], Path]:
    def make(store: str) -> Path:
        create(made(stores=[store]), tmp_path / "p")
        (tmp_path / "data/attachments").mkdir(parents=True)
        (tmp_path / "data/attachments/a.txt").write_text("a file")
        return tmp_path / "p"

    return make


def script(project: Path, name: str, **env: str) -> None:
    tools = project.parent / "bin"
    tools.mkdir(exist_ok=True)
    (tools / "docker").write_text(DOCKER)
    (tools / "docker").chmod(stat.S_IRWXU)
    python = Path(sys.executable).parent
    subprocess.run(
        ["sh", project / f"deploy/{name}.sh", project.parent / "backups/one"],
        cwd=project.parent,
        env={
            **os.environ,
            "PATH": f"{tools}:{python}:{os.environ['PATH']}",
            "DATA_DIR": str(project.parent / "data"),
            "CALLS": str(project.parent / "calls"),
            **env,
        },
        check=True,
    )


@pytest.mark.parametrize("store", ["sqlite", "postgres", "mongodb"])
def test_a_shell_checker_accepts_them(project: Callable[[str], Path], store: str) -> None:
    # SC2016: the variables are meant for the shell inside of the container.
    scripts = sorted((project(store) / "deploy").glob("*.sh"))
    checker = Path(sys.executable).parent / "shellcheck"
    command = [str(checker), "--exclude=SC2016", *map(str, scripts)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (len(scripts), done.returncode) == (2, 0), done.stdout


def test_sqlite_and_files_come_back(project: Callable[[str], Path]) -> None:
    root = project("sqlite")
    data = root.parent / "data"
    with sqlite3.connect(data / "chat.db") as db:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("CREATE TABLE words AS SELECT 'kept' AS word")
        db.commit()
        script(root, "backup")  # while it is open, with all of it still in the log beside it
        db.execute("UPDATE words SET word = 'lost'")
    db.close()
    (data / "attachments/a.txt").unlink()
    script(root, "restore")
    with sqlite3.connect(data / "chat.db") as db:
        assert db.execute("SELECT word FROM words").fetchall() == [("kept",)]
    db.close()
    assert (data / "attachments/a.txt").read_text() == "a file"
    assert sorted(path.name for path in data.iterdir()) == ["attachments", "chat.db"]
    calls = (root.parent / "calls").read_text().splitlines()
    assert "compose stop nginx backend" in calls
    assert calls[-1] == "compose up --detach"


def test_postgres_comes_back(project: Callable[[str], Path], cluster: Postgres) -> None:
    root = project("postgres")
    cluster.run("CREATE ROLE chat SUPERUSER LOGIN")
    cluster.run("CREATE DATABASE chat OWNER chat")
    url = cluster.url("chat")
    cluster.run("CREATE TABLE words AS SELECT 'kept' AS word", url)
    path = f"{root.parent / 'bin'}:{cluster.programs}:{os.environ['PATH']}"
    env = {"PGHOST": "127.0.0.1", "PGPORT": str(cluster.port), "PATH": path}
    script(root, "backup", **env)
    cluster.run("UPDATE words SET word = 'lost'", url)
    script(root, "restore", **env)
    assert cluster.run("SELECT word FROM words", url) == [("kept",)]
