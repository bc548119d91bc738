"""Who may import whom, as docs/architecture.md draws it."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT

SOURCE = ROOT / "src" / "chatkit_scaffold"
MODULES = sorted(SOURCE.rglob("*.py"))
MAY_IMPORT = {
    "__init__": set(),
    "error": set(),
    "tree": {"error"},
    "swap": {"error", "tree"},
    "scaffold": {"__init__", "error", "tree", "swap", "scaffold"},
    "doctor": {"error", "doctor"},
    "report": {"error", "tree", "scaffold", "doctor", "report"},
    "commands": {"error", "tree", "swap", "scaffold", "doctor", "report", "commands"},
    "__main__": {"__init__", "error", "report", "commands"},
}
ONLY_IN = {
    "copier": {"scaffold/render.py"},
    "typer": {"__main__.py", "commands"},
    "questionary": {"commands/prompt.py"},
    "rich": {"report"},
    "tomlkit": {"scaffold/formats/toml.py"},
    "subprocess": {"scaffold/toolchain.py", "scaffold/transfer.py"},
    "tree_sitter": {
        "doctor/script.py",
        "doctor/declarations.py",
        "doctor/expressions.py",
        "doctor/jsx.py",
        "doctor/schema.py",
        "doctor/setup.py",
    },
}


def imports(module: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(module.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative imports hide where a thing lives"
            assert node.module is not None
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def name(module: Path) -> str:
    return module.relative_to(SOURCE).as_posix()


@pytest.mark.parametrize("module", MODULES, ids=name)
def test_imports_go_one_way(module: Path) -> None:
    room = module.relative_to(SOURCE).parts[0].removesuffix(".py")
    for imported in imports(module):
        package, _, rest = imported.partition(".")
        if package == "chatkit_scaffold":
            target = rest.split(".")[0]
            assert ("__init__" if target == "__version__" else target) in MAY_IMPORT[room], imported
        for owner in ONLY_IN.get(package, ()):
            if name(module).startswith(tuple(ONLY_IN[package])):
                break
            pytest.fail(f"{package} belongs to {owner}")


@pytest.mark.parametrize("module", MODULES, ids=name)
def test_modules_are_small(module: Path) -> None:
    limit = 80 if name(module).startswith("doctor/rules/") else 150
    assert len(module.read_text("utf-8").splitlines()) <= limit


@pytest.mark.parametrize("module", MODULES, ids=name)
def test_a_rule_imports_rule_alone(module: Path) -> None:
    if name(module).startswith("doctor/rules/ck"):
        ours = {i.rpartition(".")[0] for i in imports(module) if i.startswith("chatkit_scaffold")}
        assert ours == {"chatkit_scaffold.doctor.rule"}


@pytest.mark.parametrize("module", MODULES, ids=name)
def test_only_the_report_prints(module: Path) -> None:
    calls = (n for n in ast.walk(ast.parse(module.read_text("utf-8"))) if isinstance(n, ast.Call))
    prints = any(isinstance(call.func, ast.Name) and call.func.id == "print" for call in calls)
    # __main__ prints the version before it imports anything.
    assert not prints or name(module).startswith(("report/", "__main__"))
