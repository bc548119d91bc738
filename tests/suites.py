"""The tests of many generated projects, run in forks of one process.

Importing the SDKs takes longer than most of those tests take to find what is wrong.
"""

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from chatkit_scaffold.tree import Tree, create

LOG = "suite.log"
EACH = f"""
LOG = {LOG!r}
import json, multiprocessing, os, signal, sys
import agents, chatkit.agents, fastapi.testclient, pydantic_settings, pytest

def give_up(*_):
    raise TimeoutError("a wrong line hangs the tests")

def run(suite):
    folder, environment, words = suite
    os.chdir(folder)
    os.environ.update(environment)
    output = os.open(LOG, os.O_CREAT | os.O_WRONLY)
    os.dup2(output, 1)
    os.dup2(output, 2)
    sys.path.insert(0, folder)
    signal.signal(signal.SIGALRM, give_up)
    signal.alarm(300)
    return int(pytest.main(["-x", "-q", "-p", "no:cacheprovider", *words]))

with multiprocessing.get_context("fork").Pool(maxtasksperchild=1) as pool:
    print(*pool.imap(run, json.load(sys.stdin)))
"""


class Outcome(NamedTuple):
    code: int
    output: str


class Suite(NamedTuple):
    tree: Tree
    environment: Mapping[str, str] = {}


def run_suites(suites: Sequence[Suite], folder: Path, *words: str) -> list[Outcome]:
    """What pytest, given these words, says in the backend of each."""
    backends = [folder / str(n) / "backend" for n in range(len(suites))]
    for suite, backend in zip(suites, backends, strict=True):
        create(suite.tree, backend.parent)
    each = zip(backends, suites, strict=True)
    done = subprocess.run(
        [sys.executable, "-c", EACH],
        input=json.dumps([(str(path), suite.environment, words) for path, suite in each]),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    outputs = [(backend / LOG).read_text("utf-8") for backend in backends]
    return [Outcome(*both) for both in zip(map(int, done.stdout.split()), outputs, strict=True)]
