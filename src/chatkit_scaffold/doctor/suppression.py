"""Comments that silence a rule: `# chatkit: ignore[CK401] reason`, for their line or the next."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from chatkit_scaffold.doctor.files import Files
from chatkit_scaffold.doctor.rule import WARNING, Finding

COMMENT = re.compile(r"(?:#|//|/\*|<!--)\s*chatkit:\s*ignore(-file)?\[([A-Z0-9,\s]+)\]")
UNUSED = "CK001"  # the rule about comments that silence nothing; only this module knows


@dataclass(frozen=True)
class Silence:
    path: str
    line: int
    column: int
    codes: tuple[str, ...]
    whole: bool  # for all of the file
    alone: bool  # a comment of its own, or it would reach too far

    def covers(self, finding: Finding) -> bool:
        near = finding.line == self.line or (self.alone and finding.line == self.line + 1)
        return finding.code in self.codes and (self.whole or near)


def read_silences(files: Files) -> list[Silence]:
    return [
        Silence(
            path,
            number,
            match.start() + 1,
            tuple(re.split(r"[,\s]+", match[2].strip())),
            bool(match[1]),
            COMMENT.match(line.strip()) is not None,
        )
        for path in files.paths
        if "chatkit:" in (text := files.text(path))
        for number, line in enumerate(text.splitlines(), 1)
        for match in COMMENT.finditer(line)
    ]


def silence(
    findings: Iterable[Finding], silences: Sequence[Silence], ran: Iterable[str]
) -> tuple[list[Finding], int]:
    """The findings that nothing silences with a warning for each comment that does nothing, and
    how many were silenced. About rules that did not run no comment can be judged."""
    loud, used, count = [], set(), 0
    for finding in findings:
        by = [comment for comment in silences if comment.path == finding.path]
        by = [comment for comment in by if comment.covers(finding)]
        used |= {(comment, finding.code) for comment in by}
        count += bool(by)
        loud += [] if by else [finding]
    judged = set(ran)
    idle = [(s, c) for s in silences for c in s.codes if c in judged and (s, c) not in used]
    for comment, code in idle if UNUSED in judged else ():
        message = f"There is no {code} here for this comment to silence."
        place = (comment.path, comment.line, comment.column)
        loud.append(Finding(*place, message, severity=WARNING, code=UNUSED))
    return loud, count
