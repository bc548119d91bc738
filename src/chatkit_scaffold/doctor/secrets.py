"""Secrets in what was read: found by their shape, and kept out of all that is shown or written."""

import re
from collections.abc import Iterator

from chatkit_scaffold.doctor.environment import is_env

KEY = re.compile(
    r"\b(sk-(?:proj-|ant-|or-v1-|svcacct-)?[A-Za-z0-9_-]{24,}|AIza[A-Za-z0-9_-]{35}"
    r"|gsk_[A-Za-z0-9]{40,}|xai-[A-Za-z0-9]{40,}|ek_[A-Za-z0-9]{32,})"
)
DEFAULT = re.compile(  # of a variable: `os.getenv("SOME_TOKEN", "<the token itself>")`
    r"(?:getenv|environ\.get)\(\s*[\"']\w*(?:TOKEN|KEY|SECRET)[\"']\s*,\s*[\"']"
    r"([0-9a-f]{32,}|[A-Za-z0-9_-]{40,})[\"']"
)
BEGINNINGS = ("sk-", "AIza", "gsk_", "xai-", "ek_")
PASSWORD = re.compile(r"(://[^:/@\s]*:)[^@/\s]+(?=@)")
NAMED = re.compile(
    r"((?:secret|token|password|api_?key)\w*[\"']?\s*(?::\s*\w+\s*)?[,=:]\s*[\"'])[^\"']+",
    re.IGNORECASE,
)
SIGNS, DIGITS = 12, 3  # words and rows of x have fewer


def find_keys(text: str) -> Iterator[tuple[int, int]]:
    spots = KEY.finditer(text) if any(word in text for word in BEGINNINGS) else ()
    defaults = DEFAULT.finditer(text) if "env" in text else ()
    for found in (*spots, *defaults):
        if len(set(found[1])) >= SIGNS and sum(c.isdigit() for c in found[1]) >= DIGITS:
            yield found.span(1)


def hide(text: str) -> str:
    """The text without keys and passwords."""
    return PASSWORD.sub(r"\1***", KEY.sub(lambda found: f"{found[1][:3]}***", text))


def hide_line(path: str, line: str) -> str:
    """A line to be shown. Of an env file nothing but the name."""
    if is_env(path):
        return re.sub(r"=.*", "=***", line)
    return hide(NAMED.sub(r"\1***", line))
