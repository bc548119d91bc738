"""A key stands in a file

Whoever sees the code, or in a page whoever looks at its source, can use the key and run up the
bill. Revoke it at its provider: deleting the line leaves it in the history of git. Keep the new
one in the environment, and out of everything that the browser gets.
"""

import re

from chatkit_scaffold.doctor.rule import (
    ERROR,
    Finding,
    Findings,
    Project,
    find_keys,
    is_env,
    is_example,
)

SEVERITY = ERROR
TESTS = re.compile(r"(^|/)(tests?|__tests__|e2e|fixtures)/|test_|\.(test|spec)\.|\.lock|-lock\.")
WRONG = {"app/llm.py": 'import chatkit\n\napi_key = "sk-proj-9fQ2mXw7Lr4TzB8nKc3VdJ6yHs1Gp5Ea"\n'}
RIGHT = {
    "app/llm.py": "import os\n\nimport chatkit\n\n"
    'api_key = os.environ["OPENAI_API_KEY"]\nexample = "sk-your-own-key-goes-right-here"\n'
}


def check(project: Project) -> Findings:
    for path in project.files.paths:
        if TESTS.search(path) or (is_env(path) and not is_example(path)):  # there they belong
            continue
        for start, end in find_keys(project.files.text(path)):
            message = "This is a secret key: revoke it."
            yield Finding.at(project.files.plain(path), (start, end), message)
