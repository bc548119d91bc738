"""Every frontend that is built: clean by its own tools, built, and chatted with in Chromium."""

import fcntl
import gzip
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import HOST, Built, Serve, make
from tests.browser.window import Window
from tests.conftest import need
from tests.frontends.conftest import FLAVOURS, REACT_FIRST, REGISTERED, copy
from tests.node import key, run

pytestmark = pytest.mark.matrix
ALLOWLIST = "https://platform.openai.com/settings/organization/security/domain-allowlist"
# Tests, and what tools and servers want: docs/frontends.md does not count them.
REST = re.compile(
    r"(.*\.(test|spec|config)\..*|\..*|(package|tsconfig)\.json|Dockerfile"
    r"|(deployment|proxy|route|\[\.\.\.path\])\.ts|_document\.tsx)"
)


@pytest.mark.parametrize("style", ["page", "widget"])
@pytest.mark.parametrize("frontend", FLAVOURS)
def test_there_are_ten_files_to_read(tmp_path: Path, frontend: str, style: str) -> None:
    folder = make(tmp_path, frontend=frontend, style=style).folder / "frontend"
    files = [file for file in folder.rglob("*") if file.is_file()]
    own = [file for file in files if not REST.fullmatch(file.name)]
    assert len(own) <= 10, own
    for file in own:
        lines = file.read_text("utf-8").splitlines()
        assert max(map(len, lines)) <= 120, file
        assert len(lines) <= 250, file


def test_its_own_checks_pass(built: Built) -> None:
    frontend = built(style="both").folder / "frontend"
    for script in ("lint", "types", "test"):
        done = run(frontend, "run", script)
        assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("value", [pytest.param("", marks=pytest.mark.slow), "local-dev"])
def test_a_build_that_would_not_work_once_deployed_is_refused(
    built: Built, tmp_path: Path, value: str
) -> None:
    frontend = copy(built(style="both").folder, tmp_path) / "frontend"
    done = run(frontend, "run", "build", **key(frontend, value))
    assert done.returncode != 0
    assert "CHATKIT_DOMAIN_KEY is " in done.stdout
    assert ALLOWLIST in done.stdout


@REACT_FIRST
@pytest.mark.parametrize("style", ["both", pytest.param("widget", marks=pytest.mark.slow)])
def test_its_own_test_in_a_browser_passes(
    built: Built, style: str, store: Path, tmp_path: Path
) -> None:
    frontend = copy(built(style=style).folder, tmp_path) / "frontend"
    with (store / "port").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # its port is fixed
        done = run(frontend, "run", "e2e", CHROMIUM=need("chromium"))
    assert done.returncode == 0, done.stdout
    assert "2 passed" in done.stdout


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
    expect(page.get_by_role("button", name="Theme: dark")).to_be_visible()
    assert window.trace("errors") == []
    assert seen == []  # neither React's complaints about hydration nor the policy's about scripts


@pytest.mark.parametrize("frontend", ["nextjs-app", "nextjs-pages"], indirect=True)
def test_a_page_called_almost_like_a_path_of_the_backend_has_the_policy(
    serve: Serve, page: Page
) -> None:
    answer = page.request.get(f"{serve(style='both').url}/sessions")
    assert "nonce-" in answer.headers["content-security-policy"]


def test_pages_are_asked_for_anew_and_their_scripts_kept(serve: Serve, page: Page) -> None:
    url = serve(style="both").url
    document = page.request.get(url)
    assert re.search("no-cache|no-store", document.headers["cache-control"])
    scripts = re.findall(r'<script[^>]* src="(/[^"]+)"', document.text())
    assert scripts
    for script in scripts:
        assert "immutable" in page.request.get(url + script).headers["cache-control"]


def is_bad(kind: str) -> bool:
    return kind == "error"


@REACT_FIRST
def test_tools_run_in_the_page_and_conversations_are_mentioned(serve: Serve, page: Page) -> None:
    window = Window(page).open(serve(style="both").url)
    window.say("Switch the theme to dark")
    expect(window.frame.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page.get_by_role("button", name="Theme: dark")).to_be_visible()
    window.press("New chat")
    window.say("Plan a trip")
    window.press("New chat")
    window.mention("Read the chat", "plan", "Plan a trip")
    expect(window.answers).to_contain_text("User: Plan a trip")
    assert window.trace("errors") == []


@REACT_FIRST
def test_the_widget_keeps_its_conversation(serve: Serve, page: Page) -> None:
    window = Window(page, button=True).open(serve(style="both").at("both"))
    expect(window.field).to_be_focused()
    window.say("Hello")
    window.use("Close chat")
    expect(page.get_by_role("button", name="Open chat")).to_be_focused()
    window.use("Open chat")
    expect(window.messages).to_have_count(2)
    assert page.evaluate("window.__chatkitStandin.instances") == 1


@REACT_FIRST
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


WRAPPER = """
"use client";
import { ChatKit, useChatKit } from "@openai/chatkit-react";
import { preload } from "react-dom";
export function Chat() {
  preload("x", { as: "script" });
  return <ChatKit control={useChatKit({ api: { url: "x", domainKey: "x" } }).control} />;
}
"""
PAGE = """
import { Chat } from "@/chat";
export default function Page() { return <Chat />; }
"""
# The least that shows the wrapper.
BARE = {
    "react": {
        "index.html": '<script type="module" src="/src/index.tsx"></script>',
        "src/chat.tsx": WRAPPER,
        "src/index.tsx": """
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Chat } from "./chat";
createRoot(document.body).render(<StrictMode><Chat /></StrictMode>);
""",
    },
    "nextjs-app": {
        "src/chat.tsx": WRAPPER,
        "src/app/page.tsx": PAGE,
        "src/app/layout.tsx": """
export default function Layout({ children }: { children: React.ReactNode }) {
  return <html><body>{children}</body></html>;
}
""",
    },
    "nextjs-pages": {"src/chat.tsx": WRAPPER, "src/pages/index.tsx": PAGE},
}


@REACT_FIRST
def test_it_adds_little_to_the_framework_and_the_wrapper(
    built: Built, frontend: str, tmp_path: Path
) -> None:
    ours = built(style="both").folder
    bare = copy(ours, tmp_path) / "frontend"
    for page in bare.glob("*.html"):
        page.unlink()
    shutil.rmtree(bare / "src")
    for name, text in BARE[frontend].items():
        (bare / name).parent.mkdir(parents=True, exist_ok=True)
        (bare / name).write_text(text, "utf-8")
    done = run(bare, "run", "build", **key(bare, REGISTERED))
    assert done.returncode == 0, done.stdout
    assert zipped(ours / "frontend") - zipped(bare) < 10_000


def zipped(frontend: Path) -> int:
    """All scripts that browsers may load."""
    [folder] = [path for path in (frontend / "dist", frontend / ".next/static") if path.exists()]
    return sum(len(gzip.compress(file.read_bytes())) for file in folder.rglob("*.js"))
