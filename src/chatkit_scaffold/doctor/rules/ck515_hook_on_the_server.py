"""A component of the browser runs on the server

In the app folder of Next.js components run on the server unless their file, or one that imports it,
begins with "use client". There `useChatKit` stops the build: "useRef is not a function", or "You're
importing a component that needs useState".
"""

from chatkit_scaffold.doctor.rule import ERROR, HOOK, Edit, Finding, Findings, Fix, Project

SEVERITY = ERROR
PACKAGE = "@openai/chatkit-react"
CHAT = """import { ChatKit, useChatKit } from "@openai/chatkit-react";
import { api } from "./api";

export default function Page() {
  const { control } = useChatKit({ api });
  return <ChatKit control={control} />;
}
"""
LAYOUT = """export default function Layout({ children }) {
  return (
    <html>
      <head>
        <script async src="https://cdn.platform.openai.com/deployments/chatkit/chatkit.js" />
      </head>
      <body>{children}</body>
    </html>
  );
}
"""
WRONG = {"app/layout.tsx": LAYOUT, "app/page.tsx": CHAT}
RIGHT = {"app/layout.tsx": LAYOUT, "app/page.tsx": f'"use client";\n\n{CHAT}'}


def check(project: Project) -> Findings:
    for script in project.scripts:
        if PACKAGE not in script.text or not project.rendering.on_server(script.path):
            continue
        for call in list(script.calls(HOOK))[:1]:
            fix = Fix((Edit.insert(script, 0, '"use client";\n\n'),), safe=True)
            message = 'This runs on the server, where hooks fail: "use client" is missing.'
            yield Finding.at(script, call, message, fix)
