"""The wires to MCP servers, and who is asking on them."""

import sys
from collections.abc import Generator
from contextvars import ContextVar

import httpx2
from agents.mcp import MCPServerSse, MCPServerStdio, MCPServerStreamableHttp

from app.config import BACKEND, Settings
from app.tools.mcp_settings import ServerSettings

CONNECT = 15.0  # seconds, also to list the tools: a command takes a while to start

asking: ContextVar[str] = ContextVar("asking")


class UserHeader(httpx2.Auth):
    """All users share one session, but the SDK sends each request in the context of its caller."""

    def __init__(self, name: str) -> None:
        self._name = name

    def auth_flow(self, request: httpx2.Request) -> Generator[httpx2.Request, httpx2.Response]:
        if user := asking.get(""):
            request.headers[self._name] = user
        yield request


def build_server(
    wanted: ServerSettings, settings: Settings
) -> MCPServerStdio | MCPServerSse | MCPServerStreamableHttp:
    if wanted.command:
        command, *arguments = wanted.command
        return MCPServerStdio(
            {
                "command": command or sys.executable,
                "args": arguments,
                "env": {"DATA_DIR": str(settings.data_dir), **wanted.environment},
                "cwd": BACKEND,
            },
            client_session_timeout_seconds=wanted.timeout,
        )
    kind = MCPServerSse if wanted.transport == "sse" else MCPServerStreamableHttp
    return kind(
        {
            "url": wanted.url,
            "headers": wanted.headers,
            "timeout": CONNECT,
            "sse_read_timeout": wanted.timeout,
            "auth": UserHeader(wanted.user) if wanted.user else None,
        },
        client_session_timeout_seconds=wanted.timeout,
    )
