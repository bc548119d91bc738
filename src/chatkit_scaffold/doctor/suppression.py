"""Comments that silence a rule: `# chatkit: ignore[CK401] reason`, for their line or the next."""

import re
from collections.abc import Iterable

from chatkit_scaffold.doctor.files import Files
from chatkit_scaffold.doctor.rule import Finding

COMMENT = re.compile(r"(?:#|//|/\*|<!--)\s*chatkit:\s*ignore(-file)?\[([A-Z0-9,\s]+)\]")


def is_ignored(finding: Finding, files: Files) -> bool:
    text = files.text(finding.path) if finding.path in files.entries else ""
    if "chatkit:" not in text:
        return False
    lines = text.splitlines()
    around = lines[max(finding.line - 2, 0) : finding.line]
    above, here = around[0] if len(around) > 1 else "", around[-1] if around else ""
    return (
        _names(finding.code, [here])
        # On the line above only as a comment of its own, or it would reach too far.
        or (bool(COMMENT.match(above.strip())) and _names(finding.code, [above]))
        or _names(finding.code, (line for line in lines if "ignore-file" in line), whole=True)
    )


def _names(code: str, lines: Iterable[str], *, whole: bool = False) -> bool:
    return any(
        code in re.split(r"[,\s]+", match[2].strip())
        for line in lines
        for match in COMMENT.finditer(line)
        if bool(match[1]) == whole
    )
