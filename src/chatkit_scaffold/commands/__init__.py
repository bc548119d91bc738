"""The hall: one module per command. Each parses, calls a wing, reports and gives the exit code."""

import typer

from chatkit_scaffold.commands import (
    answers,
    doctor,
    new,
    schema,
    status,
    stores,
    tools,
    update,
)

# What people type from habit, and what it is called here.
HABITS = {"storage": "store", "tools": "tool", "no-input": "yes", "defaults": "yes"}

app = typer.Typer(
    help="A ChatKit app on your own backend.",
    epilog="Nothing is sent anywhere: no telemetry, no version check.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={
        "help_option_names": ["-h", "--help"],
        "token_normalize_func": lambda word: HABITS.get(word, word),
    },
)


@app.callback()
def options(
    version: bool = typer.Option(False, "--version", "-V", help="Print the version."),
) -> None:
    # Answered in __main__, before anything is imported; here it is only described.
    if version:
        raise typer.BadParameter("--version stands alone.")


app.command()(new.new)
app.command()(schema.schema)
app.command("add-store")(stores.add_store)
app.command("remove-store")(stores.remove_store)
app.command("add-tools")(tools.add_tools)
app.command("remove-tools")(tools.remove_tools)
app.command("set")(answers.set_answers)
app.command()(update.update)
app.command()(status.status)
app.command()(doctor.doctor)
