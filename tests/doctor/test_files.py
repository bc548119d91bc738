"""Projects that mean harm: nothing crashes, hangs or is followed, and what was left out is told."""

import os
from pathlib import Path

import pytest

from chatkit_scaffold.doctor.catalog import read_rules
from chatkit_scaffold.doctor.description import describe
from chatkit_scaffold.doctor.diagnosis import Diagnosis, examine
from chatkit_scaffold.doctor.files import read_files, wanted
from chatkit_scaffold.doctor.project import from_disk, from_tree
from tests.doctor.test_rules import RULES

SERVER = "from chatkit.server import ChatKitServer\n\n\nclass Server(ChatKitServer):\n    pass\n"


def diagnose(root: Path) -> Diagnosis:
    found = examine(from_disk(read_files(root, [root]), [root]), list(read_rules().values()))
    assert not found.crashed, found.unchecked
    return found


def reasons(diagnosis: Diagnosis) -> str:
    return "\n".join(unchecked.reason for unchecked in diagnosis.unchecked)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"from chatkit import (\n", "is not Python that can be read"),
        (b"import chatkit\0\n", "is not Python that can be read"),
        (b"import chatkit\n\xff\xfe", "is not UTF-8"),
        (b"import chatkit\nx = " + b"(" * 5000 + b")" * 5000, "is not Python that can be read"),
        (b"import chatkit\nx = " + b"-" * 50_000 + b"1", "is not Python that can be read"),
        (b"import chatkit\nx = " + b"1+" * 50_000 + b"1", "is not Python that can be read"),
        (b"import chatkit\nx = '" + b"x" * 5_000_000 + b"'\n", "is larger than"),
    ],
    ids=["syntax", "null", "encoding", "brackets", "signs", "sums", "long"],
)
def test_python_that_cannot_be_read(tmp_path: Path, content: bytes, reason: str) -> None:
    (tmp_path / "server.py").write_text(SERVER)
    (tmp_path / "bad.py").write_bytes(content)
    diagnosis = diagnose(tmp_path)
    assert f"bad.py {reason}" in reasons(diagnosis)
    assert [found.name for found in diagnosis.project.python.servers] == ["Server"]


@pytest.mark.parametrize("name", ["a.tsx", "a.ts", "a.html", "package.json", "pyproject.toml"])
@pytest.mark.parametrize(
    "content",
    [
        b"chatkit" + b"{[(<" * 50_000,
        b"chatkit\0\0\0",
        bytes(range(256)) * 40 + b"chatkit",
        b"<script>chatkit" * 20_000,
        b"[" * 100_000,
        b"",
        b"chatkit useChatKit({" + b"a:{" * 50_000,
    ],
    ids=["open", "null", "binary", "scripts", "brackets", "empty", "objects"],
)
def test_other_files_that_cannot_be_read(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    (tmp_path / "server.py").write_text(SERVER)
    describe(diagnose(tmp_path).project)


def test_links_are_not_followed_in_circles(tmp_path: Path) -> None:
    (tmp_path / "server.py").write_text(SERVER)
    (tmp_path / "again").symlink_to(tmp_path)
    (tmp_path / "nothing.py").symlink_to(tmp_path / "gone.py")
    (tmp_path / "zero.py").symlink_to("/dev/zero")
    os.mkfifo(tmp_path / "pipe.py")
    assert diagnose(tmp_path).project.files.paths == ("server.py",)


def test_what_may_not_be_read_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "server.py").write_text(SERVER)
    (tmp_path / "secret.py").write_text("import chatkit")
    (tmp_path / "closed").mkdir()
    real_scan, real_read = os.scandir, Path.read_bytes

    def scan(path: str | Path) -> object:
        if str(path).endswith("closed"):
            raise PermissionError(13, "Permission denied")
        return real_scan(path)

    def read(path: Path) -> bytes:
        if path.name == "secret.py":
            raise PermissionError(13, "Permission denied")
        return real_read(path)

    # Tests may run as root, whom no permission stops.
    monkeypatch.setattr(os, "scandir", scan)
    monkeypatch.setattr(Path, "read_bytes", read)
    told = reasons(diagnose(tmp_path))
    assert "closed cannot be read: Permission denied" in told
    assert "secret.py cannot be read: Permission denied" in told


def test_user_code_never_runs(tmp_path: Path) -> None:
    mark = tmp_path / "ran"
    bomb = f"import chatkit\nopen({str(mark)!r}, 'w')\n{SERVER}"
    for name in ("server.py", "conftest.py", "sitecustomize.py", "setup.py", "chatkit.py"):
        (tmp_path / name).write_text(bomb)
    packages = tmp_path / ".venv/lib/python3.11/site-packages"
    (packages / "chatkit").mkdir(parents=True)
    (packages / "openai_chatkit-9.9.9.dist-info").mkdir()
    (packages / "chatkit/__init__.py").write_text(bomb)
    (tmp_path / ".venv/pyvenv.cfg").touch()
    describe(diagnose(tmp_path).project)
    assert not mark.exists()


def test_installed_and_built_things_are_left_alone(tmp_path: Path) -> None:
    for folder in (
        "node_modules/a",
        ".venv/lib",
        "frontend/dist",
        ".git/hooks",
        "a/.next",
        "named",
    ):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "server.py").write_text(SERVER)
    (tmp_path / "named/pyvenv.cfg").touch()  # a virtual environment by any other name
    assert read_files(tmp_path, [tmp_path]).paths == ()


@pytest.mark.matrix
def test_many_files(tmp_path: Path) -> None:
    for folder in range(100):
        (tmp_path / f"d{folder}").mkdir()
        for file in range(200):
            (tmp_path / f"d{folder}/f{file}.py").write_text("x = 1\n")
    (tmp_path / "server.py").write_text(SERVER)
    assert len(diagnose(tmp_path).project.files.paths) == 20_001


def test_deep_folders(tmp_path: Path) -> None:
    (tmp_path / "server.py").write_text(SERVER)
    (tmp_path / "/".join(["d"] * 200)).mkdir(parents=True)
    assert diagnose(tmp_path).project.files.paths == ("server.py",)


@pytest.mark.parametrize("name", [".env", ".env.local", "requirements-dev.txt", "Dockerfile.prod"])
def test_files_that_count(name: str) -> None:
    assert wanted(name)


@pytest.mark.parametrize("name", ["env", "photo.png", "server.pyc", "notes.txt", "data.json"])
def test_files_that_do_not(name: str) -> None:
    assert not wanted(name)


def test_every_rule_stands_an_odd_project() -> None:
    """Classes that inherit from themselves, stars in circles, decorators and calls of anything."""
    tree = {
        "a.py": "from b import *\nfrom chatkit.store import *\nclass A(A, Store[A]): pass\nA = A\n",
        "b.py": "from a import *\nfrom .b import x\nfrom ... import y\nimport a.b as a\n(f())()\n",
        "c.py": "import chatkit\nclass C(f(), *b, metaclass=M): save_item = save_item\n@f()[0]\n"
        "def respond(): return lambda: (yield)\ndef load_thread_items(*a, **k): ...\n"
        "load_thread_items(*a, **k)\nx.load_thread_items(*a, order=asc)\n",
        "d.py": "from chatkit.store import Store\nfrom chatkit.server import ChatKitServer\n"
        "class S(Store, ChatKitServer):\n  def load_thread(): pass\n  def respond(*a): pass\n"
        "  async def action(self): pass\n  load_item = None\n",
    }
    diagnosis = examine(from_tree(tree), list(RULES.values()))
    assert not diagnosis.crashed, diagnosis.unchecked
