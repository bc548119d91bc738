"""The one error that people see: what went wrong, and what to do about it."""

USAGE = 2


class ScaffoldError(Exception):
    def __init__(self, message: str, hint: str = "", exit_code: int = 1) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.exit_code = exit_code
