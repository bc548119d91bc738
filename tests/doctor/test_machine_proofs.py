"""What the rules call wrong in dependencies, environments and deployments, done on this machine.

Those that install packages are slow, and need the registries.
"""

import importlib
import json
import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest
from dotenv import load_dotenv

from tests.conftest import need
from tests.doctor.proving import proves, wrong
from tests.doctor.test_rules import RULES

START_LIMIT = 30.0  # seconds


def lay(code: str, folder: Path, number: int = 0) -> Path:
    """A rule's WRONG as files."""
    for path, text in RULES[code].wrong[number].items():
        if not path.startswith("$"):
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text)
    return folder


def python(folder: Path, *words: str, **env: str) -> subprocess.CompletedProcess[str]:
    return command(folder, sys.executable, *words, **env)


def command(folder: Path, *words: str, **env: str) -> subprocess.CompletedProcess[str]:
    quiet = {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "npm_config_loglevel": "error"}
    return subprocess.run(
        words,
        cwd=folder,
        env={**os.environ, **quiet, **env},
        capture_output=True,
        text=True,
        check=False,
    )


def plan(folder: Path, *wanted: str, **env: str) -> subprocess.CompletedProcess[str]:
    """What pip would install."""
    words = ["-m", "pip", "install", "--dry-run", "--ignore-installed", "--quiet", *wanted]
    return python(folder, *words, **env)


@proves("CK103")
@pytest.mark.parametrize("name", ["openai_chatkit", "chatkit.models"])
def test_ck103_there_is_no_such_module(name: str) -> None:
    assert any(name in text for text in RULES["CK103"].wrong[0].values())
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module(name)


@proves("CK104")
@pytest.mark.parametrize("number", [0, 1])
def test_ck104_there_is_no_such_name(number: int) -> None:
    with pytest.raises(ImportError, match="cannot import name"):
        wrong("CK104", number)


@proves("CK105")
def test_ck105_the_folder_is_found_first(tmp_path: Path) -> None:
    ended = python(lay("CK105", tmp_path), "main.py")
    assert "cannot import name 'Agent' from 'agents'" in ended.stderr


@proves("CK109")
def test_ck109_the_package_is_not_there() -> None:
    assert "litellm/" in RULES["CK109"].wrong[0]["app/assistant.py"]
    with pytest.raises(ImportError, match="litellm"):
        importlib.import_module("agents.extensions.models.litellm_model")


@proves("CK112")
def test_ck112_the_shell_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", RULES["CK112"].wrong[0]["$OPENAI_API_KEY"])
    load_dotenv(lay("CK112", tmp_path) / ".env")
    assert os.environ["OPENAI_API_KEY"] == "sk-of-another"


@proves("CK113")
def test_ck113_the_key_is_read_before_it_is_there(tmp_path: Path) -> None:
    lay("CK113", tmp_path)
    (tmp_path / ".env").write_text("OPENAI_API_KEY=sk-mine\n")
    environ = {"OPENAI_API_KEY": ""}
    ended = python(tmp_path, "-c", "import app.main; print(repr(app.main.key))", **environ)
    assert ended.stdout.strip() in ("''", "None"), ended.stderr


@proves("CK114")
def test_ck114_git_takes_the_key(tmp_path: Path) -> None:
    lay("CK114", tmp_path)
    for words in (["init", "--quiet"], ["add", "."]):
        assert command(tmp_path, need("git"), *words).returncode == 0
    assert ".env" in command(tmp_path, "git", "ls-files").stdout.splitlines()


@pytest.mark.slow
@proves("CK415")
def test_ck415_only_the_task_that_opened_it_may_close_it(tmp_path: Path) -> None:
    words = ["-m", "pip", "install", "--quiet", "--target", str(tmp_path), "mcp<2"]
    assert python(tmp_path, *words).returncode == 0
    (tmp_path / "lab.py").write_text(LAB)
    (tmp_path / "wrong.py").write_text(RULES["CK415"].wrong[0]["app/main.py"])
    (tmp_path / "probe.py").write_text(CLOSED_ELSEWHERE)
    ended = python(tmp_path, "probe.py", PYTHONPATH=str(tmp_path))
    assert "Cancelled via cancel scope" in ended.stderr


LAB = """
from mcp.server.fastmcp import FastMCP

FastMCP("lab").run()
"""
CLOSED_ELSEWHERE = """
import asyncio
import sys

import agents.mcp

start = {"command": sys.executable, "args": ["lab.py"]}
server = agents.mcp.MCPServerStdio(params=start)
agents.mcp.MCPServerStdio = lambda **_: server

import wrong


class Background:
    def add_task(self, cleanup):
        self.task = asyncio.create_task(cleanup())


async def work(context, files):
    await asyncio.sleep(1)


asyncio.run(wrong.turn(work, Background(), None))
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.mark.slow
@proves("CK610")
def test_ck610_a_changed_file_ends_the_process(tmp_path: Path) -> None:
    assert '"--reload"' in lay("CK610", tmp_path).joinpath("Dockerfile").read_text()
    (tmp_path / "app" / "main.py").write_text(
        "import os\nfrom fastapi import FastAPI\n\napp = FastAPI()\n\n\n"
        "@app.get('/')\ndef pid():\n    return os.getpid()\n"
    )
    port = free_port()
    words = ["-m", "uvicorn", "app.main:app", "--reload", "--port", str(port)]
    server = subprocess.Popen([sys.executable, *words], cwd=tmp_path, stderr=subprocess.DEVNULL)
    try:
        first = answered(port, 0)
        (tmp_path / "app" / "models.py").write_text("x = 1\n")
        assert answered(port, first) != first
    finally:
        server.terminate()
        server.wait()


def answered(port: int, before: int) -> int:
    """The process that answers, once it is another than before."""
    deadline = time.monotonic() + START_LIMIT
    while time.monotonic() < deadline:
        try:
            pid = int(httpx.get(f"http://127.0.0.1:{port}/").text)
        except httpx.HTTPError:
            pid = before
        if pid != before:
            return pid
        time.sleep(0.1)
    return before


@pytest.mark.slow
@proves("CK101", "CK102")
@pytest.mark.parametrize(
    ("package", "statement"),
    [
        ("chatkit", "from chatkit.server import ChatKitServer"),
        ("agents", "from agents import Agent"),
    ],
)
def test_ck101_and_ck102_it_is_another_package(
    tmp_path: Path, package: str, statement: str
) -> None:
    words = ["-m", "pip", "install", "--quiet", "--no-deps", "--target", str(tmp_path), package]
    assert python(tmp_path, *words).returncode == 0
    ended = python(tmp_path, "-S", "-c", statement)
    assert "Error" in ended.stderr


@pytest.mark.slow
@proves("CK106")
def test_ck106_whatever_is_newest_comes(tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    lay("CK106", tmp_path)
    ended = plan(tmp_path, "--no-deps", "-r", "requirements.txt", "--report", str(report))
    assert ended.returncode == 0, ended.stderr
    chosen = {row["metadata"]["name"]: row["metadata"]["version"]
              for row in json.loads(report.read_text())["install"]}  # fmt: skip
    assert not chosen["openai-chatkit"].startswith("0.1")


@pytest.mark.slow
@proves("CK107", "CK118")
@pytest.mark.parametrize("code", ["CK107", "CK118"])
def test_pip_finds_no_answer(tmp_path: Path, code: str) -> None:
    lay(code, tmp_path)
    wanted = ["-r", "requirements.txt"]
    wanted += ["openai-chatkit>=1.6.5,<1.7"] if code == "CK118" else []
    assert "onflict" in plan(tmp_path, *wanted).stderr


@pytest.mark.slow
@proves("CK110")
def test_ck110_there_is_no_release_for_this_python(tmp_path: Path) -> None:
    lay("CK110", tmp_path)
    assert "python:3.9" in (tmp_path / "Dockerfile").read_text()
    words = ["--python-version", "3.9", "--only-binary", ":all:", "--target", str(tmp_path / "t")]
    ended = plan(tmp_path, *words, "openai-chatkit>=1.6.5,<1.7")
    assert "No matching distribution" in ended.stderr


@pytest.mark.slow
@proves("CK117")
def test_ck117_uv_gives_the_table_up(tmp_path: Path) -> None:
    uv = shutil.which("uv", path=f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    assert uv
    ended = command(lay("CK117", tmp_path), uv, "tree", "--python", sys.executable)
    assert "deprecated" in ended.stderr


@pytest.mark.slow
@proves("CK309")
def test_ck309_the_session_is_closed_before_the_first_word(tmp_path: Path) -> None:
    pinned = RULES["CK309"].wrong[0]["requirements.txt"].strip()
    words = ["-m", "pip", "install", "--quiet", "--target", str(tmp_path), pinned, "httpx"]
    assert python(tmp_path, *words).returncode == 0
    (tmp_path / "probe.py").write_text(PROBE)
    ended = python(tmp_path, "-S", "probe.py", PYTHONPATH=str(tmp_path))
    assert ended.stdout.split() == ["closed", "word"], ended.stderr


PROBE = """
import asyncio

import httpx
from fastapi import Depends, FastAPI
from fastapi.responses import StreamingResponse

app = FastAPI()


async def get_session():
    yield "session"
    print("closed")


async def words():
    print("word")
    yield b"word"


@app.post("/chatkit")
async def chatkit(session=Depends(get_session)):
    return StreamingResponse(words())


async def main():
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://chat") as client:
        await client.post("/chatkit")


asyncio.run(main())
"""
