"""A key stands in a file

Whoever sees the code, or in a page whoever looks at its source, can use the key and run up the
bill. Revoke it at its provider: deleting the line leaves it in the history of git. Keep the new
one in the environment, and out of everything that the browser gets.
"""

import re

from chatkit_scaffold.doctor.rule import ERROR, Finding, Findings, Project, is_example

SEVERITY = ERROR
KEY = re.compile(
    r"\b(sk-(?:proj-|ant-|or-v1-|svcacct-)?[A-Za-z0-9_-]{24,}|AIza[A-Za-z0-9_-]{35}"
    r"|gsk_[A-Za-z0-9]{40,}|xai-[A-Za-z0-9]{40,}|ek_[A-Za-z0-9]{32,})"
)
BEGINNINGS = ("sk-", "AIza", "gsk_", "xai-", "ek_")
TESTS = re.compile(r"(^|/)(tests?|__tests__|e2e|fixtures)/|test_|\.(test|spec)\.|\.lock|-lock\.")
RANDOM = 12  # different signs; words and rows of x have fewer, or no digits
WRONG = {"app/llm.py": 'import chatkit\n\napi_key = "sk-proj-9fQ2mXw7Lr4TzB8nKc3VdJ6yHs1Gp5Ea"\n'}
RIGHT = {
    "app/llm.py": "import os\n\nimport chatkit\n\n"
    'api_key = os.environ["OPENAI_API_KEY"]\nexample = "sk-your-own-key-goes-right-here"\n'
}


def check(project: Project) -> Findings:
    for path in project.files.paths:
        text = project.files.text(path)
        if not any(word in text for word in BEGINNINGS) or TESTS.search(path):
            continue
        name = path.rpartition("/")[2]
        if (name.startswith(".env") or name.endswith(".env")) and not is_example(path):
            continue  # there they belong
        for found in KEY.finditer(text):
            if len(set(found[1])) >= RANDOM and sum(c.isdigit() for c in found[1]) > 2:  # noqa: PLR2004
                message = f"This is a secret key ({found[1][:3]}...): revoke it."
                yield Finding.at(project.files.plain(path), found.span(1), message)
