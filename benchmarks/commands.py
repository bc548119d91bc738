"""How long commands take and how much memory they use, as ratios to peers in the same run.

    make bench

Rounds are interleaved, so that a slow moment of the machine hits everybody. Figures are medians.
The npm generator takes part when npx is installed and has it, or can fetch it.
"""

import itertools
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
ROUNDS = 9


def subjects(folder: Path) -> dict[str, list[str]]:
    """The commands; each gets a new folder in the place of DEST every time it runs."""
    scaffold = str(BIN / "chatkit-scaffold")
    new = [scaffold, "new", "DEST", "--yes", "--no-install"]
    copier = [str(BIN / "copier"), "copy", "--defaults", "--quiet"]
    found = {
        "python -c pass": [sys.executable, "-c", "pass"],
        "chatkit-scaffold --version": [scaffold, "--version"],
        "chatkit-scaffold --help": [scaffold, "--help"],
        "chatkit-scaffold new --yes --no-git": [*new, "--no-git"],
        "chatkit-scaffold new --yes": new,
        "copier copy (the same template)": [*copier, str(ROOT / "templates"), "DEST"],
    }
    vite = _create_vite(folder)
    if vite:
        found["create-vite (react-ts)"] = [*vite, "DEST", "--template", "react-ts"]
    return found


def _create_vite(folder: Path) -> list[str] | None:
    npm, node = shutil.which("npm"), shutil.which("node")
    if not npm or not node:
        return None
    command = [npm, "install", "--silent", "--no-package-lock", "--prefix", str(folder / "npm")]
    subprocess.run([*command, "create-vite"], check=False, capture_output=True)
    script = folder / "npm/node_modules/create-vite/index.js"
    return [node, str(script)] if script.exists() else None


def measure(command: list[str], folder: Path) -> tuple[float, float]:
    """Wall seconds and peak MiB of one process."""
    start = time.perf_counter()
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(command, cwd=folder, stdin=quiet, stdout=quiet, stderr=quiet)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} failed with {process.returncode}")
    return time.perf_counter() - start, usage.ru_maxrss / 1024


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        commands = subjects(folder)
        folders = itertools.count()
        seen: dict[str, list[tuple[float, float]]] = {label: [] for label in commands}
        for n in range(ROUNDS + 1):
            for label, command in commands.items():
                dest = f"{label.split()[0]}-{next(folders)}"
                figures = measure([dest if word == "DEST" else word for word in command], folder)
                if n:  # the first round warms the caches
                    seen[label].append(figures)
    floor = statistics.median(wall for wall, _ in seen["python -c pass"])
    print("| command | wall, s | times `python -c pass` | peak, MiB |")
    print("|---|---|---|---|")
    for label, figures in seen.items():
        wall = statistics.median(wall for wall, _ in figures)
        peak = statistics.median(peak for _, peak in figures)
        print(f"| {label} | {wall:.3f} | {wall / floor:.1f} | {peak:.0f} |")


if __name__ == "__main__":
    main()
