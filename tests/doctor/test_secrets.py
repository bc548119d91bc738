"""The doctor reads keys and compares them; nobody gets to see one from it."""

from pathlib import Path

import pytest

from chatkit_scaffold.__main__ import run
from chatkit_scaffold.doctor.secrets import find_keys, hide, hide_line

KEY = "sk-proj-9fQ2mXw7Lr4TzB8nKc3VdJ6yHs1Gp5Ea"
ENV = "sk-or-v1-0123456789abcdef0123456789abcdef"
SHELL = "sk-of-the-shell-2b7c9d1e3f5a"
WORD = "hunter-2-is-my-word"
FILES = {
    "requirements.txt": f"--index-url https://me:{WORD}@example.com/simple\nchatkit\n",
    ".gitignore": "node_modules/\n",
    ".env": f"OPENAI_API_KEY={ENV}\n",
    "app/main.py": f"""import os

import chatkit
from dotenv import load_dotenv

load_dotenv()
api_key = "{KEY}"
secret = os.getenv("JWT_SECRET", "{WORD}")
""",
}


@pytest.mark.parametrize("form", ["text", "json", "sarif", "github", "junit"])
@pytest.mark.parametrize("level", [[], ["--dry-run"], ["--unsafe-fixes", "--dry-run"]], ids=len)
def test_no_report_and_no_diff_shows_one(
    form: str,
    level: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for path, text in FILES.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OPENAI_API_KEY", SHELL)
    assert run(["doctor", "--format", form, *level]) in (0, 1)
    run(["doctor", "--write-baseline", "known.json"])
    shown = "".join(capsys.readouterr()) + (tmp_path / "known.json").read_text()
    for code in ("CK112", "CK114", "CK603", "CK614"):
        assert code in shown
    for secret in (KEY, ENV, SHELL, WORD):
        assert secret not in shown


def test_words_are_no_keys() -> None:
    assert list(find_keys(f'key = "{KEY}"')) == [(7, 7 + len(KEY))]
    for text in ("sk-your-own-key-goes-right-here", f"sk-{'x' * 40}", "risk-assessment-of-the-1st"):
        assert not list(find_keys(text))


def test_what_is_shown_says_where_and_not_what() -> None:
    assert hide_line(".env", "export A=b # c") == "export A=***"
    assert hide_line("a.py", 'secret: str = "word"') == 'secret: str = "***"'
    assert hide("postgres://me:word@host/db") == "postgres://me:***@host/db"
