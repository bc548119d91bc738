"""What is commonly told about pages that a server renders, done to ours on purpose."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import App, Built, Front
from tests.browser.window import Window
from tests.frontends.conftest import REGISTERED, copy
from tests.node import key, run
from tests.running import running

pytestmark = pytest.mark.slow
RIGHT = 'const theme = useBrowser(currentTheme, "system", watchTheme);'
WRONG = """const [theme] = useState(() =>
    typeof window === "undefined" ? "system" : currentTheme());
  useBrowser(currentTheme, "system", watchTheme);"""


@pytest.mark.parametrize("frontend", ["nextjs-app"], indirect=True)
def test_a_theme_that_is_read_while_rendering_is_not_what_the_server_rendered(
    built: Built, front: Front, tmp_path: Path, page: Page
) -> None:
    app = App(copy(built(style="page").folder, tmp_path), "")
    file = app.folder / "frontend/src/chat/browser.ts"
    text = file.read_text("utf-8")
    assert RIGHT in text
    file.write_text(text.replace(RIGHT, WRONG), "utf-8")
    done = run(app.folder / "frontend", "run", "build", **key(app.folder / "frontend", REGISTERED))
    assert done.returncode == 0, done.stdout
    page.add_init_script("localStorage.setItem('chat-theme', 'dark')")
    with (
        running(app.folder / "backend", env=app.env()) as client,
        front(app, str(client.base_url).rstrip("/")) as url,
    ):
        window = Window(page).open(url)
        expect(window.field).to_be_visible()
        # React does not mend what differs: the button says what the server did not know.
        expect(page.get_by_role("button", name="Theme: system")).to_be_visible()
