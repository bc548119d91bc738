"""How ChatKit's packages for the browser behave, seen on the installed ones."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route

from tests.browser.conftest import make
from tests.node import install, run

pytestmark = pytest.mark.matrix
URL = "http://facts.test/"
CHAT = """
import { ChatKit, useChatKit } from "@openai/chatkit-react";
import { createContext, useContext, useState } from "react";
import { createRoot } from "react-dom/client";

const calls = [];
let readings = 0;
const Context = createContext();
customElements.define("openai-chatkit", class extends HTMLElement {
  setOptions(options) { calls.push(options.theme); }
});

function Chat() {
  const [count, setCount] = useState(0);
  const [theme, setTheme] = useState("light");
  const again = () => setCount((n) => n + 1);
  Object.assign(window, { calls, readings: () => readings, again, dark: () => setTheme("dark") });
  const { control } = useChatKit({
    api: { url: "/x", domainKey: "x", fetch: (input, init) => fetch(input, init) },
    theme,
    onReady: () => console.log(count),
  });
  return (
    <Context value={{ theme, setTheme }}>
      <p>rendered {count}</p>
      <Reader />
      <ChatKit control={control} />
    </Context>
  );
}

function Reader() {
  useContext(Context);
  readings += 1;
  return null;
}

createRoot(document.getElementById("root")).render(<Chat />);
"""


@pytest.fixture(scope="module")
def frontend(tmp_path_factory: pytest.TempPathFactory, store: Path) -> Path:
    folder = make(tmp_path_factory.mktemp("facts"), frontend="react").folder / "frontend"
    install(folder, store)
    return folder


def test_e21_one_package_has_types_alone_and_the_other_two_names(frontend: Path) -> None:
    packages = frontend / "node_modules/@openai"
    exports = json.loads((packages / "chatkit/package.json").read_text("utf-8"))["exports"]
    assert set(exports["."]) == {"types"}
    script = 'import("@openai/chatkit-react").then((m) => console.log(Object.keys(m).join()))'
    done = run(frontend, "exec", "--", "node", "-e", script)
    assert done.stdout.strip().splitlines()[-1] == "ChatKit,useChatKit", done.stdout


def test_e22_options_are_compared_by_value_and_functions_not_at_all(
    frontend: Path, tmp_path: Path, page: Page
) -> None:
    (tmp_path / "node_modules").symlink_to(frontend / "node_modules")
    (tmp_path / "package.json").write_text('{"scripts": {"build": "vite build"}}')
    (tmp_path / "index.html").write_text(
        '<div id="root"></div><script type="module" src="/chat.jsx"></script>'
    )
    (tmp_path / "chat.jsx").write_text(CHAT)
    done = run(tmp_path, "run", "build")
    assert done.returncode == 0, done.stdout
    dist = tmp_path / "dist"

    def serve(route: Route) -> None:
        route.fulfill(path=dist / (route.request.url.removeprefix(URL) or "index.html"))

    page.route(f"{URL}**", serve)
    page.goto(URL)
    page.get_by_text("rendered 0").wait_for()
    for count in (1, 2, 3):
        page.evaluate("again()")
        page.get_by_text(f"rendered {count}").wait_for()
    assert page.evaluate("calls") == ["light"]
    page.evaluate("dark()")
    page.wait_for_function("() => calls.length > 1")
    assert page.evaluate("calls") == ["light", "dark"]
    # A context whose value is made anew is read at each of the five renderings: no loop.
    assert page.evaluate("readings()") == 5
