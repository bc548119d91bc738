"""What a project depends on, and where that is written."""

import pytest

from chatkit_scaffold.doctor.project import from_tree


@pytest.mark.parametrize(
    ("path", "text", "written"),
    [
        (
            "requirements.txt",
            "# all\nOpenAI_ChatKit[a, b] >=1.6 ; x\n",
            ("OpenAI_ChatKit", ">=1.6"),
        ),
        ("requirements-dev.in", "openai-chatkit  # why\r\nruff\r\n", ("openai-chatkit", "")),
        (
            "pyproject.toml",
            '[project]\ndependencies = [\n    "openai-chatkit==1.6.5",\n]\n',
            ("openai-chatkit", "==1.6.5"),
        ),
        (
            "pyproject.toml",
            '[tool.poetry.dependencies]\nopenai-chatkit = "^1.6"\n',
            ("openai-chatkit", "^1.6"),
        ),
        (
            "pyproject.toml",
            '[tool.poetry.dependencies]\nopenai-chatkit = {version = "^1.6", extras = ["x"]}\n',
            ("openai-chatkit", "^1.6"),
        ),
        ("package.json", '{"devDependencies": {"openai-chatkit": "^1"}}', ("openai-chatkit", "^1")),
    ],
)
def test_names_and_bounds_have_their_places(path: str, text: str, written: tuple[str, str]) -> None:
    found = next(d for d in from_tree({path: text}).dependencies if d.name == "openai-chatkit")
    assert (text[slice(*found.span)], text[slice(*found.end)]) == written


def test_a_lock_counts_beside_and_below_it() -> None:
    lock = '[[package]]\nname = "openai_chatkit"\nversion = "1.6.5"\n'
    project = from_tree({"backend/uv.lock": lock})
    pins = [("backend/uv.lock", "openai-chatkit", "1.6.5")]
    assert project.locked("backend/pyproject.toml") == pins
    assert project.locked("backend/app/pyproject.toml") == pins
    assert project.locked("other/pyproject.toml") == []
