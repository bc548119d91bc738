"""Every frontend that is built: clean by its own tools, built, and chatted with in Chromium."""

import gzip
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import HOST, App, Serve, make
from tests.browser.window import Window
from tests.frontends.conftest import FLAVOURS
from tests.node import install, key, run

pytestmark = pytest.mark.matrix
ALLOWLIST = "https://platform.openai.com/settings/organization/security/domain-allowlist"
# What a framework or a build wants to have, and nobody reads twice.
CONFIG = re.compile(r"config|package\.json|\.env|\.oxlintrc|deployment|proxy|_document")


@pytest.mark.parametrize("frontend", FLAVOURS)
def test_it_has_few_files_of_its_own(tmp_path: Path, frontend: str) -> None:
    folder = make(tmp_path, frontend=frontend).folder / "frontend"
    files = [file for file in folder.rglob("*") if file.is_file()]
    own = [file for file in files if not CONFIG.search(file.name)]
    assert len(own) <= 10, own
    for file in own:
        lines = file.read_text("utf-8").splitlines()
        assert max(map(len, lines)) <= 120, file
        assert len(lines) <= 250, file


def test_its_own_checks_pass(installed: Callable[..., App]) -> None:
    frontend = installed(style="both").folder / "frontend"
    for script in ("lint", "types", "test"):
        done = run(frontend, "run", script)
        assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("value", ["", "local-dev"])
def test_a_build_that_would_not_work_once_deployed_is_refused(
    installed: Callable[..., App], value: str
) -> None:
    frontend = installed(style="both").folder / "frontend"
    done = run(frontend, "run", "build", **key(frontend, value))
    assert done.returncode != 0
    assert "CHATKIT_DOMAIN_KEY is " in done.stdout
    assert ALLOWLIST in done.stdout


def test_three_turns_in_a_build_for_production(serve: Serve, page: Page) -> None:
    seen: list[str] = []
    page.on("console", lambda message: seen.append(message.text) if is_bad(message.type) else None)
    page.on("pageerror", lambda error: seen.append(str(error)))
    window = Window(page).open(serve(style="both").url)
    window.say("Hello", "What time is it?", "What did I say?")
    expect(window.messages).to_have_count(6)
    expect(window.answers.last).to_contain_text("“Hello”; “What time is it?”")
    expect(page.get_by_role("heading", level=1)).to_have_text('A "b" <c>')
    page.get_by_role("button", name="Theme: system").click()
    page.get_by_role("button", name="Theme: light").click()
    expect(window.frame.locator("html")).to_have_attribute("data-theme", "dark")
    page.reload()
    expect(window.messages).to_have_count(6)
    expect(window.frame.locator("html")).to_have_attribute("data-theme", "dark")
    assert window.trace("errors") == []
    assert seen == []  # neither React's complaints about hydration nor the policy's about scripts


def is_bad(kind: str) -> bool:
    return kind == "error"


def test_tools_run_in_the_page_and_conversations_are_mentioned(serve: Serve, page: Page) -> None:
    window = Window(page).open(serve(style="both").url)
    window.say("Switch the theme to dark")
    expect(window.frame.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page.get_by_role("button", name="Theme: dark")).to_be_visible()
    window.press("New chat")
    window.say("Plan a trip")
    window.press("New chat")
    window.field.press_sequentially("Read the chat @plan")
    window.frame.locator("#menu").get_by_role("button", name="Plan a trip").click()
    window.press("Send")
    expect(window.answers).to_contain_text("User: Plan a trip")
    assert window.trace("errors") == []


def test_the_widget_keeps_its_conversation(serve: Serve, page: Page) -> None:
    app = serve(style="both")
    path = "/widget.html" if (app.folder / "frontend/widget.html").exists() else "/widget"
    window = Window(page).open(app.url + path)
    window.use("Open chat")
    expect(window.field).to_be_focused()
    window.say("Hello")
    window.use("Close chat")
    expect(page.get_by_role("button", name="Open chat")).to_be_focused()
    window.use("Open chat")
    expect(window.messages).to_have_count(2)
    assert page.evaluate("window.__chatkitStandin.instances") == 1


def test_a_registered_domain_opens_and_another_is_explained(
    serve: Serve, visitor: Callable[..., BrowserContext]
) -> None:
    url = f"http://{HOST}:{urlsplit(serve(style='both').url).port}"
    Window(visitor().new_page()).open(url).say("Hello")
    page = visitor().new_page()
    page.route("**/domain_keys/verify", lambda route: route.fulfill(status=400, json={}))
    window = Window(page).open(url)
    expect(page.get_by_role("heading", level=2)).to_have_text("The chat did not open")
    expect(window.page.get_by_text(f"OpenAI has to know {HOST}")).to_be_visible()


BASELINE = """
import { ChatKit, useChatKit } from "@openai/chatkit-react";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { preload } from "react-dom";
function Chat() {
  preload("x", { as: "script" });
  return <ChatKit control={useChatKit({ api: { url: "x", domainKey: "x" } }).control} />;
}
createRoot(document.body).render(<StrictMode><Chat /></StrictMode>);
"""


def test_it_adds_little_to_the_framework_and_the_wrapper(tmp_path: Path, store: Path) -> None:
    ours = make(tmp_path, frontend="react", style="both").folder / "frontend"
    install(ours, store)
    assert run(ours, "run", "build", **key(ours, "domain_pk_1")).returncode == 0
    bare = tmp_path / "bare"
    bare.mkdir()
    (bare / "node_modules").symlink_to(ours / "node_modules")
    (bare / "package.json").write_text('{"scripts": {"build": "vite build"}}')
    (bare / "index.html").write_text('<script type="module" src="/index.tsx"></script>')
    (bare / "index.tsx").write_text(BASELINE)
    done = run(bare, "run", "build")
    assert done.returncode == 0, done.stdout
    assert zipped(ours) - zipped(bare) < 10_000


def zipped(frontend: Path) -> int:
    return sum(len(gzip.compress(f.read_bytes())) for f in (frontend / "dist").rglob("*.js"))
