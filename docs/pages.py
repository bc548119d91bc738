"""Photographs the generated pages for docs/frontends.md, in Chromium and with the stand-in.

make docs
"""

import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import App, make
from tests.browser.window import Window
from tests.element.standin import CDN, chromium, intercept
from tests.running import running

OUT = Path(__file__).parent / "images"
TURNS = ("What time is it?", "My cat is called Miso.", "What did I say?")
WIDE, PHONE = (1000, 640), (360, 640)


def photograph(
    browser: Browser,
    name: str,
    url: str,
    size: tuple[int, int] = WIDE,
    *,
    dark: bool = False,
    works: bool = True,
) -> None:
    with browser.new_context(
        viewport={"width": size[0], "height": size[1]}, color_scheme="dark" if dark else "light"
    ) as context:
        intercept(context)
        page = context.new_page()
        if not works:
            page.route(f"{CDN}chatkit.js", lambda route: route.abort())
        show(page, url, works=works)
        page.screenshot(path=OUT / f"{name}.png")


def show(page: Page, url: str, *, works: bool) -> None:
    window = Window(page).open(url)
    opener = page.get_by_role("button", name="Open chat")
    if opener.count():
        opener.click()
    if works:
        window.say(*TURNS)
    else:
        expect(window.problem).to_be_visible()


def serve(browser: Browser, folder: Path, style: str) -> None:
    app: App = make(folder, style=style, name="cat-help")
    with running(app.folder / "backend", env=app.env()) as client:
        url = str(client.base_url)
        if style == "widget":
            photograph(browser, "cdn-widget", url)
            photograph(browser, "cdn-widget-phone", url, PHONE)
            return
        photograph(browser, "cdn-light", url)
        photograph(browser, "cdn-dark", url, dark=True)
        photograph(browser, "cdn-phone", url, PHONE)
        photograph(browser, "cdn-problem", url, works=False)


def main() -> None:
    OUT.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name, chromium() as browser:
        for style in ("page", "widget"):
            serve(browser, Path(name) / style, style)


if __name__ == "__main__":
    main()
