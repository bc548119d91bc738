"""`python -m tests.element.schema` writes cdn/options.schema.json: what the types of the published
`@openai/chatkit` package say about options. It needs npm."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.conftest import need

SCHEMA = Path(__file__).parent / "cdn" / "options.schema.json"
PACKAGES = ["@openai/chatkit@1.9.0", "ts-json-schema-generator@2.4.0", "typescript@5.9.3"]
# The generator takes a name for one definition, and `ChatKitOptions` is the package's own.
ALIAS = """\
import type { ChatKitOptions } from '@openai/chatkit';
export type Options = ChatKitOptions;
"""
CONFIG = {
    "compilerOptions": {"module": "esnext", "moduleResolution": "bundler", "strict": True},
    "files": ["alias.ts"],
}
KEPT = {
    "$ref", "additionalProperties", "anyOf", "const", "enum", "items", "pattern", "properties",
    "required", "type",
}  # fmt: skip


def generate() -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "package.json").write_text("{}")
        (folder / "alias.ts").write_text(ALIAS)
        (folder / "tsconfig.json").write_text(json.dumps(CONFIG))
        run(
            [need("npm"), "install", "--no-package-lock", "--no-audit", "--no-fund", *PACKAGES],
            folder,
        )
        generator = "node_modules/ts-json-schema-generator/bin/ts-json-schema-generator.js"
        raw = run(
            ["node", generator, "--path", "alias.ts", "--tsconfig", "tsconfig.json",
             "--type", "Options", "--functions", "comment"],
            folder,
        )  # fmt: skip
    return reduce(json.loads(raw))


def run(command: list[str], folder: Path) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stdout + done.stderr)
    return done.stdout


def reduce(raw: dict[str, Any]) -> dict[str, Any]:
    definitions = {name: clean(schema) for name, schema in raw["definitions"].items()}
    # A template literal type comes out as any text, and any icon would pass.
    definitions["LucideIcon"]["pattern"] = "^lucide:.+"
    wanted: set[str] = set()
    left = ["Options"]
    while left:
        name = left.pop()
        if name not in wanted:
            wanted.add(name)
            left += references(definitions[name])
    kept = {name: definitions[name] for name in sorted(wanted)}
    return {"$ref": "#/definitions/Options", "definitions": kept}


def clean(schema: Any) -> Any:
    if "$comment" in schema:
        return {"function": True}
    cleaned: dict[str, Any] = {}
    for keyword, value in schema.items():
        if keyword == "properties":
            cleaned[keyword] = {name: clean(member) for name, member in value.items()}
        elif keyword == "anyOf":
            cleaned[keyword] = [clean(one) for one in value]
        elif keyword == "items" or (keyword == "additionalProperties" and isinstance(value, dict)):
            cleaned[keyword] = clean(value)
        elif keyword in KEPT:
            cleaned[keyword] = value
    return cleaned


def references(schema: Any) -> list[str]:
    if isinstance(schema, dict):
        own = [schema["$ref"].rpartition("/")[2]] if "$ref" in schema else []
        return own + [name for value in schema.values() for name in references(value)]
    if isinstance(schema, list):
        return [name for value in schema for name in references(value)]
    return []


if __name__ == "__main__":
    SCHEMA.write_text(json.dumps(generate(), indent=1) + "\n", "utf-8")
