"""A hash that is the same in every process, for placing keys."""

from __future__ import annotations

import zlib
from typing import Any


def portable_hash(key: Any) -> int:
    """A number of the key's value; text does not depend on Python's hash seed."""
    if key is None:
        return 0
    if isinstance(key, str):
        return zlib.crc32(key.encode("utf-8", "surrogatepass"))
    if isinstance(key, (bytes, bytearray)):
        return zlib.crc32(key)
    if isinstance(key, tuple):
        found = 0x345678
        for item in key:
            found = ((found ^ portable_hash(item)) * 1000003) & 0x7FFFFFFFFFFFFFFF
        return found ^ len(key)
    return hash(key)
