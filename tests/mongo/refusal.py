"""The errors of a mongod that this server can answer with: codes and names are MongoDB's own."""

from typing import Any

NAMES = {
    2: "BadValue",
    20: "IllegalOperation",
    43: "CursorNotFound",
    50: "MaxTimeMSExpired",
    59: "CommandNotFound",
    61: "ShardKeyNotFound",
    66: "ImmutableField",
    73: "InvalidNamespace",
    86: "IndexKeySpecsConflict",
    225: "TransactionTooOld",
    238: "NotImplemented",
    291: "NoQueryExecutionPlans",
    11000: "DuplicateKey",
    17419: "Location17419",
    17420: "Location17420",
    40415: "Location40415",
}


class Refusal(Exception):  # noqa: N818 - an answer, not a failure of the server
    def __init__(self, code: int, message: str, **details: Any) -> None:
        super().__init__(message)
        self.code = code
        self.details = details

    @property
    def command_error(self) -> dict[str, Any]:
        return {"ok": 0.0, "errmsg": str(self), "code": self.code, "codeName": NAMES[self.code]} | (
            self.details
        )

    def write_error(self, index: int) -> dict[str, Any]:
        return {"index": index, "code": self.code, "errmsg": str(self)} | self.details


def unknown(what: str) -> Refusal:
    """Nothing is guessed: what the engine was not checked for is an error, not a wrong answer."""
    return Refusal(238, f"the test server does not know {what}")
