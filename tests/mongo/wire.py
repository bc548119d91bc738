"""MongoDB's messages, as bytes: https://www.mongodb.com/docs/manual/reference/mongodb-wire-protocol"""

import socket
import struct
from dataclasses import dataclass
from typing import Any

import bson

Document = dict[str, Any]

OP_REPLY, OP_QUERY, OP_MSG = 1, 2004, 2013
MAX_MESSAGE = 48_000_000
HEADER = struct.Struct("<iiii")


class ProtocolError(Exception):
    """Bytes that make no message this server takes. A mongod closes the connection, too."""


@dataclass(frozen=True)
class Request:
    number: int
    op: int
    command: Document

    @property
    def name(self) -> str:
        return next(iter(self.command))


def receive(connection: socket.socket) -> Request | None:
    """The next message, or None when the client has left."""
    header = _read(connection, HEADER.size)
    if header is None:
        return None
    length, number, _, op = HEADER.unpack(header)
    if not HEADER.size < length <= MAX_MESSAGE:
        raise ProtocolError(f"a message of {length} bytes")
    body = _read(connection, length - HEADER.size)
    if body is None:
        return None
    if op == OP_MSG:
        return Request(number, op, _message(body))
    if op == OP_QUERY:
        return Request(number, op, _query(body))
    raise ProtocolError(f"opcode {op}")


def reply(request: Request, document: Document) -> bytes:
    if request.op == OP_MSG:
        return _frame(request.number, OP_MSG, struct.pack("<iB", 0, 0) + bson.encode(document))
    # Flag 8: awaitCapable, which every server sets. No cursor, from 0 on, one document.
    return _frame(
        request.number, OP_REPLY, struct.pack("<iqii", 8, 0, 0, 1) + bson.encode(document)
    )


def _frame(answers: int, op: int, body: bytes) -> bytes:
    return HEADER.pack(HEADER.size + len(body), 0, answers, op) + body


def _read(connection: socket.socket, size: int) -> bytes | None:
    data = bytearray()
    while len(data) < size:
        chunk = connection.recv(min(size - len(data), 1 << 20))
        if not chunk:
            return None
        data += chunk
    return bytes(data)


def _message(body: bytes) -> Document:
    """A document, and sequences of documents that belong into it."""
    (flags,) = struct.unpack_from("<I", body)
    if flags:
        raise ProtocolError(f"flags {flags:#x}: checksums and unacknowledged writes are not taken")
    command: Document = {}
    sequences: Document = {}
    at = 4
    while at < len(body):
        (size,) = struct.unpack_from("<i", body, at + 1)
        section = body[at + 1 : at + 1 + size]
        if body[at] == 0:
            command = bson.decode(section)
        elif body[at] == 1:
            end = section.index(b"\0", 4)
            sequences[section[4:end].decode()] = bson.decode_all(section[end + 1 :])
        else:
            raise ProtocolError(f"a section of kind {body[at]}")
        at += 1 + size
    if not command or command.keys() & sequences.keys():
        raise ProtocolError("no command, or a field that is there twice")
    return command | sequences


def _query(body: bytes) -> Document:
    """Only a driver's first hello comes this way."""
    end = body.index(b"\0", 4)
    command: Document = bson.decode(body[end + 1 + 8 :])
    if body[4:end] != b"admin.$cmd" or next(iter(command)).lower() not in {"hello", "ismaster"}:
        raise ProtocolError("OP_QUERY for anything but hello")
    return {**command, "$db": "admin"}
