"""Writes docs/rules/: a page per rule of the doctor, as `--explain` shows it, and an index.

make rules; tests/doctor/test_pages.py says when it is time.
"""

from collections.abc import Iterator
from pathlib import Path

from chatkit_scaffold.doctor.catalog import read_rules
from chatkit_scaffold.doctor.rule import Rule, Tree

OUT = Path(__file__).parent / "rules"
LANGUAGES = {"py": "python", "env": ""}
FAMILIES = {
    "1": "Dependencies and environment",
    "2": "Store",
    "3": "Server and streaming",
    "4": "Agent and provider",
    "5": "Frontend",
    "6": "Security and deployment",
    "0": "Comments",
}


def pages() -> dict[str, str]:
    rules = list(read_rules().values())
    return {"README.md": _index(rules)} | {f"{r.code.lower()}.md": _page(r) for r in rules}


def _index(rules: list[Rule]) -> str:
    lines = [
        "# The rules of the doctor",
        "",
        f"{len(rules)} mistakes that `chatkit-scaffold doctor` knows. "
        "[How to use it](../doctor.md).",
    ]
    for digit, family in FAMILIES.items():
        of_it = [rule for rule in rules if rule.code[2] == digit]
        if of_it:
            lines += ["", f"## {family}", "", "| rule | severity | |", "|---|---|---|"]
            lines += [
                f"| [{rule.code}]({rule.code.lower()}.md) | {rule.severity} "
                f"| {_plain(rule.title)} |"
                for rule in of_it
            ]
    return "\n".join(lines) + "\n"


def _page(rule: Rule) -> str:
    head = [f"# {rule.code}: {_plain(rule.title)}", "", f"`{rule.name}`, {rule.severity}", ""]
    shown = [*_trees("Wrong", rule.wrong[0]), *_trees("Right", rule.right[0])]
    tail = ["", f"To silence it: `# chatkit: ignore[{rule.code}] reason`. [All rules](README.md)"]
    return "\n".join([*head, rule.text.replace("<", "&lt;"), *shown, *tail]) + "\n"


def _trees(word: str, tree: Tree) -> Iterator[str]:
    for path, text in tree.items():
        end = path.rpartition(".")[2]
        language = LANGUAGES.get(end, end if end.isalpha() else "")
        yield from ("", f"{word}, `{path}`:", "", f"```{language}", text.strip("\n"), "```")


def _plain(title: str) -> str:
    return title.replace("|", "\\|").replace("<", "&lt;")


def main() -> None:
    OUT.mkdir(exist_ok=True)
    made = pages()
    for old in OUT.glob("*.md"):
        if old.name not in made:
            old.unlink()
    for name, text in made.items():
        (OUT / name).write_text(text, "utf-8")


if __name__ == "__main__":
    main()
