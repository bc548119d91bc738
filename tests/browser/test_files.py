"""Files, attached in the page and uploaded and shown by the component's frame, without a cookie."""

import struct
import zlib

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.browser.conftest import Serve
from tests.browser.window import Window

pytestmark = pytest.mark.matrix


def png(side: int) -> bytes:
    """A square that a browser can draw."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    header = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    pixels = zlib.compress((b"\0" + b"\x80" * side) * side)
    return b"".join([
        b"\x89PNG\r\n\x1a\n", chunk(b"IHDR", header), chunk(b"IDAT", pixels), chunk(b"IEND", b""),
    ])  # fmt: skip


PICTURE: FilePayload = {"name": "square.png", "mimeType": "image/png", "buffer": png(8)}
NOTE: FilePayload = {"name": "cat.txt", "mimeType": "text/plain", "buffer": b"Miso is a cat"}
DRAWN = "image => image.decode().then(() => image.naturalWidth)"


def test_a_picture_and_a_text_are_attached_sent_and_there_after_a_reload(
    serve: Serve, page: Page
) -> None:
    window = Window(page).open(serve(attachments="disk").url)
    window.frame.get_by_label("Attach files").set_input_files([PICTURE, NOTE])
    expect(window.frame.get_by_role("button", name="Remove")).to_have_count(2)
    window.say("Look at these")
    expect(window.answers).to_contain_text("Miso is a cat")
    page.reload()
    sent = window.frame.locator("[data-type=user_message]")
    expect(sent).to_contain_text("cat.txt")
    assert sent.get_by_role("img", name="square.png").evaluate(DRAWN) == 8
    assert window.trace("errors") == []


def test_a_file_that_lies_is_refused_and_one_can_be_taken_back(serve: Serve, page: Page) -> None:
    window = Window(page).open(serve(attachments="disk").url)
    field = window.frame.get_by_label("Attach files")
    field.set_input_files({**PICTURE, "buffer": b"no picture"})
    expect(window.frame.get_by_role("alert")).to_be_visible()
    field.set_input_files(PICTURE)
    window.press("Remove square.png")
    expect(window.frame.get_by_role("button", name="Remove")).to_have_count(0)
    assert window.requests()[-1] == "attachments.delete"


def test_without_files_there_is_nothing_to_attach_with(window: Window) -> None:
    expect(window.field).to_be_visible()
    expect(window.frame.get_by_label("Attach files")).to_have_count(0)
