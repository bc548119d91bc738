"""The doctor's book: a rule's page, the rules about an error text, all of them."""

from chatkit_scaffold.doctor import catalog
from chatkit_scaffold.error import USAGE, ScaffoldError
from chatkit_scaffold.report import diagnosis as report
from chatkit_scaffold.report import terminal


def look_up(code: str | None, words: str | None) -> int:
    known = catalog.read_rules()
    found = list(known.values())
    if code and code.upper() not in known:
        raise ScaffoldError(f"There is no rule {code!r}.", f"{catalog.LIST} shows all.", USAGE)
    if words:
        found = catalog.search(known, words)
        if not found:
            raise ScaffoldError(f"No rule speaks of {words!r}.", "Try fewer words of it.")
    page = report.rule(known[code.upper()]) if code else report.rules(found)
    terminal.console().print(page)
    return 0
