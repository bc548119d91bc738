"""Prometheus takes the files made for it, and each alert comes when it should and not otherwise."""

import json
from pathlib import Path

import pytest
import yaml

from chatkit_scaffold.tree import create
from tests.conftest import need
from tests.operations.test_files import ALL, accepted
from tests.rendering import made

pytestmark = pytest.mark.slow  # Prometheus is a large package

# An hour of each minute's value, the labels of the alert, and its words.
TURNS, REQUESTS = "chat_turns_total", "chat_request_seconds_count"
FIRST_WORD, STORE = "chat_first_word_seconds_bucket", "chat_store_seconds_bucket"
TROUBLE = {
    "ChatDown": (
        {'up{job="chat", instance="one"}': "0x60"},
        {"job": "chat", "instance": "one"},
        "one does not answer.",
    ),
    "ChatTurnsFail": (
        {TURNS + '{end="done"}': "0+9x60", TURNS + '{end="failed"}': "0+1x60"},
        {},
        "10% of the turns fail. chat_errors_total has the causes.",
    ),
    "ChatRequestsFail": (
        {REQUESTS + '{status="200"}': "0+9x60", REQUESTS + '{status="503"}': "0+1x60"},
        {},
        "10% of the requests end with a 5xx.",
    ),
    "ChatFirstWordSlow": (
        {
            FIRST_WORD + '{le="10"}': "0x60",
            FIRST_WORD + '{le="30"}': "0+9x60",
            FIRST_WORD + '{le="+Inf"}': "0+9x60",
        },
        {},
        "One in twenty waits 29s or longer for the first word.",
    ),
    "ChatStoreSlow": (
        {
            STORE + '{operation="get", le="0.5"}': "0x60",
            STORE + '{operation="get", le="1"}': "0+9x60",
            STORE + '{operation="get", le="+Inf"}': "0+9x60",
        },
        {"operation": "get"},
        "The store takes 975ms for get.",
    ),
}
WELL = {
    'up{job="chat", instance="one"}': "1x60",
    TURNS + '{end="done"}': "0+99x60",
    TURNS + '{end="failed"}': "0+1x60",
    REQUESTS + '{status="200"}': "0+99x60",
    REQUESTS + '{status="503"}': "0+1x60",
    FIRST_WORD + '{le="10"}': "0+99x60",
    FIRST_WORD + '{le="+Inf"}': "0+100x60",
    STORE + '{operation="get", le="0.5"}': "0+99x60",
    STORE + '{operation="get", le="+Inf"}': "0+100x60",
}


def test_prometheus_takes_them_and_alerts_come_when_they_should(tmp_path: Path) -> None:
    create(made(stores=["postgres"], extras=ALL), tmp_path / "p")
    deploy, promtool = tmp_path / "p/deploy", need("promtool")
    accepted(promtool, "check", "config", deploy / "prometheus.yml")  # and the alerts it reads
    (group,) = yaml.safe_load((deploy / "alerts.yml").read_text("utf-8"))["groups"]
    severities = {rule["alert"]: rule["labels"] for rule in group["rules"]}
    assert set(severities) == set(TROUBLE)
    tests = []
    for alert, (series, labels, summary) in TROUBLE.items():
        told = {
            "exp_labels": {**labels, **severities[alert]},
            "exp_annotations": {"summary": summary},
        }
        for values, expected in ((series, [told]), (WELL, [])):
            lines = [{"series": name, "values": numbers} for name, numbers in values.items()]
            rule = {"eval_time": "1h", "alertname": alert, "exp_alerts": expected}
            tests.append({"interval": "1m", "input_series": lines, "alert_rule_test": [rule]})
    document = {"rule_files": [str(deploy / "alerts.yml")], "tests": tests}
    (tmp_path / "tests.json").write_text(json.dumps(document))
    accepted(promtool, "test", "rules", tmp_path / "tests.json")
