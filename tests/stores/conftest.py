"""A project with both of the stores that keep what they are given, and a database for each."""

import os
import sqlite3
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from chatkit_scaffold.scaffold.menu import Menu
from chatkit_scaffold.scaffold.render import render
from chatkit_scaffold.tree import Tree, create
from tests.conftest import TEMPLATE
from tests.services import Postgres, Query


@dataclass(frozen=True)
class Database:
    store: str
    env: dict[str, str]
    query: Query
    prefix: str  # of its tables

    def run(self, backend: Path, *command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *command],
            cwd=backend,
            env={**os.environ, **self.env},
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture
def sqlite(tmp_path: Path) -> Database:
    def query(sql: str) -> list[tuple[object, ...]]:
        with sqlite3.connect(tmp_path / "data/chat.db") as db:
            return db.execute(sql).fetchall()

    env = {"DATABASE_URL": "sqlite:///chat.db", "DATA_DIR": str(tmp_path / "data")}
    return Database("sqlite", env, query, "")


@pytest.fixture
def postgres(tmp_path: Path, cluster: Postgres) -> Database:
    url = cluster.new_database()
    env = {"DATABASE_URL": url, "DATA_DIR": str(tmp_path / "data")}
    return Database("postgres", env, lambda sql: cluster.run(sql, url), "chatkit_")


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest) -> Database:
    database: Database = request.getfixturevalue(request.param)
    return database


@pytest.fixture(scope="session")
def tree(menu: Menu) -> Tree:
    return render(TEMPLATE, menu.resolve({"stores": ["sqlite", "postgres"]}))


@pytest.fixture(scope="session")
def backend(tmp_path_factory: pytest.TempPathFactory, tree: Tree) -> Path:
    project = tmp_path_factory.mktemp("stores") / "project"
    create(tree, project)
    return project / "backend"
