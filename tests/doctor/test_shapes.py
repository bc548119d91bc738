"""The same mistakes in other shapes, as public backends have them."""

import pytest

from chatkit_scaffold.doctor.diagnosis import examine
from chatkit_scaffold.doctor.project import from_tree
from chatkit_scaffold.doctor.rule import Tree
from tests.doctor.test_rules import RULES

STORE = (
    "from datetime import datetime\nfrom chatkit.store import Store\nfrom chatkit.types import *\n"
)
SERVER = (
    "from chatkit.server import ChatKitServer, StreamingResult\n"
    "from chatkit.types import *\nfrom fastapi import *\nfrom fastapi.responses import *\n"
)
ENDPOINT = """
app = FastAPI()


@app.post("/chatkit")
async def chatkit(request: Request):
    result = await Server(None).process(await request.body(), {"user": user_of(request)})
    return StreamingResponse(result)


class Server(ChatKitServer): ...
"""
SHAPES: dict[str, list[str]] = {
    "CK208": [
        f"""{STORE}
class Memory(Store):
    async def load_threads(self, limit, after, order, context):
        rows = self.rows[context.user_id] if order == "asc" else []
        return Page(data=rows[-limit:], has_more=False)
"""
    ],
    "CK210": [
        f"""{STORE}
class Rows(Store):
    async def load_threads(self, limit, after, order, context):
        sign = ">" if order == "asc" else "<"
        clause = f"WHERE id {{sign}} ${{limit + 1}}" if after else ""
        return await context.database.page(clause, limit)
"""
    ],
    "CK212": [
        f"""{STORE}
class Rows(Store):
    async def load_thread(self, thread_id, context):
        row = await context.database.row("SELECT data FROM threads WHERE id = $1", thread_id)
        if row is None:
            await context.database.run("INSERT INTO threads (id) VALUES ($1)", thread_id)
        return row
"""  # noqa: S608 (a text to be read)
    ],
    "CK218": [
        f"""{STORE}
class Memory(Store):
    async def load_thread(self, thread_id, context):
        return self.threads[thread_id]

    async def save_thread(self, thread, context):
        self.threads[thread.id] = thread

    async def delete_thread(self, thread_id, context):
        del self.threads[thread_id]

    async def add_thread_item(self, thread_id, item, context):
        name = self.generate_item_id("message", self.threads[thread_id], context)
        self.items[thread_id, name] = item
"""
    ],
    "CK221": [
        f"""{STORE}
class Rows(Store):
    async def load_item(self, thread_id, item_id, context):
        row = await context.database.item(thread_id, item_id)
        return ThreadItem(id=row.id, role=row.role, content=[row.text])
"""
    ],
    "CK223": [
        f"""{STORE}
def thread(row):
    return ThreadMetadata(id=row.id, created_at=row.made if row.made else datetime.utcnow())
""",
        f"""{STORE}
def thread(row):
    now = datetime.utcnow()
    return ThreadMetadata(id=row.id, created_at=now.isoformat())
""",
    ],
    "CK313": [
        f"""{SERVER}
class Base(ChatKitServer):
    async def respond(self, thread, item, context):
        async for event in self.turn(thread, item, context):
            yield event


class Server(Base):
    async def turn(self, thread, message, context):
        if message is None:
            return
        yield await self.answer(thread)
""",
        f"""{SERVER}
def is_tool(item):
    return isinstance(item, ClientToolCallItem)


class Server(ChatKitServer):
    async def respond(self, thread, item, context):
        newest = item or await self.newest(thread)
        if is_tool(newest):
            return
        yield await self.answer(thread)
""",
    ],
    "CK321": [
        f"""{SERVER}
async def guarded(events):
    try:
        async for event in events:
            yield event
    except Exception as error:
        text = str(error)
        yield ErrorEvent(code="custom", message=text)
"""
    ],
    "CK407": [
        f"""{SERVER}
async def history(store, thread, context):
    page = await store.load_thread_items(thread.id, None, 250, "asc", context)
    return [{{"role": item.type, "content": str(item)}} for item in page.data]
"""
    ],
    "CK412": [
        """
from agents import OpenAIProvider
from app.config import key

provider = OpenAIProvider(api_key=key, base_url="https://api.anthropic.com/v1/")
"""
    ],
    "CK605": [
        f'''{SERVER}{ENDPOINT}

def user_of(request):
    """A jwt would be better."""
    return request.headers.get("x-user-id")
'''
    ],
    "CK606": [
        f"""{STORE}
class Memory(Store):
    def key(self, context):
        return context.get("session_id") or "default"
""",
        f"""{STORE}
class Memory(Store):
    def key(self, context):
        if context.user_id:
            return context.user_id
        return "default"
""",
    ],
    "CK613": [
        """
import base64
import json

import chatkit


def user_of(token):
    middle = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(middle + "=="))["sub"]
"""
    ],
    "CK616": [
        f"""{SERVER}
class Server(ChatKitServer):
    async def respond(self, thread, item, context):
        user_text = item.content[0].text if item else ""
        logger.info(f"Asked: {{user_text[:100]}}")
        yield await self.answer(thread)
"""
    ],
}
ELSEWHERE: dict[str, Tree] = {
    "CK119": {
        "package.json": '{"engines": {"node": ">=18.18"}, "devDependencies": {"vite": "^7.1.9"}}',
        "src/chat.ts": 'import type { ChatKitOptions } from "@openai/chatkit";\n',
    },
    "CK203": {  # the class is in another package of the same repository
        "core/src/core/store.py": "from chatkit.store import Store\nclass Base(Store): ...\n",
        "core/src/core/__init__.py": "from core.store import Base\n",
        "apps/chat/store.py": "from core import Base\n\n\nclass Mine(Base):\n"
        "    def load_item(self, thread_id, item_id, context):\n"
        "        return context.items[item_id]\n",
    },
}
CASES = [
    *((code, {"app/code.py": text}) for code, texts in SHAPES.items() for text in texts),
    *ELSEWHERE.items(),
]


def found(tree: Tree) -> set[str]:
    return {finding.code for finding in examine(from_tree(tree), list(RULES.values())).findings}


@pytest.mark.parametrize(("code", "tree"), CASES, ids=[code for code, _ in CASES])
def test_it_is_found(code: str, tree: Tree) -> None:
    assert code in found(tree)


FALLBACK = """
    if isinstance(result, StreamingResult):
        return StreamingResponse(result, media_type="text/event-stream")
    if hasattr(result, "json"):
        return Response(content=result.json, media_type="application/json")
    return JSONResponse(result)
"""
PAGE = """import { ChatKit } from "@openai/chatkit-react";
export const Chat = ({ control, box }) => (
  <div className={box}>
    <div className="flex-1 min-h-0"><ChatKit control={control} className="h-full" /></div>
  </div>
);
"""
FINE: list[tuple[str, Tree]] = [
    (
        "CK306",
        {
            "app/code.py": SERVER
            + ENDPOINT.replace("\n    return StreamingResponse(result)\n", FALLBACK)
        },
    ),
    (
        "CK313",  # what respond asks on the way is not the turn
        {
            "app/code.py": f"""{SERVER}
class Server(ChatKitServer):
    async def respond(self, thread, item, context):
        await self.name_thread(thread, item)
        yield await self.answer(thread)

    async def name_thread(self, thread, message):
        if message is None:
            return
        thread.title = str(message)
"""
        },
    ),
    (
        "CK332",
        {
            "app/code.py": f"""{SERVER}
class Server(ChatKitServer):
    async def respond(self, thread, item, context):
        try:
            number = int(thread.title)
        except:
            number = 0
        yield await self.answer(thread, number)
"""
        },
    ),
    (
        "CK429",
        {
            "app/code.py": f"""{SERVER}
from agents import OpenAIChatCompletionsModel, Runner
from chatkit.agents import simple_to_agent_input
from app.llm import agent, client, session_of

model = OpenAIChatCompletionsModel("some-model", client)


class Server(ChatKitServer):
    async def respond(self, thread, item, context):
        given = await simple_to_agent_input(item) if item else []
        yield Runner.run_streamed(agent, given, session=session_of(thread))
"""
        },
    ),
    (
        "CK504",
        {
            "package.json": '{"dependencies": {"@openai/chatkit-react": "^0"}}',
            "src/old.ts": 'import { ChatKitElement } from "@openai/chatkit";\n'
            "export const chat: ChatKitElement = make();\n",
        },
    ),
    ("CK519", {"src/Chat.tsx": PAGE}),
]


@pytest.mark.parametrize(("code", "tree"), FINE, ids=[code for code, _ in FINE])
def test_it_is_none(code: str, tree: Tree) -> None:
    assert code not in found(tree)
