"""Frames of the engine protocol: a little-endian length, then UTF-8 JSON."""

from __future__ import annotations

import json
import socket
import struct
import sys
from typing import Any, Dict

_LENGTH = struct.Struct("<I")
_MAX_FRAME = 0xFFFFFFFF


class ConnectionLost(Exception):
    """The engine closed the connection."""


def encode(message: Dict[str, Any]) -> bytes:
    """A message as one frame."""
    body = _dumps(message).encode("utf-8", "surrogatepass")
    if len(body) > _MAX_FRAME:
        raise ValueError(f"a request of {len(body)} bytes does not fit into one frame")
    return _LENGTH.pack(len(body)) + body


def send(sock: socket.socket, message: Dict[str, Any]) -> None:
    """Sends one frame."""
    try:
        sock.sendall(encode(message))
    except OSError as cause:
        raise ConnectionLost(str(cause)) from cause


def receive(sock: socket.socket) -> Dict[str, Any]:
    """Receives one frame."""
    (length,) = _LENGTH.unpack(_read(sock, _LENGTH.size))
    reply: Dict[str, Any] = json.loads(_read(sock, length))
    return reply


def _read(sock: socket.socket, count: int) -> bytearray:
    buffer = bytearray(count)
    view = memoryview(buffer)
    done = 0
    while done < count:
        try:
            got = sock.recv_into(view[done:])
        except (ConnectionError, TimeoutError) as cause:
            raise ConnectionLost(str(cause)) from cause
        if got == 0:
            raise ConnectionLost("the engine closed the connection")
        done += got
    return buffer


def _dumps(message: Dict[str, Any]) -> str:
    try:
        return json.dumps(message, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    except RecursionError:
        return _dumps_deep(message)


def _dumps_deep(message: Dict[str, Any]) -> str:
    """Plans nest one level a transformation; a long chain needs more stack than Python's default."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, 20_000))
    try:
        return json.dumps(message, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    finally:
        sys.setrecursionlimit(before)
