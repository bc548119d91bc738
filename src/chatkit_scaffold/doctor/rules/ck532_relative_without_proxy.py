"""The page asks its own host, where no backend is

A `url` without a host goes to whoever served the page: in development Vite or Next.js, which answer
404 unless they are told to pass it on, by a proxy, a rewrite or a route of their own.
"""

import re

from chatkit_scaffold.doctor.rule import ERROR, Finding, Findings, Project, outcomes

SEVERITY = ERROR
SERVERS = ("vite", "next", "react-scripts")
PASSES = re.compile(
    r"\bproxy\b|rewrites|redirects|proxy_pass|reverse_proxy|createProxyMiddleware|"
    r"StaticFiles|FileResponse|HTMLResponse|Jinja2Templates|render_template|send_from_directory"
)
CONFIG = re.compile(
    r"(vite|next|nuxt|astro)\.config\.\w+|package\.json|vercel\.json|netlify\.toml|.*nginx.*|"
    r".*compose.*|setupProxy\.\w+|proxy\.ts|middleware\.ts|render\.yaml|.*\.py|server\.\w+"
)
ROUTE = re.compile(r"(^|/)(app/.*/route|pages/api/.*)\.[jt]sx?$")
CHAT = """chatkit.setOptions({
  api: { url: "/chatkit", domainKey: KEY },
});
"""
WRONG = {"package.json": '{"devDependencies": {"vite": "^8.0.0"}}', "src/chat.ts": CHAT}
RIGHT = {
    **WRONG,
    "vite.config.ts": """export default {
  server: { proxy: { "/chatkit": "http://127.0.0.1:8000" } },
};
""",
}


def check(project: Project) -> Findings:
    files = project.files
    if not any(d.name in SERVERS and d.is_node for d in project.dependencies):
        return
    if any(ROUTE.search(path) for path in files.paths) or any(
        CONFIG.fullmatch(path.rpartition("/")[2]) and PASSES.search(files.text(path))
        for path in files.paths
    ):
        return
    for api in project.apis:
        for node in outcomes(api.script, api.at("url")):
            if (api.script.string(node) or "").startswith("/"):
                message = "Nothing passes this on to the backend: it is answered with 404."
                yield Finding.at(api.script, node, message)
