"""What looks like a mistake and is none."""

import pytest

from chatkit_scaffold.doctor.diagnosis import Diagnosis, examine
from chatkit_scaffold.doctor.project import from_tree
from tests.doctor.test_rules import RULES

MEMORY_STORE = """
from collections import defaultdict

from chatkit.store import NotFoundError, Store
from chatkit.types import Page


class MemoryStore(Store[dict]):
    def __init__(self):
        self.threads = {}
        self.items = defaultdict(list)

    async def load_thread(self, thread_id, context):
        if thread_id not in self.threads:
            raise NotFoundError(f"Thread {thread_id} not found")
        return self.threads[thread_id]

    async def save_thread(self, thread, context):
        self.threads[thread.id] = thread

    async def load_threads(self, limit, after, order, context):
        return self._page(list(self.threads.values()), after, limit, order, lambda t: t.created_at)

    async def load_thread_items(self, thread_id, after, limit, order, context):
        return self._page(self.items[thread_id], after, limit, order, lambda i: i.created_at)

    async def add_thread_item(self, thread_id, item, context):
        self.items[thread_id].append(item)

    async def save_item(self, thread_id, item, context):
        items = self.items[thread_id]
        for index, existing in enumerate(items):
            if existing.id == item.id:
                items[index] = item
                return
        items.append(item)

    async def load_item(self, thread_id, item_id, context):
        for item in self.items[thread_id]:
            if item.id == item_id:
                return item
        raise NotFoundError(f"Item {item_id} not found in thread {thread_id}")

    async def delete_thread(self, thread_id, context):
        self.threads.pop(thread_id, None)
        self.items.pop(thread_id, None)

    async def delete_thread_item(self, thread_id, item_id, context):
        self.items[thread_id] = [i for i in self.items[thread_id] if i.id != item_id]

    def _page(self, rows, after, limit, order, key):
        rows = sorted(rows, key=key, reverse=order == "desc")
        start = 0
        if after:
            for index, row in enumerate(rows):
                if row.id == after:
                    start = index + 1
                    break
        data = rows[start : start + limit]
        more = start + limit < len(rows)
        return Page(data=data, has_more=more, after=data[-1].id if more and data else None)

    async def save_attachment(self, attachment, context):
        raise NotImplementedError

    async def load_attachment(self, attachment_id, context):
        raise NotImplementedError

    async def delete_attachment(self, attachment_id, context):
        raise NotImplementedError
"""
SERVER = """
from agents import Agent, Runner
from chatkit.agents import AgentContext, simple_to_agent_input, stream_agent_response
from chatkit.server import ChatKitServer, StreamingResult
from fastapi import FastAPI, Request, Response
from fastapi.responses import StreamingResponse
from store import MemoryStore

assistant = Agent[AgentContext](model="gpt-4.1-mini", name="Guide", instructions="Be kind.")
RECENT = 30


class GuideServer(ChatKitServer[dict]):
    async def respond(self, thread, item, context):
        page = await self.store.load_thread_items(
            thread.id, after=None, limit=RECENT, order="desc", context=context
        )
        agent_input = await simple_to_agent_input(list(reversed(page.data)))
        agent_context = AgentContext(thread=thread, store=self.store, request_context=context)
        result = Runner.run_streamed(assistant, agent_input, context=agent_context)
        async for event in stream_agent_response(agent_context, result):
            yield event


app = FastAPI()
server = GuideServer(MemoryStore())


@app.post("/chatkit")
async def endpoint(request: Request) -> Response:
    result = await server.process(await request.body(), {"request": request})
    if isinstance(result, StreamingResult):
        return StreamingResponse(result, media_type="text/event-stream")
    return Response(content=result.json, media_type="application/json")
"""


def look(*files: str) -> Diagnosis:
    diagnosis = examine(from_tree({f"f{n}.py": f for n, f in enumerate(files)}), [*RULES.values()])
    assert not diagnosis.crashed, diagnosis.unchecked
    return diagnosis


def test_the_way_of_the_official_samples_is_no_error() -> None:
    tree = {"backend/store.py": MEMORY_STORE, "backend/server.py": SERVER}
    diagnosis = examine(from_tree(tree), [*RULES.values()])
    found = {f.code: f.severity for f in diagnosis.findings}
    assert found == {"CK214": "info", "CK218": "warning", "CK307": "info"}


@pytest.mark.parametrize(
    "code",
    [
        # another framework with names of the same sound
        """
from langchain_openai import ChatOpenAI
from my_bridge import simple_to_agent_input, stream_agent_response
from chatkit.server import ChatKitServer


class Server(ChatKitServer):
    async def respond(self, thread, _input, _context):
        items = simple_to_agent_input(_input)
        async for event in stream_agent_response(ChatOpenAI(model="gpt-5"), items):
            yield event
""",
        # the conversation is kept by OpenAI, or by a session
        """
from agents import Agent, Runner, SQLiteSession
from chatkit.agents import AgentContext, simple_to_agent_input, stream_agent_response
from chatkit.server import ChatKitServer

agent = Agent(name="a")


class Server(ChatKitServer):
    async def respond(self, thread, item, context):
        agent_context = AgentContext(thread=thread, store=self.store, request_context=context)
        items = await simple_to_agent_input(item)
        result = Runner.run_streamed(
            agent, items, context=agent_context, session=SQLiteSession(thread.id)
        )
        async for event in stream_agent_response(agent_context, result):
            yield event
""",
        # oldest first, and all of it
        """
from chatkit.agents import simple_to_agent_input


async def history(store, thread, context):
    items, after = [], None
    while True:
        page = await store.load_thread_items(thread.id, after, 100, "asc", context)
        items += page.data
        if not page.has_more:
            return await simple_to_agent_input(items)
        after = page.after
""",
        # the first message alone, for a title
        """
from chatkit.agents import simple_to_agent_input


async def title(store, thread, context):
    page = await store.load_thread_items(thread.id, None, 1, "asc", context)
    return await simple_to_agent_input(page.data)
""",
        # times as the SDK itself makes them
        """
from datetime import datetime

from chatkit.types import HiddenContextItem


def note(id, thread_id):
    now = datetime.now()
    return HiddenContextItem(id=id, thread_id=thread_id, created_at=now, content="x")
""",
        # a store for one user, made for each request
        """
from chatkit.store import NotFoundError, Store


class UserStore(Store):
    def __init__(self, database, user_id):
        self.user_id = user_id

    async def load_thread(self, thread_id, context):
        return await self.database.thread(self.user_id, thread_id)

    async def save_thread(self, thread, context):
        await self.database.save(self.user_id, thread)

    async def load_item(self, thread_id, item_id, context):
        return await self.database.item(self.user_id, thread_id, item_id)

    async def delete_thread(self, thread_id, context):
        await self.database.delete(self.user_id, thread_id)
""",
        # Responses models give real ids, and OpenAI's own addresses are no other provider
        """
from agents import Agent, OpenAIResponsesModel, Runner
from chatkit.agents import AgentContext, stream_agent_response
from openai import AsyncOpenAI

client = AsyncOpenAI(base_url="https://eu.api.openai.com/v1")
agent = Agent(name="a", model=OpenAIResponsesModel("gpt-5", client))


async def turn(agent_context: AgentContext, items):
    result = Runner.run_streamed(agent, items, context=agent_context)
    async for event in stream_agent_response(agent_context, result):
        yield event
""",
        # what is inherited is there
        """
from chatkit.store import Store
from vendor.stores import Complete


class Mine(Complete, Store):
    pass


store = Mine()
""",
        # somebody else's process, page and store
        """
import chatkit
from paging import Page
from kv import Store


class Cache(Store):
    async def load_threads(self, limit):
        return [Page(next_cursor=1)]


async def work(pool, job):
    return await pool.process(await job.json(), {})
""",
    ],
    ids=range(9),
)
def test_nothing_is_wrong_here(code: str) -> None:
    assert [f"{f.code} {f.line} {f.message}" for f in look(code).findings] == []
