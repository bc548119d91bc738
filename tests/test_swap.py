import errno
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from chatkit_scaffold.error import ScaffoldError
from chatkit_scaffold.swap import swap
from chatkit_scaffold.tree import Blocked, Content, Tree, as_bytes, read_paths, read_tree

BEFORE: dict[str, Content | None] = {
    "changed.sh": "old\n",
    "deep/er/deleted.txt": b"\xff",
    "new/folder/made.txt": None,
    "last.txt": "old\n",
}
AFTER: Tree = {"changed.sh": "new\n", "new/folder/made.txt": "new\n", "last.txt": "new\n"}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = tmp_path / "mein Prøject"
    for path, content in BEFORE.items():
        if content is not None:
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_bytes(as_bytes(content))
    (root / "changed.sh").chmod(0o751)
    (root / "theirs.txt").write_text("of nobody's business")
    return root


def everything(root: Path) -> list[tuple[str, bytes | None, int]]:
    return [
        (str(path), path.read_bytes() if path.is_file() else None, path.stat().st_mode)
        for path in sorted(root.rglob("*"))
    ]


def test_all_is_written_and_modes_stay(project: Path) -> None:
    swap(project, BEFORE, AFTER)
    assert read_tree(project) == {**AFTER, "theirs.txt": "of nobody's business"}
    assert (project / "changed.sh").stat().st_mode & 0o777 == 0o751
    assert not (project / "deep").exists(), "an empty folder is left"


def test_a_file_that_changed_meanwhile_stops_it(project: Path) -> None:
    (project / "last.txt").write_text("saved by an editor")
    before = everything(project)
    with pytest.raises(ScaffoldError, match="was changed meanwhile"):
        swap(project, BEFORE, AFTER)
    assert everything(project) == before


STEPS = [("replace", n) for n in (1, 2, 3)] + [("unlink", 1), ("rmdir", 1), ("write_bytes", 2)]


@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "No space left"), KeyboardInterrupt()])
@pytest.mark.parametrize(("call", "fails"), STEPS)
def test_a_failure_in_the_middle_leaves_everything_as_it_was(
    project: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException, call: str, fails: int
) -> None:
    real, calls = getattr(Path, call), 0

    def failing(path: Path, *args: object, **kwargs: object) -> object:
        nonlocal calls
        calls += 1
        if calls == fails:
            raise error
        return real(path, *args, **kwargs)

    monkeypatch.setattr(Path, call, failing)
    before = everything(project)
    with pytest.raises((ScaffoldError, KeyboardInterrupt)):
        swap(project, BEFORE, AFTER)
    assert calls >= fails
    assert everything(project) == before


ENDLESS = """
import sys
from pathlib import Path
from chatkit_scaffold.__main__ import main
from chatkit_scaffold.commands import app
from chatkit_scaffold.swap import swap

@app.command()
def endless(root: Path) -> None:
    old, new = ({f"{n}.txt": word for n in range(300)} for word in ("old", "new"))
    print("ready", flush=True)
    while True:
        swap(root, old, new)
        swap(root, new, old)

main()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals of Unix")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_at_any_moment_leaves_all_or_nothing(tmp_path: Path, number: int) -> None:
    root = tmp_path / "p"
    root.mkdir()
    for n in range(300):
        (root / f"{n}.txt").write_text("old")
    for wait in (0.1, 0.15):
        process = subprocess.Popen(
            [sys.executable, "-c", ENDLESS, "endless", str(root)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        time.sleep(wait)
        os.kill(process.pid, number)
        assert b"Stopped." in process.communicate(timeout=30)[1]
        assert process.returncode == 130
        assert sorted(read_tree(root)) == sorted(f"{n}.txt" for n in range(300))
        assert len(set(read_tree(root).values())) == 1
        for n in range(300):
            (root / f"{n}.txt").write_text("old")


def test_only_the_paths_asked_for_are_read(project: Path) -> None:
    (project / "node_modules").mkdir()
    (project / "node_modules/secret.txt").touch()
    (project / "node_modules").chmod(0)
    assert read_paths(project, [*BEFORE, "no/such.txt"]) == {
        path: content for path, content in BEFORE.items() if content is not None
    }
    (project / "node_modules").chmod(0o755)


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("link.txt", "link.txt is a link"),
        ("linked/a.txt", "linked is a link"),
        ("deep", "a folder has that name"),
        ("last.txt/inside.txt", "last.txt is a file"),
        ("LAST.txt", "last.txt differs in its case alone"),
        ("Deep/er/a.txt", "deep differs in its case alone"),
    ],
)
def test_what_is_in_the_way_is_told(project: Path, path: str, reason: str) -> None:
    (project / "link.txt").symlink_to("last.txt")
    (project / "linked").symlink_to(project.parent)
    assert read_paths(project, [path]) == {path: Blocked(reason)}
