"""A script of the server has handlers

`onLoad`, `onReady` and `onError` of next/script only work in files that begin with "use client".
Elsewhere the page fails with "Event handlers cannot be passed to Client Component props".
"""

from chatkit_scaffold.doctor.rule import (
    ERROR,
    Edit,
    Finding,
    Findings,
    Fix,
    Project,
    attributes,
    elements,
)

SEVERITY = ERROR
HANDLERS = ("onLoad", "onReady", "onError")
LAYOUT = """import Script from "next/script";

export default function Layout({ children }) {
  return (
    <html>
      <body>
        {children}
        <openai-chatkit></openai-chatkit>
        <Script
          src="https://cdn.platform.openai.com/deployments/chatkit/chatkit.js"
          onLoad={() => start()}
        />
      </body>
    </html>
  );
}
"""
WRONG = {"app/layout.jsx": LAYOUT}
RIGHT = {"app/layout.jsx": LAYOUT.replace("\n          onLoad={() => start()}", "")}


def check(project: Project) -> Findings:
    for script in project.scripts:
        if not project.rendering.on_server(script.path):
            continue
        for tag in elements(script, "Script"):
            given = attributes(script, tag)
            for name in HANDLERS:
                if name in given:
                    fix = Fix((Edit.insert(script, 0, '"use client";\n\n'),))
                    message = f'{name} fails on the server: this file needs "use client".'
                    found = Finding.at(script, given[name], message, fix)
                    yield found
                    break
