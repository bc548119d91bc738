"""The page in front, and what browsers may load for it."""

from typing import Any

from fastapi.staticfiles import StaticFiles
from starlette.responses import Response

COMPONENT = "https://cdn.platform.openai.com"
POLICY = "; ".join(
    [
        "default-src 'none'",
        f"script-src 'self' {COMPONENT}",
        # The component brings styles of its own into the page.
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data:",
        # It asks OpenAI, from the page, whether the domain is registered, and goes without a yes.
        f"connect-src 'self' {COMPONENT} https://api.openai.com",
        f"frame-src {COMPONENT}",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'self'",
    ]
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-cache",  # asked for each time, or an update would mix with old files
}


class Page(StaticFiles):
    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        response = super().file_response(*args, **kwargs)
        response.headers.update(HEADERS)
        return response
