"""The page's own origin is missing from the CORS list

The page calls the backend at another origin, and the browser refuses: "blocked by CORS policy".
Vite serves at port 5173, Next.js at 3000; both spellings, localhost and 127.0.0.1, count apart.
"""

import ast
import re

from chatkit_scaffold.doctor.rule import WARNING, Edit, Finding, Findings, Fix, Project

SEVERITY = WARNING
PORTS = {"vite": "5173", "next": "3000"}
_CHAT = """import { ChatKit, useChatKit } from "@openai/chatkit-react";

export function Chat() {
  const chat = useChatKit({
    api: { url: "http://localhost:8000/chatkit", domainKey: window.settings.domainKey },
  });
  return <ChatKit control={chat.control} />;
}
"""
WRONG = {
    "backend/main.py": """
import chatkit
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=["http://localhost:3000"])
""",
    "frontend/package.json": '{"dependencies": {"@openai/chatkit-react": "^1.6.1", "react": "19"},'
    ' "devDependencies": {"vite": "^7.0.0"}}',
    "frontend/index.html": "<script src='https://cdn.platform.openai.com/deployments/chatkit/"
    "chatkit.js' async></script>",
    "frontend/src/Chat.tsx": _CHAT,
}
RIGHT = {**WRONG, "backend/main.py": WRONG["backend/main.py"].replace("3000", "5173")}


def check(project: Project) -> Findings:
    ports = {port for name, port in PORTS.items() for _ in project.depends_on(name)}
    configured = any(
        re.search(r"port\s*[:=]|--port|-p \d", project.files.text(path))
        for path in project.files.paths
        if path.rpartition("/")[2].startswith(("vite.config", "package.json", "next.config"))
    )
    far = any(re.search(r"url:\s*[\"'`]https?://", script.text) for script in project.frontends)
    if len(ports) != 1 or configured or not far:
        return
    origin = f"http://localhost:{ports.pop()}"
    values = project.python.values
    for call in project.middleware("CORSMiddleware"):
        given = call.argument("allow_origins")
        if given is None or "allow_origin_regex" in call.keywords or call.is_open:
            continue
        module, origins = values.origin(call.module, given)
        if not isinstance(origins, ast.List):
            continue
        listed = [values.text(module, node) for node in origins.elts]
        if all(listed) and "*" not in listed and origin not in listed:
            start = module.span(origins)[0] + 1
            text = f'"{origin}", ' if listed else f'"{origin}"'
            fix = Fix((Edit.insert(module, start, text),), safe=True)
            yield Finding.at(module, origins, f"The page at {origin} is refused.", fix)
