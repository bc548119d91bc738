"""Files that run a project elsewhere: their linters accept them, and they fit each other."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import kubernetes_validate  # type: ignore[import-untyped]
import promql_parser
import pytest
import yaml

from chatkit_scaffold.__main__ import run
from chatkit_scaffold.tree import Tree, create
from tests.rendering import made

ALL = ["docker", "ci", "limits", "observability", "kubernetes"]
SHAPES: dict[str, dict[str, object]] = {
    "default": {},
    "react": {"frontend": "react", "stores": ["sqlite", "postgres"], "attachments": "disk"},
    "nextjs": {"frontend": "nextjs-app", "stores": ["mongodb"], "attachments": "disk"},
    "bare": {"frontend": "none", "stores": ["postgres"], "auth": "jwt", "provider": "openai"},
}
BIN = Path(sys.executable).parent


@pytest.fixture(params=SHAPES)
def tree(request: pytest.FixtureRequest) -> Tree:
    shape = SHAPES[request.param]
    return made(**shape, extras=ALL if shape else ["docker", "ci"])


@pytest.fixture
def project(tree: Tree, tmp_path: Path) -> Path:
    create(tree, tmp_path / "p")
    return tmp_path / "p"


def accepted(*command: object) -> None:
    done = subprocess.run(
        [str(word) for word in command], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def compose(tree: Tree) -> Any:
    return yaml.safe_load(tree["compose.yaml"])


def test_linters_and_schemas_accept_them(project: Path) -> None:
    accepted(BIN / "hadolint", *project.glob("*/Dockerfile"))
    check = [BIN / "check-jsonschema", "--builtin-schema"]
    accepted(*check, "vendor.compose-spec", project / "compose.yaml")
    # `$http_host` has the port, and TRUSTED_HOSTS judges it.
    accepted(BIN / "gixy", "--skips", "host_spoofing", project / "deploy/nginx.conf")
    workflow = project / ".github/workflows/ci.yml"
    accepted(*check, "vendor.github-workflows", workflow)
    # Versions of actions are for the owner to pin: what they are by then, nobody knows here.
    rules = {"rules": {"unpinned-uses": {"config": {"policies": {"*": "ref-pin"}}}}}
    (project / "zizmor.yml").write_text(json.dumps(rules))
    accepted(BIN / "zizmor", "--offline", "--config", project / "zizmor.yml", workflow)


def test_images_take_what_the_project_has_and_run_as_nobody(tree: Tree) -> None:
    for path in (path for path in tree if path.endswith("Dockerfile")):
        context = "frontend/" if path.startswith("frontend") else ""
        lines = str(tree[path]).splitlines()
        sources = [
            word
            for line in lines
            if line.startswith("COPY ") and "--from" not in line
            for word in line.split()[1:-1]
            if not word.endswith("*")  # a lock file, once there is one
        ]
        assert sources
        for source in sources:
            wanted = (context + source).rstrip("./")
            assert any(known.startswith(wanted) for known in tree), source
        assert any(re.fullmatch(r"USER [1-9]\d*", line) for line in lines)
        assert any(line.startswith("HEALTHCHECK") for line in lines)


def test_compose_starts_what_the_app_needs(tree: Tree) -> None:
    services, volumes = compose(tree)["services"], compose(tree)["volumes"]
    for service in services.values():
        assert set(service.get("depends_on", {})) <= set(services)
        for volume in service.get("volumes", []):
            source = volume.partition(":")[0]
            assert source.removeprefix("./") in tree if source[0] == "." else source in volumes
        assert "build" in service or re.search(r":v?\d", service["image"]), "an image unpinned"
    url = services["backend"]["environment"].get("DATABASE_URL", "")
    assert services["backend"].get("deploy", {}).get("replicas", 1) == (2 if url else 1)
    if url:
        database = re.search(r"@(\w+):", url)
        assert database is not None
        assert database[1] in services["backend"]["depends_on"]


def manifests(tree: Tree) -> Iterator[dict[str, Any]]:
    for path, text in tree.items():
        if path.startswith("deploy/kubernetes/") and "kustomization" not in path:
            yield from yaml.safe_load_all(str(text))


@pytest.mark.parametrize("tree", ["react", "nextjs", "bare"], indirect=True)
def test_manifests_are_valid_and_find_each_other(tree: Tree) -> None:
    found = list(manifests(tree))
    for manifest in found:
        kubernetes_validate.validate(manifest, "1.37", strict=True)
    by_kind: dict[str, list[dict[str, Any]]] = {}
    for manifest in found:
        by_kind.setdefault(manifest["kind"], []).append(manifest)
    pods = {one["metadata"]["name"]: one["spec"]["template"] for one in by_kind["Deployment"]}
    for name, pod in pods.items():
        (container,) = pod["spec"]["containers"]
        ports = {port["name"] for port in container["ports"]}
        for probe in ("readinessProbe", "livenessProbe"):
            how = container[probe]
            assert (how.get("httpGet") or how["tcpSocket"])["port"] in ports
        assert container["securityContext"]["allowPrivilegeEscalation"] is False
        assert pod["spec"]["securityContext"]["runAsNonRoot"] is True
        mounts = {mount["name"] for mount in container["volumeMounts"]}
        assert mounts == {volume["name"] for volume in pod["spec"]["volumes"]}
        assert name in {one["metadata"]["name"] for one in by_kind["Service"]}
    for guard in by_kind["PodDisruptionBudget"]:
        assert guard["spec"]["selector"]["matchLabels"]["app"] in pods
    (policy,) = by_kind["NetworkPolicy"]
    (container,) = pods[policy["spec"]["podSelector"]["matchLabels"]["app"]]["spec"]["containers"]
    open_to = {
        port["port"]: "from" in rule for rule in policy["spec"]["ingress"] for port in rule["ports"]
    }
    assert set(open_to) == {port["name"] for port in container["ports"]}
    assert open_to["http"], "anybody may say who is asking"
    (ingress,) = by_kind["Ingress"]
    for path in ingress["spec"]["rules"][0]["http"]["paths"]:
        assert path["backend"]["service"]["name"] in pods
    listed = yaml.safe_load(tree["deploy/kubernetes/kustomization.yaml"])
    assert {f"deploy/kubernetes/{file}" for file in listed["resources"]} <= set(tree)
    assert {image["name"] for image in listed["images"]} == set(pods)


def test_dashboard_and_alerts_ask_for_metrics_that_are_kept() -> None:
    tree = made(stores=["postgres"], extras=ALL)
    kept = set(re.findall(r'"(chat_\w+)"', str(tree["backend/app/telemetry/metrics.py"])))
    panels = json.loads(str(tree["deploy/dashboard.json"]))["panels"]
    (group,) = yaml.safe_load(tree["deploy/alerts.yml"])["groups"]
    queries = [target["expr"] for panel in panels for target in panel["targets"]]
    queries += [rule["expr"] for rule in group["rules"]]
    asked = set()
    for query in queries:
        promql_parser.parse(query)
        asked |= set(re.findall(r"chat_[a-z_]+", query))
    bare = {re.sub(r"_(bucket|count|total)$", "", name) for name in asked}
    assert bare == kept, "metrics that nobody looks at, or that are not there"
    for rule in group["rules"]:
        assert {"severity"} <= set(rule["labels"])
        assert {"summary"} <= set(rule["annotations"])


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ("extras=docker,kubernetes", ["postgres", "mongodb"]),
        ("extras=kubernetes store=postgres", ["docker"]),
    ],
)
def test_kubernetes_says_what_it_needs(
    answers: str, words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    pairs = [word for pair in answers.split() for word in ("--set", pair)]
    assert run(["new", "x", "--dry-run", *pairs]) == 2
    told = " ".join(capsys.readouterr().err.split())
    assert all(word in told for word in words), told
