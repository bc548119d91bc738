"""`python -m app.check ADDRESS` at a real nginx with a certificate, and at ones that are wrong."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from chatkit_scaffold.tree import create
from tests.forks import Fork
from tests.operations.certificate import certify
from tests.operations.nginx import free_port, nginx
from tests.rendering import made
from tests.running import running

pytestmark = pytest.mark.matrix
GOOD = (0, "Nothing seen here speaks against strangers.\n")
PAGE = "https://www.example.com"
TO_HTTPS = "return 301 https://$host$request_uri;"
SETTINGS = {
    "LLM_PROVIDER": "demo",
    "ALLOWED_ORIGINS": f'["{PAGE}"]',
    "TRUSTED_HOSTS": '["127.0.0.1"]',
    "FORWARDED_ALLOW_IPS": "*",
    "SESSION_SECRET": secrets.token_urlsafe(32),
}


def make(folder: Path, **answers: object) -> Path:
    create(made(extras=["docker"], **answers), folder)
    return folder


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("address") / "project")


@pytest.fixture(scope="module")
def port(project: Path) -> Iterator[int]:
    with running(project / "backend", env=SETTINGS) as client:
        yield client.base_url.port or 0


@contextmanager
def deployed(project: Path, port: int, certificate: Path, *edit: str) -> Iterator[dict[str, str]]:
    """The address, and the environment of who asks: port 80 is another one here."""
    config, plain = (project / "deploy/nginx.conf").read_text(), free_port()
    file = f'ssl_certificate "{certificate}"; ssl_certificate_key "{certificate}";'
    config = config.replace("listen 8080;", f"listen 8080 ssl; {file}")
    redirecting = f"server {{ listen 127.0.0.1:{plain}; {TO_HTTPS} }}"
    config = config.replace("    server {\n", f"    {redirecting}\n\n    server {{\n")
    for old, new in zip(edit[::2], edit[1::2], strict=True):
        assert old in config
        config = config.replace(old, new)
    with nginx(config, ["127.0.0.1"], port) as proxy:
        env = {"ADDRESS": proxy.url, "SSL_CERT_FILE": str(certificate)}
        if "8080 ssl" in config:
            env["ADDRESS"] = proxy.url.replace("http:", "https:")
            env["HTTP_PROXY"] = f"http://127.0.0.1:{plain}"
        yield env


def check(project: Path, env: dict[str, str]) -> tuple[int, str]:
    log = project / "check.log"
    here = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
    known = here | SETTINGS | env
    done = Fork(project / "backend", [env["ADDRESS"]], known, log, "app.check")
    return done.wait(60), log.read_text("utf-8")


def test_a_deployment_as_the_readme_has_it_is_found_good(
    project: Path, port: int, tmp_path: Path
) -> None:
    with deployed(project, port, certify(tmp_path / "c.pem", days=90, left=60)) as env:
        assert check(project, env) == GOOD


def test_one_with_logins_too(tmp_path: Path) -> None:
    """Nobody signs in to look at it."""
    project = make(tmp_path / "p", auth="jwt", frontend="nextjs-app")
    with running(project / "backend", env=SETTINGS) as client:
        port = client.base_url.port or 0
        with deployed(project, port, certify(tmp_path / "c.pem", days=90, left=60)) as env:
            assert check(project, env) == GOOD


ANSWERED = """set $plain backend:8000;
    location / { proxy_set_header Host $host; proxy_pass http://$plain; }"""
BUFFERED = "proxy_buffering on; proxy_ignore_headers X-Accel-Buffering;"
UNSAFE = ["lack Strict-Transport-Security: max-age", "The cookie goes over http"]
SERVER = "client_max_body_size 1m;"
WRONG = {
    "no https": (["8080 ssl;", "8080;"], ["not encrypted", *UNSAFE]),
    "http is answered as well": ([TO_HTTPS, ANSWERED], ["http:// is answered with 200"]),
    "streams are collected": (["proxy_buffering off;", BUFFERED], ["held back"]),
    "the app thinks it is http": (
        ["X-Forwarded-Proto $scheme", "X-Forwarded-Proto http"],
        UNSAFE,
    ),
    "any page may read": (
        [SERVER, f"{SERVER} add_header Access-Control-Allow-Origin * always;"],
        ["Pages of any origin", f"{PAGE} is one of ALLOWED_ORIGINS"],  # two are none
    ),
    "its own page may not read": (
        [SERVER, f"{SERVER} proxy_hide_header Access-Control-Allow-Origin;"],
        [f"{PAGE} is one of ALLOWED_ORIGINS"],
    ),
    "a header is lost": (
        [SERVER, f"{SERVER} proxy_hide_header X-Content-Type-Options;"],
        ["lack X-Content-Type-Options: nosniff"],
    ),
    "any name is answered": (["Host $http_host", "Host 127.0.0.1"], ["TRUSTED_HOSTS"]),
    "messages are cut": ([SERVER, "client_max_body_size 100k;"], ["900,000 bytes gets 413"]),
    "it hangs up": (
        [SERVER, f"{SERVER} if ($request_method = POST) {{ return 444; }}"],
        ["900,000 bytes gets no answer", "2,000,000 bytes gets no answer"],
    ),
    "errors show code": (
        [SERVER, f'{SERVER} if ($request_method = POST) {{ return 400 "Traceback (most"; }}'],
        ["Errors show", "2,000,000 bytes gets 400 and not 413", "Errors show the code"],
    ),
    "the backend is gone": (["backend:8000", "127.0.0.1:1"], ["/health/ready answers 502"]),
}  # fmt: skip


@pytest.mark.parametrize(("edit", "words"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_found(
    project: Path, port: int, tmp_path: Path, edit: list[str], words: list[str]
) -> None:
    with deployed(project, port, certify(tmp_path / "c.pem", 90, 60), *edit) as env:
        code, said = check(project, env)
    assert code == 1
    *found, last = said.splitlines()
    assert last == f"{len(words)} to settle before strangers may come.", said
    assert all(word in line for word, line in zip(words, found, strict=True)), said


@pytest.mark.parametrize(
    ("days", "left", "trusted", "word"),
    [(90, 10, True, "lasts 10.0 more days"), (90, -1, True, "expired"), (90, 60, False, "self")],
)
def test_a_certificate_has_to_last_and_to_be_trusted(
    project: Path, port: int, tmp_path: Path, days: int, left: int, trusted: bool, word: str
) -> None:
    with deployed(project, port, certify(tmp_path / "c.pem", days, left)) as env:
        code, said = check(project, env if trusted else env | {"SSL_CERT_FILE": ""})
    assert code == 1
    assert word in said
