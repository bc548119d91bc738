"""Env files: names and shapes. Values stay in here; nothing may print them."""

import re
from dataclasses import dataclass, field

from chatkit_scaffold.doctor.files import Files, Span

LINE = re.compile(
    r"^[ \t]*(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_.]*)[ \t]*=[ \t]*(.*?)[ \t]*\r?$", re.MULTILINE
)
EXAMPLES = ("example", "sample", "template", "dist", "test")
PLACEHOLDER = re.compile(
    r"|<.*>|(sk-)?(your[-_ ]|x{3}|\.{3}).*|.*[-_ ]here|change[-_ ]?me|replace[-_ ]?me|todo",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Variable:
    path: str
    span: Span
    name: str
    value: str = field(repr=False)

    @property
    def is_placeholder(self) -> bool:
        return bool(PLACEHOLDER.fullmatch(self.value))


def is_env(path: str) -> bool:
    return path.rpartition("/")[2].startswith(".env") or path.endswith(".env")


def is_example(path: str) -> bool:
    return any(word in path.rpartition("/")[2].lower().split(".") for word in EXAMPLES)


def read_variables(files: Files) -> list[Variable]:
    """What every `.env*` file sets, examples too: ask `is_example` about the path."""
    return [
        Variable(path, match.span(1), match[1], _unquote(match[2]))
        for path in files.paths
        if is_env(path)
        for match in LINE.finditer(files.text(path))
    ]


def _unquote(value: str) -> str:
    quoted = re.match(r"""(['"])(.*?)\1""", value)
    return quoted[2] if quoted else re.split(r"\s#", value, maxsplit=1)[0].strip()
