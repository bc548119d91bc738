"""The server: a socket, a thread for each connection, and the faults that a test asks for."""

import os
import socket
import struct
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit
from uuid import uuid4

from pymongo import MongoClient

from tests.mongo.commands import Commands
from tests.mongo.engine import Engine
from tests.mongo.refusal import Refusal
from tests.mongo.wire import Document, ProtocolError, Request, receive, reply

URL = os.environ.get("CHATKIT_TEST_MONGODB_URL", "")
HANDSHAKE = {"hello", "isMaster", "ismaster"}


@dataclass
class Fault:
    """What happens to the next commands of a name, or of all: until `times` is used up."""

    name: str = ""
    collection: str = ""
    times: int = 1_000_000
    delay: float = 0  # seconds that the work takes; an operation's own limit ends it sooner
    silent: bool = False  # no answer, and nothing done
    lost: bool = False  # done, and the connection gone before the answer
    reached: threading.Event = field(default_factory=threading.Event)

    def meets(self, command: Document) -> bool:
        name = next(iter(command))
        return (
            self.times > 0
            and name not in HANDSHAKE
            and self.name in {"", name}
            and self.collection in {"", command[name]}
        )


class MongoServer:
    """Documents outlive a stop, as they do on a disk."""

    def __init__(
        self,
        replica_set: str = "rs0",
        mongos: bool = False,
        shard_keys: Mapping[str, str] | None = None,
    ) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.address: str = f"127.0.0.1:{probe.getsockname()[1]}"
        self.url = f"mongodb://{self.address}"
        self.engine = Engine(shard_keys)
        self.seen: list[Document] = []
        self.faults: list[Fault] = []
        self._commands = Commands(self.engine, self.address, "" if mongos else replica_set, mongos)
        self._listener: socket.socket | None = None
        self._connections: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._stopped = threading.Event()

    def start(self) -> None:
        host, port = self.address.split(":")
        self._stopped = threading.Event()
        self._listener = socket.create_server((host, int(port)))
        threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def stop(self) -> None:
        """At once, as `kill -9` would: no connection gets another byte."""
        if self._listener is None:
            return
        self._stopped.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._listener = None
        with self._lock:
            for connection in self._connections:
                _cut(connection)

    def fail(self, fault: Fault) -> Fault:
        self.faults.append(fault)
        return fault

    def commands(self, name: str) -> list[Document]:
        return [command for command in self.seen if next(iter(command)) == name]

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with self._lock:
                self._connections.add(connection)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        stopped = self._stopped
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            while not stopped.is_set() and (request := receive(connection)):
                answer = self._answer(request, stopped)
                if answer is None or stopped.is_set():
                    return
                connection.sendall(reply(request, answer))
        except (OSError, ProtocolError):
            pass
        finally:
            with self._lock:
                self._connections.discard(connection)
            _cut(connection)

    def _answer(self, request: Request, stopped: threading.Event) -> Document | None:
        command = request.command
        if request.name not in HANDSHAKE:
            self.seen.append(command)
        fault = next((fault for fault in self.faults if fault.meets(command)), Fault())
        fault.times -= 1
        fault.reached.set()
        if fault.silent:
            stopped.wait()
            return None
        if fault.delay:
            limit = command.get("maxTimeMS", 1e9) / 1000
            if stopped.wait(min(fault.delay, limit)):
                return None
            if limit < fault.delay:
                return Refusal(50, "operation exceeded time limit").command_error
        answer = self._commands.run(command)
        return None if fault.lost else answer


def _cut(connection: socket.socket) -> None:
    try:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass
    connection.close()


@contextmanager
def mongo_database() -> Iterator[str]:
    """The address of an empty database: here, or on the server that was asked for."""
    name = f"test_{uuid4().hex}"
    if not URL:
        with mongo_server() as server:
            yield f"{server.url}/{name}"
        return
    try:
        yield urlsplit(URL)._replace(path=f"/{name}").geturl()
    finally:
        with MongoClient[Document](URL) as client:
            client.drop_database(name)


@contextmanager
def mongo_server(
    replica_set: str = "rs0", mongos: bool = False, shard_keys: Mapping[str, str] | None = None
) -> Iterator[MongoServer]:
    server = MongoServer(replica_set, mongos, shard_keys)
    server.start()
    try:
        yield server
    finally:
        server.stop()
