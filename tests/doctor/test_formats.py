"""What other programs read."""

import json
from xml.etree import ElementTree as Xml

import jsonschema
import pytest

from chatkit_scaffold.doctor.diagnosis import Diagnosis, examine
from chatkit_scaffold.doctor.project import from_tree
from chatkit_scaffold.report import formats
from tests.doctor.test_diagnosis import SHOUT, rule

# What GitHub asks of an upload, as its documentation lists it.
LEVEL = {"properties": {"level": {"enum": ["error", "warning", "note"]}}}
SHAPE = {
    "type": "object",
    "required": ["$schema", "version", "runs"],
    "properties": {
        "version": {"const": "2.1.0"},
        "runs": {
            "minItems": 1,
            "items": {
                "required": ["tool", "results"],
                "properties": {
                    "tool": {
                        "properties": {
                            "driver": {
                                "required": ["name", "rules"],
                                "properties": {
                                    "rules": {
                                        "items": {
                                            "required": ["id", "shortDescription"],
                                            "properties": {
                                                "defaultConfiguration": {
                                                    "properties": {
                                                        "level": {
                                                            "enum": ["error", "warning", "note"]
                                                        }
                                                    }
                                                }
                                            },
                                        }
                                    }
                                },
                            }
                        }
                    },
                    "results": {
                        "items": {
                            "required": ["ruleId", "message", "locations"],
                            "properties": {
                                **LEVEL["properties"],
                                "message": {"required": ["text"]},
                                "locations": {"minItems": 1},
                            },
                        }
                    },
                },
            },
        },
    },
}


@pytest.fixture
def diagnosis() -> Diagnosis:
    tree = {"ä b/a,c.py": SHOUT["a.py"], "broken.py": "import chatkit ("}
    return examine(from_tree(tree), [rule()])


def test_json_is_the_contract(diagnosis: Diagnosis) -> None:
    document = json.loads(json.dumps(formats.document(diagnosis, ok=False)))
    assert list(document) == ["schema_version", "ok", "project", "findings", "unchecked", "summary"]
    assert document["findings"] == [
        {
            "code": "CK499",
            "severity": "error",
            "path": "ä b/a,c.py",
            "line": 2,
            "column": 1,
            "message": "Not so loud.",
            "fix": "safe",
        }
    ]
    assert [list(unchecked) for unchecked in document["unchecked"]] == [["code", "reason"]]
    assert document["summary"]["error"] == 1


def test_sarif(diagnosis: Diagnosis) -> None:
    document = formats.sarif(diagnosis)
    jsonschema.validate(document, SHAPE)
    run = document["runs"][0]
    place = run["results"][0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "%C3%A4%20b/a%2Cc.py"
    assert place["region"] == {"startLine": 2, "startColumn": 1}
    assert run["tool"]["driver"]["rules"][run["results"][0]["ruleIndex"]]["id"] == "CK499"


def test_github_escapes_what_its_commands_are_made_of(diagnosis: Diagnosis) -> None:
    line = "::error file=ä b/a%2Cc.py,line=2,col=1,title=CK499::Not so loud."
    assert formats.github(diagnosis) == line


def test_junit_counts_and_parses(diagnosis: Diagnosis) -> None:
    suite = Xml.fromstring(formats.junit(diagnosis))  # noqa: S314 (our own)
    assert (suite.get("tests"), suite.get("failures")) == ("1", "1")
    failure = suite.find("testcase/failure")
    assert failure is not None
    assert failure.text == "ä b/a,c.py:2:1 Not so loud."
