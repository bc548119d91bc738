"""What the assistant shows and asks for in the page: buttons, questions, tools, mentions."""

from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import App, Built, Serve
from tests.browser.window import Window
from tests.llm.replies import CiteFile, CiteUrl, Say
from tests.llm.server import llm_server
from tests.running import running, succeed
from tests.test_providers import KEY, settings

pytestmark = pytest.mark.matrix
TOOLS = (
    "functions,mcp,knowledge,guardrails,handoffs,approval,widgets,client-tools,entities,composer"
)


@pytest.fixture
def app(serve: Serve) -> App:
    return serve(tools=TOOLS)


@pytest.fixture
def window(app: App, page: Page) -> Window:
    return Window(page).open(app.url)


def test_messages_are_searched_and_shown_as_a_list(window: Window) -> None:
    window.say("My cat <b>Miso</b> likes fish")
    window.press("New chat")
    window.say("Find messages with 'miso cat'")
    task = window.frame.locator("[data-type=workflow] [data-status=complete]")
    listing = window.frame.locator("[data-type=widget]")
    for _ in window.twice():
        expect(task).to_have_text("Find messages")
        expect(listing).to_contain_text("My cat <b>Miso</b> likes fish")
        expect(window.answers).to_contain_text("The user sees this list")
    assert window.trace("errors") == []


def test_notes_are_kept_by_the_server_beside_the_app(window: Window) -> None:
    window.say("Add a note: 'buy fish'", "Find notes with 'FISH'")
    tasks = window.frame.locator("[data-type=workflow] [data-status=complete]")
    for _ in window.twice():
        expect(tasks).to_have_text(["Notes: add note", "Notes: find notes"])
        expect(window.answers.last).to_contain_text("buy fish")
    assert window.trace("errors") == []


def test_an_answer_cites_its_document(app: App, window: Window, tmp_path: Path) -> None:
    shop = tmp_path / "shop.md"
    shop.write_text("# Refunds <b>\n\nMoney comes back within 30 days.")
    succeed(app.folder / "backend", app.env(), "app.knowledge", "add", shop)
    window.say("Search the knowledge for 'refunds'")
    for _ in window.twice():
        expect(window.answers).to_contain_text("within 30 days")
        expect(window.answers).not_to_contain_text("[source 1]")
        expect(window.answers.locator("cite")).to_have_text("Refunds <b>")
    assert window.trace("errors") == []


def test_what_openai_found_is_cited(built: Built, page: Page) -> None:
    news = CiteUrl("https://python.example/news", "News <b>")
    with llm_server(Say("It is out.", cites=(news, CiteFile("handbook.pdf"))), key=KEY) as llm:
        app = built(provider="openai", tools="web-search,file-search")
        more = {"FILE_SEARCH_STORES": '["vs_1"]', "DATA_DIR": str(app.folder / "data")}
        env = settings("openai", llm, LLM_TIMEOUT="20", **more)
        with running(app.folder / "backend", env=env) as client:
            window = Window(page).open(str(client.base_url)).say("What is new?")
            for _ in window.twice():
                link = window.answers.get_by_role("link", name="News <b>")
                expect(link).to_have_attribute("href", news.url)
                expect(window.answers.locator("cite")).to_have_text("handbook.pdf")
            window.say("Thank you")
            expect(window.answers.last).to_contain_text("echo: Thank you")


def test_a_specialist_takes_over(window: Window) -> None:
    window.say("I need a writer")
    for _ in window.twice():
        expect(window.answers).to_contain_text('{"assistant": "Writer"}')
    window.say("Thank you")
    assert window.trace("errors") == []


def test_a_draft_is_rewritten_in_its_place_and_kept(window: Window) -> None:
    window.say("Show a draft: 'The office is closed'")
    card = window.frame.locator("[data-type=widget]")
    expect(card).to_contain_text("The office is closed")
    window.press("Shorter")
    expect(card).to_contain_text("I am the demo model")
    window.rest()
    window.press("Formal")
    expect(card).to_contain_text("Write this formally")
    window.rest()
    text = card.inner_text()
    window.page.reload()
    expect(card).to_have_text(text.replace("\n", ""))
    expect(window.frame.get_by_role("button", name="Friendlier")).to_be_visible()
    assert window.trace("errors") == []


def test_nothing_is_removed_before_the_user_says_yes_also_after_a_reload(window: Window) -> None:
    window.say("Plan a trip")
    window.press("New chat")
    window.write("Remove chats with 'trip'")
    card = window.frame.locator("[data-type=widget]")
    expect(card).to_contain_text("words: trip")
    window.page.reload()
    window.press("Yes")
    expect(window.answers.last).to_contain_text("Removed: Plan a trip")
    expect(card.get_by_role("note")).to_have_text("Allowed")
    expect(card.get_by_role("button")).to_have_count(0)
    window.page.reload()
    expect(card.get_by_role("note")).to_have_text("Allowed")
    with window.history() as threads:
        expect(threads).to_have_count(1)
    assert window.trace("errors") == []


def test_tools_run_in_the_page(window: Window) -> None:
    scheme = window.frame.locator("html")
    expect(scheme).to_have_attribute("data-theme", "light")
    window.say("Switch the theme to dark")
    expect(scheme).to_have_attribute("data-theme", "dark")
    expect(window.answers.last).to_contain_text('"theme": "dark"')
    expect(window.page.get_by_role("button", name="Theme: dark")).to_be_visible()
    with window.page.expect_popup() as opened:
        window.say("Open the page")
    assert urlsplit(opened.value.url).netloc == urlsplit(window.page.url).netloc
    expect(window.answers.last).to_contain_text("opened")
    assert window.trace("errors") == []


def test_a_conversation_is_mentioned_and_read(window: Window) -> None:
    window.say("Plan a trip with Miso")
    window.press("New chat")
    window.mention("Read the chat", "plan", "Plan a trip with Miso")
    expect(window.answers).to_contain_text("User: Plan a trip with Miso")
    expect(window.frame.locator("mark")).to_have_text("Plan a trip with Miso")
    assert window.trace("errors") == []


def test_a_tool_is_chosen_for_a_message(window: Window) -> None:
    window.frame.get_by_label("Tool", exact=True).select_option("Recent chats")
    window.say("Hello")
    task = window.frame.locator("[data-type=workflow] [data-status=complete]")
    expect(task).to_have_text("Recent chats")
    expect(window.answers).to_contain_text("The tool says: ")
    assert window.trace("errors") == []


def test_a_model_is_chosen_for_a_message(built: Built, page: Page) -> None:
    app = built(tools="composer")
    env = {**app.env(), "LLM_MODELS": '["small", "large"]'}
    with running(app.folder / "backend", env=env) as client:
        window = Window(page).open(str(client.base_url))
        choice = window.frame.get_by_label("Model", exact=True)
        expect(choice).to_have_value("small")
        choice.select_option("large")
        window.say("Hello")
        assert window.trace("errors") == []
    sent = window.trace("requests")[-1]["params"]["input"]
    assert sent["inference_options"]["model"] == "large"


def test_a_key_is_gone_from_the_screen_and_the_refusal_is_polite(window: Window) -> None:
    key = "sk-" + "a1B2" * 8
    window.say(f"My key is {key}")
    expect(window.answers).to_contain_text("Please ask again without it")
    expect(window.frame.get_by_text(key)).to_have_count(0)
    window.page.reload()
    expect(window.messages).to_have_count(2)
    expect(window.frame.get_by_text(key)).to_have_count(0)
