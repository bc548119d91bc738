from typing import Any

import pytest

from app.check import REQUIRED, find_dangers, main
from app.config import Settings

SAFE: dict[str, Any] = {
    **dict.fromkeys(REQUIRED, "https://chat.example.com"),
    "trusted_hosts": ["chat.example.com"],
    "llm_provider": "openai",
    "llm_base_url": "http://model:8000/v1",  # a name of the network inside
    "database_url": "postgresql://chat:a-long-one@db/chat",
    "allowed_origins": ["https://www.example.com"],
}


def dangers(**changes: object) -> set[str]:
    return {name for name, _ in find_dangers(Settings(**{**SAFE, **changes}))}


def test_a_deployment_with_all_of_its_own_is_safe() -> None:
    assert dangers() == set()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("llm_provider", "demo"),
        ("database_url", "memory://"),
        ("database_url", "postgresql://user:password@localhost/chat"),
        ("allowed_origins", ["https://www.example.com", "http://www.example.com"]),
        ("allowed_origins", ["http://localhost:3000"]),
        ("llm_base_url", "http://api.example.com/v1"),
        *[(name, Settings.model_fields[name].default) for name in REQUIRED],
        *[(name, "your-own") for name in REQUIRED if Settings.model_fields[name].annotation is str],
        *[(name, "domain_pk_localhost_dev") for name in REQUIRED if name.endswith("_key")],
    ],
)
def test_what_is_not_safe_is_named(name: str, value: object) -> None:
    assert dangers(**{name: value}) == {name}


def test_a_log_of_what_people_say_is_not_safe(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_LOG", "debug")
    assert dangers() == {"openai_log"}


def test_the_command_fails_and_says_why(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="to settle"):
        main(settings)
    assert "LLM_PROVIDER is the demo model" in capsys.readouterr().out


@pytest.mark.parametrize("address", ["https://127.0.0.1:9", "chat.example.com", "https://["])
def test_an_address_where_nothing_is_fails_in_words(
    settings: Settings, address: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="1 to settle"):
        main(settings, address)
    assert capsys.readouterr().out.startswith(f"{address} does not answer: ")
