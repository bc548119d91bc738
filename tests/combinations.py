"""Sets of answers in which every two choices that can meet do meet, or every three."""

import itertools
from collections.abc import Iterator

from chatkit_scaffold.error import ScaffoldError
from chatkit_scaffold.scaffold.menu import Menu
from chatkit_scaffold.scaffold.question import Answer, Answers, Question

Chosen = tuple[str, str]  # a question's name and an answer to it
Meeting = frozenset[Chosen]


def combinations(menu: Menu, together: int = 2, **only: list[str]) -> list[Answers]:
    """`only` says which choices of a question to look at, where some can stand for all."""
    questions = [question for question in menu.questions() if question.choices]
    options = {q.name: _options(q, only.get(q.name, q.values)) for q in questions}
    chosen = [[(name, str(answer)) for answer in answers] for name, answers in options.items()]
    left = {
        frozenset(meeting)
        for some in itertools.combinations(chosen, together)
        for meeting in itertools.product(*some)
    }
    rows = []
    while left:
        seed = max(left, key=sorted)
        row = next(_complete(menu, options, dict(seed), {}, left), None)
        left.discard(seed)  # these may never meet
        if row is not None:
            left -= set(_meetings(row, together))
            rows.append(row)
    return rows


def label(answers: Answers) -> str:
    words = ("+".join(a) or "none" if isinstance(a, list) else a for a in answers.values())
    return "-".join(words)


def _complete(
    menu: Menu,
    options: dict[str, list[Answer]],
    seed: dict[str, str],
    row: Answers,
    left: set[Meeting],
) -> Iterator[Answers]:
    """Valid sets of answers around some given ones, those with most to show first."""
    if len(row) == len(options):
        yield row
        return
    name = list(options)[len(row)]
    longer = [row | {name: a} for a in options[name] if seed.get(name, str(a)) == str(a)]
    longer.sort(key=lambda more: -len(left.intersection(_meetings(more, len(seed)))))
    ahead = {n: next(a for a in options[n] if str(a) == text) for n, text in seed.items()}
    for more in longer:
        if _valid(menu, ahead | more):  # a dead end is seen here, and not many questions later
            yield from _complete(menu, options, seed, more, left)


def _meetings(answers: Answers, together: int) -> Iterator[Meeting]:
    chosen = [(name, str(answer)) for name, answer in answers.items()]
    return map(frozenset, itertools.combinations(chosen, together))


def _valid(menu: Menu, answers: Answers) -> bool:
    try:
        menu.resolve(answers)
    except ScaffoldError:
        return False
    return True


def _options(question: Question, values: list[str]) -> list[Answer]:
    if not question.multiple:
        return list(values)
    several: list[Answer] = [values, []] if len(values) > 1 else [[]]
    return [*([value] for value in values), *several]
