"""A package of the project hides an SDK

A folder `agents` or `chatkit` beside the modules that run is found before the installed package of
that name: "cannot import name 'Agent' from 'agents'". Give it another name, or put it inside a
package of your own, such as `app.agents`.
"""

import ast

from chatkit_scaffold.doctor.rule import ERROR, Finding, Findings, Module, Project, named

SEVERITY = ERROR
WRONG = {
    "requirements.txt": "openai-agents==0.24.0\n",
    "agents/__init__.py": "",
    "agents/travel.py": "from agents import Agent\n\ntravel = Agent(name='Travel')\n",
    "main.py": "from agents.travel import travel\nfrom chatkit.types import ThreadMetadata\n",
}
RIGHT = {
    "requirements.txt": "openai-agents==0.24.0\n",
    "app/__init__.py": "",
    "app/agents/__init__.py": "",
    "app/agents/travel.py": WRONG["agents/travel.py"],
    "app/main.py": "from app.agents.travel import travel\nfrom chatkit.types import Page\n",
}


def check(project: Project) -> Findings:
    for top in ("agents", "chatkit"):
        for package in _packages(project, top):
            folder = package.removesuffix("/__init__.py").removesuffix(".py").rpartition("/")[0]
            for module in project.python.modules:
                for node in module.all(ast.ImportFrom):
                    if _takes(project, node, top) and _starts_at(project, module, folder):
                        message = f"Python finds {package} here, and not the SDK."
                        yield Finding.at(module, node, message)


def _packages(project: Project, top: str) -> list[str]:
    paths = project.files.paths
    found = [p for p in paths if f"/{p}".endswith((f"/{top}/__init__.py", f"/{top}.py"))]
    return [p for p in found if not _above(p).intersection(paths)]


def _above(path: str) -> set[str]:
    folder = path.removesuffix("/__init__.py").rpartition("/")[0]
    return {f"{folder}/__init__.py".lstrip("/")} - {path}


def _takes(project: Project, node: ast.ImportFrom, top: str) -> bool:
    """Whether it wants the SDK: its module, and names that this one has."""
    source = node.module or ""
    if node.level or source.partition(".")[0] != top:
        return False
    return any(alias.name in project.sdk.exports(source) for alias in node.names)


def _starts_at(project: Project, module: Module, folder: str) -> bool:
    """Whether modules below this folder import each other by names that start there."""
    inside = f"{folder}/" if folder else ""
    if not module.path.startswith(inside):
        return False
    tops = {p.removeprefix(inside).partition("/")[0].removesuffix(".py")
            for p in project.files.ending(".py") if p.startswith(inside)}  # fmt: skip
    return any(
        (named(ast.Name(node.module or "")) or [""])[0].partition(".")[0] in tops
        for other in project.python.modules
        if other.path.startswith(inside)
        for node in other.all(ast.ImportFrom)
        if not node.level
        and (node.module or "").partition(".")[0] in tops
        and not any(alias.name in project.sdk.exports(node.module or "") for alias in node.names)
    )
