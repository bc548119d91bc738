"""What stores cost as they fill, side by side with their neighbours and with bare tables.

    make bench
    PYTHONPATH=. .venv/bin/python benchmarks/stores --sizes 100 10000    # a quick look

Each subject fills a process of its own; rounds go over all subjects and sizes, so that a slow
moment of the machine hits everybody. Figures are medians, of this machine: look at the ratios.
"""

import argparse
import itertools
import json
import os
import queue
import statistics
import subprocess
import sys
import tempfile
import threading
import tomllib
from contextlib import ExitStack
from pathlib import Path

from plot import draw

from chatkit_scaffold.scaffold.menu import Menu
from chatkit_scaffold.scaffold.render import render
from chatkit_scaffold.tree import create
from tests.services import Postgres, postgres

ROOT = Path(__file__).resolve().parent.parent.parent
PICTURE = ROOT / "docs/images/stores.svg"
VENV = ROOT / ".venv-peers"
PEERS = [
    "aiosqlite",
    "chainlit",
    "langgraph-checkpoint-postgres",
    "langgraph-checkpoint-sqlite",
    "openai-agents[sqlalchemy]",
    "psycopg[binary]",
]
URLS = {"Memory": "memory://", "SQLite": "sqlite:///chat.db"}
FAMILIES = {
    "SQLite": ["ours", "floor", "SQLiteSession", "SQLAlchemySession", "langgraph", "Chainlit"],
    "PostgreSQL": ["ours", "floor", "SQLAlchemySession", "langgraph", "Chainlit"],
    "Memory": ["ours", "lists, as in the samples"],
}
OPERATIONS = {
    "append": "append an item",
    "page": "the newest 20 items",
    "middle": "20 items from the middle on",
    "threads": "the newest 20 threads",
}
SIZES = [100, 10_000, 1_000_000]
ROUNDS = 7
SLOW = 5_000  # milliseconds; what takes longer is measured once
LIMIT = 600  # seconds; what takes longer is given up, and "-" in the tables
FILL_LIMIT = 1_800

Figures = dict[tuple[str, str, int], float]  # operation, subject, items -> ms


def install(backend: Path) -> Path:
    """The peers get a virtual environment of their own, with what our stores need."""
    python = VENV / "bin/python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=True)
    project = tomllib.loads((backend / "pyproject.toml").read_text("utf-8"))["project"]
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, *project["dependencies"], *PEERS], check=True)
    return python


class Worker:
    def __init__(self, python: Path, backend: Path, *words: str) -> None:
        self.process = subprocess.Popen(
            [str(python), str(ROOT / "benchmarks/stores/worker.py"), *words],
            cwd=words[-1],
            env={**os.environ, "PYTHONPATH": str(backend)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self._answers: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        for line in self.process.stdout or []:
            self._answers.put(line)
        self._answers.put("")

    def wait(self, limit: float) -> object:
        try:
            line = self._answers.get(timeout=limit)
        except queue.Empty:
            self.stop()
            return "late"
        return json.loads(line) if line else "failed"

    def ask(self, operation: str) -> object:
        print(operation, file=self.process.stdin, flush=True)
        return self.wait(LIMIT)

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()


def measure(
    family: str, sizes: list[int], python: Path, backend: Path, server: Postgres
) -> Figures:
    seen: dict[tuple[str, str, int], list[float]] = {}
    with ExitStack() as stack:
        workers, urls = {}, []
        for name, size in itertools.product(FAMILIES[family], sizes):
            folder = stack.enter_context(tempfile.TemporaryDirectory())
            url = server.new_database() if family == "PostgreSQL" else URLS[family]
            urls.append(url)
            workers[name, size] = Worker(python, backend, name, str(size), url, folder)
            stack.callback(workers[name, size].stop)
        for (name, size), worker in workers.items():
            told = worker.wait(FILL_LIMIT)
            print(f"{family}: {name}, {size:,} items: {told}", file=sys.stderr, flush=True)
        for url in urls if family == "PostgreSQL" else []:
            server.run("ANALYZE", url)  # as autovacuum does within a minute
        for operation, subject in ROUNDS * list(itertools.product(OPERATIONS, workers)):
            times = seen.setdefault((operation, *subject), [])
            worker = workers[subject]
            if worker.process.poll() is None and (not times or times[-1] < SLOW):
                took = worker.ask(operation)
                if isinstance(took, float):
                    times.append(took)
    return {key: statistics.median(times) for key, times in seen.items() if times}


def table(family: str, sizes: list[int], figures: Figures) -> list[str]:
    first, last = (f"{size:,}" for size in (sizes[0], sizes[-1]))
    heads = [family, "ms, of", *(f"{size:,}" for size in sizes), f"{last} : {first}"]
    lines = [f"| {' | '.join(heads)} | times ours |", "|---" * (len(heads) + 1) + "|"]
    for operation, title in OPERATIONS.items():
        ours = figures.get((operation, "ours", sizes[-1]))
        for name in FAMILIES[family]:
            times = [figures.get((operation, name, size)) for size in sizes]
            if any(times):
                growth = times[-1] / times[0] if times[0] and times[-1] else None
                ratio = times[-1] / ours if times[-1] and ours else None
                cells = map(amount, [*times, growth, ratio])
                lines.append(
                    f"| {title if name == 'ours' else ''} | {name} | {' | '.join(cells)} |"
                )
    return [*lines, ""]


def amount(number: float | None) -> str:
    if number is None:
        return "-"
    return f"{float(f'{number:.2g}'):,.9g}"  # two digits are what a busy machine can tell


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    sizes = sorted(parser.parse_args().sizes)
    figures: dict[str, Figures] = {}
    with tempfile.TemporaryDirectory() as name, postgres() as server:
        project = Path(name) / "project"
        stores = ["memory", "sqlite", "postgres"]
        create(
            render(ROOT / "templates", Menu(ROOT / "templates").resolve({"stores": stores})),
            project,
        )
        backend = project / "backend"
        python = install(backend)
        for family in FAMILIES:
            figures[family] = measure(family, sizes, python, backend, server)
            print("\n".join(table(family, sizes, figures[family])), flush=True)
    if sizes == SIZES:
        PICTURE.write_text(draw(figures, OPERATIONS, sizes), "utf-8")


if __name__ == "__main__":
    main()
