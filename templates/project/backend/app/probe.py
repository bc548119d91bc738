"""What strangers find at the app's address, asked without a login or a word to the model."""

import contextlib
import re
import ssl
import time
from collections.abc import Iterator, Sequence

import httpx2

from app.health import PAUSE
from app.web import MAX_BODY

STRANGER = "stranger.example"
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "frame-ancestors",
    "Strict-Transport-Security": "max-age",
}


def look(address: str, origins: Sequence[str]) -> Iterator[str]:
    try:
        with httpx2.Client(base_url=address, timeout=10) as client:
            yield from look_at_way(client)
            ready = client.get("/health/ready")
            for part, state in re.findall(r'"([^"]+)":"(?!ok")([^"]+)"', ready.text):
                yield f"/health/ready says that {part} is {state}."
            if ready.status_code not in {200, 503}:
                yield f"/health/ready answers {ready.status_code}: is this where the app is?"
                return
            yield from look_at_answers(client, origins)
            yield from look_at_bodies(client)
    except (httpx2.HTTPError, httpx2.InvalidURL) as error:
        yield f"{address} does not answer: {error or type(error).__name__}"


def look_at_way(client: httpx2.Client) -> Iterator[str]:
    with client.stream("GET", "/health/live") as answer:
        tls = answer.extensions["network_stream"].get_extra_info("ssl_object")
        dates = tls.getpeercert() if tls else {}
    if not dates:
        yield "What people say is not encrypted: this is no https address."
        return
    begin, end = (ssl.cert_time_to_seconds(dates[name]) for name in ("notBefore", "notAfter"))
    if (left := end - time.time()) < (end - begin) / 6:
        yield f"The certificate lasts {left / 86400:.1f} more days: nobody has renewed it in time."
    with contextlib.suppress(httpx2.TransportError):  # closed, which is as good as a redirection
        plain = client.get(f"http://{client.base_url.host}/session")
        if not plain.headers.get("Location", "").startswith("https://"):
            yield f"http:// is answered with {plain.status_code}. Let it lead to https:// alone."


def look_at_answers(client: httpx2.Client, origins: Sequence[str]) -> Iterator[str]:
    session = client.get("/session").headers
    for name, word in HEADERS.items():
        if word not in session.get(name, ""):
            yield f"Answers lack {name}: {word}."
    if "Secure" not in session.get("Set-Cookie", "Secure"):
        yield "The cookie goes over http, too: see to X-Forwarded-Proto and FORWARDED_ALLOW_IPS."
    if client.get("/health/live", headers={"Host": STRANGER}).is_success:
        yield f"It answers as {STRANGER}. TRUSTED_HOSTS should hold your names."
    for origin in [f"https://{STRANGER}", *origins]:
        asked = {"Origin": origin, "Access-Control-Request-Method": "POST"}
        answers = client.options("/chatkit", headers=asked), client.get("/session", headers=asked)
        allowed = [a.headers.get("Access-Control-Allow-Origin") in {origin, "*"} for a in answers]
        if origin in origins and not all(allowed):
            yield f"{origin} is one of ALLOWED_ORIGINS, and may not read answers."
        elif origin not in origins and any(allowed):
            yield "Pages of any origin may read answers."


def look_at_bodies(client: httpx2.Client) -> Iterator[str]:
    with client.stream("GET", "/health/stream") as answer:
        times = [time.monotonic() for _ in answer.iter_raw()]
    if not answer.is_success:
        yield f"/health/stream answers {answer.status_code}."
    elif len(times) < 2 or times[-1] - times[0] < PAUSE / 2:
        yield "Answers are held back until they are whole: something in front collects streams."
    for size, status in ((MAX_BODY * 9 // 10, 400), (MAX_BODY * 2, 413)):
        try:
            refusal = client.post("/chatkit", content=b" " * size)
        except httpx2.TransportError as error:
            yield f"A request of {size:,} bytes gets no answer: {type(error).__name__}."
            continue
        if refusal.status_code not in {status, 401}:  # where logins are, nobody looks at it
            yield f"A request of {size:,} bytes gets {refusal.status_code} and not {status}."
        if "Traceback" in refusal.text:
            yield "Errors show the code in which they happened."
