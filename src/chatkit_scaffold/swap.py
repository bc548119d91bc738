"""Files for other files, all or none: how a project that is there already is written to."""

import shutil
import signal
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from chatkit_scaffold.error import ScaffoldError
from chatkit_scaffold.tree import Blocked, Content, Tree, as_bytes, look, read_paths

MARK = "\ufeff"  # of byte order


def swap(root: Path, before: Mapping[str, Content | None], after: Tree) -> None:
    """Writes and deletes the files of `before`: all of them, or everything is as it was."""
    try:
        with tempfile.TemporaryDirectory(prefix=".chatkit-scaffold-", dir=root) as folder:
            new, old = Path(folder, "new"), Path(folder, "old")
            for path, content in before.items():
                if look(root, path) != content:
                    raise ScaffoldError(f"{path} was changed meanwhile.", "Run it once more.")
                for staged in (new / path, old / path):
                    staged.parent.mkdir(parents=True, exist_ok=True)
                if path in after:
                    (new / path).write_bytes(as_bytes(after[path]))
                if content is not None:
                    shutil.copy2(root / path, old / path)
                    if path in after:
                        shutil.copymode(root / path, new / path)
            _swap(root, list(before), new, old)
    except OSError as error:
        raise ScaffoldError(
            f"{root} could not be changed: {error.strerror}.", "Everything is as it was."
        ) from error


def rewrite(texts: Mapping[str, str], root: Path) -> None:
    """Other texts for files of a project; a mark at a file's beginning stays."""
    there = read_paths(root, texts)
    before: dict[str, Content | None] = {}
    after: Tree = {}
    for path, text in texts.items():
        content = there.get(path)
        if isinstance(content, Blocked):
            raise ScaffoldError(f"{path} was not written: {content.reason}.", "All is as it was.")
        marked = isinstance(content, str) and content.startswith(MARK)
        before[path], after[path] = content, f"{MARK if marked else ''}{text}"
    swap(root, before, after)


def _swap(root: Path, paths: list[str], new: Path, old: Path) -> None:
    try:
        with _signals_wait():
            for path in paths:
                if (new / path).exists():
                    (root / path).parent.mkdir(parents=True, exist_ok=True)
                    (new / path).replace(root / path)
                else:
                    (root / path).unlink()
            _remove_empty(root, (path for path in paths if not (root / path).exists()))
    except BaseException:
        with _signals_wait():
            for path in paths:
                if (old / path).exists():
                    (root / path).parent.mkdir(parents=True, exist_ok=True)
                    (old / path).replace(root / path)
                elif not (new / path).exists():
                    (root / path).unlink(missing_ok=True)
            _remove_empty(root, (path for path in paths if not (root / path).exists()))
        raise


def _remove_empty(root: Path, paths: Iterable[str]) -> None:
    for path in paths:
        for folder in (root / path).parents:
            if folder == root or (folder.exists() and any(folder.iterdir())):
                break
            if folder.exists():
                folder.rmdir()


@contextmanager
def _signals_wait() -> Iterator[None]:
    """The steps in between take a moment; Ctrl-C comes after them, and then undoes them all."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    held = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, held)
