"""From files to passages: Markdown, text, HTML and PDF, cut where their authors made a break."""

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

from pypdf import PdfReader

MAX_FILE = 50_000_000  # bytes
PASSAGE = 1_200  # characters: large enough to answer, small enough to read five of them

logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # what matters, it raises

HEADING = re.compile(r"^#{1,6} +(.+?)[\s#]*$")
FENCE = re.compile(r"^ {0,3}(```|~~~)")
BLOCKS = {"p", "div", "li", "tr", "pre", "table", "ul", "ol", "br", "section", "article", "td"}
UNREAD = {"script", "style", "nav", "template", "noscript", "svg"}


class Unreadable(Exception):
    """A file that holds no text for us; the message says why."""


@dataclass(frozen=True)
class Passage:
    heading: str
    text: str


def read_passages(path: Path) -> list[Passage]:
    if path.stat().st_size > MAX_FILE:
        raise Unreadable(f"it is larger than {MAX_FILE:,} bytes")
    read = READERS.get(path.suffix.lower())
    if not read:
        raise Unreadable(f"only {', '.join(READERS)} are read")
    return [Passage(heading, text) for heading, whole in read(path) for text in cut(whole)]


def read_text(path: Path) -> str:
    try:
        return path.read_text("utf-8-sig")
    except UnicodeDecodeError:
        raise Unreadable("it is not text in UTF-8") from None


def plain(path: Path) -> Iterator[tuple[str, str]]:
    yield path.stem, read_text(path)


def markdown(path: Path) -> Iterator[tuple[str, str]]:
    heading, lines, in_code = path.stem, list[str](), False
    for line in read_text(path).splitlines():
        in_code ^= bool(FENCE.match(line))
        if not in_code and (found := HEADING.match(line)):
            yield heading, "\n".join(lines)
            heading, lines = found[1], []
        else:
            lines.append(line)
    yield heading, "\n".join(lines)


def html(path: Path) -> Iterator[tuple[str, str]]:
    page = Page(path.stem)
    page.feed(read_text(path))
    page.close()
    yield from page.sections


def pdf(path: Path) -> Iterator[tuple[str, str]]:
    try:
        for number, page in enumerate(PdfReader(path).pages, 1):
            yield f"{path.stem}, page {number}", page.extract_text()
    except Exception as error:  # a broken file makes pypdf raise all kinds of things
        raise Unreadable(f"it is a PDF that cannot be read ({type(error).__name__})") from None


READERS = {
    ".md": markdown,
    ".markdown": markdown,
    ".txt": plain,
    ".html": html,
    ".htm": html,
    ".pdf": pdf,
}


class Page(HTMLParser):
    def __init__(self, title: str) -> None:
        super().__init__()
        self.sections = [(title, "")]
        self._ignored = 0
        self._in_heading = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in UNREAD:
            self._ignored += 1
        elif re.fullmatch("title|h[1-6]", tag):
            self.sections.append(("", ""))
            self._in_heading = True
        elif tag in BLOCKS:
            self.handle_data("\n\n" if tag == "p" else "\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in UNREAD:
            self._ignored = max(0, self._ignored - 1)
        elif re.fullmatch("title|h[1-6]", tag):
            self._in_heading = False

    def handle_data(self, data: str) -> None:
        if not self._ignored:
            heading, text = self.sections[-1]
            if self._in_heading:
                heading = f"{heading} {' '.join(data.split())}".strip()
            else:
                text += data
            self.sections[-1] = (heading, text)


def cut(text: str) -> Iterator[str]:
    """Whole paragraphs as long as they fit; a longer one is cut at a space."""
    passage = ""
    for paragraph in re.split(r"\n\s*\n", text):
        piece = paragraph.strip()
        if passage and len(passage) + len(piece) > PASSAGE:
            yield passage
            passage = ""
        passage = f"{passage}\n\n{piece}".strip()
        while len(passage) > PASSAGE:
            end = passage.rfind(" ", PASSAGE // 2, PASSAGE)
            end = end if end > 0 else PASSAGE
            yield passage[:end].strip()
            passage = passage[end:].strip()
    if passage:
        yield passage
