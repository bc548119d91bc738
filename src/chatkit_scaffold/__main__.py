"""The door: `--version` before anything heavy is imported, then the commands."""

import signal
import sys

from chatkit_scaffold import __version__
from chatkit_scaffold.error import USAGE, ScaffoldError

INTERRUPTED = 130


def main() -> None:
    if sys.argv[1:] in (["--version"], ["-V"]):
        print(f"chatkit-scaffold {__version__}")
    else:
        # Being told to end is treated as Ctrl-C: nothing half-written stays behind.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Runs one command line. Whatever goes wrong ends in one message and an exit code."""
    import typer

    from chatkit_scaffold.commands import app

    try:
        code = app(arguments, prog_name="chatkit-scaffold", standalone_mode=False)
    except ScaffoldError as error:
        return fail(error, arguments)
    except (typer.Abort, KeyboardInterrupt):
        code = INTERRUPTED
    except typer.TyperException as error:
        message = error.format_message() if hasattr(error, "format_message") else str(error)
        hint = "`chatkit-scaffold --help` shows every command, and --help after one its flags."
        return fail(ScaffoldError(message, hint, USAGE), arguments)
    if code == INTERRUPTED:  # Typer's answer to Ctrl-C
        return fail(ScaffoldError("Stopped.", exit_code=INTERRUPTED), arguments)
    return code if isinstance(code, int) else 0


def fail(error: ScaffoldError, arguments: list[str]) -> int:
    from chatkit_scaffold.report import document, terminal

    terminal.console(stderr=True).print(terminal.failure(error))
    if "--json" in arguments:
        details = {"message": error.message, "hint": error.hint, "exit_code": error.exit_code}
        document.print_document(arguments[0], ok=False, error=details)
    return error.exit_code


if __name__ == "__main__":
    main()
