import io
from pathlib import Path

import pytest

from chatkit_scaffold.error import USAGE, ScaffoldError
from chatkit_scaffold.scaffold.answers import read_answers, read_pairs

EXPECTED = {"store": "memory", "tools": ["functions"]}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.yml", "store: memory\ntools: [functions]\n"),
        ("a.json", '{"store": "memory", "tools": ["functions"]}'),
        ("a.toml", 'store = "memory"\ntools = ["functions"]\n'),
        ("recorded.yml", 'template: "0.1.0"\nanswers:\n  store: memory\n  tools: [functions]\n'),
    ],
)
def test_formats(tmp_path: Path, name: str, text: str) -> None:
    file = tmp_path / name
    file.write_text(text)
    assert read_answers(str(file)) == EXPECTED


@pytest.mark.parametrize(
    "text",
    ["store: memory\ntools: [functions]", '{"store": "memory", "tools": ["functions"]}',
     'store = "memory"\ntools = ["functions"]'],
)  # fmt: skip
def test_standard_input(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(text))
    assert read_answers("-") == EXPECTED


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.yml", "a: [b"), ("a.json", "{"), ("a.toml", "a ="), ("a.yml", "- list"), ("a.yml", ""),
        ("a.yml", "1: number"),
    ],
)  # fmt: skip
def test_nonsense(tmp_path: Path, name: str, text: str) -> None:
    file = tmp_path / name
    file.write_text(text)
    with pytest.raises(ScaffoldError, match="--answers") as caught:
        read_answers(str(file))
    assert caught.value.exit_code == USAGE


def test_missing_and_binary_files(tmp_path: Path) -> None:
    with pytest.raises(ScaffoldError, match=r"--answers .*No such file"):
        read_answers(str(tmp_path / "none.yml"))
    (tmp_path / "b.yml").write_bytes(b"\xff\xfe")
    with pytest.raises(ScaffoldError, match="not text"):
        read_answers(str(tmp_path / "b.yml"))


def test_pairs() -> None:
    assert read_pairs(["store=memory", "title=a=b"]) == {"store": "memory", "title": "a=b"}
    with pytest.raises(ScaffoldError, match="key=value"):
        read_pairs(["store"])
