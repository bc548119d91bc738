"""`doctor --watch`: the same examination after every change, until Ctrl-C."""

from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from chatkit_scaffold.doctor.watch import state, wait
from chatkit_scaffold.error import ScaffoldError
from chatkit_scaffold.report import terminal


def watch(look: Callable[[], int], root: Path, places: list[Path]) -> NoReturn:
    seen = state(root, places)
    look()  # what is wrong with the command line ends it; what a change breaks may be mended
    console = terminal.console()
    while True:
        seen = wait(root, places, seen)
        console.rule(style="dim")
        try:
            look()
        except ScaffoldError as error:
            console.print(terminal.failure(error))
