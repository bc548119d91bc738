"""What a script can tell the server to do with a request that it has accepted."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class CallTool:
    """Arguments given as text are sent as they are: a script may want ones that do not parse."""

    name: str
    arguments: Mapping[str, object] | str = field(default_factory=dict)

    @property
    def json(self) -> str:
        return self.arguments if isinstance(self.arguments, str) else json.dumps(self.arguments)


@dataclass(frozen=True)
class CiteUrl:
    """A page that web search found. The whole text is what it is cited for."""

    url: str
    title: str


@dataclass(frozen=True)
class CiteFile:
    """A file that file search found."""

    filename: str


@dataclass(frozen=True)
class Say:
    """Text, with `delay` seconds before each word, and then the calls, all in one answer. What it
    cites was searched for first, by the tools of the Responses API."""

    text: str
    delay: float = 0.0
    calls: tuple[CallTool, ...] = ()
    cites: tuple[CiteUrl | CiteFile, ...] = ()

    @property
    def words(self) -> list[str]:
        """Joined, they are the text again."""
        return re.findall(r"\s*\S+|\s+", self.text)


@dataclass(frozen=True)
class Echo:
    delay: float = 0.0


@dataclass(frozen=True)
class Fail:
    """An answer with an error status. `body` replaces the JSON, as a proxy in between would."""

    status: int
    message: str = "The server had an error while processing your request. Sorry about that!"
    kind: str = ""
    code: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str | None = None


@dataclass(frozen=True)
class Hang:
    """Not even headers."""


@dataclass(frozen=True)
class Stall:
    """Headers and nothing else."""


@dataclass(frozen=True)
class StallAfter:
    words: int
    delay: float = 0.0


@dataclass(frozen=True)
class FailAfter:
    """An error inside an answer that began with status 200."""

    words: int
    message: str = "Provider disconnected"
    code: str = "server_error"
    delay: float = 0.0


@dataclass(frozen=True)
class CutAfter:
    """The socket is closed in the middle of the body."""

    words: int
    delay: float = 0.0


@dataclass(frozen=True)
class Malformed:
    """One event that is not JSON, and then a proper end."""

    words: int = 1
    delay: float = 0.0


Fault = StallAfter | FailAfter | CutAfter | Malformed
Reply = Say | CallTool | Echo | Fail | Hang | Stall | Fault


def compose(reply: Say | CallTool | Echo | Fault, question: str) -> Say:
    match reply:
        case Say():
            return reply
        case CallTool():
            return Say("", calls=(reply,))
        case Echo(delay):
            return Say(f"echo: {question}", delay)
        case StallAfter() | FailAfter() | CutAfter() | Malformed():
            # One word more than will be sent: the fault must strike before the end.
            return Say(" ".join(f"word{n}" for n in range(1, reply.words + 2)), reply.delay)
