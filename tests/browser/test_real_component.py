"""The generated page with OpenAI's own component, wherever its CDN can be reached."""

import httpx
import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Serve
from tests.element.standin import CDN, chromium

pytestmark = pytest.mark.matrix
TALK = """async () => {
  const chat = document.querySelector("openai-chatkit");
  const end = new Promise((done) => chat.addEventListener("chatkit.response.end", done));
  await chat.sendUserMessage({ text: "Hello" });
  await end;
  const params = { thread_id: sessionStorage.getItem("chat-thread") };
  const body = JSON.stringify({ type: "items.list", params });
  const response = await fetch("/chatkit", { method: "POST", body });
  return (await response.json()).data.map(({ type }) => type).sort();
}"""


def test_it_opens_and_a_turn_is_stored(serve: Serve) -> None:
    try:
        answer = httpx.head(f"{CDN}chatkit.js", timeout=5)
    except httpx.TransportError as error:
        pytest.skip(f"the CDN cannot be reached: {error!r}")
    answer.raise_for_status()  # reached, and the script is not where it was: that is news
    with chromium() as browser:
        page = browser.new_page()
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        page.goto(serve().url)
        expect(page.get_by_text("Opening the chat…")).to_have_count(0, timeout=30_000)
        expect(page.get_by_role("alert")).to_be_hidden()
        assert page.evaluate(TALK) == ["assistant_message", "user_message"]
        assert not [text for text in said if "Content Security Policy" in text]
