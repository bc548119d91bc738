"""What owners do to their projects, file by file, and how to see that it is still there."""

from collections.abc import Callable
from dataclasses import dataclass

from chatkit_scaffold.tree import Tree

README, TESTS = "README.md", "backend/tests/"
APP = "backend/app/"


@dataclass(frozen=True)
class Edit:
    name: str
    make: Callable[[Tree], None]
    survived: Callable[[Tree], bool]


def text(tree: Tree, path: str) -> str:
    content = tree[path]
    assert isinstance(content, str)
    return content


def replaced(path: str, old: str, new: str) -> Edit:
    def make(tree: Tree) -> None:
        assert old in text(tree, path), f"{path} has no {old!r}"
        tree[path] = text(tree, path).replace(old, new)

    return Edit(f"{path}: {old!r}", make, lambda tree: new in text(tree, path))


def added(path: str, content: str) -> Edit:
    return Edit(
        f"{path}, new", lambda tree: tree.update({path: content}), lambda t: t[path] == content
    )


def written_anew(path: str, content: str) -> Edit:
    return Edit(
        f"{path}, anew", lambda tree: tree.update({path: content}), lambda t: t[path] == content
    )


def deleted(path: str) -> Edit:
    return Edit(
        f"{path}, deleted", lambda tree: tree.__delitem__(path), lambda tree: path not in tree
    )


def in_front(path: str, more: str) -> Edit:
    def make(tree: Tree) -> None:
        tree[path] = more + text(tree, path)

    return Edit(f"{path}, in front", make, lambda tree: text(tree, path).startswith(more))


def at_the_end(path: str, more: str) -> Edit:
    def make(tree: Tree) -> None:
        tree[path] = text(tree, path) + more

    return Edit(f"{path}, at the end", make, lambda tree: more in text(tree, path))


def everywhere(name: str, change: Callable[[str], str], still: Callable[[str], bool]) -> Edit:
    def make(tree: Tree) -> None:
        for path in [p for p in tree if not p.endswith(".chatkit-scaffold.yml")]:
            if isinstance(content := tree[path], str) and content:
                tree[path] = change(content)

    def survived(tree: Tree) -> bool:
        mine = (c for p, c in tree.items() if p in (README, APP + "main.py", APP + "server.py"))
        return all(still(str(content)) for content in mine)

    return Edit(name, make, survived)


NEW_TOOL = """

@function_tool
def weather(city: str) -> str:
    \"\"\"The weather in a city.\"\"\"
    return f"Sunny in {city}."
"""
EDITS = [
    replaced(APP + "assistant.py", "Answer briefly and plainly.", "You sell bicycles."),
    replaced(APP + "assistant.py", 'name="Assistant"', 'name="Bike shop"'),
    replaced(APP + "config.py", 'app_title: str = "My chat"', 'app_title: str = "Bikes"'),
    at_the_end(APP + "tools/functions.py", NEW_TOOL),
    replaced(APP + "tools/__init__.py", "    recent_chats,\n", "    recent_chats,\n    weather,\n"),
    added(APP + "tools/weather.py", NEW_TOOL),
    replaced("backend/pyproject.toml", '    "uvicorn', '    "pandas>=2",\n    "uvicorn'),
    replaced("backend/pyproject.toml", "line-length = 100", "line-length = 88"),
    replaced("backend/pyproject.toml", 'version = "0.1.0"', 'version = "1.4.2"'),
    replaced("backend/pyproject.toml", '"httpx>=0.28,<1",\n', '"httpx>=0.28,<1",\n    "respx",\n'),
    replaced("backend/pyproject.toml", "fastapi>=0.165,<1", "fastapi==0.165.0"),
    replaced("Makefile", "--upgrade pip", "--upgrade pip wheel"),
    at_the_end("Makefile", "\ndeploy:\n\t./deploy.sh\n"),
    at_the_end("backend/.env.example", "\n# Ours.\nSHOP_API_KEY=\n"),
    replaced("backend/.env.example", "LLM_BASE_URL=\n", "LLM_BASE_URL=http://gpu:8000/v1\n"),
    written_anew(README, "# The bike shop's chat\n\nSee the wiki.\n"),
    replaced(APP + "health.py", '{"status": "ok"}', '{"status": "ok", "shop": "bikes"}'),
    replaced(APP + "web.py", "MAX_BODY = 1_000_000", "MAX_BODY = 5_000_000"),
    in_front(APP + "server.py", "# Copyright The Bike Shop.\n"),
    deleted(TESTS + "test_chat.py"),
    deleted("AGENTS.md"),
    at_the_end(".gitignore", "*.sqlite\n.idea/\n"),
    replaced(APP + "stores/sqlite.py", "async def", "async  def"),
    everywhere("CRLF", lambda t: t.replace("\n", "\r\n"), lambda t: "\r\n" in t),
    everywhere("no last line end", lambda t: t.rstrip("\r\n"), lambda t: not t.endswith("\n")),
    everywhere("a mark in front", lambda t: "\ufeff" + t, lambda t: t.startswith("\ufeff")),
    replaced(APP + "llm.py", "max_retries=2", "max_retries=5"),
    replaced(APP + "history.py", "    ", "  "),
]  # fmt: skip
