"""What is commonly told about ChatKit pages and is not so, done to ours on purpose.

Not here: mistakes that need a bundler, React or Next.
"""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import HOST, Serve
from tests.browser.test_trouble import elsewhere
from tests.browser.window import Window, alter

pytestmark = pytest.mark.matrix
APPLY = "chat.setOptions(options(offer, report))"


def change(page: Page, statement: str) -> None:
    """Does something to the options, `o`, before the component gets them."""
    alter(
        page,
        "chat.js",
        APPLY,
        f"{{ const o = options(offer, report); {statement}; chat.setOptions(o) }}",
    )


REFUSED = {
    "domainKey may be left out": ("delete o.api.domainKey", "Invalid input → at api"),
    "api takes headers": ("o.api.headers = {}", "Invalid input → at api"),
    "a client secret goes with a url": ("o.api.getClientSecret = () => ''", "at api"),
    "hosted, with a key": ("o.api = { getClientSecret() {}, domainKey: 'x' }", "at api"),
    "options are merged": ("delete o.api", 'Missing key: "api"'),
    "theme auto": ("o.theme = 'auto'", "Invalid input → at theme"),
    "theme system": ("o.theme = 'system'", "Invalid input → at theme"),
    "theme in CSS variables": ("o.theme = { '--accent': 'red' }", "Invalid input → at theme"),
    "any word is an icon": ("o.startScreen.prompts[1].icon = 'pencil'", "prompts[1].icon"),
    "a prompt has a text": ("o.startScreen.prompts[0] = { label: '', text: '' }", '"prompt"'),
    "a prompt has a name": ("o.startScreen.prompts[0] = { name: '', prompt: '' }", '"label"'),
    "handlers are options": ("o.onReady = () => 0", 'Unrecognized key: "onReady"'),
    "a title has content": ("o.header = { title: { content: '' } }", "at header.title"),
    "uploads belong to the composer": ("o.composer.uploadStrategy = {}", "at composer"),
}


@pytest.mark.parametrize(("statement", "words"), REFUSED.values(), ids=list(REFUSED))
def test_options_that_are_refused(serve: Serve, page: Page, statement: str, words: str) -> None:
    change(page, statement)
    window = Window(page).open(serve().url)
    expect(window.problem).to_contain_text("The chat refused its options")
    assert words in "".join(window.trace("errors"))
    assert page.locator("iframe").count() == 0


def test_an_icon_of_lucide_is_one(serve: Serve, page: Page) -> None:
    change(page, "o.startScreen.prompts[1].icon = 'lucide:pencil'")
    Window(page).open(serve().url).say("Hello")


WRAPPED = "o.api.fetch = async (input, init) => fetch(input, { ...init, %s })"
FAILING = {
    "window.fetch will do": ("o.api.fetch = fetch", "Illegal invocation"),
    "url is where the server is": ("o.api.url = location.origin", "failed with 405"),
    "streams are NDJSON": (
        WRAPPED % "headers: { accept: 'application/x-ndjson' }",
        "Expected text/event-stream, got application/x-ndjson",
    ),
    "bodies have messages": (
        "o.api.fetch = async (input, init) => {"
        "  const body = JSON.parse(init.body); body.messages[0].content = 'x'; }",
        "Cannot read properties of undefined",
    ),
}


@pytest.mark.parametrize(("statement", "words"), FAILING.values(), ids=list(FAILING))
def test_requests_that_fail(serve: Serve, page: Page, statement: str, words: str) -> None:
    change(page, statement)
    window = Window(page).open(serve().url)
    window.write("Hello")
    expect(window.frame.get_by_role("alert")).to_be_visible()
    assert words in "".join(window.trace("errors"))


def test_cookies_do_not_go_along_by_themselves(serve: Serve, page: Page) -> None:
    change(page, "delete o.api.fetch")
    window = Window(page).open(serve().url).say("Hello")
    window.write("What did I say?")
    expect(window.frame.get_by_role("alert")).to_be_visible()
    assert "failed with 404" in "".join(window.trace("errors"))


def test_spread_headers_are_lost(serve: Serve, page: Page) -> None:
    change(page, WRAPPED % "credentials: 'same-origin', headers: { ...init.headers, 'X-A': '1' }")
    window = Window(page).open(serve().url)
    types = []
    for text in ("Hello", "Again"):
        with page.expect_request("**/chatkit") as sent:
            window.say(text)
        types.append(sent.value.headers.get("content-type"))
    assert types == ["text/plain;charset=UTF-8", "application/json"]


def test_what_is_put_into_a_body_beside_the_parameters_reaches_nobody(
    serve: Serve, page: Page
) -> None:
    change(
        page,
        WRAPPED
        % """credentials: 'same-origin', body: JSON.stringify({
            ...JSON.parse(init.body), session_id: '1', messages: [{ content: '[x] Hello' }] })""",
    )
    window = Window(page).open(serve().url).say("Hello")
    expect(window.answers).to_contain_text("You said “Hello”")


@pytest.mark.parametrize("name", ["chatkit.message", "thread.item.added", "thread.item.done"])
def test_there_are_no_such_events(window: Window, name: str) -> None:
    window.page.evaluate(
        """name => {
          window.heard = 0;
          const chat = document.querySelector("openai-chatkit");
          chat.addEventListener(name, () => (window.heard += 1));
          chat.addEventListener(`chatkit.${name}`, () => (window.heard += 1));
        }""",
        name,
    )
    window.say("Hello")
    assert window.page.evaluate("window.heard") == 0
    assert "chatkit.response.end" in [event["type"] for event in window.trace("dispatched")]


def test_items_have_no_role(window: Window) -> None:
    window.say("Hello")
    items = [event["item"] for event in window.trace("events") if "item" in event]
    assert {item["type"] for item in items} >= {"user_message", "assistant_message"}
    assert not [item for item in items if "role" in item]


def test_there_is_no_chatkit_to_subscribe_to(window: Window) -> None:
    expect(window.field).to_be_visible()
    assert window.page.evaluate("[typeof ChatKit, typeof window.openai]") == ["undefined"] * 2


def test_feedback_is_an_operation_and_no_action(window: Window) -> None:
    window.say("Hello")
    window.press("Bad response")
    expect(window.frame.locator("[aria-pressed=true]")).to_have_count(1)
    asked = window.trace("requests")[-1]
    assert (asked["type"], asked["params"]["kind"]) == ("items.feedback", "negative")


def test_a_message_cannot_be_sent_before_the_script_is_there(serve: Serve, page: Page) -> None:
    page.route("**/chatkit.js", lambda route: route.abort())
    Window(page).open(serve().url)
    kind = page.evaluate("typeof document.querySelector('openai-chatkit').sendUserMessage")
    assert kind == "undefined"


def test_a_package_is_not_enough_without_the_script(serve: Serve, page: Page) -> None:
    page.clock.install()
    alter(page, "chat.js", "document.head.append(script);", "")
    window = Window(page).open(serve().url)
    page.clock.fast_forward(15_000)
    expect(window.problem).to_contain_text("The chat could not be loaded")
    assert page.locator("iframe").count() == 0


@pytest.mark.parametrize(
    "statement",
    [
        "const chat = document.querySelector('openai-chatkit'); chat.parentNode.append(chat)",
        "const old = document.querySelector('openai-chatkit'); const anew = old.cloneNode();"
        "old.replaceWith(anew); anew.setOptions({ api: { url: '/chatkit', domainKey: 'x' } })",
    ],
    ids=["moved", "made anew"],
)
def test_an_element_that_is_moved_or_made_anew_forgets(window: Window, statement: str) -> None:
    window.say("Hello")
    with window.page.expect_event("frameattached"):
        window.page.evaluate(f"() => {{ {statement} }}")
    expect(window.messages).not_to_have_count(2)


def test_the_pages_styles_do_not_reach_in(window: Window) -> None:
    window.say("Hello")
    look = "element => getComputedStyle(element).color"
    before = window.answers.evaluate(look)
    window.page.evaluate("document.documentElement.style.setProperty('--ink', 'red')")
    window.page.evaluate("document.documentElement.style.color = 'red'")
    assert window.answers.evaluate(look) == before


def test_keys_pressed_in_the_chat_do_not_reach_the_page(window: Window) -> None:
    window.page.evaluate("window.keys = 0; addEventListener('keydown', () => (window.keys += 1))")
    window.field.press("Control+Shift+F")
    assert window.page.evaluate("window.keys") == 0


def test_an_element_without_a_size_collapses(serve: Serve, page: Page) -> None:
    alter(page, "style.css", ".chat openai-chatkit {", ".chat nothing {")
    alter(page, "style.css", "display: flex;\n  flex: 1;", "display: block;")
    window = Window(page).open(serve().url)
    expect(window.frame.locator("main")).to_be_attached()
    box = page.locator("openai-chatkit").bounding_box()
    assert box is not None
    assert box["height"] < 200


def test_registering_a_domain_does_not_register_those_below(serve: Serve, page: Page) -> None:
    change(page, "o.api.domainKey = 'domain_pk_registered'")
    below = elsewhere(serve().url).replace(HOST, f"preview.{HOST}")
    window = Window(page).open(below)
    expect(window.problem).to_contain_text(f"OpenAI has to know preview.{HOST}")


def test_an_escape_that_toggles_enters_full_screen(serve: Serve, page: Page) -> None:
    alter(page, "shell.js", '"Escape" && document.fullscreenElement) {', '"Escape") {\n toggle();')
    window = Window(page).open(serve().url)
    expect(window.field).to_be_visible()
    page.keyboard.press("Escape")
    window.until("document.fullscreenElement")
