"""The elements of a page, and its scripts where they stand."""

import re
from dataclasses import dataclass
from html.parser import HTMLParser


@dataclass(frozen=True)
class Tag:
    name: str
    attributes: dict[str, str]
    line: int
    column: int


def read_tags(page: str) -> tuple[Tag, ...]:
    return tuple(_Page(page).tags)


class _Page(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[Tag] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        line, column = self.getpos()
        self.tags.append(Tag(tag, {k: v or "" for k, v in attrs}, line, column + 1))

    handle_startendtag = handle_starttag


def only_scripts(page: str) -> str:
    """The page with all but its scripts blanked, so that every place stays what it is."""
    parts, done, lower = [], 0, page.lower()
    while (tag := lower.find("<script", done)) >= 0 and (start := page.find(">", tag) + 1):
        end = lower.find("</script", start)
        end = len(page) if end < 0 else end
        parts += [_blank(page[done:start]), page[start:end]]
        done = end
    return "".join([*parts, _blank(page[done:])])


def _blank(text: str) -> str:
    return re.sub(r"[^\r\n]", lambda match: " " * len(match[0].encode()), text)
