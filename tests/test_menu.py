import keyword
import re
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

from chatkit_scaffold import __version__
from chatkit_scaffold.error import USAGE, ScaffoldError
from chatkit_scaffold.scaffold.menu import Menu
from chatkit_scaffold.scaffold.question import Answer, Problem, Question
from chatkit_scaffold.scaffold.template import choice_names
from tests.conftest import TEMPLATE

SHARED = {
    "components",
    "nextjs",
    "hosted",
    "signing",
}  # by all frontends of React, by Next.js, by OpenAI's tools, by cookies and files
AXES = {
    "provider": "providers",
    "fallback": "providers",
    "stores": "stores",
    "attachments": "attachments",
    "frontend": "frontends",
    "style": "styles",
    "tools": "tools",
    "auth": "auths",
    "extras": "extras",
}


def test_defaults(menu: Menu) -> None:
    assert menu.resolve({}) == {
        "name": "my-chat",
        "title": "My chat",
        "provider": "demo",
        "fallback": "none",
        "stores": ["sqlite"],
        "attachments": "none",
        "frontend": "cdn",
        "style": "page",
        "tools": ["functions"],
        "auth": "anonymous",
        "extras": ["docker", "ci"],
    }


def test_template_and_package_have_one_version(menu: Menu) -> None:
    assert menu.version == __version__


def test_a_default_may_depend_on_an_answer(menu: Menu) -> None:
    assert menu.resolve({"name": "help-desk"})["title"] == "Help desk"
    assert menu.resolve({}, defaults={"name": "help-desk"})["title"] == "Help desk"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (["functions"], ["functions"]),
        ("functions", ["functions"]),
        ("functions,functions", ["functions"]),
        ("none", []),
        (["none"], []),
        ([], []),
    ],
)
def test_several_choices_come_in_several_forms(
    menu: Menu, given: object, expected: list[str]
) -> None:
    assert menu.resolve({"tools": given})["tools"] == expected


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"stor": "memory"}, ["stor", "store"]),
        ({"zzz": "1"}, ["zzz", "provider"]),
        ({"store": "mysql"}, ["--store", "mysql", "memory", "sqlite"]),
        ({"tools": ["x", "functions"]}, ["--tool", "functions"]),
        ({"provider": 5}, ["--provider", "5"]),
        ({"stores": []}, ["--store", "At least one"]),
        ({"title": ["a"]}, ["--title"]),
    ],
)
def test_a_wrong_answer_is_named(menu: Menu, given: dict[str, object], words: list[str]) -> None:
    with pytest.raises(ScaffoldError) as caught:
        menu.resolve(given)
    assert caught.value.exit_code == USAGE
    for word in words:
        assert word in caught.value.message + caught.value.hint


@pytest.mark.parametrize(
    "name",
    [
        "", "-", "a--b", "a-", "-a", "A", "ä", "a b", "a_b", "a.b", "1a", "../x", "/etc", "x" * 65,
        "a\n",
        "json", "class", "con", "lpt1", "openai", "agents", "chatkit", "{{ x }}", "[[ x ]]", "${x}",
        "a'b", 'a"b', "a\\b", "\U0001f600",
    ],
)  # fmt: skip
def test_names_that_would_break_something_are_refused(menu: Menu, name: str) -> None:
    with pytest.raises(ScaffoldError, match="--name"):
        menu.resolve({"name": name})


@pytest.mark.parametrize(
    "title",
    ["", " ", " x", "x ", "a\nb", "a\rb", "a\tb", "\x00", "\x7f", "a\u2028b", "\u202ex", "x" * 81],
)
def test_titles_are_one_visible_line(menu: Menu, title: str) -> None:
    with pytest.raises(ScaffoldError, match="--title"):
        menu.resolve({"title": title})


@pytest.mark.parametrize(
    "title", ['"', "'", "\\", "{{ 7 * 7 }}", "[[ name ]]", "</title>", "名前 😀"]
)
def test_titles_are_taken_as_they_are(menu: Menu, title: str) -> None:
    assert menu.resolve({"title": title})["title"] == title


def test_reserved_names_cover_python_and_the_projects_dependencies() -> None:
    reserved = set(yaml.safe_load((TEMPLATE / "catalog/reserved.yml").read_text())["reserved"])
    can_be_a_name = re.compile(r"[a-z](-?[a-z0-9])*")
    python = {word.lower() for word in [*keyword.kwlist, *sys.stdlib_module_names]}
    assert {word for word in python if can_be_a_name.fullmatch(word)} <= reserved
    text = (TEMPLATE / "project/backend/pyproject.toml.jinja").read_text()
    plain = "\n".join(line for line in text.splitlines() if not line.startswith(("[%", "    [[")))
    project = tomllib.loads(plain.replace("[[ name | to_json ]]", '"x"').replace(
        "[[ title | to_json(ensure_ascii=false) ]]", '"x"'
    ))  # fmt: skip
    wanted = project["project"]["dependencies"] + project["dependency-groups"]["dev"]
    assert {re.split(r"[\[>]", line)[0] for line in wanted} <= reserved


def test_asking_gets_each_question_with_its_check(menu: Menu) -> None:
    seen: list[str] = []

    def ask(question: Question, problem: Problem) -> Answer:
        seen.append(question.name)
        assert not problem(question.default)
        if question.name == "name":
            assert problem("A B")
        return question.default

    assert menu.resolve({"store": "memory"}, ask)["stores"] == ["memory"]
    assert seen == [
        "name", "title", "provider", "fallback", "attachments", "frontend", "style", "tools",
        "auth", "extras",
    ]  # fmt: skip


def test_menu_catalog_and_overlays_agree(menu: Menu) -> None:
    questions = {q.name: q for q in menu.questions()}
    overlays = {path.name.strip("[]") for path in (TEMPLATE / "project").glob("[[][[]*")}
    styled = {
        name for name in overlays if name.endswith(("_page", "_widget", "_anonymous", "_jwt"))
    }
    overlays -= styled | SHARED
    for name, axis in AXES.items():
        rows = yaml.safe_load((TEMPLATE / f"catalog/{axis}.yml").read_text())[axis]
        assert all(row["label"] and row["help"] for row in rows.values())
        assert choice_names(TEMPLATE, axis) == list(rows)
        values = questions[name].values
        assert set(values) - {"none"} <= set(rows)
        if axis == "providers":  # rows of a table in llm.py, and no files
            continue
        assert values == list(rows)
        if axis == "styles":
            continue
        named = {name.replace("-", "_") for name in set(rows) - {"none"}}
        assert named <= overlays
        overlays -= named
    assert overlays == {"transfer", "docker_nextjs", "kubernetes_nextjs"}, (
        "overlays that nobody can choose"
    )
    frontends = {name.replace("-", "_") for name in questions["frontend"].values} | SHARED
    of_each = ["page", "widget", *questions["auth"].values]
    assert styled <= {f"{name}_{variant}" for name in frontends for variant in of_each}


def test_a_question_that_does_not_apply_is_not_asked(menu: Menu) -> None:
    def ask(question: Question, _: Problem) -> Answer:
        assert question.name != "style"
        return question.default

    assert menu.resolve({"frontend": "none"}, ask)["style"] == "page"
    with pytest.raises(ScaffoldError, match="--style"):
        menu.resolve({"frontend": "none", "style": "widget"})


def test_flags(menu: Menu) -> None:
    flags = [question.flag for question in menu.questions()]
    assert flags == [
        "--name", "--title", "--provider", "--fallback", "--store", "--attachments", "--frontend",
        "--style", "--tool", "--auth", "--extra",
    ]  # fmt: skip


def test_every_page_of_the_catalog_is_read() -> None:
    text = (TEMPLATE / "copier.yml").read_text()
    for page in Path(TEMPLATE / "catalog").glob("*.yml"):
        assert f'"{page.stem}"' in text
