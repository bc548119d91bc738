"""What the rules call wrong in pages that are built: with npm, esbuild, Vite, Next.js and React."""

import json
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page

from tests.conftest import need
from tests.doctor.proving import proves
from tests.doctor.test_machine_proofs import command, lay
from tests.doctor.test_rules import RULES
from tests.element.standin import CDN, chromium, intercept

pytestmark = pytest.mark.slow
PACKAGES = [
    "@openai/chatkit", "@openai/chatkit-react", "@types/node", "@types/react@19", "esbuild",
    "next@16", "react@19", "react-dom@19", "typescript@5", "vite@8",
]  # fmt: skip
START_LIMIT = 60.0  # seconds
URL = "http://localhost/"
TAILWIND = """.fixed { position: fixed } .inset-0 { inset: 0 } .flex-1 { flex: 1 1 0% }
.overflow-hidden { overflow: hidden }"""
OPTIONS = 'globalThis.options = { api: { url: "/x", domainKey: "x" } };\n'


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("packages")
    (folder / "package.json").write_text('{"private": true}')
    words = [need("npm"), "install", "--no-audit", "--no-fund", *PACKAGES]
    ended = command(folder, *words)
    assert ended.returncode == 0, ended.stderr
    return folder / "node_modules"


@pytest.fixture
def project(packages: Path, tmp_path: Path) -> Path:
    command(tmp_path, "cp", "--archive", "--link", str(packages), str(tmp_path))
    return tmp_path


@pytest.fixture
def page() -> Iterator[Page]:
    with chromium() as browser, browser.new_context() as context:
        intercept(context)
        yield context.new_page()


def bundle(project: Path, *flags: str) -> subprocess.CompletedProcess[str]:
    words = ["node_modules/.bin/esbuild", "main.jsx", "--bundle", "--outfile=out.js", *flags]
    return command(project, *words, "--jsx=automatic", "--log-level=warning")


def show(project: Path, page: Page, code: str, call: str) -> list[str]:
    """A rule's component on a page of its own; `window.render` draws it with other properties."""
    lay(code, project)
    name = next(path for path in RULES[code].wrong[0] if path.endswith(".tsx"))
    (project / "main.jsx").write_text(
        'import { createRoot } from "react-dom/client";\n'
        f'import "./options.js";\nimport {{ Chat }} from "./{name}";\n'
        'const root = createRoot(document.getElementById("root"));\n'
        "window.render = (given) => root.render(<Chat {...given} />);\n"
        f"window.render({call});\n"
    )
    (project / "options.js").write_text(OPTIONS)
    (project / "src" / "options.ts").write_text("export const options = globalThis.options;\n")
    ended = bundle(project, "--define:process.env.NODE_ENV='\"production\"'")
    assert ended.returncode == 0, ended.stderr
    html = f"""<!doctype html><title>x</title><style>{TAILWIND}</style>
      <script async src="{CDN}chatkit.js"></script><div id="root"></div>
      <script src="/out.js"></script>"""
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.route(URL, lambda route: route.fulfill(body=html, content_type="text/html"))
    page.route(f"{URL}out.js", lambda route: route.fulfill(path=project / "out.js"))
    page.goto(URL)
    return problems


@proves("CK116")
def test_ck116_there_is_nothing_to_bundle(project: Path) -> None:
    lay("CK116", project)
    (project / "main.jsx").write_text('export * from "./src/Page.jsx";\n')
    assert 'Could not resolve "@openai/chatkit"' in bundle(project).stderr


@proves("CK504")
def test_ck504_there_is_no_such_export(project: Path) -> None:
    lay("CK504", project)
    (project / "main.jsx").write_text('export * from "./src/Chat.tsx";\n')
    assert 'No matching export in "node_modules/@openai/chatkit-react' in bundle(project).stderr


@proves("CK502")
def test_ck502_the_package_has_no_such_file(packages: Path) -> None:
    address = RULES["CK502"].wrong[0]["index.html"]
    assert "@openai/chatkit/dist/web-component.js" in address
    assert not (packages / "@openai/chatkit/dist/web-component.js").exists()
    scripts = [p.name for p in (packages / "@openai/chatkit").rglob("*.js")]
    assert not any("component" in name for name in scripts)


@proves("CK518")
def test_ck518_the_frame_is_made_anew(project: Path, page: Page) -> None:
    show(project, page, "CK518", "{ theme: 'light' }")
    page.wait_for_selector("iframe")
    before = page.evaluate("__chatkitStandin.instances")
    page.evaluate("render({ theme: 'dark' })")
    page.wait_for_function("before => __chatkitStandin.instances > before", arg=before)


@proves("CK519")
def test_ck519_it_is_a_strip(project: Path, page: Page) -> None:
    show(project, page, "CK519", "{}")
    page.wait_for_selector("openai-chatkit", state="attached")
    box = page.locator("openai-chatkit").bounding_box()
    size = page.viewport_size
    assert size
    assert box is None or box["height"] < size["height"] / 2


@proves("CK528")
def test_ck528_react_counts_its_hooks(project: Path, page: Page) -> None:
    problems = show(project, page, "CK528", "{}")
    with page.expect_event("pageerror"):
        page.evaluate("setTimeout(render, 100, { user: 'ann' })")
    assert "Rendered more hooks" in " ".join(problems)


@proves("CK529")
def test_ck529_the_types_do_not_know_it(project: Path) -> None:
    lay("CK529", project)
    words = ["--noEmit", "--jsx", "react-jsx", "--strict", "--moduleResolution", "bundler"]
    words += ["--module", "esnext", "src/Chat.tsx"]
    ended = command(project, "node_modules/.bin/tsc", *words)
    assert "Property 'openai-chatkit' does not exist" in ended.stdout


def built(project: Path, code: str) -> str:
    lay(code, project)
    if code == "CK516":
        (project / "app" / "page.jsx").write_text("export default () => <p>Hello</p>;\n")
    ended = command(project, "node_modules/.bin/next", "build", NEXT_TELEMETRY_DISABLED="1")
    assert ended.returncode
    return ended.stdout + ended.stderr


@proves("CK515")
def test_ck515_the_build_ends_at_the_hook(project: Path) -> None:
    lay("CK515", project)
    (project / "app" / "api.ts").write_text("export const api: any = {};\n")
    assert "useRef is not a function" in built(project, "CK515")


@proves("CK516")
def test_ck516_the_build_ends_at_the_handler(project: Path) -> None:
    assert "Event handlers cannot be passed to Client Component props" in built(project, "CK516")


@proves("CK527")
def test_ck527_the_key_is_in_the_files_of_the_page(project: Path) -> None:
    lay("CK527", project)
    (project / "index.html").write_text('<script type="module" src="/src/main.ts"></script>')
    (project / "src" / "main.ts").write_text('import { key } from "./chat";\nconsole.log(key);\n')
    ended = command(project, "node_modules/.bin/vite", "build", VITE_OPENAI_API_KEY="sk-of-mine")
    assert ended.returncode == 0, ended.stderr
    assert any("sk-of-mine" in file.read_text() for file in (project / "dist").rglob("*.js"))


@proves("CK531")
def test_ck531_the_build_leaves_a_hole(project: Path) -> None:
    text = RULES["CK531"].wrong[0]["web/chat.ts"]
    assert "process.env.NEXT_PUBLIC_CHAT_URL" in text
    (project / "app").mkdir()
    (project / "app" / "layout.jsx").write_text(
        "export default ({ children }) => <html><body>{children}</body></html>;\n"
    )
    (project / "app" / "page.jsx").write_text(
        '"use client";\nexport default () => <p>{"at " + process.env.NEXT_PUBLIC_CHAT_URL}</p>;\n'
    )
    ended = command(project, "node_modules/.bin/next", "build", NEXT_TELEMETRY_DISABLED="1")
    assert ended.returncode == 0, ended.stdout + ended.stderr
    html = "".join(file.read_text() for file in (project / ".next" / "server").rglob("index.html"))
    assert "at undefined" in html


@proves("CK532")
def test_ck532_the_server_of_the_page_knows_no_chat(project: Path) -> None:
    lay("CK532", project)
    (project / "index.html").write_text("<p>Hello</p>")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    words = ["--host", "127.0.0.1", "--port", str(port), "--strictPort"]
    quiet = subprocess.DEVNULL
    server = subprocess.Popen(
        ["node_modules/.bin/vite", *words], cwd=project, stdout=quiet, stderr=quiet
    )
    try:
        deadline = time.monotonic() + START_LIMIT
        while time.monotonic() < deadline:
            try:
                answer = httpx.post(f"http://127.0.0.1:{port}/chatkit", content=b"{}")
                break
            except httpx.HTTPError:
                time.sleep(0.2)
        assert answer.status_code == 404
    finally:
        server.terminate()
        server.wait()


@proves("CK115")
def test_ck115_no_release_fits(tmp_path: Path) -> None:
    old = json.loads(RULES["CK115"].wrong[0]["package.json"])["dependencies"]
    name = "@openai/chatkit-react"
    ended = command(tmp_path, need("npm"), "view", f"{name}@{old[name]}", "version", "--json")
    found = json.loads(ended.stdout)
    assert all(version.startswith("0.") for version in ([found] if type(found) is str else found))
    lay("CK115", tmp_path, 1)
    ended = command(tmp_path, "npm", "install", "--dry-run", "--no-audit", "--no-fund")
    assert "ERESOLVE" in ended.stderr


@proves("CK119")
def test_ck119_vite_does_not_run_on_it(project: Path) -> None:
    assert RULES["CK119"].wrong[0][".nvmrc"].startswith("18")
    ended = command(
        project, need("npm"), "install", "--no-audit", "--no-fund", "--no-save", "node@18"
    )
    assert ended.returncode == 0, ended.stderr
    (project / "index.html").write_text("<p>Hello</p>")
    node = project / "node_modules" / "node" / "bin" / "node"
    ended = command(project, str(node), "node_modules/vite/bin/vite.js", "build")
    assert ended.returncode
