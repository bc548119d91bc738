"""What MCP_SERVERS may say about each server."""

import sys
from typing import Literal

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError, model_validator

from app.config import Settings


class ServerSettings(BaseModel):
    """Reached at a url or started with a command."""

    model_config = ConfigDict(extra="forbid")

    url: str = ""
    transport: Literal["http", "sse"] = "http"
    headers: dict[str, str] = {}
    command: list[str] = []
    environment: dict[str, str] = {}  # of the command, which gets none of the app's own
    user: str = ""  # the header, or with a command the key of _meta, that says who is asking
    tools: list[str] | None = None  # the only ones the assistant may use; none given: all
    timeout: float = 30  # seconds for one call

    @model_validator(mode="after")
    def reached_in_one_way(self) -> "ServerSettings":
        if bool(self.url) == bool(self.command):
            raise ValueError("Give a url or a command.")
        return self


SERVERS = TypeAdapter(dict[str, ServerSettings])


def read_servers(settings: Settings) -> dict[str, ServerSettings]:
    try:
        return SERVERS.validate_python(settings.mcp_servers)
    except ValidationError as error:
        # Not the values: they hold keys.
        first = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(map(str, first["loc"]))
        sys.exit(f"MCP_SERVERS cannot be used: {where}: {first['msg']}")
