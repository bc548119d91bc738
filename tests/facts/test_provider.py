"""Clients, models, retries and tool servers of the Agents SDK."""

import asyncio
import sys
from collections.abc import Iterator
from json import JSONDecodeError
from typing import Any, cast

import pytest
from agents import (
    Agent,
    ModelProvider,
    ModelRetryBackoffSettings,
    ModelRetrySettings,
    ModelSettings,
    MultiProvider,
    OpenAIResponsesModel,
    RunConfig,
    Runner,
    retry_policies,
    set_default_openai_client,
)
from agents.exceptions import UserError
from agents.mcp import MCPServerStreamableHttp
from agents.models import _openai_shared
from agents.tracing.processors import default_exporter
from openai import APIError, AsyncOpenAI, OpenAIError, RateLimitError

from tests.facts.provider import (
    KEY,
    Provider,
    break_off,
    client_of,
    model_of,
    refuse,
    say,
    turn_into_a_page,
)
from tests.facts.server import QUIET

AT_ONCE = ModelRetryBackoffSettings(initial_delay=0, max_delay=0, jitter=False)


def run(
    provider: Provider, retry: ModelRetrySettings | None = None, client_retries: int = 0
) -> str:
    async def stream() -> str:
        agent = Agent(
            "assistant",
            model=model_of(provider, client_retries),
            model_settings=ModelSettings(retry=retry),
        )
        result = Runner.run_streamed(agent, "Hi", run_config=QUIET)
        async for _ in result.stream_events():
            pass
        return str(result.final_output)

    return asyncio.run(stream())


def test_a_client_retries_twice_by_itself() -> None:
    """The clients of the backend have `max_retries=0`, because `RUN_CONFIG` is where it retries."""
    assert AsyncOpenAI(api_key=KEY).max_retries == 2
    provider = Provider([refuse(429), refuse(429), say("Hello.")])
    assert run(provider, client_retries=2) == "Hello."


def test_retries_of_a_run_need_a_policy() -> None:
    """`RUN_CONFIG` of the backend has a policy next to its number, which alone does nothing."""
    provider = Provider([refuse(429), say("Hello.")])
    with pytest.raises(RateLimitError):
        run(provider, ModelRetrySettings(max_retries=2, backoff=AT_ONCE))
    assert len(provider.requests) == 1


def test_retries_of_a_run_happen_with_a_policy() -> None:
    """`RUN_CONFIG` of the backend leaves the repeating to the SDK and has no loop of its own."""
    provider = Provider([refuse(429), say("Hello.")])
    policy = retry_policies.http_status([429])
    settings = ModelRetrySettings(max_retries=2, backoff=AT_ONCE, policy=policy)
    assert run(provider, settings) == "Hello."
    assert len(provider.requests) == 2


def test_nothing_is_retried_after_the_first_token() -> None:
    """`FallbackModel` of the backend keeps the same rule, or half an answer would be said twice."""
    provider = Provider([break_off("Half"), say("Hello.")])
    settings = ModelRetrySettings(max_retries=2, backoff=AT_ONCE, policy=lambda _: True)
    with pytest.raises(APIError) as raised:
        run(provider, settings)
    assert len(provider.requests) == 1
    assert getattr(raised.value, "status_code", None) is None


def test_html_in_a_stream_is_a_json_error_and_no_api_error() -> None:
    """The backend counts JSONDecodeError among the failures of a provider."""
    with pytest.raises(JSONDecodeError):
        run(Provider([turn_into_a_page("Half")]))


def test_before_the_first_word_come_only_announcements() -> None:
    """`FallbackModel` of the backend holds these back, so that a failed start leaves no trace."""

    async def kinds() -> list[str]:
        agent = Agent("assistant", model=model_of(Provider([say("Hello.")])))
        result = Runner.run_streamed(agent, "Hi", run_config=QUIET)
        events = [event async for event in result.stream_events()]
        return [event.data.type for event in events if event.type == "raw_response_event"]

    found = asyncio.run(kinds())
    announced = found[: found.index("response.output_text.delta")]
    assert set(announced) <= {
        "response.created",
        "response.in_progress",
        "response.output_item.added",
        "response.content_part.added",
    }
    assert "response.output_item.added" in announced


@pytest.mark.parametrize(
    ("prefix", "library", "extra"),
    [("litellm", "litellm", "litellm"), ("any-llm", "any_llm", "any-llm")],
)
def test_e17_two_prefixes_are_known_and_name_the_extra_they_miss(
    prefix: str, library: str, extra: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A backend with such a provider depends on `openai-agents[...]`, not on the library."""
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(ImportError, match=rf"openai-agents\[{extra}\]"):
        MultiProvider().get_model(f"{prefix}/some/model")


@pytest.mark.parametrize("name", ["openrouter/some/model", "google/some-model"])
def test_e17_other_prefixes_are_unknown(name: str) -> None:
    """The backend builds a model object with its own client and hands no prefixed name to a run."""
    with pytest.raises(UserError, match="Unknown prefix"):
        MultiProvider().get_model(name)
    lenient = MultiProvider(openai_client=client_of(Provider([])), unknown_prefix_mode="model_id")
    assert cast("OpenAIResponsesModel", lenient.get_model(name)).model == name


def test_e24_a_client_passes_for_a_model_provider() -> None:
    """The backend is type-checked and gives agents a model object: here nothing would complain."""
    client = cast("ModelProvider", AsyncOpenAI(api_key=KEY))
    assert RunConfig(model_provider=client).model_provider is client


@pytest.mark.parametrize("key", [None, ""])
def test_a_client_without_a_key_does_not_start(
    key: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The backend passes a placeholder to providers that want no key."""
    for name in ("OPENAI_API_KEY", "OPENAI_ADMIN_KEY"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(OpenAIError, match="Missing credentials"):
        AsyncOpenAI(base_url="http://localhost:11434/v1", api_key=key)


def test_a_client_of_another_host_takes_the_openai_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """The backend always passes the key of the chosen provider, or OpenAI's would go there."""
    monkeypatch.setenv("OPENAI_API_KEY", "sk-openai")
    assert AsyncOpenAI(base_url="http://elsewhere.example/v1").api_key == "sk-openai"


@pytest.fixture
def own_defaults(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The SDK's defaults live in its modules; the next test gets them as they were."""
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    monkeypatch.setattr(_openai_shared, "_default_openai_client", None)
    exporter: Any = default_exporter()
    before = exporter._api_key
    exporter._api_key = None
    yield
    exporter._api_key = before


@pytest.mark.usefixtures("own_defaults")
@pytest.mark.parametrize(("options", "key"), [({}, KEY), ({"use_for_tracing": False}, None)])
def test_a_default_client_lends_its_key_to_tracing(
    options: dict[str, bool], key: str | None
) -> None:
    """The backend sets no default client: another provider's key would be sent to OpenAI."""
    set_default_openai_client(client_of(Provider([])), **options)
    assert default_exporter().api_key == key


def test_a_tool_server_must_be_connected_before_use() -> None:
    """A backend with tool servers connects them as it starts, before anybody asks something."""
    server = MCPServerStreamableHttp(params={"url": "http://localhost:9/mcp"})
    with pytest.raises(UserError, match="connect"):
        asyncio.run(server.list_tools())
