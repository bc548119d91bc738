"""What somebody in front of the chat does and sees."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import FrameLocator, Locator, Page, Route, expect

LONG = "word " * 80  # the demo model repeats it word by word: seconds of stream
PATIENCE = 15  # seconds; a loaded machine is slow, and not wrong


class Window:
    def __init__(self, page: Page, *, button: bool = False) -> None:
        self.page = page
        self.button = button  # is the chat behind one?
        self.frame: FrameLocator = page.frame_locator("openai-chatkit iframe")

    def open(self, url: str) -> "Window":
        self.page.goto(url)
        return self.enter()

    def reload(self) -> "Window":
        self.page.reload()
        return self.enter()

    def twice(self) -> Iterator[None]:
        """As it came, and as it is read again."""
        yield
        self.reload()
        yield

    def enter(self) -> "Window":
        if self.button:
            self.use("Open chat")
        return self

    def mention(self, begin: str, query: str, title: str) -> None:
        """Another conversation, chosen from what comes up after an @, and sent."""
        self.field.press_sequentially(f"{begin} @{query}")
        self.frame.locator("#menu").get_by_role("button", name=title).click()
        self.press("Send")

    @property
    def field(self) -> Locator:
        return self.frame.get_by_label("Message", exact=True)

    @property
    def messages(self) -> Locator:
        return self.frame.locator("[data-type=user_message], [data-type=assistant_message]")

    @property
    def answers(self) -> Locator:
        return self.frame.locator("[data-type=assistant_message]")

    @property
    def problem(self) -> Locator:
        # Next.js has an alert of its own, for screen readers.
        return self.page.get_by_role("alert").filter(has=self.page.get_by_role("heading"))

    def press(self, name: str) -> None:
        """A button of the component."""
        self.frame.get_by_role("button", name=name, exact=True).first.click()

    def use(self, name: str) -> None:
        """A button of the page around it."""
        self.page.get_by_role("button", name=name).click()

    def write(self, text: str) -> None:
        self.field.fill(text)
        self.press("Send")

    def say(self, *texts: str) -> "Window":
        for text in texts:
            before = self.answers.count()
            self.write(text)
            expect(self.answers).to_have_count(before + 1)
            self.rest()
        return self

    def rest(self) -> None:
        expect(self.frame.get_by_role("button", name="Stop", exact=True)).to_have_count(0)

    def until(self, expression: str) -> None:
        # Not wait_for_function: it asks again by eval, which the page's policy forbids.
        deadline = time.monotonic() + PATIENCE
        while not self.page.evaluate(expression):
            assert time.monotonic() < deadline, expression
            self.page.wait_for_timeout(50)

    def ids(self) -> list[str]:
        return [str(item.get_attribute("data-id")) for item in self.messages.all()]

    @contextmanager
    def history(self) -> Iterator[Locator]:
        self.press("History")
        yield self.frame.get_by_role("region", name="History").get_by_role("listitem")
        self.press("Close")

    def trace(self, part: str) -> list[Any]:
        found: list[Any] = self.page.evaluate(f"window.__chatkitStandin.{part}")
        return found

    def requests(self) -> list[str]:
        return [request["type"] for request in self.trace("requests")]


def alter(page: Page, file: str, old: str, new: str) -> None:
    """The page with one thing done otherwise."""

    def answer(route: Route) -> None:
        url = urlsplit(route.request.url)
        response = route.fetch(url=url._replace(netloc=f"localhost:{url.port}").geturl())
        text = response.text()
        assert old in text, old
        route.fulfill(response=response, body=text.replace(old, new, 1))

    page.route(lambda url: urlsplit(url).path == f"/{file}", answer)
