"""What people dictate, once the owner of a backend has written who understands it."""

import shutil
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.conftest import App, Built, Front
from tests.browser.window import Window
from tests.running import running

OFF = 'raise NotOffered("Dictation is off. ChatServer.transcribe is where it is switched on.")'


def test_spoken_words_are_there_to_be_sent(
    built: Built, front: Front, page: Page, style: str, tmp_path: Path
) -> None:
    app = built(style=style)
    big = shutil.ignore_patterns("node_modules", ".next")
    backend = shutil.copytree(app.folder, tmp_path / "app", ignore=big) / "backend"
    server = backend / "app/server.py"
    text = server.read_text("utf-8")
    assert OFF in text
    assert "dictation = False" in text
    text = text.replace(
        OFF, 'return TranscriptionResult(text=f"heard {audio_input.mime_type[:5]}")'
    )
    server.write_text(text.replace("dictation = False", "dictation = True"), "utf-8")
    page.context.grant_permissions(["microphone"])
    window = Window(page, button=style != "page")
    with (
        running(backend, env=app.env()) as client,
        front(app, str(client.base_url).rstrip("/")) as url,
    ):
        window.open(App(app.folder, url).at(style))
        window.press("Dictate")
        expect(window.field).to_have_value("heard audio")


def test_nobody_is_offered_what_nobody_understands(window: Window) -> None:
    expect(window.field).to_be_visible()
    expect(window.frame.get_by_role("button", name="Dictate")).to_have_count(0)
