"""What commonly goes wrong with ChatKit backends, done to ours on purpose: a test notices.

The names are those of the facts in tests/facts: e01 to e25, and the ten that decided the design.
What the project's own tests cannot see, the doctor does, which finds nothing in any project that is
made (tests/doctor/test_generated.py). e22 is no mistake: tests/frontends pins it as a fact.
"""

import subprocess
import sys
from pathlib import Path

import pytest

from chatkit_scaffold.tree import Tree, create
from tests.doctor.test_generated import diagnose
from tests.llm.replies import CallTool, Say
from tests.llm.server import llm_server
from tests.rendering import made
from tests.running import body, parse, running, say, thread_id
from tests.suites import Suite, run_suites
from tests.test_agents import ASSISTANT
from tests.test_providers import settings

pytestmark = pytest.mark.matrix

MISTAKES = {
    "e01 every message keeps the placeholder id": (
        "server.py",
        "unique_ids(stream_agent_response(agent_context, result), agent_context)",
        "stream_agent_response(agent_context, result)",
    ),
    "e02 updates keep the placeholder id": (
        "events.py",
        "event.item_id = current",
        "pass",
    ),
    "e03 a tool call takes the id of the message before it": (
        "events.py",
        'context.generate_id("tool_call") if is_call else current',
        "current",
    ),
    "a message moves behind the tool that it called": (
        "events.py",
        "item.created_at = begun.get(item.id, item.created_at)",
        "pass",
    ),
    "what a guardrail took back is kept as half an answer": (
        "events.py",
        "case ThreadItemDoneEvent() | ThreadItemRemovedEvent():",
        "case ThreadItemDoneEvent():",
    ),
    "e04 errors of the model are expected where the run starts": (
        "server.py",
        "raise apology(error) from error",
        "raise",
    ),
    "e05 a page with more to come names no cursor": (
        "stores/chat_store.py",
        "after=data[-1].id if data else None",
        "after=None",
    ),
    "e06 the cursor has a name that the SDK ignores": (
        "stores/chat_store.py",
        "after=data[-1].id if data else None",
        "next_cursor=data[-1].id if data else None",
    ),
    "e07 an error has a code that does not exist": (
        "server.py",
        'raise CustomStreamError("This app has no buttons that answer.")',
        'yield __import__("chatkit.types").types.ErrorEvent(code="no_buttons")',
    ),
    "e08 times come back with a zone": (
        "stores/chat_store.py",
        "item.model_dump_json()",
        'item.model_copy(update={"created_at": item.created_at.astimezone()}).model_dump_json()',
    ),
    "e09 parameters in an order of our own": (
        "stores/chat_store.py",
        "self, thread_id: str, after: str | None, limit: int, order: str, context: User",
        "self, thread_id: str, limit: int, after: str | None, order: str, context: User",
    ),
    "e10 a missing thread is None": (
        "stores/rows.py",
        "        raise NotFoundError\n    return result",
        '        return "null"\n    return result',
    ),
    "e11 a list where a page is meant": (
        "stores/chat_store.py",
        "return Page(data=data, has_more=len(texts) > size, after=data[-1].id if data else None)",
        "return data",
    ),
    "e12 respond is no generator": (
        "server.py",
        "                yield event\n            if nameless",
        "                pass\n            if nameless",
    ),
    "e13 a bare delta is streamed": (
        "server.py",
        "                yield event\n            if nameless",
        '                yield getattr(event, "update", event)\n            if nameless',
    ),
    "e14 process gets a dictionary": (
        "main.py",
        "await read_body(request)",
        "await request.json()",
    ),
    "e15 an action is left to the SDK": ("server.py", "async def action(", "async def other("),
    "e15 feedback is left to the SDK": (
        "server.py",
        "async def add_feedback(",
        "async def other(",
    ),
    "e16 chunks are framed once more": (
        "streaming.py",
        "lambda event: event\n",
        'lambda event: b"data: " + event + b"\\n\\n"\n',
    ),
    "e18 any page may read with credentials": (
        "web.py",
        "allow_origins=settings.allowed_origins",
        'allow_origins=["*"]',
    ),
    "e19 an error leaves without CORS headers": (
        "main.py",
        "            response = problem(error)\n",
        "            raise\n",
    ),
    "fact 1 history in parts that Chat Completions refuse": (
        "history.py",
        "async def assistant_message_to_input(",
        "async def other(",
    ),
    "fact 3 a turn dies with its connection": (
        "streaming.py",
        "events = _pump(result)",
        "events = result.json_events",
    ),
    "fact 4 an unknown thread is made": (
        "stores/chat_store.py",
        'found(await self.get("threads", user_id=context.id, id=thread_id))',
        'await self.get("threads", user_id=context.id, id=thread_id)'
        ' or \'{"id": "\' + thread_id + \'", "created_at": "2026-01-01T00:00:00"}\'',
    ),
    "fact 5 the oldest messages are read": (
        "history.py",
        'MAX_ITEMS, "desc", user',
        'MAX_ITEMS, "asc", user',
    ),
    "fact 6 the cursor names an item that was not shown": (
        "stores/chat_store.py",
        "after=data[-1].id if data else None",
        "after=type.validate_json(texts[-1]).id if texts else None",
    ),
    "fact 7 a result that is not streamed is sent as it is": (
        "main.py",
        "Response(result.json, ",
        "Response(result, ",
    ),
    "fact 8 an item can be added once": (
        "stores/sqlite.py",
        "DO UPDATE SET data = excluded.data\n        WHERE user_id = excluded.user_id",
        "DO NOTHING",
    ),
    "fact 9 a whole thread is kept": (
        "stores/chat_store.py",
        "THREAD = TypeAdapter(ThreadMetadata)",
        "THREAD = TypeAdapter(Thread)",
    ),
    "fact 10 a store that does not look at the user": (
        "stores/sqlite.py",
        '" AND ".join(f"{name} = :{name}" for name in key)',
        '" AND ".join(f"{name} = :{name}" for name in key if name != "user_id") or "1"',
    ),
}
# Found by reading: the rule of the doctor, what is chosen, and what goes wrong.
READ = {
    "e17 a model is a name with a prefix that the SDK does not know": (
        "CK404",
        {},
        "backend/app/assistant.py",
        "model=model",
        'model="openrouter/meta-llama/llama-4"',
    ),
    "e20 the distributions are taken for those of the modules": (
        "CK101",
        {},
        "backend/pyproject.toml",
        "openai-chatkit>=1.6.5,<1.7",
        "chatkit>=0.0.1",
    ),
    "e21 a provider component that is not there": (
        "CK504",
        {"frontend": "react"},
        "frontend/src/chat/Conversation.tsx",
        "import { ChatKit, useChatKit }",
        "import { ChatKitProvider, useChatKit }",
    ),
    "e25 an option of the api that the guide still has": (
        "CK507",
        {"frontend": "react"},
        "frontend/src/chat/Conversation.tsx",
        "domainKey: DOMAIN_KEY,",
        'clientToken: "token", domainKey: DOMAIN_KEY,',
    ),
}


@pytest.fixture(scope="module")
def plain() -> Tree:
    return made()


def test_the_projects_own_tests_notice(plain: Tree, tmp_path: Path) -> None:
    suites = {"": Suite(plain)}
    for mistake, (file, right, wrong) in MISTAKES.items():
        path = f"backend/app/{file}"
        text = str(plain[path])
        assert text.count(right) >= 1, f"{path} no longer holds {mistake!r}"
        suites[mistake] = Suite({**plain, path: text.replace(right, wrong)})
    done = dict(zip(suites, run_suites(list(suites.values()), tmp_path), strict=True))
    assert done[""].code == 0, done[""].output
    for mistake in MISTAKES:
        assert done[mistake].code == 1, f"{mistake}: {done[mistake].output}"
        assert "failed" in done[mistake].output, f"{mistake}: broken so that nothing could run"


@pytest.mark.parametrize("mistake", READ)
def test_the_doctor_notices(mistake: str) -> None:
    code, answers, path, right, wrong = READ[mistake]
    tree = made(**answers)
    text = str(tree[path])
    assert right in text, f"{path} no longer holds what this mistake is about"
    assert code in {
        line.split()[0] for line in diagnose({**tree, path: text.replace(right, wrong)})
    }


def test_e23_something_is_stored_behind_a_call_that_waits(tmp_path: Path) -> None:
    """The SDK looks at the newest item alone: the browser's answer would be refused."""
    create({**made(frontend="none"), "backend/app/assistant.py": ASSISTANT}, tmp_path / "project")
    backend = tmp_path / "project/backend"
    server = backend / "app/server.py"
    right = "            result.cancel()"
    text = server.read_text("utf-8")
    assert right in text
    hidden = """
            from datetime import datetime

            from chatkit.types import HiddenContextItem

            item = HiddenContextItem(
                id="last", thread_id=thread.id, created_at=datetime.now(), content="x"
            )
            await self.store.add_thread_item(thread.id, item, context)
"""
    answers = []
    for code in (text, text.replace(right, right + hidden)):
        server.write_text(code, "utf-8")
        with llm_server() as llm, running(backend, env=settings("openai", llm)) as client:
            llm.answer(Say("Look", calls=(CallTool("open_page", {"path": "/a"}),)), Say("Open"))
            thread = thread_id(say(client, "open it"))
            output = body("threads.add_client_tool_output", thread_id=thread, result={"ok": True})
            answer = client.post("/chatkit", json=output)
            answers.append(
                answer.is_success and "error" not in {e["type"] for e in parse(answer.text)}
            )
    assert answers == [True, False]


def test_e24_a_client_where_a_model_provider_belongs(plain: Tree, tmp_path: Path) -> None:
    """The SDK takes it without a word; mypy, which is part of the project's checks, does not."""
    path, right = "backend/app/llm.py", "RUN_CONFIG = RunConfig(\n"
    text = str(plain[path])
    assert right in text
    wrong = text.replace(right, right + "    model_provider=AsyncOpenAI(),\n")
    create({**plain, path: wrong}, tmp_path / "project")
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "app"],
        cwd=tmp_path / "project/backend",
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, done.stdout
    assert 'Argument "model_provider"' in done.stdout
