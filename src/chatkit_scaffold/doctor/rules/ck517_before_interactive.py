"""`beforeInteractive` outside the root layout

Next.js heeds this strategy in `app/layout` and `pages/_document` alone. Elsewhere the script may
load late or only on the first visit, and the chat stays blank after a change of page.
"""

from chatkit_scaffold.doctor.rule import (
    WARNING,
    Edit,
    Finding,
    Findings,
    Fix,
    Project,
    attributes,
    elements,
)

SEVERITY = WARNING
PAGE = """import Script from "next/script";

export default function Page() {
  return (
    <>
      <Script
        src="https://cdn.platform.openai.com/deployments/chatkit/chatkit.js"
        strategy="beforeInteractive"
      />
      <openai-chatkit />
    </>
  );
}
"""
WRONG = {"app/chat/page.jsx": PAGE}
RIGHT = {"app/chat/page.jsx": PAGE.replace("beforeInteractive", "afterInteractive")}


def check(project: Project) -> Findings:
    for script in project.scripts:
        for tag in () if project.rendering.is_root(script.path) else elements(script, "Script"):
            given = attributes(script, tag).get("strategy")
            if given is not None and "beforeInteractive" in script.source(given):
                fix = Fix((Edit.replace(script, given, '"afterInteractive"'),), safe=True)
                message = "Outside the root layout this strategy does not work."
                yield Finding.at(script, given, message, fix)
