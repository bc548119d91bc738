"""ChatKit backends as people write them by hand, each of another shape. All of them forget."""

from chatkit_scaffold.tree import Tree

MEMORY = '''from collections import defaultdict

from chatkit.store import NotFoundError, Store
from chatkit.types import Page, ThreadMetadata


class MemoryStore(Store):
    """Everything in dictionaries, and for everybody."""

    def __init__(self):
        self.threads = {}
        self.items = defaultdict(list)
        self.files: dict[str, object] = {}

    async def load_thread(self, thread_id, context):
        if thread_id not in self.threads:
            raise NotFoundError(thread_id)
        return self.threads[thread_id]

    async def save_thread(self, thread, context):
        self.threads[thread.id] = ThreadMetadata(**thread.model_dump(exclude={"items"}))

    async def load_threads(self, limit, after, order, context):
        return Page(data=list(self.threads.values()))

    async def delete_thread(self, thread_id, context):
        self.threads.pop(thread_id, None)
        self.items.pop(thread_id, None)

    async def load_thread_items(self, thread_id, after, limit, order, context):
        found = sorted(self.items[thread_id], key=lambda item: item.created_at)
        if order == "desc":
            found.reverse()
        start = next((n + 1 for n, item in enumerate(found) if item.id == after), 0)
        page = found[start : start + limit]
        more = len(found) > start + limit
        return Page(data=page, has_more=more, after=page[-1].id if page else None)

    async def add_thread_item(self, thread_id, item, context):
        await self.save_item(thread_id, item, context)

    async def save_item(self, thread_id, item, context):
        rest = [one for one in self.items[thread_id] if one.id != item.id]
        self.items[thread_id] = [*rest, item]

    async def load_item(self, thread_id, item_id, context):
        for item in self.items[thread_id]:
            if item.id == item_id:
                return item
        raise NotFoundError(item_id)

    async def delete_thread_item(self, thread_id, item_id, context):
        rest = [one for one in self.items[thread_id] if one.id != item_id]
        self.items[thread_id] = rest

    async def save_attachment(self, attachment, context):
        self.files[attachment.id] = attachment

    async def load_attachment(self, attachment_id, context):
        return self.files[attachment_id]

    async def delete_attachment(self, attachment_id, context):
        self.files.pop(attachment_id, None)
'''

RESPOND = """    async def respond(self, thread, input_user_message, context):
        page = await self.store.load_thread_items(thread.id, None, 50, "desc", context)
        said = [part.text for item in page.data[::-1] if item.type == "user_message"
                for part in item.content]
        yield ThreadItemDoneEvent(
            item=AssistantMessageItem(
                id=self.store.generate_item_id("message", thread, context),
                thread_id=thread.id,
                created_at=datetime.now(),
                content=[AssistantMessageContent(text=f"You said {said}")],
            )
        )
"""
IMPORTS = """from datetime import datetime

from chatkit.server import ChatKitServer
from chatkit.types import AssistantMessageContent, AssistantMessageItem, ThreadItemDoneEvent
"""
ANSWER = """    if isinstance(result, StreamingResult):
        headers = {"X-Accel-Buffering": "no"}
        return StreamingResponse(result, media_type="text/event-stream", headers=headers)
    return Response(result.json, media_type="application/json")
"""
WEB = """from chatkit.server import StreamingResult
from fastapi import Depends, FastAPI, Header, HTTPException, Request, Response
from fastapi.responses import StreamingResponse
"""
WHO = '''

def who(authorization: str = Header()) -> str:
    """Stands for the check of a token."""
    if not authorization.startswith("Bearer "):
        raise HTTPException(401)
    return authorization.removeprefix("Bearer ")
'''
PINNED = "openai-chatkit>=1.6.5,<1.7"
PROJECT = f'''[project]
name = "support"
version = "1"
requires-python = ">=3.11"
dependencies = [
    "fastapi",  # the web
    "{PINNED}",
]
'''

FLAT: Tree = {  # modules side by side, a dictionary for a context, requirements.txt
    "requirements.txt": f"fastapi\n{PINNED}\nuvicorn",
    ".env.example": "OPENAI_API_KEY=\n",
    ".gitignore": ".venv/\n",
    "memory.py": MEMORY,
    "main.py": f"""{IMPORTS}{WEB}
from memory import MemoryStore
{WHO}

class Server(ChatKitServer):
{RESPOND}

app = FastAPI()
server = Server(MemoryStore())  # forgets


@app.post("/chatkit")
async def chatkit(request: Request, user: str = Depends(who)):
    context = {{"user_id": user, "ip": request.client.host}}
    result = await server.process(await request.body(), context)
{ANSWER}""",
}
SOURCE: Tree = {  # a package below src, the store made by the server, a dataclass for a context
    "pyproject.toml": PROJECT,
    "src/support/__init__.py": "",
    "src/support/context.py": """from dataclasses import dataclass


@dataclass
class Visit:
    request_id: str
    user_id: str
""",
    "src/support/memory.py": MEMORY,
    "src/support/server.py": f'''"""The server."""

{IMPORTS}
from .context import Visit
from .memory import MemoryStore


class Server(ChatKitServer[Visit]):
    def __init__(self) -> None:
        self.store: MemoryStore = MemoryStore()
        super().__init__(self.store)

{RESPOND}''',
    "src/support/main.py": f"""{WEB}
from .context import Visit
from .server import Server
{WHO}

app = FastAPI()
server = Server()


@app.post("/chatkit")
async def chatkit(request: Request, user: str = Depends(who)):
    visit = Visit(request_id="1", user_id=user)
    result = await server.process(await request.body(), visit)
{ANSWER}""",
}
POETRY: Tree = {  # a store in a module of its own, the signed-in user for a context
    "backend/pyproject.toml": f'''[tool.poetry]
name = "shop"
version = "1"

[tool.poetry.dependencies]
python = "^3.11"
openai-chatkit = "{PINNED.removeprefix("openai-chatkit")}"
fastapi = "*"
''',
    "backend/poetry.lock": "",
    ".gitignore": "node_modules/\n",
    "backend/app/memory.py": MEMORY,
    "backend/app/storage.py": '''"""Where conversations are."""

from app.memory import MemoryStore

chat_store = MemoryStore()
''',
    "backend/app/users.py": f"""{WEB}from pydantic import BaseModel
{WHO}

class User(BaseModel):
    id: str
    name: str = ""


def current_user(token: str = Depends(who)) -> User:
    return User(id=token)
""",
    "backend/app/main.py": f"""{IMPORTS}{WEB}
from app.storage import chat_store
from app.users import User, current_user


class Server(ChatKitServer[User]):
    def __init__(self, store):
        super().__init__(store=store)

{RESPOND}

app = FastAPI()
server = Server(store=chat_store)


@app.post("/chatkit")
async def chatkit(request: Request, user: User = Depends(current_user)):
    result = await server.process(await request.body(), context=user)
{ANSWER}""",
}
DEPENDENCY: Tree = {  # the server from a dependency of FastAPI, a default store, a person within
    "pyproject.toml": PROJECT,
    "chat/__init__.py": "",
    "chat/store.py": MEMORY,
    "chat/stores.py": "# There is such a module already.\n",
    "chat/api.py": f"""{IMPORTS}{WEB}from functools import lru_cache
from typing import Annotated, TypedDict
from dataclasses import dataclass
from chat import store as storage
{WHO}

@dataclass
class Account:
    id: str


class Context(TypedDict):
    account: Account


def account(token: Annotated[str, Depends(who)]) -> Account:
    return Account(token)


class Server(ChatKitServer[Context]):
    def __init__(self, store=None, *, model="demo"):
        super().__init__(store or storage.MemoryStore())
        self.model = model

{RESPOND}

@lru_cache
def get_server() -> Server:
    return Server(model="other")


app = FastAPI()


@app.post("/chatkit")
async def chatkit(
    request: Request,
    account: Annotated[Account, Depends(account)],
    server: Annotated[Server, Depends(get_server)],
):
    context: Context = {{"account": account}}
    result = await server.process(await request.body(), context)
{ANSWER}""",
}
NAMELESS: Tree = {  # a context that names nobody, as in the samples
    **FLAT,
    "main.py": str(FLAT["main.py"])
    .replace('{"user_id": user, "ip": request.client.host}', '{"request": request}')
    .replace(", user: str = Depends(who)", ""),
}
WINDOWS: Tree = {  # CRLF, a byte order mark, no end, a lifespan
    **{path: str(text).replace("\n", "\r\n") for path, text in FLAT.items()},
    "main.py": "\ufeff"
    + str(FLAT["main.py"])
    .replace(
        "app = FastAPI()\nserver = Server(MemoryStore())  # forgets\n",
        """@asynccontextmanager
async def lifespan(app):
    app.state.server = Server(store=MemoryStore(),)  # vergißt
    yield


app = FastAPI(lifespan=lifespan)
""",
    )
    .replace("await server.process", "await app.state.server.process")
    .replace("from datetime", "from contextlib import asynccontextmanager\nfrom datetime", 1)
    .replace("\n", "\r\n")
    .rstrip("\r\n"),
}
SHAPES: dict[str, tuple[Tree, str]] = {
    "flat": (FLAT, "main"),
    "source": (SOURCE, "src:support.main"),
    "poetry": (POETRY, "backend:app.main"),
    "dependency": (DEPENDENCY, "chat.api"),
    "windows": (WINDOWS, "main"),
}
