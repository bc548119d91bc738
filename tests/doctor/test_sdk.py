"""The truth about the SDKs: what is installed wins, and the snapshot says the same as it."""

import importlib.metadata
import importlib.util
import inspect
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from chatkit_scaffold.doctor.files import read_files
from chatkit_scaffold.doctor.machine import Machine
from chatkit_scaffold.doctor.project import from_disk
from chatkit_scaffold.doctor.sdk import NODE, PYTHON, Sdk
from chatkit_scaffold.doctor.snapshot import read_node, read_python
from tests.conftest import need

BUNDLED = Sdk(Machine())
HERE = Path(next(path for path in sys.path if (Path(path) / "chatkit").is_dir()))


@pytest.mark.parametrize(
    ("module", "distribution"),
    [
        ("chatkit", PYTHON["chatkit"]),
        pytest.param("agents", PYTHON["agents"], marks=pytest.mark.matrix),  # 300 files to read
    ],
)
def test_the_snapshot_is_what_is_installed(module: str, distribution: str) -> None:
    version = importlib.metadata.version(distribution)
    assert BUNDLED.version(distribution) == version, "run `make snapshot`"
    made = json.loads(json.dumps(read_python(HERE / module, version)))
    assert made == BUNDLED.bundled[distribution], "run `make snapshot`"


@pytest.mark.matrix
def test_the_snapshot_is_what_npm_has(tmp_path: Path) -> None:
    wanted = [f"{name}@{BUNDLED.node(name)['version']}" for name in NODE]
    command = [need("npm"), "install", "--silent", "--no-save", "--prefix", str(tmp_path), *wanted]
    subprocess.run(command, check=True)
    for name in NODE:
        assert read_node(tmp_path / "node_modules" / name) == BUNDLED.bundled[name]


@pytest.mark.parametrize("owner", ["Store", "AttachmentStore", "ChatKitServer"])
def test_methods_are_those_of_the_running_sdk(owner: str) -> None:
    home = "server" if owner == "ChatKitServer" else "store"
    real = getattr(importlib.import_module(f"chatkit.{home}"), owner)
    for name, method in BUNDLED.methods(owner).items():
        function = getattr(real, name)
        assert list(inspect.signature(function).parameters)[1:] == method["parameters"]
        assert inspect.iscoroutinefunction(function) == method["async"]
        assert (name in real.__abstractmethods__) == method["abstract"]


def test_fields_are_those_of_the_running_models() -> None:
    types = importlib.import_module("chatkit.types")
    checked = 0
    for name in BUNDLED.bundled["openai-chatkit"]["models"]:
        model = getattr(types, name, None)
        if model is None or not hasattr(model, "model_fields"):
            continue
        checked += 1
        fields = {n: f for n, f in BUNDLED.fields(name).items() if n != "model_config"}
        assert set(fields) == set(model.model_fields), name
        required = {n for n, field in model.model_fields.items() if field.is_required()}
        assert {n for n, field in fields.items() if field["required"]} == required, name
    assert checked > 80


def test_names_are_those_that_can_be_imported() -> None:
    for module in ("chatkit.server", "chatkit.store", "chatkit.types", "chatkit.agents", "agents"):
        real = importlib.import_module(module)
        names = BUNDLED.exports(module)
        for name in names - {"*", "TYPE_CHECKING"}:
            assert hasattr(real, name) or importlib.util.find_spec(f"{module}.{name}"), name
        assert {name for name in vars(real) if name[0].isupper()} <= names, module
    assert "agents.mcp" in BUNDLED.bundled["openai-agents"]["modules"]
    assert not BUNDLED.has("chatkit.stores")
    assert BUNDLED.homes("ChatKitServer") == ["chatkit.server"]
    assert {"sparkle", "notebook-pencil"} <= BUNDLED.icons
    assert "pencil" not in BUNDLED.icons


def test_options_of_the_element() -> None:
    options = BUNDLED.type("ChatKitOptions")["keys"]
    assert options["api"]["refs"] == ["CustomApiConfig", "HostedApiConfig"]
    assert options["api"]["required"]
    assert BUNDLED.type("CustomApiConfig")["keys"]["domainKey"]["required"]
    assert BUNDLED.type("ColorScheme")["literals"] == ["light", "dark"]
    assert "lucide:*" in BUNDLED.type("LucideIcon")["literals"]
    assert {"useChatKit", "ChatKit"} <= set(BUNDLED.node("@openai/chatkit-react")["exports"])


def test_what_is_installed_for_the_project_wins(tmp_path: Path) -> None:
    project = tmp_path / "my app/backend"
    packages = project / ".venv/lib/python3.12/site-packages"
    (packages / "chatkit").mkdir(parents=True)
    (project / ".venv/pyvenv.cfg").touch()
    for name in ("store.py", "icons.py"):
        shutil.copy(HERE / "chatkit" / name, packages / "chatkit")
    (packages / "openai_chatkit-9.0.0.dist-info").mkdir()
    (packages / "chatkit/fresh.py").write_text("class New:\n    pass\n")
    node = tmp_path / "my app/node_modules/@openai/chatkit"
    node.mkdir(parents=True)
    (node / "package.json").write_text('{"version": "9.1.0"}')
    (node / "index.d.ts").write_text("export type ChatKitOptions = { fresh: 'a' | 'b' };")
    (tmp_path / "my app/.git").mkdir()
    sdk = from_disk(read_files(project, [project]), [project]).sdk
    assert sdk.exports("chatkit.fresh") == {"New"}
    assert sdk.sources["openai-chatkit"] == {"version": "9.0.0", "from": "installed"}
    assert sdk.type("ChatKitOptions")["keys"]["fresh"]["literals"] == ["a", "b"]
    assert sdk.node("@openai/chatkit")["version"] == "9.1.0"


def test_a_package_that_is_half_there_is_not_believed(tmp_path: Path) -> None:
    packages = tmp_path / ".venv/lib/python3.12/site-packages"
    (packages / "chatkit").mkdir(parents=True)
    (tmp_path / ".venv/pyvenv.cfg").touch()
    (packages / "openai_chatkit-9.0.0.dist-info").mkdir()
    (packages / "chatkit/store.py").write_text("class (")
    sdk = from_disk(read_files(tmp_path, [tmp_path]), [tmp_path]).sdk
    assert sdk.sources["openai-chatkit"]["from"] == "bundled"
