"""Findings that an old project lives with for now. Lines may move; what they say counts."""

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from chatkit_scaffold.doctor.files import Files
from chatkit_scaffold.doctor.rule import Finding
from chatkit_scaffold.doctor.secrets import hide_line
from chatkit_scaffold.error import USAGE, ScaffoldError

Entry = tuple[str, str, str]


def entry(finding: Finding, files: Files) -> Entry:
    text = files.text(finding.path) if finding.path in files.entries else ""
    lines = text.splitlines()
    line = lines[finding.line - 1] if 0 < finding.line <= len(lines) else ""
    return finding.code, finding.path, hide_line(finding.path, " ".join(line.split()))


def write_baseline(findings: Iterable[Finding], files: Files) -> str:
    known = sorted(entry(finding, files) for finding in findings)
    rows = [{"code": code, "path": path, "line": line} for code, path, line in known]
    return json.dumps({"schema_version": 1, "findings": rows}, indent=2, ensure_ascii=False) + "\n"


def read_baseline(path: Path) -> Counter[Entry]:
    try:
        rows = json.loads(path.read_text("utf-8"))["findings"]
        return Counter((row["code"], row["path"], row["line"]) for row in rows)
    except OSError as error:
        raise ScaffoldError(
            f"The baseline {path} cannot be read: {error.strerror}.",
            "Make one with --write-baseline.",
            USAGE,
        ) from error
    except (ValueError, KeyError, TypeError) as error:
        raise ScaffoldError(
            f"{path} is not a baseline.", "Make one with --write-baseline.", USAGE
        ) from error


def without(
    findings: Iterable[Finding], known: Counter[Entry], files: Files
) -> tuple[list[Finding], int]:
    """The findings that are new, and how many are known: each entry excuses one."""
    left = Counter(known)
    new = []
    for finding in findings:
        key = entry(finding, files)
        left[key] -= 1
        if left[key] < 0:
            new.append(finding)
    return new, sum(known.values()) - sum(count for count in left.values() if count > 0)
