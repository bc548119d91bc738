"""A strict stand-in for an LLM provider: real HTTP, scripted answers, real refusals."""

from tests.llm.journal import Recorded
from tests.llm.replies import (
    CallTool,
    CiteFile,
    CiteUrl,
    CutAfter,
    Echo,
    Fail,
    FailAfter,
    Hang,
    Malformed,
    Reply,
    Say,
    Stall,
    StallAfter,
)
from tests.llm.server import LlmServer, llm_server

__all__ = [
    "CallTool",
    "CiteFile",
    "CiteUrl",
    "CutAfter",
    "Echo",
    "Fail",
    "FailAfter",
    "Hang",
    "LlmServer",
    "Malformed",
    "Recorded",
    "Reply",
    "Say",
    "Stall",
    "StallAfter",
    "llm_server",
]
