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
from app.models import Conversation


class Rows(Store):
    async def load_thread(self, thread_id, context):
        row = await context.session.get(Conversation, thread_id)
        if row is None:
            row = Conversation(id=thread_id, user_id=context.user_id)
            context.session.add(row)
            await context.session.commit()
        return row.as_thread()
""",
        f"""{STORE}
class Memory(Store):
    async def load_thread(self, thread_id, context):
        return self.threads.get(thread_id) or self.restored(thread_id)

    def restored(self, thread_id):
        made = datetime.utcnow().isoformat()
        self.threads[thread_id] = ThreadMetadata(id=thread_id, created_at=made)
        return self.threads[thread_id]
""",
        f"""{STORE}
class Rows(Store):
    async def load_thread(self, thread_id, context):
        row = await context.database.row("SELECT data FROM threads WHERE id = $1", thread_id)
        if row is None:
            await context.database.run("INSERT INTO threads (id) VALUES ($1)", thread_id)
        return row
""",  # noqa: S608 (a text to be read)
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
        await self.keep(thread_id, item, context)

    async def keep(self, thread_id, item, context):
        self.items[thread_id, item.id] = item
""",
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
""",
    ],
    "CK221": [
        f"""{STORE}
class Rows(Store):
    async def load_item(self, thread_id, item_id, context):
        return self.item(await context.database.item(thread_id, item_id))

    def item(self, row):
        return UserMessageItem(**row.data)
""",
        f"""{STORE}
class Rows(Store):
    async def load_item(self, thread_id, item_id, context):
        row = await context.database.item(thread_id, item_id)
        return ThreadItem(id=row.id, role=row.role, content=[row.text])
""",
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
class Server(ChatKitServer):
    async def respond(self, thread, item, context):
        try:
            yield await self.answer(thread)
        except RuntimeError as error:
            async for event in self.say(thread, f"It failed: {{error}}", context):
                yield event

    async def say(self, thread, text, context):
        content = [AssistantMessageContent(text=text)]
        item = AssistantMessageItem(
            id="a", thread_id=thread.id, created_at=context.now, content=content
        )
        yield ThreadItemDoneEvent(item=item)
""",
        f"""{SERVER}
async def guarded(events):
    try:
        async for event in events:
            yield event
    except Exception as error:
        text = str(error)
        yield ErrorEvent(code="custom", message=text)
""",
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
from agents import AsyncOpenAI, OpenAIChatCompletionsModel
from app.config import key

client = AsyncOpenAI(api_key=key, base_url="https://generativelanguage.googleapis.com/v1beta/openai/")
model = OpenAIChatCompletionsModel("gemini-3-flash", client)
""",
        """
from agents import OpenAIProvider
from app.config import key

provider = OpenAIProvider(api_key=key, base_url="https://api.anthropic.com/v1/")
""",
    ],
    "CK605": [
        f"""{SERVER}{ENDPOINT}

def user_of(request):
    sent = json.loads(request.raw)
    more = sent.get("metadata") or {{}}
    return more.get("shop_account_id")
""",
        f'''{SERVER}{ENDPOINT}

def user_of(request):
    """A jwt would be better."""
    return request.headers.get("x-user-id")
''',
    ],
    "CK606": [
        f"""{SERVER}{ENDPOINT}

def user_of(request):
    user_id = "anonymous"
    return user_id
""",
        """
import httpx

URL = "https://api.openai.com/v1/chatkit/sessions"


async def session(workflow, headers):
    async with httpx.AsyncClient() as http:
        asked = {"workflow": {"id": workflow}, "user": "the-website"}
        return await http.post(URL, headers=headers, json=asked)
""",
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
        f"""{SERVER}{ENDPOINT}

@app.middleware("http")
async def log_all(request: Request, call_next):
    headers_dict = dict(request.headers)
    print(f"asked with {{headers_dict}}")
    return await call_next(request)
""",
        f"""{SERVER}
from chatkit.agents import ThreadItemConverter


class Converter(ThreadItemConverter):
    async def user_message_to_input(self, item, *rest):
        for part in item.content:
            print("read:", part.text[:50])
        return await super().user_message_to_input(item, *rest)
""",
        f"""{SERVER}
class Server(ChatKitServer):
    async def respond(self, thread, item, context):
        user_text = item.content[0].text if item else ""
        logger.info(f"Asked: {{user_text[:100]}}")
        yield await self.answer(thread)
""",
    ],
    "CK206": [
        f"""{STORE}
def page(rows, start, limit):
    window = rows[start : start + limit + 1]
    more = len(window) > limit
    return Page(data=window[:limit], has_more=more, after=window[limit].id if more else None)
""",
    ],
    "CK227": [
        f"""{STORE}
from sqlalchemy.orm import Session


class Rows(Store):
    @property
    def database(self) -> Session:
        return self.sessions()

    async def delete_thread(self, thread_id, context):
        self.database.query(context.threads).filter_by(id=thread_id).delete()
""",
        f"""{STORE}
from collections.abc import Callable
from sqlmodel import Session


class Rows(Store):
    def __init__(self, sessions: Callable[[], Session]):
        self.sessions = sessions

    async def delete_thread(self, thread_id, context):
        self.sessions().delete(context.thread(thread_id))
""",
        f"""{STORE}
from supabase import Client


class Rows(Store):
    def __init__(self, client: Client | None = None):
        self.client = client

    async def delete_thread(self, thread_id, context):
        self.client.table("threads").delete().eq("id", thread_id).execute()
""",
    ],
    "CK310": [
        f"""{SERVER}{ENDPOINT}

@app.post("/chatkit/upload/{{name}}")
async def upload(name: str, request: Request):
    try:
        await keep(name, await request.body())
    except Exception as error:
        text = str(error)
        raise HTTPException(500, detail=f"Upload failed: {{text}}")
""",
        f"""{SERVER}{ENDPOINT.replace("Request)", "Request, server=Depends(server_of))")}

def server_of():
    try:
        return Server(None)
    except Exception as error:
        raise HTTPException(503, detail=f"No server: {{error}}") from error
""",
    ],
    "CK314": [
        f"""{SERVER}
def is_tool(item):
    return isinstance(item, ClientToolCallItem)


class Server(ChatKitServer):
    async def respond(self, thread, item, context):
        if not is_tool(item):
            yield await self.answer(thread)
""",
    ],
    "CK322": [
        f"""{SERVER}
class Server(ChatKitServer):
    async def respond(self, thread, item, context):
        try:
            yield await self.answer(thread)
        except RuntimeError as error:
            async for event in self.say(thread, f"It failed: {{error}}", context):
                yield event

    async def say(self, thread, text, context):
        content = [AssistantMessageContent(text=text)]
        item = AssistantMessageItem(
            id="a", thread_id=thread.id, created_at=context.now, content=content
        )
        yield ThreadItemDoneEvent(item=item)
""",
        f"""{SERVER}
def missing(thread, now):
    return AssistantMessageItem(
        id="a",
        thread_id=thread.id,
        created_at=now,
        content=[AssistantMessageContent(text="\u274c Error: no deck was chosen")],
    )
""",
    ],
    "CK323": [
        f"""{SERVER}
class Server(ChatKitServer):
    async def action(self, thread, action, context, *args, **kwargs):
        yield await self.answer(thread)
""",
    ],
    "CK329": [
        f"""{SERVER}
from chatkit import types


class Server(ChatKitServer):
    async def action(self, thread, action, sender, context):
        said = types.UserMessageItem(id=context.new_id(), thread_id=thread.id, content=[])
        try:
            async with context.lock:
                await self.store.add_thread_item(thread.id, said, context)
        except OSError:
            pass
        if action.type == "loud":
            yield types.ThreadItemDoneEvent(item=said)
"""
    ],
    "CK402": [
        """
from agents import LitellmModel
from chatkit.agents import stream_agent_response

model = LitellmModel("gemini/gemini-3-flash")


async def events(agent_context, result, new_id):
    ids = {}
    async for event in stream_agent_response(agent_context, result):
        if hasattr(event, "item"):
            if event.item.id not in ids:
                ids[event.item.id] = new_id()
            event.item.id = ids[event.item.id]
        if getattr(event, "item_id", None) in ids:
            event.item_id = ids[event.item_id]
        yield event
""",
    ],
    "CK406": [
        f"""{SERVER}
from agents import Runner
from app.assistant import agent, facts


class Server(ChatKitServer):
    async def respond(self, thread, item, context):
        words = ""
        for part in item.content if item else []:
            words = part.text
        if not words:
            page = await self.store.load_thread_items(thread.id, None, 1, "desc", context)
            words = " ".join(part.text for part in page.data[0].content)
        yield Runner.run_streamed(agent, input=f"{{facts()}} The user asks: {{words}}")
""",
        f"""{SERVER}
class Server(ChatKitServer):
    async def respond(self, thread, item, context):
        page = await self.store.load_thread_items(thread.id, None, 30, "desc", context)
        question = text_of(item) if item else ""
        if not question:
            for other in page.data:
                question = text_of(other)
        messages = [{{"role": "user", "content": question}}] if question else []
        yield await client.responses.create(model="gpt-5", input=[*messages])


def text_of(item):
    return item.content[0].text
""",
    ],
    "CK603": [
        """
import os

import chatkit

token = os.getenv("SHOP_ACCESS_TOKEN", "c81a5e932bdf40ef6438cd87705fa754ea124b9c")
""",
    ],
    "CK220": [
        f"""{STORE}
from app.models import Message


class Rows(Store):
    async def add_thread_item(self, thread_id, item, context):
        role = "assistant" if item.type == "assistant_message" else "user"
        text = item.content[0].text if hasattr(item, "content") else ""
        context.session.add(Message(thread=thread_id, role=role, text=text))
        await context.session.commit()
""",
    ],
}
ELSEWHERE: dict[str, Tree] = {
    "CK504": {
        "web/tsconfig.app.json": '{"compilerOptions": {"verbatimModuleSyntax": true}}',
        "web/src/prompts.ts": 'import { StartScreenPrompt } from "@openai/chatkit-react";\n'
        "export const prompts: StartScreenPrompt[] = [];\n",
    },
    "CK605": {
        "api/session.ts": """export default async function handler(req, res) {
  const body = req.body || {};
  const userId = body.userId;
  return fetch("https://api.openai.com/v1/chatkit/sessions", {
    method: "POST",
    body: JSON.stringify({ workflow: { id: process.env.WORKFLOW }, user: userId || "web" }),
  });
}
"""
    },
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
    diagnosis = examine(from_tree(tree), list(RULES.values()))
    assert [rule for rule in diagnosis.unchecked if "failed" in rule.reason] == []
    return {finding.code for finding in diagnosis.findings}


@pytest.mark.parametrize(("code", "tree"), CASES, ids=[code for code, _ in CASES])
def test_it_is_found(code: str, tree: Tree) -> None:
    assert code in found(tree)


RESPONSES = "from fastapi.responses import JSONResponse, Response, StreamingResponse\n"
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
SHOP = """import { useChatKit } from "@openai/chatkit-react";
export const useShop = (api) =>
  useChatKit({ api, composer: { attachments: { enabled: true } }, onClientTool: () => ({}) });
"""
PLAIN = """import { useChatKit } from "@openai/chatkit-react";
export const usePlain = (api) => useChatKit({ api });
"""
TWO_APPS: Tree = {  # what one page offers is no matter of the other's backend
    "shop/web/chat.ts": SHOP,
    "shop/api/server.py": f"""{SERVER}
from chatkit.agents import ClientToolCall


class Server(ChatKitServer):
    async def respond(self, thread, item, context):
        yield ClientToolCall(name="cart", arguments={{}})
""",
    "help/web/chat.ts": PLAIN,
    "help/api/store.py": f"""{STORE}
from chatkit.agents import simple_to_agent_input


class Rows(Store):
    async def save_attachment(self, attachment, context):
        raise NotImplementedError


async def given(items):
    return await simple_to_agent_input(items)
""",
}
FINE: list[tuple[str, Tree]] = [
    *((code, TWO_APPS) for code in ("CK217", "CK411", "CK523")),
    (
        "CK306",
        {
            "app/code.py": SERVER
            + RESPONSES
            + ENDPOINT.replace(
                "\n    return StreamingResponse(result)\n",
                FALLBACK.replace("JSONResponse(result)", "Response(content=result)").replace(
                    "content=result.json, ", "\n        content=result.json,\n        "
                ),
            )
        },
    ),
    (
        "CK314",
        {
            "app/code.py": f"""{SERVER}

def matches(*pair):
    return isinstance(*pair)


class Server(ChatKitServer):
    async def respond(self, thread, item, context):
        if matches(item, context.kind):
            yield await context.answer(item)
"""
        },
    ),
    (
        "CK316",
        {
            "app/code.py": f"""{SERVER}
from chatkit.types import ThreadItemAddedEvent


class Server(ChatKitServer):
    async def respond(self, thread, item, context):
        answer = await context.answer(item)
        yield ThreadItemAddedEvent(item=answer)
        await self.store.add_thread_item(thread.id, answer, context)
"""
        },
    ),
    (
        "CK318",
        {
            "app/code.py": "from chatkit.widgets import Borders, Box\n"
            'box = Box(children=[], border=Borders(left={"size": 5}))\n'
        },
    ),
    (
        "CK322",  # a guardrail that speaks up is no failure
        {
            "app/code.py": f"""{SERVER}
from agents import InputGuardrailTripwireTriggered


async def guarded(events, thread, now):
    try:
        async for event in events:
            yield event
    except InputGuardrailTripwireTriggered:
        content = [AssistantMessageContent(text="I only know about trains.")]
        yield ThreadItemDoneEvent(
            item=AssistantMessageItem(
                id="a", thread_id=thread.id, created_at=now, content=content
            )
        )
"""
        },
    ),
    (
        "CK402",  # forgotten when the message is done, so the next one gets its own
        {
            "app/code.py": """
from agents import LitellmModel
from chatkit.agents import stream_agent_response

model = LitellmModel("gemini/gemini-3-flash")


async def events(agent_context, result, new_id):
    ids = {}
    async for event in stream_agent_response(agent_context, result):
        old = event.item.id if hasattr(event, "item") else getattr(event, "item_id", "")
        if old not in ids:
            ids[old] = new_id()
        if hasattr(event, "item"):
            event.item.id = ids[old]
        else:
            event.item_id = ids[old]
        if event.type == "thread.item.done":
            ids.pop(old)
        yield event
"""
        },
    ),
    (
        "CK406",  # what was said is kept in a state of its own, or in growing text
        {
            "app/code.py": f"""{SERVER}
from agents import Runner
from app.assistant import agent, state_of


class Server(ChatKitServer):
    async def respond(self, thread, item, context):
        state = state_of(thread.id)
        state.append({{"role": "user", "content": item.content[0].text}})
        yield Runner.run_streamed(agent, state)


class Other(ChatKitServer):
    async def respond(self, thread, item, context):
        page = await self.store.load_thread_items(thread.id, None, 30, "desc", context)
        said = ""
        for other in reversed(page.data):
            said += other.content[0].text
        yield Runner.run_streamed(agent, f"{{said}} {{item.content[0].text}}")
"""
        },
    ),
    (
        "CK429",  # a converter that nobody asks
        {
            "app/code.py": f"""{SERVER}
from agents import LitellmModel, Runner
from chatkit.agents import ThreadItemConverter
from app.assistant import agent, history

model = LitellmModel("gemini/gemini-3-flash")


class Server(ChatKitServer):
    def __init__(self, store):
        self.converter = ThreadItemConverter()

    async def respond(self, thread, item, context):
        yield Runner.run_streamed(agent, await history(thread))
"""
        },
    ),
    (
        "CK306",
        {
            "app/code.py": SERVER
            + RESPONSES
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
    (
        "CK504",
        {
            "web/tsconfig.json": '{"compilerOptions": {"verbatimModuleSyntax": true}}',
            "web/src/prompts.ts": "import { type ChatKitOptions, useChatKit } "
            'from "@openai/chatkit-react";\n'
            'import type { StartScreenPrompt } from "@openai/chatkit";\n'
            "export const prompts: StartScreenPrompt[] = useChatKit(api as ChatKitOptions);\n",
        },
    ),
    ("CK519", {"src/Chat.tsx": PAGE}),
]


@pytest.mark.parametrize(("code", "tree"), FINE, ids=[code for code, _ in FINE])
def test_it_is_none(code: str, tree: Tree) -> None:
    assert code not in found(tree)
