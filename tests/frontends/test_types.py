"""What people wrongly believe about options, components and events: the compiler knows better."""

import re
from pathlib import Path

import pytest

from tests.browser.conftest import make
from tests.node import install, run

pytestmark = pytest.mark.matrix
HEAD = """
import { useChatKit, type ChatKitOptions } from "@openai/chatkit-react";
const api = { url: "/chatkit", domainKey: "key" };
"""


def options(members: str, api: str = "api") -> str:
    return f"{HEAD}export const options: ChatKitOptions = {{ api: {api}, {members} }};"


RIGHT = (
    HEAD
    + """
const send: typeof fetch = (input, init) => fetch(input, init);
export const options: ChatKitOptions = {
  api: { ...api, fetch: send, uploadStrategy: { type: "two_phase" } },
  theme: { colorScheme: "dark", color: { accent: { primary: "#f00", level: 1 } } },
  header: { title: { text: "Title" } },
  startScreen: { prompts: [{ label: "Hi", prompt: "Hi", icon: "lucide:pencil" }] },
  threadItemActions: { feedback: true, retry: true },
};
export const Chat = () => <openai-chatkit ref={(chat) => chat?.setOptions(options)} />;
export const use = () => useChatKit({ ...options, onReady: () => {}, onResponseEnd: () => {} });
"""
)
MISTAKES = {
    "a provider": ('import { ChatKitProvider } from "@openai/chatkit-react";', "TS2305"),
    "a thread component": ('import { MainThread } from "@openai/chatkit-react";', "TS2305"),
    "a thread type": ('import type { ThreadMetadata } from "@openai/chatkit-react";', "TS2305"),
    "an event type": ('import type { ChatKitEvent } from "@openai/chatkit-react";', "TS2724"),
    "a subscription": (
        'import { ChatKit } from "@openai/chatkit-react"; ChatKit.subscribe("x", () => {});',
        "TS2339",
    ),
    "headers beside the url": (
        options("", '{ ...api, headers: async () => ({ Authorization: "x" }) }'),
        "TS2353",
    ),
    "no domain key": (options("", '{ url: "/chatkit" }'), "TS2322"),
    "a domain key that may be missing": (
        options("", '{ url: "/chatkit", domainKey: undefined }'),
        "TS2322",
    ),
    "a fetch that takes only text": (
        options("", "{ ...api, fetch: async (url: string) => fetch(url, { headers: {} }) }"),
        "TS2322",
    ),
    "theme auto": (options('theme: "auto"'), "TS2322"),
    "theme system": (options('theme: "system"'), "TS2322"),
    "theme by CSS variables": (options('theme: { "--accent": "red" }'), "TS2353"),
    "content of a title": (options('header: { title: { content: "x" } }'), "TS2353"),
    "name of a prompt": (
        options('startScreen: { prompts: [{ name: "x", prompt: "x" }] }'),
        "TS2353",
    ),
    "text of a prompt": (
        options('startScreen: { prompts: [{ label: "x", text: "x" }] }'),
        "TS2353",
    ),
    "an icon that is not there": (
        options('startScreen: { prompts: [{ label: "x", prompt: "x", icon: "pencil" }] }'),
        "TS2322",
    ),
    "a handler in plain options": (options("onReady: () => {}"), "TS2353"),
    "an event that never comes": (
        HEAD + "export const use = () => useChatKit({ api, onMessage: () => {} });",
        "TS2353",
    ),
    "JSX declared for React 18": (
        "export {}; declare global { namespace JSX { interface IntrinsicElements"
        ' { "my-chatkit": object } } }\nexport const chat = <my-chatkit />;',
        "TS2339",
    ),
    "the element, typed by its name": (
        HEAD + 'document.createElement("openai-chatkit").setOptions({ api });',
        "TS2339",
    ),
}


def test_the_compiler_knows_what_the_seeds_got_wrong(tmp_path: Path, store: Path) -> None:
    frontend = make(tmp_path, frontend="react").folder / "frontend"
    install(frontend, store)
    (frontend / "src/right.tsx").write_text(RIGHT)
    for number, (text, _) in enumerate(MISTAKES.values()):
        (frontend / f"src/mistake{number}.tsx").write_text(text)
    done = run(frontend, "exec", "--", "tsc", "--noEmit", "--noUnusedLocals", "false")
    found = dict.fromkeys(MISTAKES, "nothing")
    for number, code in re.findall(r"src/mistake(\d+)\.tsx.*?error (TS\d+)", done.stdout):
        found[list(MISTAKES)[int(number)]] = code
    assert found == {name: code for name, (_, code) in MISTAKES.items()}
    assert "right.tsx" not in done.stdout, done.stdout
