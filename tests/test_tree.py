import errno
from pathlib import Path

import pytest

from chatkit_scaffold.error import ScaffoldError
from chatkit_scaffold.tree import Tree, check_free, create, read_tree

TREE: Tree = {"a.txt": "é\n", "b/c.txt": "crlf\r\n", "b/d.bin": b"\xff\x00", ".hidden": ""}


def test_what_is_written_is_read(tmp_path: Path) -> None:
    for root in [tmp_path / "new", tmp_path / "deep/er/new", tmp_path / "spaces and ünïcode"]:
        create(TREE, root)
        assert read_tree(root) == TREE
    assert {p.name for p in tmp_path.iterdir()} == {"new", "deep", "spaces and ünïcode"}


def test_an_empty_folder_is_filled_and_stays_the_same_folder(tmp_path: Path) -> None:
    root = tmp_path / "empty"
    (root / ".git").mkdir(parents=True)
    before = root.stat().st_ino
    create(TREE, root)
    assert root.stat().st_ino == before
    assert {p.name for p in root.iterdir()} == {".git", ".hidden", "a.txt", "b"}


def test_folders_have_the_usual_permissions(tmp_path: Path) -> None:
    create(TREE, tmp_path / "new")
    (tmp_path / "plain").mkdir()
    assert (tmp_path / "new").stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_a_folder_with_files_is_refused_and_they_are_named(tmp_path: Path) -> None:
    for n in range(7):
        (tmp_path / f"f{n}").touch()
    with pytest.raises(ScaffoldError, match="f0, f1, f2, f3, f4 and 2 more"):
        create(TREE, tmp_path)
    assert len(list(tmp_path.iterdir())) == 7


def test_what_is_no_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "link").symlink_to("nowhere")
    for name, words in [("file", "is a file"), ("link", "link to nothing"), ("x" * 300, "x+")]:
        with pytest.raises(ScaffoldError, match=words):
            check_free(tmp_path / name)
    with pytest.raises(ScaffoldError):
        create(TREE, tmp_path / "file/inside")
    assert {p.name for p in tmp_path.iterdir()} == {"file", "link"}


@pytest.mark.parametrize("existing", [False, True])
@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "No space left"), KeyboardInterrupt()])
@pytest.mark.parametrize("fail_at", ["write_bytes", "rename"])
def test_a_failure_in_the_middle_leaves_everything_as_it_was(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    existing: bool,
    error: BaseException,
    fail_at: str,
) -> None:
    root = tmp_path / "up" / "new"
    if existing:
        root.mkdir(parents=True)
    real = getattr(Path, fail_at)
    calls = 0

    def failing(path: Path, *args: object) -> object:
        nonlocal calls
        calls += 1
        if calls == (2 if existing or fail_at == "write_bytes" else 1):
            raise error
        return real(path, *args)

    monkeypatch.setattr(Path, fail_at, failing)
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises((ScaffoldError, KeyboardInterrupt)):
        create(TREE, root)
    assert sorted(tmp_path.rglob("*")) == before
