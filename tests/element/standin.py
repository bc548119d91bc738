"""Chromium, and the stand-in where it expects OpenAI's element."""

import json
import mimetypes
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Route, sync_playwright

from tests.conftest import need

FILES = Path(__file__).parent / "cdn"
CDN = "https://cdn.platform.openai.com/deployments/chatkit/"
VERIFY = "https://api.openai.com/v1/chatkit/domain_keys/verify"
ANYONE = {"Access-Control-Allow-Origin": "*", "Access-Control-Allow-Headers": "content-type"}


@contextmanager
def chromium(*flags: str) -> Iterator[Browser]:
    arguments = [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--disable-background-networking",
        "--disable-component-update",
        # The frame's files come from here and not from the network, and Chromium then takes their
        # origin for one that may not ask for anything on a loopback address.
        "--disable-features=LocalNetworkAccessChecks",
        "--use-fake-device-for-media-stream",  # a microphone that beeps
        *flags,
    ]
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=need("chromium"), args=arguments)
        yield browser
        browser.close()


def intercept(context: BrowserContext, domain_keys: Mapping[str, str] | None = None) -> None:
    """`domain_keys`: which key is registered for which host; localhost needs none."""
    registered = domain_keys or {}

    def serve(route: Route) -> None:
        path = FILES / route.request.url.removeprefix(CDN)
        kind = mimetypes.guess_type(path.name)[0]
        route.fulfill(body=path.read_bytes(), content_type=kind, headers=ANYONE)

    def verify(route: Route) -> None:
        if route.request.method == "OPTIONS":
            route.fulfill(status=204, headers=ANYONE)
            return
        asked = json.loads(route.request.post_data or "{}")
        host = asked["domain"].partition("://")[2].partition(":")[0]
        known = registered.get(host) == asked["domain_key"]
        route.fulfill(status=200 if known else 400, json={"verified": known}, headers=ANYONE)

    context.route(f"{CDN}**", serve)
    context.route(VERIFY, verify)
