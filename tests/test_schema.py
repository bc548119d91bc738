import json

import jsonschema
import pytest

from chatkit_scaffold.__main__ import run
from chatkit_scaffold.scaffold.menu import Menu


@pytest.fixture
def schema(capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    assert run(["schema", "--json"]) == 0
    document: dict[str, object] = json.loads(capsys.readouterr().out)
    jsonschema.Draft202012Validator.check_schema(document)
    return document


def test_the_defaults_are_valid(schema: dict[str, object], menu: Menu) -> None:
    jsonschema.validate(menu.resolve({}), schema)


@pytest.mark.parametrize("answers", [{"store": "mysql"}, {"tools": ["x"]}, {"stor": "memory"}])
def test_what_new_refuses_is_not_valid(
    schema: dict[str, object], answers: dict[str, object]
) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(answers, schema)


def test_every_question_tells_its_flag_choices_and_default(
    schema: dict[str, dict[str, dict[str, object]]], menu: Menu
) -> None:
    for question in menu.questions():
        entry = schema["properties"][question.name]
        assert entry["x-flag"] == question.flag
        assert entry["default"] == question.default
        assert entry["description"] == question.help
        listed = json.dumps(entry)
        assert all(f'"const": "{value}"' in listed for value in question.values)


def test_the_table_for_people(capsys: pytest.CaptureFixture[str], menu: Menu) -> None:
    assert run(["schema"]) == 0
    out = capsys.readouterr().out
    for question in menu.questions():
        assert question.flag in out
