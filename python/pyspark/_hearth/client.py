"""The client of one engine session: requests over pooled connections, errors as Spark's exceptions."""

from __future__ import annotations

import itertools
import os
import socket
import threading
from typing import Any, Dict, Iterator, List, Optional

from pyspark._hearth import wire
from pyspark._hearth.launch import EngineProcess, named_socket
from pyspark.errors import PySparkRuntimeError
from pyspark.errors.exceptions.captured import from_wire

Reply = Dict[str, Any]


class EngineClient:
    """Talks to the engine. Connects at the first request; safe to use from several threads."""

    def __init__(self, conf: Dict[str, str], app: Dict[str, str]) -> None:
        self._conf = conf
        self._app = app
        self._lock = threading.Lock()
        self._idle: List[socket.socket] = []
        self._ids = (f"{os.getpid()}-{n}" for n in itertools.count(1))
        self._process: Optional[EngineProcess] = None
        self._path: Optional[str] = None
        self._closed = False
        self.hello: Reply = {}

    def request(self, op: str, **fields: Any) -> Reply:
        """Sends a request and gives the final ``ok`` object; batches are not expected."""
        last: Reply = {}
        for reply in self.stream(op, **fields):
            last = reply
        return last.get("ok") or {}

    def stream(self, op: str, **fields: Any) -> Iterator[Reply]:
        """Sends a request and gives every reply frame; the last one has ``ok``. Raises the engine's error."""
        sock = self._connection()
        request_id = next(self._ids)
        finished = False
        try:
            wire.send(sock, {"id": request_id, "op": op, **{k: v for k, v in fields.items() if v is not None}})
            while not finished:
                reply = wire.receive(sock)
                finished = "batch" not in reply
                if "error" in reply:
                    raise from_wire(reply["error"])
                yield reply
        except wire.ConnectionLost as cause:
            raise PySparkRuntimeError(
                message=f"The engine is gone while `{op}` ran ({cause}). It may have run out of memory.",
                error_class="ENGINE_UNAVAILABLE",
            ) from cause
        finally:
            if finished:
                self._give_back(sock)
            else:
                self._abandon(sock, request_id)

    def dial(self, op: str) -> socket.socket:
        """A connection of its own after a first request on it was answered."""
        sock = self._connection()
        wire.send(sock, {"id": next(self._ids), "op": op})
        reply = wire.receive(sock)
        if "error" in reply:
            sock.close()
            raise from_wire(reply["error"])
        return sock

    def close(self) -> None:
        """Closes the connections and ends the engine when it is ours."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
        for sock in idle:
            sock.close()
        if self._process is not None:
            self._process.stop()
            self._process = None

    def connect(self) -> None:
        """Makes the session now instead of at the first request."""
        self._give_back(self._connection())

    def _connection(self) -> socket.socket:
        with self._lock:
            if self._closed:
                raise PySparkRuntimeError(
                    message="The SparkSession is stopped; make a new one with SparkSession.builder.getOrCreate().",
                    error_class="SESSION_STOPPED",
                )
            if self._idle:
                return self._idle.pop()
            if self._path is None:
                self._path = self._open_session()
        return _dial(self._path)

    def _open_session(self) -> str:
        path = named_socket()
        if path is None:
            self._process = EngineProcess(self._conf)
            path = self._process.socket_path
        sock = _dial(path)
        wire.send(sock, {"id": next(self._ids), "op": "hello", "conf": self._conf, "app": self._app})
        reply = wire.receive(sock)
        if "error" in reply:
            sock.close()
            raise from_wire(reply["error"])
        self.hello = reply.get("ok") or {}
        self._idle.append(sock)
        return path

    def _give_back(self, sock: socket.socket) -> None:
        with self._lock:
            if not self._closed:
                self._idle.append(sock)
                return
        sock.close()

    def _abandon(self, sock: socket.socket, request_id: str) -> None:
        """The caller stopped listening (Ctrl-C, a closed iterator): the engine shall stop working too."""
        sock.close()
        if self._path is None or self._closed:
            return
        try:
            with _dial(self._path) as other:
                wire.send(other, {"id": next(self._ids), "op": "cancel", "target": request_id})
                wire.receive(other)
        except (OSError, wire.ConnectionLost, PySparkRuntimeError):
            pass


def _dial(path: str) -> socket.socket:
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        sock.connect(path)
    except OSError as cause:
        sock.close()
        raise PySparkRuntimeError(
            message=f"No engine listens on {path}: {cause}.", error_class="ENGINE_UNAVAILABLE"
        ) from cause
    return sock
