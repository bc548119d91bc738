"""Run inside a generated backend: clients leave in mid-answer, and what stays behind is counted.

`python leaks.py TIMES ROUNDS` prints JSON: tasks, open files and memory after each round.
"""

import asyncio
import gc
import json
import os
import socket
import sys
from importlib import import_module
from pathlib import Path

import httpx
import uvicorn

MESSAGE = {
    "type": "threads.create",
    "params": {
        "input": {
            "content": [{"type": "input_text", "text": "word " * 200}],
            "attachments": [],
            "inference_options": {},
        }
    },
}


def standing() -> dict[str, int]:
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return {
        "tasks": len(asyncio.all_tasks()),
        "files": len(list(Path("/proc/self/fd").iterdir())),
        "memory": pages * os.sysconf("SC_PAGESIZE"),
    }


async def leave(client: httpx.AsyncClient) -> None:
    async with client.stream("POST", "/chatkit", json=MESSAGE) as response:
        async for line in response.aiter_lines():
            if "text_delta" in line:
                return


async def settled(server: uvicorn.Server, tasks: int) -> None:
    """Waits until every connection is closed and its task has stored the half answer."""
    for _ in range(400):
        gc.collect()
        if not server.server_state.connections and len(asyncio.all_tasks()) <= tasks:
            return
        await asyncio.sleep(0.05)


async def main(times: int, rounds: int) -> None:
    sys.path.insert(0, str(Path.cwd()))
    create_app = import_module("app.main").create_app
    figures = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = uvicorn.Server(uvicorn.Config(create_app(), log_config=None, access_log=False))
        serving = asyncio.create_task(server.serve([listener]))
        while not server.started:
            await asyncio.sleep(0.05)
        quiet = len(asyncio.all_tasks())
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        for _ in range(rounds):
            async with httpx.AsyncClient(base_url=url, timeout=30) as client:
                for _ in range(times):
                    await leave(client)
            await settled(server, quiet)
            figures.append(standing())
        server.should_exit = True
        await serving
    print(json.dumps(figures))


asyncio.run(main(int(sys.argv[1]), int(sys.argv[2])))
