"""`status`: what a project is made of, and what became of it since."""

from chatkit_scaffold.commands.change import Json, Where


def status(project: Where = None, json: Json = False) -> int:
    """Show a project's answers, what its owner changed, and whether there is an update."""
    from chatkit_scaffold.report import changes, document, terminal
    from chatkit_scaffold.scaffold.project import find_project
    from chatkit_scaffold.scaffold.standing import examine

    console = terminal.console(stderr=json)
    with console.status("Comparing"):
        standing = examine(find_project(project))
    if json:
        document.print_document(
            "status",
            project={
                "path": str(standing.project.root),
                "template": standing.project.version,
                "update": standing.update,
                "answers": standing.answers,
            },
            files=[
                {"path": path, "state": state}
                for path, states in standing.files.items()
                for state in states
            ],
            next_steps=standing.steps,
        )
    else:
        console.print(changes.standing(standing))
    return 0
