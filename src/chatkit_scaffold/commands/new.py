"""`new`: makes a project."""

import shlex
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from chatkit_scaffold.error import USAGE, ScaffoldError
from chatkit_scaffold.scaffold.menu import Menu
from chatkit_scaffold.scaffold.question import Answers, listed
from chatkit_scaffold.scaffold.template import choice_names, find_template

FOLDER = "my-chat"


def _answer(about: str, *names: str, **extra: Any) -> Any:
    return typer.Option(*names, help=about, show_default=False, rich_help_panel="Answers", **extra)


def _choice(axis: str, about: str) -> Any:
    rows = choice_names(find_template(), axis)
    return _answer(f"{about}: {', '.join(rows)}.", autocompletion=lambda: rows)


def new(
    dest: Annotated[
        Path | None, typer.Argument(help="The folder to make.", show_default=False)
    ] = None,
    name: Annotated[str | None, _answer("The project's name; without it, the folder's.")] = None,
    title: Annotated[str | None, _answer("The title people see above the chat.")] = None,
    provider: Annotated[str | None, _choice("providers", "Who answers")] = None,
    fallback: Annotated[str | None, _answer("The provider that takes over, or none.")] = None,
    store: Annotated[list[str] | None, _choice("stores", "Where conversations are kept")] = None,
    attachments: Annotated[str | None, _choice("attachments", "Whether files can be sent")] = None,
    frontend: Annotated[str | None, _choice("frontends", "What shows the chat")] = None,
    style: Annotated[str | None, _choice("styles", "Where the chat is on the page")] = None,
    tool: Annotated[list[str] | None, _choice("tools", "Again for more; none, or")] = None,
    auth: Annotated[str | None, _choice("auths", "How users are told apart")] = None,
    extra: Annotated[list[str] | None, _choice("extras", "Again for more; none, or")] = None,
    pairs: Annotated[
        list[str] | None, _answer("Any answer, by its name.", "--set", metavar="KEY=VALUE")
    ] = None,
    answers: Annotated[
        str | None,
        _answer("Answers in YAML, JSON or TOML; - is standard input.", metavar="FILE"),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Ask nothing, use defaults.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show it; write nothing.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
    git: Annotated[bool, typer.Option(help="Make a repository with a first commit.")] = True,
    install: Annotated[bool, typer.Option(help="Install what the project needs.")] = False,
    start: Annotated[bool, typer.Option("--start", help="Install, then run the app.")] = False,
) -> None:
    """Make a new ChatKit app: a FastAPI backend and a page in front of it."""
    from chatkit_scaffold.report import document, terminal
    from chatkit_scaffold.scaffold import toolchain
    from chatkit_scaffold.scaffold.answers import name_from, read_answers, read_pairs
    from chatkit_scaffold.scaffold.render import render
    from chatkit_scaffold.tree import check_free, create

    template = find_template()
    menu = Menu(template)
    flags = {
        "name": name, "title": title, "provider": provider, "fallback": fallback,
        "stores": store, "attachments": attachments, "frontend": frontend, "style": style,
        "tools": tool, "auth": auth, "extras": extra,
    }  # fmt: skip
    given = {
        **(read_answers(answers) if answers else {}),
        **read_pairs(pairs or []),
        **{key: value for key, value in flags.items() if value is not None},
    }
    console = terminal.console(stderr=json)
    asking = not (yes or json or dry_run) and sys.stdin.isatty() and sys.stdout.isatty()
    folder = dest or _folder(asking=asking, yes=yes)
    root = folder.expanduser().absolute()
    check_free(root)

    defaults = name_from(root, otherwise=FOLDER)
    if asking:
        from chatkit_scaffold.commands.prompt import ask_answers

        chosen = ask_answers(menu, given, defaults)
    else:
        chosen = menu.resolve(given, defaults=defaults)
    with console.status("Rendering"):
        tree = render(template, chosen)
    if asking or (dry_run and not json):
        command = _equivalent(folder, chosen, menu, defaults)
        console.print(terminal.review(str(folder), chosen, tree, command))
    if asking:
        from chatkit_scaffold.commands.prompt import confirm

        if not confirm(f"Make it in {folder}?"):
            raise ScaffoldError("Nothing was made.")

    node = toolchain.check_node(tree, now=(install or start) and not dry_run)
    warnings = [node] if node else []
    steps: list[str] = []
    if not dry_run:
        create(tree, root)
        warnings += filter(None, [toolchain.init_git(root) if git else ""])
        if install or start:
            with console.status("Installing"):
                toolchain.install(root)
        steps = [] if start else toolchain.next_steps(root, installed=install)
    if json:
        document.print_document(
            "new",
            project={"path": str(folder), "template": menu.version, "answers": chosen},
            files=[{"path": path, "action": "create"} for path in sorted(tree)],
            warnings=warnings,
            next_steps=steps,
        )
    elif dry_run:
        console.print(f"{len(tree)} files, none written.")
    else:
        console.print(terminal.done(f"Made {folder}: {len(tree)} files.", steps, warnings))
    if start and not dry_run:
        toolchain.start(root)


def _folder(*, asking: bool, yes: bool) -> Path:
    if asking:
        from chatkit_scaffold.commands.prompt import ask_folder

        return ask_folder(FOLDER)
    if yes:
        return Path(FOLDER)
    raise ScaffoldError(
        "Which folder? Without a terminal nothing is asked, so DEST is needed.",
        f"For example: chatkit-scaffold new {FOLDER} --yes",
        USAGE,
    )


def _equivalent(folder: Path, chosen: Answers, menu: Menu, defaults: Mapping[str, str]) -> str:
    words = ["chatkit-scaffold", "new", str(folder), "--yes"]
    usual = menu.resolve({}, defaults=defaults)
    for question in menu.questions():
        if chosen[question.name] != usual[question.name]:
            for value in listed(chosen[question.name]) or ["none"]:
                words += [question.flag, value]
    return shlex.join(words)
