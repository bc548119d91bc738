"""A public variable is not there when the page is built

`NEXT_PUBLIC_...` and `VITE_...` are written into the page by the build. An image built without them
has "undefined" as address or key, and setting them when it runs changes nothing.
"""

import re

from chatkit_scaffold.doctor.rule import WARNING, Finding, Findings, Project

SEVERITY = WARNING
PUBLIC = re.compile(r"(?:process|import\.meta)\.env\.((?:NEXT_PUBLIC|VITE|REACT_APP)_\w+)")
BUILD = re.compile(r"(npm|pnpm|yarn|bun)( run)? build")
CHAT = """import { useChatKit } from "@openai/chatkit-react";

export const useHelp = () =>
  useChatKit({ api: { url: process.env.NEXT_PUBLIC_CHAT_URL, domainKey: KEY } });
"""
DOCKERFILE = "FROM node:22\nCOPY . .\nRUN npm ci && npm run build\n"
WRONG = {"web/chat.ts": CHAT, "web/Dockerfile": DOCKERFILE}
RIGHT = {
    "web/chat.ts": CHAT,
    "web/Dockerfile": DOCKERFILE.replace("RUN", "ARG NEXT_PUBLIC_CHAT_URL\nRUN"),
}


def check(project: Project) -> Findings:
    files = project.files
    images = [p for p in files.paths if "dockerfile" in p.rpartition("/")[2].lower()]
    builds = [p for p in images if BUILD.search(files.text(p))]
    if not builds:
        return
    given = {v.name for v in project.variables if v.path.endswith(("production", ".env"))}
    for api in project.apis:
        for key in ("url", "domainKey"):
            node = api.at(key)
            match = PUBLIC.fullmatch(api.script.source(node))
            if (
                match
                and match[1] not in given
                and not any(match[1] in files.text(p) for p in builds)
            ):
                message = f"{builds[0]} builds without {match[1]}: it will be undefined."
                yield Finding.at(api.script, node, message)
