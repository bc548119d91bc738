"""What a page costs until people can write: ours, and pages built like OpenAI's starter apps.

    PYTHONPATH=. python benchmarks/pages.py

All are built for production, have the same backend and are opened in the same Chromium as by a
phone that was never there before: a processor 4 times slower, 1.6 Mbit/s, 150 ms. In the place of
OpenAI's component is the stand-in of the tests, the same for all, and its files come at once.
Rounds are interleaved, figures are medians.
"""

import statistics
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, expect

from tests.browser.conftest import App, make
from tests.browser.window import Window
from tests.element.standin import CDN, chromium, intercept
from tests.node import install, key, run, serving
from tests.running import running

ROUNDS = 9
PHONE = {"width": 360, "height": 640}
SLOW = {"offline": False, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 94_000}
# The starter apps' structure: one client component that fills a box of the page, and nothing for
# what goes wrong. Theirs ask OpenAI for a session; these ask the backend that all have here.
PANEL = """
"use client";
import { ChatKit, useChatKit } from "@openai/chatkit-react";
export function Panel() {
  const { control } = useChatKit({
    api: { url: location.origin + "/chatkit", domainKey: "local-dev" },
    theme: "light",
    history: { enabled: true },
    startScreen: {
      greeting: "What can I help with?",
      prompts: [{ label: "What can you do?", prompt: "What can you do?", icon: "circle-question" }],
    },
    composer: { placeholder: "Ask anything" },
  });
  return <div className="panel"><ChatKit control={control} className="chat" /></div>;
}
"""
CSS = """
body { margin: 0; font-family: Arial, sans-serif; }
main {
  display: flex; flex-direction: column; align-items: center; justify-content: end;
  min-height: 100vh;
}
.panel {
  display: flex; width: 100%; max-width: 64rem; height: 90vh; border-radius: 1rem; overflow: hidden;
}
.chat { display: block; width: 100%; height: 100%; }
"""
STARTERS = {
    "react": {
        "index.html": f"""<!doctype html><html lang="en"><head><title>Starter</title>
<meta name="viewport" content="width=device-width, initial-scale=1" />
<script src="{CDN}chatkit.js" async></script></head>
<body><div id="root"></div><script type="module" src="/src/main.tsx"></script></body></html>""",
        "src/Panel.tsx": PANEL,
        "src/style.css": CSS,
        "src/main.tsx": """
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Panel } from "./Panel";
import "./style.css";
createRoot(document.getElementById("root")!).render(
  <StrictMode><main><Panel /></main></StrictMode>,
);
""",
    },
    "nextjs-app": {
        "src/app/Panel.tsx": PANEL.replace(
            "location.origin", '(globalThis.location?.origin ?? "")'
        ),
        "src/app/style.css": CSS,
        "src/app/page.tsx": """
import { Panel } from "./Panel";
export default function Page() { return <main><Panel /></main>; }
""",
        "src/app/layout.tsx": f"""
import Script from "next/script";
import type {{ ReactNode }} from "react";
import "./style.css";
export const metadata = {{ title: "Starter" }};
export default function Layout({{ children }}: {{ children: ReactNode }}) {{
  return (
    <html lang="en">
      <head><Script src="{CDN}chatkit.js" strategy="beforeInteractive" /></head>
      <body>{{children}}</body>
    </html>
  );
}}
""",
    },
}
SUBJECTS = {
    "cdn": ("cdn", False),
    "react": ("react", False),
    "starter, Vite": ("react", True),
    "nextjs-app": ("nextjs-app", False),
    "nextjs-pages": ("nextjs-pages", False),
    "starter, Next.js": ("nextjs-app", True),
}
OBSERVE = """
window.seen = { "first paint, ms": 0, "largest paint, ms": 0, "blocked, ms": 0, shift: 0 };
const watch = (type, add) => new PerformanceObserver((list) => list.getEntries().forEach(add))
  .observe({ type, buffered: true });
watch("paint", (e) => {
  if (e.name === "first-contentful-paint") seen["first paint, ms"] = e.startTime;
});
watch("largest-contentful-paint", (e) => (seen["largest paint, ms"] = e.startTime));
watch("layout-shift", (e) => (seen.shift += e.value));
watch("longtask", (e) => (seen["blocked, ms"] += Math.max(0, e.duration - 50)));
"""


@contextmanager
def serve(folder: Path, store: Path, frontend: str, starter: bool) -> Iterator[str]:
    app: App = make(folder, frontend=frontend)
    page = app.folder / "frontend"
    if starter:
        into_starter(page, STARTERS[frontend])
    with ExitStack() as stack:
        if frontend != "cdn":
            install(page, store)
            run(page, "run", "build", **key(page, "domain_pk_benchmark")).check_returncode()
        client = stack.enter_context(running(app.folder / "backend", env=app.env()))
        url = str(client.base_url).rstrip("/")
        yield url if frontend == "cdn" else stack.enter_context(serving(page, url))


def into_starter(page: Path, files: dict[str, str]) -> None:
    for file in (page / "src").rglob("*"):
        if file.is_file() and "api" not in file.parts:  # the way to the backend is the same
            file.unlink()
    for name, text in files.items():
        (page / name).write_text(text, "utf-8")


def visit(browser: Browser, url: str) -> dict[str, float]:
    with browser.new_context(viewport=PHONE) as context:  # type: ignore[arg-type]
        intercept(context)
        context.add_init_script(OBSERVE)
        page = context.new_page()
        cdp = context.new_cdp_session(page)
        own: set[str] = set()
        sizes: list[int] = []

        def asked(event: dict[str, Any]) -> None:
            if event["request"]["url"].startswith(url):
                own.add(event["requestId"])

        def came(event: dict[str, Any]) -> None:
            if event["requestId"] in own:
                sizes.append(event["encodedDataLength"])

        cdp.on("Network.requestWillBeSent", asked)
        cdp.on("Network.loadingFinished", came)
        cdp.send("Network.enable")
        cdp.send("Network.emulateNetworkConditions", SLOW)
        cdp.send("Emulation.setCPUThrottlingRate", {"rate": 4})
        window = Window(page).open(url)
        expect(window.field).to_be_visible()
        ready = page.evaluate("performance.now()")
        page.wait_for_timeout(500)  # for what comes late and moves
        return {"KB": sum(sizes) / 1000, **page.evaluate("seen"), "can write, ms": ready}


def main() -> None:
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        base = Path(name)
        urls = {
            subject: stack.enter_context(serve(base / subject, base, *how))
            for subject, how in SUBJECTS.items()
        }
        browser = stack.enter_context(chromium())
        figures: dict[str, list[dict[str, float]]] = {subject: [] for subject in urls}
        for _ in range(ROUNDS):
            for subject, url in urls.items():
                figures[subject].append(visit(browser, url))
    report(figures)


def report(figures: dict[str, list[dict[str, float]]]) -> None:
    median = {
        subject: {name: statistics.median(one[name] for one in rounds) for name in rounds[0]}
        for subject, rounds in figures.items()
    }
    starter = median["starter, Next.js"]["can write, ms"]
    names = list(median["cdn"])
    print("| page |", " | ".join(names), "| times the starter's |")
    print("|---" * (len(names) + 2) + "|")
    for subject, one in median.items():
        row = [shown(name, value) for name, value in one.items()]
        print(f"| {subject} |", " | ".join(row), f"| {one['can write, ms'] / starter:.2f} |")


def shown(name: str, value: float) -> str:
    if name == "shift":
        return f"{value:.3f}"
    return f"{value:.0f}" if value or "paint" not in name else "none"


if __name__ == "__main__":
    main()
