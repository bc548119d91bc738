"""What the rules call wrong in pages, in Chromium with the strict stand-in for the element."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route

from tests.doctor.proving import proves
from tests.doctor.test_rules import RULES
from tests.element.standin import CDN, chromium, intercept
from tests.element.test_element import SET_UP, TURN

pytestmark = pytest.mark.slow
URL = "http://localhost/"
EMPTY = "<!doctype html><title>x</title>"
READY = f"""{EMPTY}<script async src="{CDN}chatkit.js"></script>
<style>openai-chatkit {{ display: block; width: 600px; height: 500px }}</style>
<openai-chatkit></openai-chatkit>"""
NAMES = """await customElements.whenDefined("openai-chatkit");
const element = document.querySelector("openai-chatkit"), chatkit = element, chat = element;
const KEY = "x", token = "t", getToken = async () => "t", session = "s";
const darkMode = window.darkMode = new EventTarget();
const heard = window.heard = [], count = (one) => heard.push(one), show = () => 0;
"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    with browser.new_context() as context:
        yield context


def text(code: str, number: int = 0, end: str = "") -> str:
    tree = RULES[code].wrong[number]
    return next(text for path, text in tree.items() if path.endswith(end or (".js", ".ts")))


def plain(script: str) -> str:
    """TypeScript without its types and modules."""
    script = re.sub(r"^import .*\n", "", script, flags=re.MULTILINE)
    return re.sub(r"\bexport |(?<=PROMPTS): StartScreenPrompt\[\]", "", script)


def open_page(context: BrowserContext, html: str, url: str = URL, **headers: str) -> Page:
    def answer(route: Route) -> None:
        route.fulfill(body=html, content_type="text/html", headers={**headers})

    context.route(url, answer)
    page = context.new_page()
    page.goto(url)
    return page


def play(context: BrowserContext, script: str, **keys: str) -> Page:
    """The page with a script of a rule's WRONG, run where its names mean something."""
    intercept(context, keys or None)
    page = open_page(context, READY, f"http://{next(iter(keys), 'localhost')}/")
    page.evaluate(f"(async () => {{ {NAMES}{plain(script)} }})().catch((e) => window.broke = e)")
    return page


def told(page: Page) -> str:
    page.wait_for_function("window.__chatkitStandin?.errors.length")
    return str(page.evaluate("__chatkitStandin.errors.join()"))


@proves("CK505", "CK506", "CK507", "CK511", "CK512", "CK513")
@pytest.mark.parametrize(
    ("code", "number", "words"),
    [
        ("CK505", 0, "at api"),
        ("CK506", 0, "at api"),
        ("CK507", 0, "at api"),
        ("CK512", 0, "at theme"),
        ("CK513", 0, "at header.title"),
    ],
)
def test_the_options_are_refused(
    context: BrowserContext, code: str, number: int, words: str
) -> None:
    page = play(context, text(code, number))
    assert words in told(page)
    assert page.locator("iframe").count() == 0


def test_ck511_the_rest_is_gone(context: BrowserContext) -> None:
    page = play(context, text("CK511"))
    page.wait_for_selector("iframe")
    page.evaluate("darkMode.dispatchEvent(new Event('change'))")
    assert 'Missing key: "api"' in told(page)


@proves("CK514")
def test_ck514_there_is_no_such_icon(context: BrowserContext) -> None:
    start = 'element.setOptions({ api: { url: "/x", domainKey: "x" }, startScreen: { prompts } });'
    page = play(context, f"{text('CK514')}\nconst prompts = PROMPTS;\n{start}")
    assert "prompts[0].icon" in told(page)


@proves("CK501")
def test_ck501_nothing_defines_the_element(context: BrowserContext) -> None:
    intercept(context)
    page = open_page(context, text("CK501", end=".html"))
    page.wait_for_load_state("networkidle")
    assert page.evaluate("customElements.get('openai-chatkit') === undefined")


@proves("CK503")
def test_ck503_nobody_sees_it(context: BrowserContext) -> None:
    intercept(context)
    page = open_page(context, text("CK503", end=".html"))
    page.wait_for_function("!!customElements.get('openai-chatkit')")
    page.wait_for_load_state("networkidle")
    assert page.locator("iframe").count() == 0


@proves("CK508")
def test_ck508_the_chat_goes_away_on_a_real_domain(context: BrowserContext) -> None:
    page = play(context, text("CK508"), **{"app.example": "domain_pk_real"})
    page.wait_for_function("__chatkitStandin.options.length")
    page.wait_for_selector("iframe", state="detached")


@proves("CK509")
def test_ck509_there_is_no_such_global(context: BrowserContext) -> None:
    page = play(context, text("CK509"))
    page.wait_for_function("!!customElements.get('openai-chatkit')")
    found = page.evaluate("[window.openai, window.ChatKit, window.OpenAIChatKit]")
    assert found == [None] * 3
    assert page.evaluate("__chatkitStandin.options.length") == 0


@proves("CK510")
def test_ck510_there_is_no_set_options_yet(context: BrowserContext) -> None:
    problems: list[str] = []
    intercept(context)
    html = text("CK510", 1, ".html").replace("chatOptions", "{}")
    page = context.new_page()
    page.on("pageerror", lambda error: problems.append(str(error)))
    context.route(URL, lambda route: route.fulfill(body=html, content_type="text/html"))
    page.goto(URL)
    assert any("setOptions is not a function" in problem for problem in problems)


def talk(context: BrowserContext, script: str, rest: str = "{}") -> Page:
    page = play(context, script)
    page.evaluate("window.called = []")
    answers = {"threads.create": TURN}
    page.evaluate(SET_UP, [answers, f"{{ api: {{}}, rest: {rest} }}"])
    page.evaluate("async () => chat.sendUserMessage({ text: 'Hi' })")
    page.wait_for_function(
        "__chatkitStandin.dispatched.some(({ type }) => type === 'chatkit.response.end')"
    )
    return page


@proves("CK524")
@pytest.mark.parametrize("number", [0, 1])
def test_ck524_it_is_never_told(context: BrowserContext, number: int) -> None:
    script = re.sub(r"^const chat = .*\n", "", text("CK524", number), flags=re.MULTILINE)
    assert talk(context, script).evaluate("heard") == []


@proves("CK526")
def test_ck526_there_is_nothing_to_match(context: BrowserContext) -> None:
    selector = re.search(r"<style>([^{]*)\{", text("CK526", end=".html"))
    assert selector
    page = talk(context, "")
    assert page.evaluate("name => document.querySelectorAll(name).length", selector[1]) == 0


@proves("CK522")
def test_ck522_the_upload_fails(context: BrowserContext) -> None:
    page = play(context, text("CK522"))
    frame = page.frame_locator("openai-chatkit iframe")
    file: Any = {"name": "a.txt", "mimeType": "text/plain", "buffer": b"x"}
    frame.get_by_label("Attach files").set_input_files(file)
    frame.get_by_role("alert").first.wait_for()


@proves("CK523")
def test_ck523_nobody_answers_the_backend(context: BrowserContext) -> None:
    call = {"type": "client_tool_call", "id": "c", "thread_id": "t", "call_id": "1", "name": "show",
            "created_at": "2026-01-01T00:00:00Z", "status": "pending", "arguments": {}}  # fmt: skip
    page = play(context, "")
    page.evaluate("window.called = []; window.chat = document.querySelector('openai-chatkit')")
    answers = {"threads.create": [*TURN, {"type": "thread.item.done", "item": call}]}
    handler = re.search(r"onClientTool: (async .*\n  \}),", text("CK523"), re.DOTALL)
    assert handler
    rest = f"{{ onClientTool: {handler[1].replace('show(name, params);', '')} }}"
    page.evaluate(SET_UP, [answers, f"{{ api: {{}}, rest: {rest} }}"])
    page.evaluate("async () => chat.sendUserMessage({ text: 'Hi' })")
    page.wait_for_timeout(1000)
    asked = page.evaluate("__chatkitStandin.requests")
    given = [
        r["params"].get("result") for r in asked if r["type"] == "threads.add_client_tool_output"
    ]
    assert not any(given)


@proves("CK608")
def test_ck608_the_policy_keeps_the_script_out(context: BrowserContext) -> None:
    intercept(context)
    page = open_page(context, text("CK608", end=".html"))
    page.wait_for_load_state("networkidle")
    assert page.evaluate("customElements.get('openai-chatkit') === undefined")


@proves("CK609")
def test_ck609_a_page_that_is_encrypted_may_not_ask(context: BrowserContext) -> None:
    address = re.search(r'url: "([^"]+)"', text("CK609", end=".html"))
    assert address
    page = open_page(context, EMPTY, "https://app.example/")
    context.route("http://chat.example.com/**", lambda route: route.fulfill(body="{}"))
    with pytest.raises(Exception, match="Failed to fetch"):
        page.evaluate("url => fetch(url, { method: 'POST' })", address[1])
    bare = open_page(context, EMPTY, "http://app.example/")
    assert bare.evaluate("typeof crypto.randomUUID") == "undefined"


@proves("CK520", "CK521")
def test_ck520_and_ck521_the_request_is_damaged(context: BrowserContext) -> None:
    page = open_page(context, EMPTY)
    spread = re.search(r"fetch: (async .*?),\n\};", text("CK520"), re.DOTALL)
    parsed = re.search(r"fetch: (.*?\n    \}),", text("CK521"), re.DOTALL)
    assert spread
    assert parsed
    script = """async ([spread, parsed]) => {
      const sent = [], token = async () => "t", session = "s";
      const fetch = async (url, init) => { sent.push(init) };
      const one = new Function("fetch", "token", `return ${spread}`)(fetch, token);
      const two = new Function("fetch", "session", `return ${parsed}`)(fetch, session);
      await one("/x", { headers: new Headers({ "Content-Type": "application/json" }) });
      let problem = "";
      try { await two("/x", { body: new FormData() }) } catch (error) { problem = String(error) }
      return [Object.keys(sent[0].headers), problem];
    }"""
    kept, problem = page.evaluate(script, [spread[1], parsed[1]])
    assert kept == ["Authorization"]
    assert "JSON" in problem
