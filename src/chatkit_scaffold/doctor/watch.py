"""Waits until a file that the doctor reads has changed."""

import time
from pathlib import Path

from chatkit_scaffold.doctor.files import read_files

PAUSE = 0.5  # seconds; asking works on every file system, being told does not

State = dict[str, tuple[int, int]]


def state(root: Path, places: list[Path]) -> State:
    """When each file was written, and how long it is."""
    there = [place for place in places if place.exists()]
    found = {}
    for path in read_files(root, there).entries:
        try:
            status = (root / path).stat()
        except OSError:
            continue  # gone since, which is a change as well
        found[path] = (status.st_mtime_ns, status.st_size)
    return found


def wait(root: Path, places: list[Path], before: State) -> State:
    while (now := state(root, places)) == before:
        time.sleep(PAUSE)
    return now
