"""The errors of the real APIs: status, message, and the parameter and code that clients read."""

from collections.abc import Iterable
from typing import Any

JSON_NAMES: dict[type, str] = {
    bool: "a boolean",
    int: "an integer",
    float: "a decimal",
    str: "a string",
    list: "an array",
    dict: "an object",
    type(None): "null",
}


class RefusedError(Exception):
    def __init__(
        self, message: str, param: str | None = None, code: str | None = None, status: int = 400
    ) -> None:
        super().__init__(message)
        self.status = status
        self.body = render_error(message, param=param, code=code)


def render_error(
    message: str,
    kind: str = "invalid_request_error",
    param: str | None = None,
    code: str | None = None,
) -> dict[str, Any]:
    return {"error": {"message": message, "type": kind, "param": param, "code": code}}


def name_failure(status: int) -> tuple[str, str | None]:
    """The type and code that OpenAI gives an error of this status."""
    if status == 429:
        return "requests", "rate_limit_exceeded"
    if status >= 500:
        return "server_error", None
    return "invalid_request_error", "invalid_api_key" if status == 401 else None


def invalid_value(path: str, value: object, supported: Iterable[object]) -> RefusedError:
    listed = ",".join(f"'{name}'" for name in supported)
    return RefusedError(
        f"Invalid value: '{value}'. Supported values are: {listed}.", path, "invalid_value"
    )


def wrong_type(path: str, value: object, expected: Iterable[str]) -> RefusedError:
    wanted, given = " or ".join(dict.fromkeys(expected)), JSON_NAMES[type(value)]
    return RefusedError(
        f"Invalid type for '{path}': expected {wanted}, but got {given} instead.",
        path,
        "invalid_type",
    )


def missing(path: str) -> RefusedError:
    return RefusedError(
        f"Missing required parameter: '{path}'.", path, "missing_required_parameter"
    )


def unknown(path: str) -> RefusedError:
    return RefusedError(f"Unknown parameter: '{path}'.", path, "unknown_parameter")


def empty_array(path: str) -> RefusedError:
    return RefusedError(
        f"Invalid '{path}': empty array. Expected an array with minimum length 1, "
        "but got an empty array instead.",
        path,
        "empty_array",
    )
