"""What can be chosen. templates/copier.yml is the only place that says so; this reads it.

Copier asks and checks too, but it cannot name a flag, suggest a spelling or print a schema.
"""

import difflib
from collections.abc import Mapping
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from types import MappingProxyType
from typing import Any

from chatkit_scaffold.error import USAGE, ScaffoldError
from chatkit_scaffold.scaffold.question import (
    Answer,
    Answers,
    Ask,
    Choice,
    Problem,
    Question,
    normal,
    shown,
)


class Menu:
    def __init__(self, template: Path, *, by_flag: bool = True) -> None:
        # Inside, because `--help` needs this module but not these.
        import yaml
        from jinja2 import FileSystemLoader, StrictUndefined
        from jinja2.sandbox import SandboxedEnvironment

        entries = yaml.safe_load((template / "copier.yml").read_text(encoding="utf-8"))
        self._by_flag = by_flag  # how a wrong answer is named
        self.excluded: list[str] = entries["_exclude"]
        self.version: str = entries["template_version"]["default"]
        # The catalog is computed for every set of answers, and it is the same every time.
        self._load = cache(yaml.safe_load)
        self._entries = {name: entry for name, entry in entries.items() if name[0] != "_"}
        self._env = SandboxedEnvironment(
            **{**entries["_envops"], "undefined": StrictUndefined},
            loader=FileSystemLoader(template),
            extensions=["jinja2_ansible_filters.AnsibleCoreFiltersExtension"],
        )
        self._template = cache(self._env.from_string)

    @property
    def names(self) -> list[str]:
        return [name for name, entry in self._entries.items() if entry.get("when") is not False]

    def questions(self) -> list[Question]:
        """All of them, as they look when every answer before is the default."""
        asked: list[Question] = []

        def ask(question: Question, _: Problem) -> Answer:
            asked.append(question)
            return question.default

        self.resolve({}, ask)
        return asked

    def resolve(
        self,
        given: Mapping[str, Any],
        ask: Ask | None = None,
        defaults: Mapping[str, Answer] = MappingProxyType({}),
    ) -> Answers:
        """All answers, checked: the given ones; the others asked for, or the defaults."""
        known = self._known(given, ask, defaults)
        return {name: known[name] for name in self.names}

    def text(self, path: str, given: Mapping[str, Any], **more: Any) -> str:
        """One file of the template, with what is computed from the answers and with more."""
        return self._env.get_template(path).render(self._known(given) | more)

    def _known(
        self,
        given: Mapping[str, Any],
        ask: Ask | None = None,
        defaults: Mapping[str, Answer] = MappingProxyType({}),
    ) -> dict[str, Any]:
        given = self.named(given)
        known: dict[str, Any] = {}
        for name, entry in self._entries.items():
            if name not in self.names:
                known[name] = self._computed(entry, known)
                continue
            question = self._question(name, entry, known)
            if name in defaults:
                question = replace(question, default=defaults[name])
            problem = partial(self._problem, question, entry, dict(known))
            if name in given:
                answer = normal(question, given[name])
            else:
                asking = ask if self._applies(entry, known) else None
                answer = asking(question, problem) if asking else question.default
            if wrong := problem(answer):
                called = question.flag if self._by_flag else name
                message = f"{called} {shown(question, answer)} cannot be used. {wrong}"
                raise ScaffoldError(message, exit_code=USAGE)
            known[name] = answer
        return known

    def _question(self, name: str, entry: Mapping[str, Any], known: Answers) -> Question:
        choices = self._computed({"type": "yaml", "default": entry.get("choices", "{}")}, known)
        return Question(
            name=name,
            help=entry["help"],
            default=self._computed(entry, known),
            multiple=entry.get("multiselect", False),
            choices=tuple(Choice(value, label) for label, value in choices.items()),
        )

    def _applies(self, entry: Mapping[str, Any], known: Answers) -> bool:
        return self._env.from_string(entry.get("when", "True")).render(known) == "True"

    def _computed(self, entry: Mapping[str, Any], known: Answers) -> Any:
        default = entry["default"]
        if not isinstance(default, str):
            return default
        text = self._template(default).render(known)
        return self._load(text) if entry["type"] == "yaml" else text

    def _problem(
        self, question: Question, entry: Mapping[str, Any], known: Answers, answer: Answer
    ) -> str:
        if question.choices and question.unknown(answer):
            return f"It takes {' or '.join(question.values)}."
        validator = self._template(entry.get("validator", ""))
        return validator.render({**known, question.name: answer}).strip()

    def named(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """By the questions' own names: `tool`, as its flag has it, is `tools` too."""
        found = {}
        for name, answer in given.items():
            if name in self.names:
                found[name] = answer
            elif self._entries.get(f"{name}s", {}).get("multiselect"):
                found[f"{name}s"] = answer
            else:
                close = difflib.get_close_matches(name, self.names, 1)
                hint = f"Did you mean {close[0]!r}?" if close else ""
                raise ScaffoldError(
                    f"There is no question called {name!r}.",
                    hint or f"The questions are: {', '.join(self.names)}.",
                    USAGE,
                )
        return found
