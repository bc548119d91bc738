"""Who answers: the models and clients a project makes, and where they send what people write."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from chatkit_scaffold.doctor.backend import Backend
from chatkit_scaffold.doctor.call import Call

CHAT_MODELS = ("agents.OpenAIChatCompletionsModel", "agents.LitellmModel", "agents.AnyLLMModel")
CLIENTS = ("openai.AsyncOpenAI", "openai.OpenAI")
OTHER_PREFIXES = ("litellm/", "any-llm/")
OPENAI = "api.openai.com"


@dataclass(frozen=True, eq=False)
class Client:
    call: Call
    url: str

    @property
    def host(self) -> str:
        try:
            return urlsplit(self.url).hostname or ""
        except ValueError:
            return ""

    @property
    def is_foreign(self) -> bool:
        """Whether it surely talks to somebody else than OpenAI."""
        return bool(self.host) and not self.host.endswith("openai.com")


def find_clients(backend: Backend) -> Iterator[Client]:
    for call in backend.calls(*CLIENTS):
        yield Client(call, backend.values.text(call.module, call.argument("base_url")))


def find_models(backend: Backend) -> Iterator[tuple[Call, str]]:
    """Every place that names a model: the call, and the name where it is certain."""
    for call in backend.calls("agents.Agent", "agents.RunConfig", *CHAT_MODELS):
        position = 0 if call.name in CHAT_MODELS else None
        given = call.argument("model", position)
        if given is not None or call.name in CHAT_MODELS:
            yield call, backend.values.text(call.module, given)


def find_chat_models(backend: Backend) -> Iterator[Call]:
    """What makes the Agents SDK speak Chat Completions, and give all messages one id."""
    for call, name in find_models(backend):
        if call.name in CHAT_MODELS or name.startswith(OTHER_PREFIXES):
            yield call
    for call in backend.calls("agents.set_default_openai_api"):
        if backend.values.text(call.module, call.argument("api", 0)) == "chat_completions":
            yield call
    for call in backend.calls("agents.OpenAIProvider", "agents.MultiProvider"):
        flags = (call.argument("use_responses"), call.argument("openai_use_responses"))
        if any(f is not None and backend.values.constant(call.module, f) is False for f in flags):
            yield call
