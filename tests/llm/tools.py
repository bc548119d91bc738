"""The rules for functions that both APIs share."""

import re
from typing import Any

from tests.llm.errors import RefusedError

NAME = re.compile(r"[a-zA-Z0-9_-]{1,64}")


def check_function(function: dict[str, Any], path: str, strict: bool) -> None:
    name = function["name"]
    if not NAME.fullmatch(name):
        raise RefusedError(
            f"Invalid '{path}.name': string does not match pattern. Expected a string that "
            "matches the pattern '^[a-zA-Z0-9_-]+$' and is at most 64 characters long.",
            f"{path}.name",
            "invalid_value",
        )
    parameters = function.get("parameters")
    if parameters is None:
        return
    problem = _find_problem(parameters, strict)
    if problem:
        raise RefusedError(
            f"Invalid schema for function '{name}': {problem}",
            f"{path}.parameters",
            "invalid_function_parameters",
        )


def _find_problem(schema: dict[str, Any], strict: bool) -> str:
    if schema.get("type") != "object":
        return (
            f"schema must be a JSON Schema of 'type: \"object\"', got 'type: {schema.get('type')}'."
        )
    if strict and schema.get("additionalProperties") is not False:
        return "In context=(), 'additionalProperties' is required to be supplied and to be false."
    absent = set(schema.get("properties", {})) - set(schema.get("required", []))
    if strict and absent:
        return (
            "In context=(), 'required' is required to be supplied and to be an array including "
            f"every key in properties. Missing '{min(absent)}'."
        )
    return ""


def check_choice(choice: object, functions: list[str]) -> None:
    """`choice` is the name of a function, or nothing."""
    if choice and choice not in functions:
        raise RefusedError(f"Tool choice '{choice}' not found in 'tools' parameter.", "tool_choice")
