"""An MCP server that can be slow, talkative and fickle: `python mcp_lab.py TRANSPORT [PORT]`."""

import asyncio
import random
import sys

from mcp.server import MCPServer
from mcp.server.mcpserver import Context

lab = MCPServer("lab")


@lab.tool()
async def whoami(context: Context) -> str:
    """Who asks, by the header and by the metadata of this very request."""
    await asyncio.sleep(random.uniform(0, 0.3))  # noqa: S311
    request = context.request_context.request
    header = request.headers.get("X-User-Id", "nobody") if request else "nobody"
    meta = (context.request_context.meta or {}).get("user", "nobody")
    return f"header={header} meta={meta}"


@lab.tool()
async def slow() -> str:
    await asyncio.sleep(20)
    return "at last"


@lab.tool()
def huge() -> str:
    return "x" * 10_000_000


@lab.tool()
def broken() -> str:
    raise RuntimeError("sk-inner-secret")


@lab.tool()
def rename() -> str:
    """The tools get other names while the app knows the old ones."""
    lab.remove_tool("rename")
    lab.add_tool(lambda: "under a new name", name="renamed", description="-")
    return "done"


@lab.tool()
def wipe() -> str:
    """Outside the allow-list."""
    return "wiped"


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["stdio"]:
            lab.run()
        case ["sse", port]:
            lab.run("sse", port=int(port))
        case ["http", port]:
            lab.run("streamable-http", port=int(port))
