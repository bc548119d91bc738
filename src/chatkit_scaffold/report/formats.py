"""What the doctor says to programs: JSON, SARIF, GitHub's annotations, JUnit."""

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from chatkit_scaffold.report.document import SCHEMA_VERSION, print_json

if TYPE_CHECKING:
    from collections.abc import Callable

    from chatkit_scaffold.doctor.diagnosis import Diagnosis
    from chatkit_scaffold.doctor.rule import Finding

SARIF = "https://json.schemastore.org/sarif-2.1.0.json"
LEVELS = {"error": "error", "warning": "warning", "info": "note"}
COMMANDS = {"error": "error", "warning": "warning", "info": "notice"}


def document(diagnosis: "Diagnosis", *, ok: bool) -> dict[str, Any]:
    from chatkit_scaffold.doctor.description import describe

    return {
        "schema_version": SCHEMA_VERSION,
        "ok": ok,
        "project": describe(diagnosis.project),
        "findings": [_row(finding) for finding in diagnosis.findings],
        "unchecked": [{"code": u.code, "reason": u.reason} for u in diagnosis.unchecked],
        "summary": diagnosis.summary(),
    }


def _row(finding: "Finding") -> dict[str, Any]:
    fix = "none" if finding.fix is None else "safe" if finding.fix.safe else "unsafe"
    return {
        "code": finding.code,
        "severity": finding.severity,
        "path": finding.path,
        "line": finding.line,
        "column": finding.column,
        "message": finding.message,
        "fix": fix,
    }


def sarif(diagnosis: "Diagnosis") -> dict[str, Any]:
    codes = [rule.code for rule in diagnosis.rules]
    rules = [
        {
            "id": rule.code,
            "name": rule.name,
            "shortDescription": {"text": rule.title},
            "fullDescription": {"text": rule.text},
            "defaultConfiguration": {"level": LEVELS[rule.severity]},
        }
        for rule in diagnosis.rules
    ]
    results = [
        {
            "ruleId": finding.code,
            "ruleIndex": codes.index(finding.code),
            "level": LEVELS[finding.severity or "error"],
            "message": {"text": finding.message},
            "locations": [
                {
                    "physicalLocation": {
                        "artifactLocation": {"uri": quote(finding.path)},
                        "region": {"startLine": finding.line, "startColumn": finding.column},
                    }
                }
            ],
        }
        for finding in diagnosis.findings
    ]
    driver = {"name": "chatkit-scaffold doctor", "rules": rules}
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return {"$schema": SARIF, "version": "2.1.0", "runs": [run]}


def github(diagnosis: "Diagnosis") -> str:
    """Workflow commands, which GitHub shows beside the lines of a pull request."""
    return "\n".join(
        f"::{COMMANDS[f.severity or 'error']} file={_escape(f.path, ':,')},line={f.line},"
        f"col={f.column},title={f.code}::{_escape(f.message)}"
        for f in diagnosis.findings
    )


def _escape(text: str, more: str = "") -> str:
    return "".join(f"%{ord(c):02X}" if c in "%\r\n" + more else c for c in text)


def junit(diagnosis: "Diagnosis") -> str:
    """One test case per rule; every finding of it is a failure. Notes fail nothing."""
    from xml.etree import ElementTree as Xml

    words = {"name": "chatkit-scaffold doctor", "tests": str(len(diagnosis.rules))}
    suite = Xml.Element("testsuite", words)
    failures = 0
    for rule in diagnosis.rules:
        name = f"{rule.code} {rule.title}"
        case = Xml.SubElement(suite, "testcase", classname="doctor", name=name)
        for finding in diagnosis.findings:
            if finding.code == rule.code and finding.severity != "info":
                failures += 1
                place = f"{finding.path}:{finding.line}:{finding.column}"
                words = {"type": finding.severity or "error", "message": _plain(finding.message)}
                Xml.SubElement(case, "failure", words).text = _plain(f"{place} {finding.message}")
    suite.set("failures", str(failures))
    return Xml.tostring(suite, encoding="unicode", xml_declaration=True)


def _plain(text: str) -> str:
    """Without the control characters that XML cannot hold."""
    return "".join(c if c.isprintable() else " " for c in text)


TEXTS: "dict[str, Callable[[Diagnosis], str]]" = {"github": github, "junit": junit}
FORMATS = ("text", "json", "sarif", *TEXTS)


def show(diagnosis: "Diagnosis", form: str, *, ok: bool) -> None:
    if form == "json":
        print_json(document(diagnosis, ok=ok))
    elif form == "sarif":
        print_json(sarif(diagnosis))
    elif text := TEXTS[form](diagnosis):
        print(text)
