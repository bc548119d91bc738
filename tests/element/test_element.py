"""The stand-in on a page that answers its requests from a script: each of its methods, events and
operations, and what it refuses."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, FilePayload, FrameLocator, Page, Route, expect

from tests.element.standin import CDN, chromium, intercept

pytestmark = pytest.mark.matrix
URL = "http://localhost/"
HTML = f"""<!doctype html><title>x</title><script async src="{CDN}chatkit.js"></script>
<style>openai-chatkit {{ display: block; width: 600px; height: 500px }}</style>
<openai-chatkit></openai-chatkit>"""

# `answers`: what the server says to each operation, a list for a stream; `called`: callbacks run.
SET_UP = """async ([answers, options]) => {
  await customElements.whenDefined("openai-chatkit");
  window.chat = document.querySelector("openai-chatkit");
  window.called = [];
  const callback = (name, value) => async (...values) => (called.push([name, ...values]), value);
  const reply = (body) => Array.isArray(body)
    ? new Response(body.map((event) => `data: ${JSON.stringify(event)}\\n\\n`).join(""),
        { headers: { "content-type": "text/event-stream" } })
    : typeof body === "string"
      ? new Response(body, { headers: { "content-type": "text/event-stream" } })
      : Response.json(body);
  const fetch = async (_, { body }) => {
    const { type } = JSON.parse(body);
    return reply(answers[type] ?? {});
  };
  const ready = new Promise((resolve) => chat.addEventListener("chatkit.ready", resolve));
  const given = new Function("callback", `return ${options}`)(callback);
  chat.setOptions({ api: { url: "/x", domainKey: "x", fetch, ...given.api }, ...given.rest });
  await ready;
}"""
ITEM = {"thread_id": "t", "created_at": "2026-01-01T00:00:00Z"}
THREAD = {"id": "t", "title": "T", "status": {"type": "active"}, "items": {"data": []}}


def item(kind: str, **members: Any) -> dict[str, Any]:
    return {"id": kind, "type": kind, **ITEM, **members}


def said(text: str, name: str = "a") -> dict[str, Any]:
    content = [{"type": "output_text", "text": text, "annotations": []}]
    return {**item("assistant_message", content=content), "id": name}


def asked(text: str) -> dict[str, Any]:
    content = [{"type": "input_text", "text": text}]
    return item("user_message", content=content, attachments=[], inference_options={})


def done(*items: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"type": "thread.item.done", "item": one} for one in items]


CREATED = {"type": "thread.created", "thread": THREAD}


class Stage:
    def __init__(self, page: Page) -> None:
        self.page = page
        self.frame: FrameLocator = page.frame_locator("openai-chatkit iframe")

    def play(self, answers: dict[str, Any], api: str = "{}", rest: str = "{}") -> "Stage":
        self.page.evaluate(SET_UP, [answers, f"{{ api: {api}, rest: {rest} }}"])
        return self

    def do(self, call: str) -> Any:
        return self.page.evaluate(f"async () => chat.{call}")

    def press(self, name: str) -> None:
        self.frame.get_by_role("button", name=name, exact=True).first.click()

    def write(self, text: str) -> None:
        self.frame.get_by_label("Message", exact=True).fill(text)

    def trace(self, part: str) -> list[Any]:
        found: list[Any] = self.page.evaluate(f"__chatkitStandin.{part}")
        return found

    def asked(self, operation: str) -> Any:
        """The parameters of the last request of a kind."""
        self.page.wait_for_function(
            "type => __chatkitStandin.requests.some((one) => one.type === type)", arg=operation
        )
        return [r["params"] for r in self.trace("requests") if r["type"] == operation][-1]

    def called(self, name: str) -> list[Any]:
        self.page.wait_for_function("name => called.some(([one]) => one === name)", arg=name)
        return next(values for one, *values in self.page.evaluate("called") if one == name)

    def heard(self, event: str) -> Any:
        name = f"chatkit.{event}"
        self.page.wait_for_function(
            "name => __chatkitStandin.dispatched.some(({ type }) => type === name)", arg=name
        )
        return [e.get("detail") for e in self.trace("dispatched") if e["type"] == name][-1]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium("--use-fake-ui-for-media-stream") as browser:
        yield browser


@pytest.fixture
def stage(browser: Browser) -> Iterator[Stage]:
    with browser.new_context() as context:
        intercept(context)
        context.route(URL, lambda route: route.fulfill(body=HTML, content_type="text/html"))
        page = context.new_page()
        page.goto(URL)
        yield Stage(page)


TURN = [CREATED, *done(asked("Hi"), said("Hello"))]


def test_methods(stage: Stage) -> None:
    stage.play({
        "threads.create": TURN,
        "threads.add_user_message": done(said("Again", "b")),
        "threads.get_by_id": {**THREAD, "items": {"data": [asked("Hi"), said("Stored")]}},
        "threads.list": {"data": [THREAD]},
        "items.list": {"data": [said("Updated")]},
        "threads.custom_action": done(said("Acted", "c")),
    })  # fmt: skip
    messages = stage.frame.locator("li[data-type]")
    stage.do("sendUserMessage({ text: 'Hi', toolChoice: { id: 'x' }, model: 'm', reply: 'q' })")
    assert stage.asked("threads.create")["input"] == {
        "content": [{"type": "input_text", "text": "Hi"}],
        "attachments": [],
        "quoted_text": "q",
        "inference_options": {"tool_choice": {"id": "x"}, "model": "m"},
    }
    expect(messages).to_have_text(["Hi", "Hello"])
    stage.do("sendUserMessage({ content: [{ type: 'input_text', text: 'x' }] })")
    expect(messages).to_have_count(3)
    stage.do("sendCustomAction({ type: 'go', payload: { a: 1 } }, 'a')")
    action = {"type": "go", "payload": {"a": 1}}
    assert stage.asked("threads.custom_action") == {
        "thread_id": "t", "item_id": "a", "action": action,
    }  # fmt: skip
    stage.do("fetchUpdates()")
    expect(messages).to_have_text(["Updated"])
    stage.do("setThreadId(null)")
    expect(messages).to_have_count(0)
    assert stage.heard("thread.change") == {"threadId": None}
    stage.do("setThreadId('t')")
    expect(messages).to_have_text(["Hi", "Stored"])
    assert stage.heard("thread.load.start") == stage.heard("thread.load.end") == {"threadId": "t"}
    stage.do("showHistory()")
    expect(stage.frame.get_by_role("region", name="History")).to_be_visible()
    stage.do("hideHistory()")
    assert [stage.heard(f"history.{name}") for name in ("open", "close")] == [None, None]
    stage.do("setComposerValue({ text: 'draft' })")
    stage.do("focusComposer()")
    expect(stage.frame.get_by_label("Message", exact=True)).to_be_focused()
    expect(stage.frame.get_by_label("Message", exact=True)).to_have_value("draft")
    assert stage.trace("errors") == []


def test_what_a_stream_can_say(stage: Stage) -> None:
    part = {"content_index": 0}
    grow = "assistant_message.content_part"
    workflow = item("workflow", workflow={"type": "custom", "tasks": []})
    task = {"type": "custom", "title": "Looking", "status_indicator": "loading"}
    updates = [
        ("a", {"type": f"{grow}.added", **part, "content": said("")["content"][0]}),
        ("a", {"type": f"{grow}.text_delta", **part, "delta": "Hel"}),
        ("a", {"type": f"{grow}.text_delta", **part, "delta": "lo"}),
        ("workflow", {"type": "workflow.task.added", "task_index": 0, "task": task}),
        ("workflow", {"type": "workflow.task.updated", "task_index": 0,
                      "task": {**task, "title": "Found"}}),
    ]  # fmt: skip
    stage.play({
        "threads.create": [
            {"type": "stream_options", "stream_options": {"allow_cancel": False}},
            CREATED,
            {"type": "progress_update", "text": "Thinking"},
            {"type": "thread.item.added", "item": {**said(""), "content": []}},
            {"type": "thread.item.added", "item": workflow},
            *({"type": "thread.item.updated", "item_id": i, "update": u} for i, u in updates),
            *done(item("end_of_turn")),
            {"type": "thread.item.added", "item": said("gone", "b")},
            {"type": "thread.item.removed", "item_id": "b"},
            {"type": "thread.item.replaced", "item": {**workflow, "id": "w2"}},
            {"type": "thread.updated", "thread": {**THREAD, "title": "Named"}},
            {"type": "client_effect", "name": "shine", "data": {"a": 1}},
            {"type": "notice", "level": "info", "title": "Mind", "message": "the gap"},
        ],
    })  # fmt: skip
    stage.do("sendUserMessage({ text: 'Hi' })")
    expect(stage.frame.locator("li[data-type]")).to_have_text(["Hello", "Found", ""])
    expect(stage.frame.get_by_role("heading", name="Named")).to_be_visible()
    expect(stage.frame.get_by_text("Mind: the gap")).to_be_visible()
    assert stage.heard("effect") == {"name": "shine", "data": {"a": 1}}
    stage.heard("response.start")
    stage.heard("response.end")
    assert stage.trace("errors") == []


def frame(event: dict[str, Any]) -> str:
    return f"data: {json.dumps(event)}\n\n"


@pytest.mark.parametrize(
    ("stream", "words"),
    [
        ({"data": []}, "Expected text/event-stream"),
        (f"data: {frame(CREATED)}", "Unexpected token"),
        (json.dumps(CREATED) + "\n", "The stream broke off"),
        (json.dumps(CREATED) + "\n\n", "Not a server-sent event"),
        (f"event: x\n{frame(CREATED)}", "Not a server-sent event"),
        ([{"type": "thread_created"}], "No such event: thread_created"),
        (done(item("message")), "No such item: message"),
        ([{"type": "thread.item.updated", "item_id": "x", "update": {}}], "never added: x"),
        ([*done(said("a")), {"type": "thread.item.updated", "item_id": "a",
          "update": {"type": "assistant_message.content_part.text_delta", "content_index": 1}}],
         "content part that was never added"),
        ([{"type": "error", "code": "custom", "message": "Busy"}], "Busy"),
        ([{"type": "thread.item.added", "item": said("1")},
          {"type": "thread.item.added", "item": said("2")}], "The id a is used again"),
    ],
)  # fmt: skip
def test_what_a_stream_must_not_say(stage: Stage, stream: Any, words: str) -> None:
    stage.play({"threads.create": stream})
    stage.do("sendUserMessage({ text: 'Hi' })")
    assert words in stage.heard("error")["error"]
    assert stage.frame.locator("li[data-type]").count() < 2


def test_tools_in_the_browser(stage: Stage) -> None:
    call = {"status": "pending", "call_id": "c", "name": "where", "arguments": {"of": "me"}}
    stage.play(
        {
            "threads.create": [CREATED, *done(item("client_tool_call", **call))],
            "threads.add_client_tool_output": done(said("There")),
        },
        rest="{ onClientTool: callback('tool', { at: 1 }) }",
    )
    stage.do("sendUserMessage({ text: 'Hi' })")
    assert stage.called("tool") == [{"name": "where", "params": {"of": "me"}}]
    wanted = {"thread_id": "t", "result": {"at": 1}}
    assert stage.asked("threads.add_client_tool_output") == wanted


def test_widgets(stage: Stage) -> None:
    actions: dict[str, dict[str, Any]] = {
        "Ours": {"handler": "client"},
        "Theirs": {},
        "Quiet": {"streaming": False},
    }
    buttons = [
        {"type": "Button", "label": name, "onClickAction": {"type": name, "payload": {}, **more}}
        for name, more in actions.items()
    ]
    card = {"type": "Card", "children": [{"type": "Text", "id": "x", "value": "Pick"}, *buttons]}
    stage.play(
        {
            "threads.create": [CREATED, *done(item("widget", widget=card))],
            "threads.custom_action": done(said("Done")),
            "threads.sync_custom_action": {"updated_item": item("widget", widget=buttons[0])},
        },
        rest="{ widgets: { onAction: callback('action') } }",
    )
    stage.do("sendUserMessage({ text: 'Hi' })")
    stage.press("Ours")
    action, origin = stage.called("action")
    assert (action["type"], origin["id"]) == ("Ours", "widget")
    stage.press("Theirs")
    assert stage.asked("threads.custom_action")["item_id"] == "widget"
    stage.press("Quiet")
    assert stage.asked("threads.sync_custom_action")["action"]["type"] == "Quiet"
    expect(stage.frame.get_by_text("Pick")).to_have_count(0)


def test_questions(stage: Stage) -> None:
    inputs = [{"id": "q", "type": "freeform", "question": "Where?"}]
    question = item("structured_input", status="pending", inputs=inputs)
    stage.play({
        "threads.create": [CREATED, *done(question)],
        "threads.add_structured_input": done(said("Fine")),
    })  # fmt: skip
    stage.do("sendUserMessage({ text: 'Hi' })")
    stage.frame.get_by_label("Where?").fill("Here")
    stage.press("Submit")
    answers = {"q": {"values": ["Here"], "skipped": False}}
    given = stage.asked("threads.add_structured_input")
    assert given["input"] == {"status": "answered", "answers": answers}


def test_the_composer_takes_tools_models_tags_and_commands(stage: Stage) -> None:
    stage.play(
        {"threads.create": TURN},
        rest="""{
          composer: {
            tools: [{ id: "search", label: "Search", icon: "search", placeholderOverride: "Find" }],
            models: [{ id: "big", label: "Big" }, { id: "small", label: "Small", default: true }],
          },
          entities: { onTagSearch: callback("tags", [{ id: "e", title: "Ann" }]) },
          commands: { enabled: true, onSearch: callback("commands", [{ id: "c", label: "Do" }]),
                      onSelect: callback("select") },
        }""",
    )
    stage.frame.get_by_label("Tool").select_option("search")
    assert stage.heard("tool.change") == {"toolId": "search"}
    expect(stage.frame.get_by_placeholder("Find")).to_be_visible()
    stage.frame.get_by_label("Model").select_option("big")
    stage.write("/do")
    stage.press("Do")
    assert stage.called("select")[0]["id"] == "c"
    stage.write("Ask @an")
    stage.press("Ann")
    assert stage.called("tags") == ["an"]
    stage.press("Send")
    given = stage.asked("threads.create")["input"]
    assert given["inference_options"] == {"tool_choice": {"id": "search"}, "model": "big"}
    assert [part["type"] for part in given["content"]] == ["input_text", "input_tag"]
    assert stage.heard("tool.change") == {"toolId": None}


def test_buttons_in_the_header(stage: Stage) -> None:
    stage.play(
        {}, rest="{ header: { rightAction: { icon: 'close', onClick: callback('right') } } }"
    )
    stage.press("close")
    assert stage.called("right") == []


def test_dictation(stage: Stage) -> None:
    stage.page.context.grant_permissions(["microphone"], origin="http://localhost")
    stage.play(
        {"input.transcribe": {"text": "Spoken"}},
        rest="{ composer: { dictation: { enabled: true } } }",
    )
    stage.press("Dictate")
    expect(stage.frame.get_by_label("Message", exact=True)).to_have_value("Spoken")
    assert stage.asked("input.transcribe")["mime_type"].startswith("audio/")


TEXT: FilePayload = {"name": "a.txt", "mimeType": "text/plain", "buffer": b"hi"}


@pytest.mark.parametrize("strategy", ["two_phase", "direct", None])
def test_attachments(stage: Stage, strategy: str | None) -> None:
    uploaded: list[dict[str, str]] = []
    context = stage.page.context
    file = {"type": "file", "id": "f", "name": "a.txt", "mime_type": "text/plain"}
    anyone = {"Access-Control-Allow-Origin": "*", "Access-Control-Allow-Headers": "*",
              "Access-Control-Allow-Methods": "*"}  # fmt: skip

    def take(route: Route) -> None:
        uploaded.append({"method": route.request.method, **route.request.headers})
        route.fulfill(json=file, headers=anyone)

    context.route("http://localhost/up", take)
    there = {"url": "http://localhost/up", "method": "PUT", "headers": {"x-key": "1"}}
    how = {"type": strategy, **({"uploadUrl": there["url"]} if strategy == "direct" else {})}
    stage.play(
        {"attachments.create": {**file, "upload_descriptor": there}, "threads.create": TURN},
        api=json.dumps({"uploadStrategy": how} if strategy else {}),
        rest="{ composer: { attachments: { enabled: true, maxSize: 10 } } }",
    )
    field = stage.frame.get_by_label("Attach files")
    field.set_input_files({**TEXT, "buffer": b"much too long"})
    expect(stage.frame.get_by_role("alert")).to_contain_text("too large")
    field.set_input_files(TEXT)
    if strategy is None:
        assert "api.uploadStrategy" in stage.heard("error")["error"]
        return
    stage.press("Remove a.txt")
    assert stage.asked("attachments.delete") == {"attachment_id": "f"}
    field.set_input_files(TEXT)
    expect(stage.frame.get_by_role("button", name="Remove a.txt")).to_be_visible()
    stage.press("Send")
    assert stage.asked("threads.create")["input"]["attachments"] == ["f"]
    last = uploaded[-1]
    assert last["origin"] == "https://cdn.platform.openai.com"
    assert (last["method"], last.get("x-key")) == (
        ("PUT", "1") if strategy == "two_phase" else ("POST", None)
    )
