"""Which of ChatKit's operations a request asks for."""

from chatkit.types import ChatKitReq
from fastapi import HTTPException
from pydantic import TypeAdapter, ValidationError

# Built once: the SDK's own `process` builds it for every request, which takes longer than the rest.
REQUEST: TypeAdapter[ChatKitReq] = TypeAdapter(ChatKitReq)


def read_request(body: str | bytes | bytearray) -> ChatKitReq:
    try:
        return REQUEST.validate_json(body)
    except ValidationError:
        raise HTTPException(400, "This is not a request that ChatKit sends.") from None
