"""Sets of answers in which every two choices that can meet do meet, or every three."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

from chatkit_scaffold.error import ScaffoldError
from chatkit_scaffold.scaffold.menu import Menu
from chatkit_scaffold.scaffold.question import Answer, Answers, Question

Chosen = tuple[str, str]  # a question's name and an answer to it
Meeting = frozenset[Chosen]

FEW = 5  # choices of which each is taken alone, and all at once; of more, each is in or out


def combinations(menu: Menu, together: int = 2, **only: list[str]) -> list[Answers]:
    """`only` says which choices of a question to look at, where some can stand for all."""
    questions = [question for question in menu.questions() if question.choices]
    factors = [f for q in questions for f in _factors(q, only.get(q.name, q.values))]
    chosen = [[(factor.name, str(option)) for option in factor.options] for factor in factors]
    left = {
        frozenset(meeting)
        for some in itertools.combinations(chosen, together)
        for meeting in itertools.product(*some)
    }
    rows = []
    while left:
        seed = max(left, key=sorted)
        row = next(_complete(menu, factors, dict(seed), {}, left), None)
        left.discard(seed)  # these may never meet
        if row is not None:
            left -= set(_meetings(row, together))
            rows.append(_answers(row, factors))
    return rows


def label(answers: Answers) -> str:
    words = ("+".join(a) or "none" if isinstance(a, list) else a for a in answers.values())
    return "-".join(words)


@dataclass(frozen=True)
class Factor:
    """What is varied by itself: an answer, or whether one of many choices is part of it."""

    name: str
    question: str
    options: list[Answer]


def _factors(question: Question, values: list[str]) -> list[Factor]:
    name = question.name
    if not question.multiple:
        return [Factor(name, name, list(values))]
    if len(values) > FEW:
        return [Factor(f"{name} {value}", name, [[value], []]) for value in values]
    several: list[Answer] = [values, []] if len(values) > 1 else [[]]
    return [Factor(name, name, [*([value] for value in values), *several])]


def _complete(
    menu: Menu, factors: list[Factor], seed: dict[str, str], row: Answers, left: set[Meeting]
) -> Iterator[Answers]:
    """Valid rows around some given options, those with most to show first."""
    if len(row) == len(factors):
        yield row
        return
    factor = factors[len(row)]
    name = factor.name
    longer = [row | {name: o} for o in factor.options if seed.get(name, str(o)) == str(o)]
    longer.sort(key=lambda more: -len(left.intersection(_meetings(more, len(seed), name))))
    ahead = {f.name: o for f in factors for o in f.options if seed.get(f.name) == str(o)}
    for more in longer:
        # A dead end is seen here, and not many questions later.
        if _valid(menu, _answers(ahead | more, factors)):
            yield from _complete(menu, factors, seed, more, left)


def _answers(row: Answers, factors: list[Factor]) -> Answers:
    answers: Answers = {}
    for factor in factors:
        if factor.name in row:
            option = row[factor.name]
            before = answers.get(factor.question)
            if isinstance(before, list) and isinstance(option, list):
                option = before + option
            answers[factor.question] = option
    return answers


def _meetings(row: Answers, together: int, of: str = "") -> Iterator[Meeting]:
    """All of a row, or those that one factor takes part in."""
    chosen = [(name, str(option)) for name, option in row.items()]
    if not of:
        return map(frozenset, itertools.combinations(chosen, together))
    one = (of, str(row[of]))
    others = itertools.combinations([c for c in chosen if c != one], together - 1)
    return (frozenset((one, *some)) for some in others)


def _valid(menu: Menu, answers: Answers) -> bool:
    try:
        menu.resolve(answers)
    except ScaffoldError:
        return False
    return True
