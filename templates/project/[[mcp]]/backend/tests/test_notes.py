"""The app's own MCP server, as the app starts it and talks to it."""

import pytest

from app.config import Settings
from app.main import create_app
from tests.conftest import Client, answer_of, call, say, thread_of


@pytest.fixture
def settings(settings: Settings) -> Settings:
    servers = Settings.model_fields["mcp_servers"].default
    return settings.model_copy(update={"mcp_servers": servers})


def test_notes_are_kept_found_and_removed(visitor: Client) -> None:
    client = visitor()
    assert "Kept as note 1" in answer_of(say(client, "Add a note: 'Miso likes fish'"))
    events = say(client, "Find notes with 'FISH'")
    assert "Miso likes fish" in answer_of(events)
    thread = thread_of(events)
    items = call(client, "items.list", thread_id=thread, order="asc")["data"]
    (workflow,) = [item["workflow"] for item in items if item["type"] == "workflow"]
    assert workflow["tasks"][0]["title"] == "Notes: find notes"
    assert workflow["tasks"][0]["status_indicator"] == "complete"
    assert "It is gone" in answer_of(say(client, "Remove note 1", thread))
    assert "no such notes" in answer_of(say(client, "Find notes with 'fish'", thread))


def test_notes_are_those_of_the_one_who_asks(visitor: Client) -> None:
    owner, stranger = visitor(), visitor()
    say(owner, "Add a note: 'my secret'")
    assert "secret" not in answer_of(say(stranger, "Find notes with ''"))
    assert "no such note" in answer_of(say(stranger, "Remove note 1"))
    assert "secret" in answer_of(say(owner, "Find notes with 'secret'"))


def test_health_tells_of_the_servers(visitor: Client) -> None:
    assert visitor().get("/health").json()["mcp"] == {"notes": "ok"}


@pytest.mark.parametrize(
    ("entry", "words"),
    [({}, "Give a url or a command"), ({"url": "x", "keys": "sk-secret"}, "n.keys")],
)
def test_a_wrong_setting_stops_the_start_and_is_named(
    settings: Settings, entry: dict[str, object], words: str
) -> None:
    wrong = settings.model_copy(update={"mcp_servers": {"n": entry}})
    with pytest.raises(SystemExit, match="MCP_SERVERS") as caught:
        create_app(wrong)
    assert words in str(caught.value)
    assert "secret" not in str(caught.value)
