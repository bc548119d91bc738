"""What the assistant knows: `python -m app.knowledge add PATH...`, `list`, `remove PATH...`."""

import argparse
import hashlib
import sys
from collections.abc import Iterator
from pathlib import Path

from openai import OpenAIError

from app.config import Settings
from app.knowledge.documents import READERS, Unreadable, read_passages
from app.knowledge.embedding import open_embedding
from app.knowledge.index import Index


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m app.knowledge", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    kinds = ", ".join(READERS)
    add = commands.add_parser("add", help=f"files, or folders of files ({kinds}); again: changes")
    add.add_argument("paths", nargs="+", type=Path, metavar="PATH")
    commands.add_parser("list", help="the documents, one a line")
    remove = commands.add_parser("remove", help="documents, or all of a folder")
    remove.add_argument("paths", nargs="+", type=Path, metavar="PATH")
    options = parser.parse_args()
    settings = Settings()
    index = Index(settings.data_dir, open_embedding(settings))
    if options.command == "add":
        return add_all(index, options.paths)
    if options.command == "remove":
        return remove_all(index, options.paths)
    print("\n".join(index.documents()) or "Nothing yet. Add something: add PATH...")
    return 0


def add_all(index: Index, paths: list[Path]) -> int:
    missing = [path for path in paths if not path.exists()]
    if missing:
        print(f"There is no {missing[0]}. Nothing was added.", file=sys.stderr)
        return 2
    known = index.documents()
    files = list(dict.fromkeys(file for path in paths for file in files_of(path.resolve())))
    added, failed = 0, list[str]()
    for number, file in enumerate(files, 1):
        show_progress(number, len(files), file.name)
        try:
            # A document is also changed when its vectors are another model's.
            digest = hashlib.sha256(file.read_bytes()).hexdigest() + index.model
            if known.get(str(file)) != digest:
                passages = read_passages(file)
                if not passages:
                    raise Unreadable("there is no text in it")
                index.put(str(file), digest, passages)
                added += 1
        except (Unreadable, OSError, OpenAIError) as error:
            reason = error.strerror if isinstance(error, OSError) else error
            failed.append(f"{file}: left out, {reason}.")
    print("\n".join(failed), end="\n" if failed else "", file=sys.stderr)
    gone = [name for path in paths for name in inside(path, known) if not Path(name).exists()]
    for name in gone:
        index.remove(name)
    same = len(files) - added - len(failed)
    print(f"{added} added or changed, {same} as before, {len(gone)} gone, {len(failed)} left out.")
    return 1 if failed else 0


def remove_all(index: Index, paths: list[Path]) -> int:
    known = index.documents()
    for path in paths:
        names = inside(path, known)
        if not names:
            print(f"Nothing known of {path}. `list` shows what is.", file=sys.stderr)
            return 2
        for name in names:
            index.remove(name)
            print(f"{name} removed.")
    return 0


def files_of(path: Path) -> Iterator[Path]:
    if path.is_file():
        yield path
    for inner in sorted(path.rglob("*")):
        hidden = any(part.startswith(".") for part in inner.relative_to(path).parts)
        if inner.is_file() and not hidden and inner.suffix.lower() in READERS:
            yield inner


def inside(path: Path, names: dict[str, str]) -> list[str]:
    return [name for name in names if Path(name).is_relative_to(path.resolve())]


def show_progress(number: int, total: int, name: str) -> None:
    if sys.stderr.isatty():
        done = 30 * number // total
        end = "\n" if number == total else ""
        line = f"[{'#' * done}{'.' * (30 - done)}] {number}/{total} {name[:30]:30}"
        print(f"\r{line}", end=end, file=sys.stderr, flush=True)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit("Stopped. What was added is kept; the same command goes on from there.")
