"""What the doctor says to a person: findings by file, what it left out, a page per rule."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text

from chatkit_scaffold.doctor.diagnosis import Diagnosis
from chatkit_scaffold.doctor.rule import Finding, Rule
from chatkit_scaffold.doctor.secrets import hide, hide_line

COLOURS = {"error": "red", "warning": "yellow", "info": "cyan"}
LANGUAGES = {"py": "python", "tsx": "tsx", "ts": "typescript", "js": "javascript", "html": "html"}
MAX_LINE = 110
MIN_TEXT = 20


def findings(diagnosis: Diagnosis) -> RenderableType:
    lines: list[RenderableType] = []
    for path, group in groupby(diagnosis.findings, key=lambda finding: finding.path):
        lines += ["", Text(path, "bold")]
        for finding in group:
            lines += [*_finding(finding, diagnosis)]
    if diagnosis.unchecked:
        lines += ["", Text("Could not check", "bold")]
        for unchecked in diagnosis.unchecked:
            lines.append(_Hanging(Text(f"  {unchecked.code:<6} "), Text(unchecked.reason, "dim")))
    return Group(*lines, *([""] if lines else []), _last(diagnosis))


@dataclass(frozen=True)
class _Hanging:
    """A line whose later lines, in a terminal that is too narrow, begin below its text."""

    head: Text
    text: Text

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        room = max(options.max_width - len(self.head), MIN_TEXT)
        lines = [self.text] if options.no_wrap else self.text.wrap(console, room)
        for number, line in enumerate(lines):
            yield (Text(" " * len(self.head)) if number else self.head) + line


def _finding(finding: Finding, diagnosis: Diagnosis) -> Iterable[RenderableType]:
    severity = finding.severity or "error"
    place = f"  {finding.line}:{finding.column}  "
    head = Text.assemble(place, (severity, COLOURS[severity]), f"  {finding.code}  ")
    yield _Hanging(head, Text.assemble(finding.message, (_how(finding), "dim")))
    lines = diagnosis.project.files.text(finding.path).splitlines()
    if 0 < finding.line <= len(lines) and lines[finding.line - 1].strip():
        line = hide_line(finding.path, lines[finding.line - 1].strip())
        yield Text(f"      {line[:MAX_LINE]}", "dim", no_wrap=True, overflow="ellipsis")


def _how(finding: Finding) -> str:
    if finding.fix is None:
        return ""
    return "  [--fix]" if finding.fix.safe else "  [--unsafe-fixes]"


def _last(diagnosis: Diagnosis) -> Text:
    safe, unsafe = diagnosis.fixable(safe=True), diagnosis.fixable(safe=False)
    counts = [
        f"{count} {word if count == 1 else plural}"
        for severity, word, plural in (
            ("error", "error", "errors"),
            ("warning", "warning", "warnings"),
            ("info", "note", "notes"),
        )
        if (count := diagnosis.count(severity))
    ]
    looked = f"{len(diagnosis.rules)} rules, {_found(diagnosis)}"
    if not counts:
        return Text.assemble(("✓ ", "green"), f"No known ChatKit mistakes: {looked}.")
    tail = [f"{safe} fixable with --fix"] if safe else []
    tail += [f"{unsafe} {'more ' if safe else ''}with --unsafe-fixes"] if unsafe else []
    tail += ["`chatkit-scaffold doctor --explain CODE` says more"]
    return Text(f"{', '.join(counts)} ({looked}); {'; '.join(tail)}.")


def _found(diagnosis: Diagnosis) -> str:
    project = diagnosis.project
    parts = [
        f"{len(found)} {word}{'s' if len(found) > 1 else ''}"
        for found, word in (
            (project.python.servers, "server"),
            (project.python.stores, "store"),
            (project.frontends, "frontend"),
        )
        if found
    ]
    return ", ".join([*parts, f"{len(project.files.paths)} files, {project.mode}"])


def rule(rule: Rule) -> RenderableType:
    parts: list[RenderableType] = [
        Text.assemble((f"{rule.code} ", "bold"), (rule.title, "bold"), f"  {rule.severity}"),
        "",
        Text(rule.text),
    ]
    for word, trees in (("Wrong", rule.wrong[:1]), ("Right", rule.right[:1])):
        for path, text in (item for tree in trees for item in tree.items()):
            language = LANGUAGES.get(path.rpartition(".")[2], "text")
            code = Syntax(text.strip("\n"), language, theme="ansi_dark", background_color="default")
            parts += ["", Text(f"{word}: {path}", "bold"), code]
    return Group(*parts, "", Text(f"To silence it: # chatkit: ignore[{rule.code}] reason", "dim"))


def rules(listed: Iterable[Rule]) -> RenderableType:
    table = Table.grid(padding=(0, 2))
    for rule in listed:
        table.add_row(rule.code, Text(rule.severity, COLOURS[rule.severity]), rule.title)
    return table


def patch(diff: str) -> RenderableType:
    return Syntax(hide(diff), "diff", theme="ansi_dark", background_color="default")
