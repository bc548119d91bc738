"""What the answers make, rendered by Copier itself and read by what will read it."""

import ast
import json
import re
import subprocess
import sys
import tomllib
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest
import yaml
from hypothesis import given, reject, settings
from hypothesis import strategies as st
from pytest_copie.plugin import Copie

from chatkit_scaffold.error import ScaffoldError
from chatkit_scaffold.scaffold.menu import Menu
from chatkit_scaffold.scaffold.question import Answers
from chatkit_scaffold.scaffold.render import render as render_anew
from chatkit_scaffold.tree import create, read_tree
from tests.combinations import combinations, label
from tests.conftest import TEMPLATE, need
from tests.rendering import render

pytestmark = pytest.mark.matrix
MENU = Menu(TEMPLATE)
MARKERS = ("[[ ", " ]]", "[% ", " %]", "[# ", " #]")


class Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, list[tuple[str, str | None]]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, attrs))


PLAIN_TITLE = "A plain title"


def structure(path: str, text: str, title: str = PLAIN_TITLE) -> object:
    """What a file means to its reader. In the values, and only there, a title may take the place
    of the plain one."""

    def put(value: object) -> object:
        if isinstance(value, str):
            return value.replace(PLAIN_TITLE, title)
        if isinstance(value, dict):
            return {key: put(inner) for key, inner in value.items()}
        return [put(inner) for inner in value] if isinstance(value, list) else value

    match Path(path).suffix:
        case ".py":
            tree = ast.parse(text)
            for node in ast.walk(tree):
                if isinstance(node, ast.Constant):
                    node.value = put(node.value)  # type: ignore[assignment]
            return ast.dump(tree)
        case ".toml":
            return put(tomllib.loads(text))
        case ".yml" | ".yaml":
            return put(list(yaml.safe_load_all(text)))
        case ".json":
            return put(json.loads(text))
        case ".html":
            page = Page()
            page.feed(text)
            return page.tags
    return len(text.splitlines())


@pytest.mark.parametrize("answers", combinations(MENU), ids=label)
def test_what_is_made_can_be_read(answers: Answers) -> None:
    for path, text in render(TEMPLATE, answers).items():
        check_readable(path, text)


@pytest.mark.slow
def test_every_three_choices_make_what_can_be_read(tmp_path: Path) -> None:
    check_all(combinations(MENU, together=3), tmp_path)


def test_every_two_choices_make_what_ruff_has_nothing_against(tmp_path: Path) -> None:
    check_all(combinations(MENU), tmp_path)


@cache
def check_readable(path: str, text: str | bytes) -> None:
    """Most files are the same in most combinations: each text is judged once."""
    assert isinstance(text, str), path
    structure(path, text)
    assert text == "" or (text.endswith("\n") and not text.endswith("\n\n")), path
    assert not any(marker in text for marker in MARKERS), path
    assert "  \n" not in text, path
    if path.startswith("frontend/") and path.count("/") == 1 and path.endswith(".js"):
        check_script(text)


def check_all(every: list[Answers], folder: Path) -> None:
    """With the settings of each project and beside the files that it has."""
    for number, answers in enumerate(every):
        tree = render(TEMPLATE, answers)
        for path, text in tree.items():
            check_readable(path, text)
        create(tree, folder / str(number))
    for words in (["check"], ["format", "--check"]):
        command = [sys.executable, "-m", "ruff", *words, "--no-cache", "--quiet", "."]
        done = subprocess.run(command, cwd=folder, text=True, capture_output=True, check=False)
        assert done.returncode == 0, f"{done.stdout}{done.stderr}"


def check_script(text: str) -> None:
    command = [need("node"), "--check", "--experimental-default-type=module", "-"]
    subprocess.run(command, input=text, text=True, check=True)


def test_what_was_not_chosen_leaves_nothing(menu: Menu) -> None:
    small = {
        "stores": ["memory"],
        "attachments": "none",
        "frontend": "none",
        "tools": [],
        "extras": [],
    }
    tree = render(TEMPLATE, menu.resolve(small))
    assert not [path for path in tree if "frontend" in path or "sqlite" in path]
    assert "app/tools/functions.py" not in str(sorted(tree))
    assert not [path for path in tree if path.startswith((".github", "deploy", "compose"))]
    for path, text in tree.items():
        if path != ".gitignore":
            assert "sqlite" not in str(text).lower(), path
    for trace in [
        "app/file",
        "app/attachment",
        "max_file_size",
        "PUBLIC_URL",
        "disk",
        "ocker",
        "quotas",
        "REDIS",
    ]:
        assert trace not in str(tree), trace


def test_the_app_can_be_read(menu: Menu) -> None:
    """The second bound is that of docs/decisions/0004: raise it with a reason."""
    tree = render(TEMPLATE, menu.resolve({}))
    lines = {path: len(str(text).splitlines()) for path, text in tree.items() if "/app/" in path}
    assert max(lines.values()) <= 150, lines
    assert sum(lines.values()) <= 2_140, lines


@pytest.mark.parametrize("answers", combinations(MENU, 1), ids=label)
def test_each_module_says_why_in_at_most_two_sentences(answers: Answers) -> None:
    for path, text in render(TEMPLATE, answers).items():
        if "/app/" in path and path.endswith(".py") and text:
            said = ast.get_docstring(ast.parse(str(text))) or ""
            sentences = re.findall(r"[.!?](?:\s|$)", re.sub(r"`.*?`", "", said))
            assert 1 <= len(sentences) <= 2, f"{path}: {said}"


def test_copier_and_this_package_render_the_same(copie: Copie, menu: Menu) -> None:
    made = copie.copy().project_dir
    assert made is not None
    assert read_tree(made) == render(TEMPLATE, menu.resolve({}))


def test_rendering_ignores_the_users_own_copier_settings(
    menu: Menu, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = render(TEMPLATE, menu.resolve({}))
    (tmp_path / "settings.yml").write_text("defaults: {title: Mine}\n")
    monkeypatch.setenv("COPIER_SETTINGS_PATH", str(tmp_path / "settings.yml"))
    assert render_anew(TEMPLATE, {"name": "my-chat"}) == plain


TRICKS = [
    '"', "'", '"""', "'''", "\\", '\\"', "{{ 7 * 7 }}", "[[ name ]]", "[% raw %]", "${HOME}",
    "$(id)", "`id`", "</title><script>alert(1)</script>", "<!--", "*/", "//", "#", "%s", "{0}",
    "../x", "/etc/passwd", "con", "class", "null", "~", "- a", "a: b", "&a", "*a", "!!python/x",
    "=1+1", "|", ">", "@", "名前", "😀", "é", "{", "}", "[x](javascript:1)", "---", "\u00a0x",
]  # fmt: skip


PLAIN = render(TEMPLATE, MENU.resolve({"title": PLAIN_TITLE}))


@settings(max_examples=60, deadline=None)
@given(
    st.one_of(
        st.sampled_from(TRICKS),
        st.lists(st.sampled_from(TRICKS), min_size=2, max_size=5).map("".join),
        st.text(min_size=1, max_size=80),
    )
)
def test_no_title_becomes_code(title: str) -> None:
    try:
        answers = MENU.resolve({"title": title})
    except ScaffoldError:
        reject()
    tree = render(TEMPLATE, answers)
    assert tree.keys() == PLAIN.keys()
    for path, text in tree.items():
        assert structure(path, str(text)) == structure(path, str(PLAIN[path]), title), path


def test_a_title_reaches_the_page_and_the_settings(menu: Menu, tmp_path: Path) -> None:
    title = 'A "b" <c> \\ 😀'
    create(render(TEMPLATE, menu.resolve({"title": title})), tmp_path / "x")
    page = (tmp_path / "x/frontend/index.html").read_text("utf-8")
    assert "<title>A &#34;b&#34; &lt;c&gt; \\ 😀</title>" in page
    assert title in str(ast.literal_eval(_line(tmp_path / "x/backend/app/config.py", "app_title")))


def _line(file: Path, name: str) -> str:
    lines = file.read_text("utf-8").splitlines()
    return next(line.partition(" = ")[2] for line in lines if f"{name}:" in line)
