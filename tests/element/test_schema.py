"""The schema that the stand-in checks options with is what the published types say."""

import json

import pytest

from tests.element.schema import SCHEMA, generate


@pytest.mark.matrix
def test_it_is_what_the_package_says() -> None:
    committed = json.loads(SCHEMA.read_text("utf-8"))
    assert committed == generate(), "python -m tests.element.schema writes it anew"


def test_it_knows_where_functions_and_icons_are() -> None:
    definitions = json.loads(SCHEMA.read_text("utf-8"))["definitions"]
    assert definitions["CustomApiConfig"]["properties"]["fetch"] == {"function": True}
    assert definitions["LucideIcon"] == {"type": "string", "pattern": "^lucide:.+"}
    assert definitions["ChatKitOptions"]["required"] == ["api"]
