"""How long `doctor` takes on 1,000 Python and 1,000 TSX files, next to other linters in one run.

    python benchmarks/doctor.py

The files are those of a generated project, again and again. In one tree all of them import
ChatKit, in the other one copy of the project does. LibCST stands for the linters that are built on
it: the bare walk over imports that each of them has to make. It is fetched for the run.
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from itertools import cycle, islice
from pathlib import Path

BIN = Path(sys.executable).parent
COUNT = 1000
ROUNDS = 5
SLOW = 5.0  # seconds; measured once
IMPORTS = {
    ".py": "import chatkit\n",
    ".tsx": 'import type { ChatKitOptions } from "@openai/chatkit";\n',
}
WORDS = (
    "chatkit", "ChatKit", "agents", "openai", "fastapi", "starlette", "dotenv", "litellm",
)  # fmt: skip
WALK = """
import sys
from pathlib import Path

import libcst
from libcst.metadata import MetadataWrapper, PositionProvider


class Imports(libcst.CSTVisitor):
    METADATA_DEPENDENCIES = (PositionProvider,)

    def visit_ImportFrom(self, node):
        self.get_metadata(PositionProvider, node)


for file in Path(sys.argv[1]).rglob("*.py"):
    MetadataWrapper(libcst.parse_module(file.read_bytes())).visit(Imports())
"""


def fill(folder: Path, project: Path, *, all_mention: bool) -> None:
    for suffix, first in IMPORTS.items():
        files = [f for f in sorted(project.rglob(f"*{suffix}")) if "tests" not in f.parts]
        for n, file in enumerate(islice(cycle(files), COUNT)):
            text = file.read_text("utf-8")
            if all_mention:
                text = first + text
            elif n >= len(files):
                for word in WORDS:
                    text = text.replace(word, "another")
            place = folder / f"copy_{n // len(files)}" / file.relative_to(project)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text, "utf-8")


def measure(command: list[str], folder: Path) -> tuple[float, float, float]:
    """Wall and processor seconds, and peak MiB."""
    start = time.perf_counter()
    quiet = subprocess.DEVNULL
    environ = os.environ | {"PYTHONPATH": str(folder / "libraries")}
    environ |= {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(folder / "bytecode")}
    process = subprocess.Popen(command, cwd=folder, stdout=quiet, stderr=quiet, env=environ)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode < 0 or (process.returncode == 1 and "-c" in command):
        raise SystemExit(f"{' '.join(command)} failed with {process.returncode}")
    wall = time.perf_counter() - start
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def subjects(folder: Path) -> dict[str, list[str]]:
    doctor = [str(BIN / "chatkit-scaffold"), "doctor"]
    ruff = [str(BIN / "ruff"), "check", "--no-cache", "--isolated"]
    walk = [sys.executable, "-c", WALK]
    (folder / "empty").mkdir()
    found = {
        "python -c pass": [sys.executable, "-c", "pass"],
        "doctor, an empty folder": [*doctor, "empty"],
    }
    for tree in ("few", "all"):
        found |= {
            f"doctor, {tree} mention it": [*doctor, tree],
            f"ruff check, {tree} (Python alone)": [*ruff, tree],
            f"LibCST, imports only, {tree} (Python alone)": [*walk, tree],
        }
    return found


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        new = [str(BIN / "chatkit-scaffold"), "new", str(folder / "project"), "--yes", "--no-git"]
        subprocess.run([*new, "--frontend", "nextjs-app"], check=True, capture_output=True)
        fill(folder / "few", folder / "project", all_mention=False)
        fill(folder / "all", folder / "project", all_mention=True)
        shutil.rmtree(folder / "project")
        fetch = [sys.executable, "-m", "pip", "install", "-q", "--target", "libraries", "libcst"]
        subprocess.run(fetch, check=True, cwd=folder)
        commands = subjects(folder)
        seen: dict[str, list[tuple[float, float, float]]] = {label: [] for label in commands}
        for n in range(ROUNDS + 1):
            for label, command in commands.items():
                if seen[label] and seen[label][0][0] > SLOW:
                    continue
                figures = measure(command, folder)
                if n or figures[0] > SLOW:  # the first round warms the caches
                    seen[label].append(figures)
    floor = statistics.median(cpu for _, cpu, _ in seen["python -c pass"])
    print("| command | wall, s | processor, s | times `python -c pass` | peak, MiB |")
    print("|---|---|---|---|---|")
    for label, rounds in seen.items():
        wall, cpu, peak = (statistics.median(column) for column in zip(*rounds, strict=True))
        print(f"| {label} | {wall:.3f} | {cpu:.3f} | {cpu / floor:.1f} | {peak:.0f} |")


if __name__ == "__main__":
    main()
