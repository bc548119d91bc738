"""The modules of an app that the WRONG of a rule imports from."""

import sys

import pytest

from tests.doctor.proving import Anything


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-mine")
    monkeypatch.setenv("OPENAI_AGENTS_DISABLE_TRACING", "1")
    for name in ("app", "app.llm", "app.config", "app.history", "app.assistant", "app.models",
                 "app.database", "app.storage"):  # fmt: skip
        monkeypatch.setitem(sys.modules, name, Anything(name))
