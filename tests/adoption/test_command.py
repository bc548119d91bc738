"""`add-store` in backends that the tool did not make: what it writes, shows and leaves alone."""

import compileall
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from difflib import ndiff
from pathlib import Path

import pytest

from chatkit_scaffold.__main__ import run
from chatkit_scaffold.doctor.catalog import read_rules
from chatkit_scaffold.doctor.diagnosis import examine
from chatkit_scaffold.doctor.project import from_tree
from chatkit_scaffold.scaffold import adoption
from chatkit_scaffold.tree import Tree, create, read_tree
from tests.adoption.backends import FLAT, MEMORY, NAMELESS, SHAPES, SOURCE
from tests.rendering import render
from tests.terminal import Terminal

Out = pytest.CaptureFixture[str]
Make = Callable[[Tree], Path]


@pytest.fixture(autouse=True)
def cached(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(adoption, "render", render)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)


@pytest.fixture
def make(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Make:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))

    def make(tree: Tree) -> Path:
        root = tmp_path / "mein Prøject"
        create(tree, root)
        (root / ".git").mkdir()
        monkeypatch.chdir(root)
        return root

    return make


def changed(before: Tree, after: Tree) -> dict[str, list[str]]:
    """The lines that went and came in files that were there."""
    return {
        path: [line for line in ndiff(old.splitlines(), new.splitlines()) if line[0] in "+-"]
        for path, old in before.items()
        if (new := after[path]) != old
        if isinstance(old, str) and isinstance(new, str)
    }


def tree_of(root: Path) -> Tree:
    return {path: text for path, text in read_tree(root).items() if not path.startswith(".git/")}


SETTINGS = [
    "+ ",
    "+ # Where conversations are kept.",
    "+ CHATKIT_DATABASE_URL=sqlite:///chat.db",
    "+ ",
    "+ # The folder of SQLite's file. Empty means data.",
    "+ CHATKIT_DATA_DIR=",
]
MAIN = [
    "- from memory import MemoryStore",
    "+ from stores import open_store",
    "- server = Server(MemoryStore())  # forgets",
    "+ server = Server(open_store())  # forgets",
]
LINES = {
    "flat": {".env.example": SETTINGS, ".gitignore": ["+ /data/chat.db*"], "main.py": MAIN},
    "source": {
        "src/support/server.py": [
            "- from .memory import MemoryStore",
            "+ from .stores import open_store",
            "-         self.store: MemoryStore = MemoryStore()",
            "+         self.store = open_store()",
        ]
    },
    "poetry": {
        ".gitignore": ["+ /backend/data/chat.db*"],
        "backend/app/storage.py": [
            "- from app.memory import MemoryStore",
            "+ from app.stores import open_store",
            "- chat_store = MemoryStore()",
            "+ chat_store = open_store()",
        ],
    },
    "dependency": {
        "chat/api.py": [
            "- from chat import store as storage",
            "+ from chat.chatkit_stores import open_store",
            "-         super().__init__(store or storage.MemoryStore())",
            "+         super().__init__(store or open_store())",
        ]
    },
    "windows": {
        ".env.example": SETTINGS,
        ".gitignore": ["+ /data/chat.db*"],
        "main.py": [
            *MAIN[:2],
            "-     app.state.server = Server(store=MemoryStore(),)  # vergißt",
            "+     app.state.server = Server(store=open_store(),)  # vergißt",
        ],
    },
}
OWNERS = {
    "flat": 'context["user_id"]',
    "source": "context.user_id",
    "poetry": "context.id",
    "dependency": 'context["account"].id',
    "windows": 'context["user_id"]',
}


@pytest.mark.parametrize("shape", SHAPES)
def test_a_package_comes_and_two_lines_change(make: Make, shape: str) -> None:
    tree, _ = SHAPES[shape]
    root = make(tree)
    assert run(["add-store", "sqlite", "--yes"]) == 0
    after = tree_of(root)
    lines = {
        path: [one for one in found if one[0] != "?"]
        for path, found in changed(tree, after).items()
    }
    assert lines == LINES[shape]
    new = after.keys() - tree.keys()
    assert len({path.rpartition("/")[0] for path in new}) == 1
    owner = next(str(after[path]) for path in new if path.endswith("/owner.py"))
    assert f"user_id = {OWNERS[shape]}\n" in owner
    if shape == "windows":
        assert all("\n" not in str(after[path]).replace("\r\n", "") for path in lines)
        assert str(after["main.py"]).startswith("\ufeff")


@pytest.mark.parametrize("shape", SHAPES)
def test_the_doctor_and_ruff_find_nothing_that_was_not_there(make: Make, shape: str) -> None:
    tree, _ = SHAPES[shape]
    root = make(tree)
    before = found_by_doctor(tree), found_by_ruff(root)
    assert run(["add-store", "sqlite", "postgres", "mongodb", "memory", "--yes"]) == 0
    assert found_by_doctor(tree_of(root)) <= before[0]
    assert found_by_ruff(root) <= before[1]
    package = next(root.rglob("lazy.py")).parent
    for module in package.glob("*.py"):
        text = module.read_text()
        for name in re.findall(r"^from \.(\w+) import", text, re.MULTILINE):
            assert (package / f"{name}.py").exists(), module
        assert not re.search(r"from app\b|\bUser\b", text), module
    assert compileall.compile_dir(root, quiet=1)


def found_by_doctor(tree: Tree) -> set[tuple[str, str]]:
    texts = {path: str(text).removeprefix("\ufeff") for path, text in tree.items()}
    diagnosis = examine(from_tree(texts), list(read_rules().values()))
    return {(found.code, found.path) for found in diagnosis.findings}


def found_by_ruff(root: Path) -> set[tuple[str, str]]:
    """By the rules it has when nobody chooses any."""
    done = subprocess.run(
        [sys.executable, "-m", "ruff", "check", "--isolated", "--output-format=json", "."],
        cwd=root,
        capture_output=True,
        check=False,
    )
    return {(one["code"], one["filename"]) for one in json.loads(done.stdout)}


@pytest.mark.parametrize("shape", SHAPES)
def test_a_second_time_there_is_nothing_to_do(make: Make, shape: str, capsys: Out) -> None:
    root = make(SHAPES[shape][0])
    assert run(["add-store", "sqlite", "--yes"]) == 0
    before = {path: path.stat().st_mtime_ns for path in root.rglob("*")}
    capsys.readouterr()
    assert run(["add-store", "sqlite", "--yes"]) == 0
    assert "Nothing to do" in capsys.readouterr().out
    assert {path: path.stat().st_mtime_ns for path in root.rglob("*")} == before


@pytest.mark.parametrize("shape", SHAPES)
def test_one_after_the_other_is_the_same_as_both_at_once(
    make: Make, shape: str, capsys: Out
) -> None:
    root = make(SHAPES[shape][0])
    assert run(["add-store", "sqlite", "--yes"]) == 0
    assert run(["add-store", "postgres", "--default", "--yes"]) == 0
    one_by_one = tree_of(root)
    shutil.rmtree(root)
    make(SHAPES[shape][0])
    assert run(["add-store", "postgres", "sqlite", "--yes"]) == 0
    together = tree_of(root)
    examples = {path for path in together if path.endswith(".env.example")}
    assert {p: t for p, t in together.items() if p not in examples} == {
        p: t for p, t in one_by_one.items() if p not in examples
    }
    for path in examples:
        assert "CHATKIT_POSTGRES_TIMEOUT=" in str(one_by_one[path])
    named = [text for text in together.values() if "asyncpg>=0.32,<1" in str(text)]
    poetry = [text for text in together.values() if 'asyncpg = ">=0.32,<1"' in str(text)]
    installed = "Next:" in capsys.readouterr().out
    assert installed == ("requirements.txt" in together or "backend/poetry.lock" in together)
    assert len(named + poetry) == 1


@pytest.mark.parametrize("flags", [[], ["--dry-run"], ["--json"], ["--dry-run", "--json"]])
def test_nothing_is_written_unless_it_is_asked_for(
    make: Make, flags: list[str], capsys: Out
) -> None:
    root = make(FLAT)
    assert run(["add-store", "sqlite", *flags]) == 0
    assert tree_of(root) == FLAT
    out = capsys.readouterr().out
    assert ("Nothing is written without --yes." in out) == ("--dry-run" not in flags)
    if "--json" in flags:
        document = json.loads(out)
        actions = {file["path"]: file["action"] for file in document["files"]}
        assert actions["main.py"] == "update"
        assert actions["stores/sqlite.py"] == "create"
        assert document["project"]["answers"] == {"stores": ["sqlite"]}
    else:
        assert "+server = Server(open_store())  # forgets" in out


def test_on_a_terminal_it_asks(make: Make) -> None:
    root = make(FLAT)
    terminal = Terminal(["add-store", "sqlite"], root, width=100, height=50)
    terminal.press((f"Change {root.name}?", "y"))
    assert terminal.finish() == 0
    assert "8 created, 3 updated" in terminal.text
    assert "open_store" in (root / "main.py").read_text()


def test_what_git_does_not_know_is_not_mixed_with_it(make: Make, capsys: Out) -> None:
    root = make(FLAT)
    (root / ".git").rmdir()
    subprocess.run(["git", "init", "--quiet"], cwd=root, check=True)
    assert run(["add-store", "sqlite", "--yes"]) == 1
    assert "Git has not committed" in capsys.readouterr().err
    assert tree_of(root) == FLAT
    assert run(["add-store", "sqlite", "--yes", "--allow-dirty"]) == 0


def test_a_store_that_may_be_needed_stays_and_the_rest_is_there(make: Make, capsys: Out) -> None:
    kept = MEMORY.replace("self.threads = {}", 'self.db = sqlite3.connect("chats.db")')
    root = make({**FLAT, "memory.py": kept})
    assert run(["add-store", "sqlite", "--yes", "--json"]) == 0
    may, by_hand = json.loads(capsys.readouterr().out)["warnings"]
    assert may.startswith("MemoryStore (main.py:35) may keep conversations of its own")
    hand = "By hand: `from stores import open_store`, and give your server `open_store()`."
    assert by_hand == f"So main.py is left as it is. {hand}"
    after = tree_of(root)
    assert after["main.py"] == FLAT["main.py"]
    assert "stores/sqlite.py" in after


def test_the_line_that_is_left_to_its_owner_is_named_every_time(make: Make, capsys: Out) -> None:
    make(NAMELESS)
    for _ in range(2):
        assert run(["add-store", "sqlite", "--yes"]) == 0
        words = (
            "stores/owner.py is yours to finish, or all requests fail: the context at main.py:41"
        )
        assert words in " ".join(capsys.readouterr().out.split())


def test_a_line_that_its_owner_wrote_is_not_asked_for_again(make: Make, capsys: Out) -> None:
    root = make(NAMELESS)
    assert run(["add-store", "sqlite", "--yes"]) == 0
    owner = root / "stores/owner.py"
    text = owner.read_text("utf-8")
    start = text.index("    raise NotImplementedError")
    owner.write_text(f"{text[:start]}    return context['me']  # no NotImplementedError any more\n")
    capsys.readouterr()
    assert run(["add-store", "memory", "--yes"]) == 0
    assert "yours to finish" not in capsys.readouterr().out


def test_where_no_file_takes_it_the_dependency_is_told(make: Make, capsys: Out) -> None:
    tree = {path: text for path, text in FLAT.items() if path in ("main.py", "memory.py")}
    root = make(tree | {"setup.py": "from setuptools import setup\n\nsetup()\n"})
    assert run(["add-store", "postgres", "--yes", "--json"]) == 0
    warnings = json.loads(capsys.readouterr().out)["warnings"]
    assert "add asyncpg>=0.32,<1 to your dependencies" in warnings[0]
    assert "CHATKIT_DATABASE_URL, CHATKIT_POSTGRES_CONNECTIONS" in warnings[1]
    assert (root / "setup.py").read_text() == "from setuptools import setup\n\nsetup()\n"


def test_of_several_backends_the_nearest_is_meant(
    make: Make, monkeypatch: pytest.MonkeyPatch, capsys: Out
) -> None:
    both = {f"{folder}/{path}": text for folder in ("one", "two") for path, text in SOURCE.items()}
    root = make(both)
    assert run(["add-store", "sqlite", "--json"]) == 0
    assert "There are several stores" in capsys.readouterr().out
    monkeypatch.chdir(root / "two/src")
    assert run(["add-store", "sqlite", "--yes"]) == 0
    after = tree_of(root)
    assert [path for path in both if after[path] != both[path]] == ["two/src/support/server.py"]
    assert "two/src/support/stores/sqlite.py" in after
    assert "parents[3]" in str(after["two/src/support/stores/settings.py"])


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("status", "On a backend of your own there are `add-store` and `doctor`."),
        ("remove-store sqlite", "On a backend of your own there are `add-store` and `doctor`."),
        ("add-store sqlite --transfer", "--transfer cannot read a store"),
        ("add-store redis", "It takes sqlite or postgres or mongodb or memory."),
    ],
)
def test_what_it_cannot_do_is_said(make: Make, line: str, words: str, capsys: Out) -> None:
    root = make(FLAT)
    assert run(line.split()) > 0
    assert words in " ".join(capsys.readouterr().err.split())
    assert tree_of(root) == FLAT


def test_what_cannot_be_read_is_named(make: Make, capsys: Out) -> None:
    make({**FLAT, "main.py": f"{FLAT['main.py']!s}\nx = = 1\n"})
    assert run(["add-store", "sqlite"]) == 1
    assert "main.py is not Python that can be read" in " ".join(capsys.readouterr().err.split())


def test_without_a_server_there_is_no_place_for_a_store(make: Make, capsys: Out) -> None:
    make({"main.py": "print('chatkit')\n"})
    assert run(["add-store", "sqlite"]) == 1
    err = " ".join(capsys.readouterr().err.split())
    assert "there is no .chatkit-scaffold.yml" in err
    assert "Nor is there a class that inherits ChatKitServer." in err


def test_what_still_names_the_old_store_or_is_too_old_is_said(make: Make, capsys: Out) -> None:
    tools = "from .memory import MemoryStore\n\n\ndef count(store: MemoryStore): ...\n"
    project = (
        str(SOURCE["pyproject.toml"]).replace("3.11", "3.10").replace("1.6.5,<1.7", "1.4,<1.5")
    )
    make(
        {
            **SOURCE,
            "pyproject.toml": project,
            "src/support/tools.py": f"{tools}# chatkit\n",
        }
    )
    assert run(["add-store", "sqlite", "--yes", "--json"]) == 0
    warnings = json.loads(capsys.readouterr().out)["warnings"]
    assert "pyproject.toml allows Python 3.10; the store needs 3.11." in warnings
    assert "pyproject.toml has openai-chatkit>=1.4,<1.5; this is made for 1.6.5." in warnings
    left = "MemoryStore is still the type at src/support/tools.py:4: there it is a Store now."
    assert left in warnings
