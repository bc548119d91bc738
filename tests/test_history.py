"""Old versions of the template: packed at a release, rendered as they were ever after."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from chatkit_scaffold.error import ScaffoldError
from chatkit_scaffold.scaffold import history
from chatkit_scaffold.scaffold.history import ARCHIVE, add, open_template, snapshot, versions
from chatkit_scaffold.scaffold.menu import Menu
from chatkit_scaffold.scaffold.render import render
from chatkit_scaffold.tree import read_tree
from releases.archive import GOLDEN, archive, fingerprint, samples
from tests.conftest import TEMPLATE
from tests.versions import alter, two_versions


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a template with a version before it."""
    return two_versions(tmp_path_factory.mktemp("released"))


@pytest.fixture
def installed(released: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(history, "find_template", lambda: released)
    return released


def check_golden(golden: Path) -> Iterator[str]:
    known: dict[str, Any] = json.loads(golden.read_text("utf-8")) if golden.exists() else {}
    for version, rows in known.items():
        with open_template(version) as template:
            for row in rows:
                if fingerprint(render(template, row["answers"])) != row["sha256"]:
                    yield f"{version}: {row['answers']}"


def test_old_versions_are_there_whole(installed: Path) -> None:
    assert versions() == ["0.1.0", "0.2.0"]
    with open_template("0.1.0") as old:
        assert read_tree(old) == snapshot(TEMPLATE)
        assert Menu(old).version == "0.1.0"
    with open_template("0.2.0") as new:
        assert new == installed
    assert not old.exists()


def test_an_unknown_version_is_named_with_those_that_are_known(installed: Path) -> None:
    for version, words in [
        ("0.3.0", "newer chatkit-scaffold"),
        ("0.1.7", "record"),
        ("x", "recor"),
    ]:
        with (
            pytest.raises(ScaffoldError, match=r"0\.1\.0, 0\.2\.0") as failure,
            open_template(version),
        ):
            pass
        assert words in failure.value.hint


def test_a_released_version_cannot_be_altered(released: Path) -> None:
    packed = (released / ARCHIVE).read_bytes()
    assert add(packed, "0.1.0", snapshot(TEMPLATE)) == packed
    with pytest.raises(ScaffoldError, match=r"0\.1\.0 is released"):
        add(packed, "0.1.0", snapshot(released))


def test_the_template_of_today_is_no_released_one_with_changes() -> None:
    file = TEMPLATE / ARCHIVE
    add(file.read_bytes() if file.exists() else None, Menu(TEMPLATE).version, snapshot(TEMPLATE))


def test_a_version_more_costs_little(released: Path) -> None:
    one = add(None, "0.1.0", snapshot(TEMPLATE))
    assert len((released / ARCHIVE).read_bytes()) == len(one)
    assert len(add(one, "0.2.0", snapshot(released))) < len(one) * 1.2


def test_bytes_that_are_no_text_survive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(TEMPLATE, tmp_path / "t")
    (tmp_path / "t" / ARCHIVE).write_bytes(add(None, "0.0.1", {"logo.png": b"\x89PNG\xff"}))
    monkeypatch.setattr(history, "find_template", lambda: tmp_path / "t")
    with open_template("0.0.1") as folder:
        assert (folder / "logo.png").read_bytes() == b"\x89PNG\xff"


def test_the_samples_make_every_choice(menu: Menu) -> None:
    made = [str(answer) for answers in samples(menu) for answer in answers.items()]
    for question in menu.questions():
        for value in question.values:
            assert any(f"'{question.name}'" in one and f"'{value}'" in one for one in made), value


@pytest.mark.matrix
def test_every_released_version_renders_as_it_did() -> None:
    assert list(check_golden(GOLDEN)) == []


@pytest.mark.matrix
def test_a_version_that_renders_otherwise_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    template, golden = tmp_path / "templates", tmp_path / "golden.json"
    shutil.copytree(TEMPLATE, template)
    monkeypatch.setattr(history, "find_template", lambda: template)
    assert archive(template, golden) == Menu(TEMPLATE).version
    alter(template, "0.2.0")
    assert list(check_golden(golden)) == []
    (template / ARCHIVE).write_bytes(add(None, "0.1.0", snapshot(template)))
    assert list(check_golden(golden)) != []
