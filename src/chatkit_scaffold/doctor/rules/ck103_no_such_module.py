"""A module is imported that does not exist

"No module named 'openai_chatkit'", "No module named 'chatkit.stores'": the app does not start. The
package is installed as openai-chatkit and imported as `chatkit`: its modules are `chatkit.server`,
`chatkit.store`, `chatkit.types`, `chatkit.agents` and a few more.
"""

import ast

from chatkit_scaffold.doctor.rule import (
    ERROR,
    Edit,
    Finding,
    Findings,
    Fix,
    Module,
    Project,
)

SEVERITY = ERROR
INVENTED = ("openai_chatkit", "chatkit_sdk", "openai_agents")
WRONG = {
    "app/models.py": "from openai_chatkit import ThreadMetadata\n",
    "app/other.py": "from chatkit.models import Page\n",
}
RIGHT = {
    "app/models.py": "from chatkit.types import ThreadMetadata\n",
    "app/other.py": "try:\n    import chatkit.models\nexcept ImportError:\n    pass\n",
}


def check(project: Project) -> Findings:
    for module in project.python.modules:
        for node in module.all(ast.ImportFrom):
            source = node.module or ""
            if (
                not node.level
                and _is_missing(project, module, source)
                and not _is_tried(module, node)
            ):
                fix = _fix(project, module, node)
                yield Finding.at(module, node, f"There is no module {source}.", fix)
        for plain in module.all(ast.Import):
            for alias in plain.names:
                if _is_missing(project, module, alias.name) and not _is_tried(module, plain):
                    yield Finding.at(module, plain, f"There is no module {alias.name}.")


def _is_missing(project: Project, module: Module, source: str) -> bool:
    top = source.partition(".")[0]
    known = top in ("chatkit", "agents") and not project.sdk.has(source)
    return (known or top in INVENTED) and not project.hides(top, module.path)


def _is_tried(module: Module, node: ast.AST) -> bool:
    return any(isinstance(above, ast.Try) for above in module.above(node))


def _fix(project: Project, module: Module, node: ast.ImportFrom) -> Fix | None:
    """Its real home, where all of the names have the same."""
    homes = {tuple(project.sdk.homes(alias.name)) for alias in node.names}
    home = homes.pop() if len(homes) == 1 else ()
    if len(home) != 1:
        return None
    start = module.span(node)[0] + len("from ")
    return Fix((Edit(module.path, start, start + len(node.module or ""), home[0]),), safe=True)
