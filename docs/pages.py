"""Photographs the generated pages for docs/frontends.md, in Chromium and with the stand-in.

make docs, or `PYTHONPATH=. python docs/pages.py nextjs-pages` for some.
"""

import sys
import tempfile
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import App, make
from tests.browser.window import Window
from tests.element.standin import CDN, chromium, intercept
from tests.frontends.conftest import FLAVOURS
from tests.node import install, run, serving
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


def serve(browser: Browser, folder: Path, frontend: str, style: str) -> None:
    app: App = make(folder, frontend=frontend, style=style, name="cat-help")
    with running(app.folder / "backend", env=app.env()) as client, ExitStack() as stack:
        url = str(client.base_url)
        if frontend != "cdn":
            url = stack.enter_context(build(app.folder / "frontend", folder.parent, url))
        if style == "widget":
            photograph(browser, f"{frontend}-widget", url)
            photograph(browser, f"{frontend}-widget-phone", url, PHONE)
            return
        photograph(browser, f"{frontend}-light", url)
        photograph(browser, f"{frontend}-dark", url, dark=True)
        photograph(browser, f"{frontend}-phone", url, PHONE)
        photograph(browser, f"{frontend}-problem", url, works=False)


def build(frontend: Path, store: Path, backend: str) -> AbstractContextManager[str]:
    install(frontend, store)
    run(frontend, "run", "build", LOCAL_BUILD="1").check_returncode()
    return serving(frontend, backend.rstrip("/"))


def main() -> None:
    OUT.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name, chromium() as browser:
        for frontend in sys.argv[1:] or ("cdn", *FLAVOURS):
            for style in ("page", "widget"):
                serve(browser, Path(name) / f"{frontend}-{style}", frontend, style)


if __name__ == "__main__":
    main()
