"""add-store, remove-store, add-tools, remove-tools and set, as they are typed."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from chatkit_scaffold.__main__ import run
from chatkit_scaffold.scaffold import revision
from chatkit_scaffold.scaffold.template import choice_names
from chatkit_scaffold.tree import Tree, create, read_tree
from tests.conftest import TEMPLATE
from tests.rendering import made, render
from tests.terminal import INTERRUPT, Terminal

Out = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def cached(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(revision, "render", render)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = tmp_path / "mein Prøject"
    create(made(name="mine"), root)
    monkeypatch.chdir(root / "backend/app")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    return root


def document(out: Out) -> dict[str, object]:
    found: dict[str, object] = json.loads(out.readouterr().out)
    return found


@pytest.mark.parametrize(
    ("line", "answers"),
    [
        ("add-store memory", {"stores": ["sqlite", "memory"]}),
        ("add-store memory --default", {"stores": ["memory", "sqlite"]}),
        ("remove-tools functions", {"tools": []}),
        ("set frontend=none title=Other", {"frontend": "none", "title": "Other"}),
        ("set store=memory,sqlite", {"stores": ["memory", "sqlite"]}),
        ("set extras=none", {"extras": []}),
        ("set extra=docker,observability", {"extras": ["docker", "observability"]}),
        ("set tools=none attachments=disk", {"tools": [], "attachments": "disk"}),
        ("add-tools entities approval", {"tools": ["functions", "entities", "approval"]}),
    ],
)
def test_the_result_is_what_new_would_have_made_and_there_is_a_way_back(
    project: Path, line: str, answers: dict[str, object], capsys: Out
) -> None:
    before = read_tree(project)
    assert run(line.split()) == 0
    assert read_tree(project) == made(name="mine", **answers)
    assert "✓" in capsys.readouterr().out
    assert run(line.split()) == (1 if line.startswith("remove") else 0)
    assert read_tree(project) == made(name="mine", **answers)
    back = made(name="mine")[".chatkit-scaffold.yml"]
    pairs = [f"{pair}" for pair in recorded_pairs(str(back))]
    assert run(["set", *pairs]) == 0
    assert read_tree(project) == before


TOOLS = choice_names(TEMPLATE, "tools")


@pytest.mark.slow
@pytest.mark.parametrize("names", [*([name] for name in TOOLS), TOOLS], ids="+".join)
def test_every_tool_can_be_taken_away_again(project: Path, names: list[str]) -> None:
    assert run(["set", "provider=openai", "tools=none"]) == 0
    before = read_tree(project)
    assert run(["add-tools", *names]) == 0
    assert read_tree(project) == made(name="mine", provider="openai", tools=names) != before
    for name in names:
        assert run(["remove-tools", name]) == 0
    assert read_tree(project) == before


TRACES = {
    "docker": ["Docker", "docker", "compose.yaml", "nginx.conf", "backup"],
    "ci": [".github", "pip-audit"],
    "limits": ["quotas", "counters", "redis", "REDIS", "PER_MINUTE"],
    "observability": ["telemetry", "rometheus", "METRICS", "OTEL", "dashboard"],
    "kubernetes": ["ubernetes", "kubectl"],
}


@pytest.mark.parametrize("name", choice_names(TEMPLATE, "extras"))
def test_an_extra_is_all_there_or_leaves_no_trace(project: Path, name: str) -> None:
    def traces() -> list[bool]:
        text = "".join(f"{path}\n{content!s}" for path, content in read_tree(project).items())
        return [trace in text for trace in TRACES[name]]

    assert run(["set", "extras=none", "store=postgres"]) == 0
    before = read_tree(project)
    assert not any(traces())
    extras = ["docker", name] if name == "kubernetes" else [name]
    assert run(["set", f"extras={','.join(extras)}"]) == 0
    assert read_tree(project) == made(name="mine", stores=["postgres"], extras=extras)
    assert all(traces())
    assert run(["set", "extras=none"]) == 0
    assert read_tree(project) == before


def recorded_pairs(record: str) -> list[str]:
    import yaml

    answers = yaml.safe_load(record)["answers"]
    return [
        f"{k}={','.join(v) or 'none' if isinstance(v, list) else v}" for k, v in answers.items()
    ]


def test_nothing_to_do_is_said_and_done(project: Path, capsys: Out) -> None:
    before = {path: path.stat().st_mtime_ns for path in project.rglob("*")}
    for line in ("add-store sqlite", "add-tools functions", "set provider=demo", "update"):
        assert run(line.split()) == 0
        assert "Nothing to do" in capsys.readouterr().out
    assert {path: path.stat().st_mtime_ns for path in project.rglob("*")} == before


@pytest.mark.parametrize(
    ("line", "code", "words"),
    [
        ("add-store mysql", 2, ["stores 'mysql' cannot", "It takes sqlite or"]),
        ("remove-store sqlite", 2, ["At least one"]),
        ("remove-store memory", 1, ["memory", "It has: sqlite"]),
        ("remove-tools mcp", 1, ["mcp", "functions"]),
        ("set provider=opnai", 2, ["provider", "openai"]),
        ("set provider", 2, ["'provider'", "key=value"]),
        ("set provder=openai", 2, ["Did you mean 'provider'?"]),
        ("set fallback=demo", 2, ["fallback"]),
        ("add-store", 2, ["NAME..."]),
        ("add-store memory --project /nowhere", 1, ["/nowhere", "--project PATH"]),
        ("update --to 9.9.9", 2, ["--to 9.9.9", "0.1.0"]),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_changed(
    project: Path, line: str, code: int, words: list[str], capsys: Out
) -> None:
    before = read_tree(project)
    assert run(line.split()) == code
    error = capsys.readouterr().err
    assert all(word in error for word in words), error
    assert read_tree(project) == before


@pytest.mark.parametrize(
    ("record", "words"),
    [
        (None, ["no .chatkit-scaffold.yml"]),
        ("a: [", ["broken", "line 1"]),
        ("just words", ["`template` and `answers`"]),
        ("template: 0.1.0\nanswers: []", ["`template` and `answers`"]),
        ('template: "7.0.0"\nanswers: {name: mine}', ["7.0.0", "newer chatkit-scaffold"]),
        (
            'template: "0.1.0"\nanswers: {name: mine, stores: [mysql]}',
            ["mysql", ".chatkit-scaffold"],
        ),
        ('template: "0.1.0"\nanswers: {nam: mine}', ["'nam'", "'name'"]),
        (b"\xff\xfe", ["cannot be read"]),
    ],
)
def test_a_record_that_is_no_good_is_told_of(
    project: Path, record: str | bytes | None, words: list[str], capsys: Out
) -> None:
    file = project / ".chatkit-scaffold.yml"
    file.unlink()
    if record is not None:
        file.write_bytes(record.encode() if isinstance(record, str) else record)
    before = read_tree(project)
    for line in ("add-store memory", "status", "update --check", "set provider=openai"):
        code = run(line.split())
        error = capsys.readouterr().err
        if line == "update --check" and code == 0:  # it looks at the version alone
            assert 'template: "0.1.0"' in str(record)
            continue
        assert code in {1, 2}
        assert all(word in error for word in words), error
    assert read_tree(project) == before


def test_json_tells_each_file(project: Path, capsys: Out) -> None:
    (project / "backend/app/stores/__init__.py").write_text("# all mine\n")
    (project / "backend/.env.example").unlink()
    for extra in (["--dry-run"], []):
        before = read_tree(project)
        assert run(["add-store", "memory", "--json", *extra]) == 3
        found = document(capsys)
        assert found["ok"] is False
        assert found["command"] == "add-store"
        assert (read_tree(project) == before) == bool(extra)
        files = {file["path"]: file for file in found["files"]}  # type: ignore[attr-defined]
        assert {path: file["action"] for path, file in files.items()}.items() >= {
            ".chatkit-scaffold.yml": "update",
            "backend/.env.example": "keep",
            "backend/app/stores/__init__.py": "conflict",
            "backend/app/stores/memory.py": "create",
        }.items()
        assert files["backend/app/stores/__init__.py"]["conflicts"] == 1
        assert "you deleted it" in files["backend/.env.example"]["reason"]


def test_a_conflict_is_told_until_it_is_resolved(project: Path, capsys: Out) -> None:
    file = project / "backend/app/stores/__init__.py"
    file.write_text(
        file.read_text("utf-8").replace("import sqlite", "import sqlite  # mine"), "utf-8"
    )
    assert run(["add-store", "memory"]) == 3
    out = capsys.readouterr().out
    assert "1 with conflicts" in out
    assert "✓" not in out
    assert "choose at each <<<<<<< in backend/app/stores/__init__.py" in out
    text = file.read_text("utf-8")
    assert "<<<<<<< yours\nfrom app.stores import sqlite  # mine\n=======\n" in text
    assert ">>>>>>> chatkit-scaffold add-store memory\n" in text
    for line in ("add-store memory", "update", "set provider=openai --dry-run"):
        assert run(line.split()) == 3
        assert "Conflicts are left in backend/app/stores/__init__.py" in capsys.readouterr().err
    assert run(["status", "--json"]) == 0
    assert {"path": "backend/app/stores/__init__.py", "state": "conflict"} in document(capsys)[
        "files"
    ]  # type: ignore[operator]
    file.write_text(
        str(made(name="mine", stores=["sqlite", "memory"])[file.relative_to(project).as_posix()])
    )
    assert run(["add-store", "memory"]) == 0
    assert not list(project.rglob("*.rej"))


def test_a_dry_run_shows_tree_and_differences_and_writes_nothing(
    project: Path, capsys: Out
) -> None:
    before = read_tree(project)
    assert run(["set", "frontend=none", "attachments=disk", "--dry-run"]) == 0
    out = capsys.readouterr().out
    for words in ["+ files.py", "- index.html", "~ config.py", "nothing is written"]:
        assert words in out
    assert "--- a/backend/app/config.py\n+++ b/backend/app/config.py\n@@" in out
    assert "+    max_file_size: int = 10_000_000\n" in out
    assert "--- a/frontend/index.html\n+++ /dev/null\n" in out
    assert read_tree(project) == before


def test_the_env_file_and_locks_are_never_touched(project: Path, capsys: Out) -> None:
    for path in ("backend/.env", "backend/uv.lock"):
        (project / path).write_text("DATABASE_URL=x\n")
    (project / "backend/.venv").mkdir()
    assert run(["set", "auth=anonymous", "provider=openai", "title=New"]) == 0
    out = capsys.readouterr().out
    assert "backend/.env is yours: compare it with backend/.env.example" in out
    assert "cd backend && uv lock" in out
    for path in ("backend/.env", "backend/uv.lock"):
        assert (project / path).read_text() == "DATABASE_URL=x\n"


def git(root: Path, *words: str) -> None:
    who = ["-c", "user.name=A", "-c", "user.email=a@example.com"]
    subprocess.run(["git", "-C", str(root), *who, *words], check=True, capture_output=True)


def test_uncommitted_files_are_refused_unless_allowed(project: Path, capsys: Out) -> None:
    git(project, "init")
    for dirty in ("untracked", "changed"):
        assert run(["add-store", "memory"]) == 1
        assert "--allow-dirty" in capsys.readouterr().err, dirty
        git(project, "add", "--all")
        git(project, "commit", "-m", "x")
        (project / "README.md").write_text("# Mine\n")
    assert read_tree(project / "backend") == read_tree_of(made(name="mine"), "backend/")
    assert run(["add-store", "memory", "--dry-run"]) == 0
    assert run(["add-store", "memory", "--allow-dirty"]) == 0
    git(project, "add", "--all")
    git(project, "commit", "-m", "x")
    assert run(["remove-store", "memory"]) == 0


def read_tree_of(tree: Tree, folder: str) -> Tree:
    return {p.removeprefix(folder): text for p, text in tree.items() if p.startswith(folder)}


def test_another_projects_files_in_the_same_repository_do_not_count(
    project: Path, tmp_path: Path
) -> None:
    git(tmp_path, "init")
    git(tmp_path, "add", "--all")
    git(tmp_path, "commit", "-m", "x")
    (tmp_path / "elsewhere.txt").touch()
    assert run(["add-store", "memory"]) == 0


def test_no_git_on_the_machine(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (project / "README.md").write_text("# Mine\n")
    monkeypatch.setenv("PATH", str(project))
    assert shutil.which("git") is None
    assert run(["add-store", "memory"]) == 0
    assert (project / "backend/app/stores/memory.py").exists()
    assert (project / "README.md").read_text() == "# Mine\n"


def test_a_transfer_needs_the_project_installed_and_is_refused_before_anything(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: Out
) -> None:
    monkeypatch.setenv("PATH", str(project))  # without uv
    before = read_tree(project)
    assert run(["add-store", "postgres", "--transfer"]) == 1
    assert "Run `make test` in it once" in capsys.readouterr().err
    assert read_tree(project) == before


def test_any_folder_of_the_project_will_do(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Out
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["status"]) == 1
    assert "not in a project" in capsys.readouterr().err
    assert run(["status", "--project", "mein Prøject"]) == 0
    assert run(["add-store", "memory", "--project", str(project)]) == 0


def test_names_are_completed(project: Path, monkeypatch: pytest.MonkeyPatch, capsys: Out) -> None:
    from chatkit_scaffold.commands.answers import complete

    assert "provider=openai" in complete("provider=o")
    assert complete("front") == ["frontend="]
    assert "frontend=none" in complete("frontend=n")


@pytest.mark.parametrize(
    ("key", "code", "changed"), [("y", 0, True), ("n", 1, False), (INTERRUPT, 130, False)]
)
def test_on_a_terminal_it_shows_and_asks(project: Path, key: str, code: int, changed: bool) -> None:
    terminal = Terminal(["add-store", "memory"], project, width=100, height=40)
    terminal.press(("Change mein Prøject?", key))
    assert "+ memory.py" in terminal.text
    assert "~ .env.example" in terminal.text
    assert terminal.finish() == code
    assert (project / "backend/app/stores/memory.py").exists() == changed
