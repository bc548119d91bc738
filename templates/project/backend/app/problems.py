"""From errors to what people may see. The log has the cause; nothing of it leaves the server."""

import logging
from json import JSONDecodeError

from agents.exceptions import (
    InputGuardrailTripwireTriggered,
    MaxTurnsExceeded,
    OutputGuardrailTripwireTriggered,
)
from chatkit.errors import CustomStreamError
from chatkit.store import NotFoundError
from fastapi import HTTPException, Response
from fastapi.responses import JSONResponse
from openai import APIError, APIStatusError, RateLimitError
from pydantic import ValidationError
from starlette.requests import ClientDisconnect

from app.stores.rows import Unavailable

logger = logging.getLogger(__name__)


class NotOffered(Exception):
    """An operation of ChatKit that this app has not switched on."""


def problem(error: Exception) -> Response:
    """The answer to a request that failed before anything was streamed."""
    match error:
        case HTTPException():
            status, message = error.status_code, str(error.detail)
        case ClientDisconnect():
            status, message = 400, "The request broke off."  # and nobody is there to read this
        case NotFoundError():
            status, message = 404, "There is no such thread, message or file."
        case NotOffered():
            status, message = 422, str(error)
        case Unavailable():
            status, message = 503, error.message
        case ValueError() if not isinstance(error, ValidationError):
            # The SDK refuses a request that makes no sense here. A ValidationError is a stored
            # row that it cannot read.
            status, message = 400, "This request does not fit the thread as it is."
        case _:
            status, message = 500, "Something went wrong. The log of the server has the cause."
    # Not the error's text: it may quote what the user wrote.
    logger.info("Answered %s: %s", status, type(error).__name__)
    if status == 500:
        logger.error("A request failed", exc_info=error)
    headers = getattr(error, "headers", None)  # of an HTTPException: when to try again, for one
    return JSONResponse({"error": {"status": status, "message": message}}, status, headers)


def apology(error: Exception) -> CustomStreamError:
    """The end of a turn that failed after it had begun."""
    logger.error("A turn failed", exc_info=error)
    match error:
        case RateLimitError():
            return CustomStreamError("The model is busy. Please try again soon.", allow_retry=True)
        case APIStatusError() if error.status_code < 500:
            return CustomStreamError("The model refused this request.", allow_retry=False)
        case APIError() | JSONDecodeError():
            return CustomStreamError(
                "The model does not answer. Please try again.", allow_retry=True
            )
        case InputGuardrailTripwireTriggered() | OutputGuardrailTripwireTriggered():
            return CustomStreamError("I cannot help with that.", allow_retry=False)
        case MaxTurnsExceeded():
            return CustomStreamError(
                "That took too many steps. Please ask for less.", allow_retry=False
            )
    return CustomStreamError("Something went wrong. Please try again.", allow_retry=True)
