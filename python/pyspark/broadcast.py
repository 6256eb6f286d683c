"""Broadcast variables: tasks run in this process, so the value is simply there."""

from __future__ import annotations

import pickle
from typing import Any, Generic, TypeVar

from pyspark.errors import PySparkRuntimeError

T = TypeVar("T")


class Broadcast(Generic[T]):
    """A read-only value for tasks."""

    def __init__(self, value: T, number: int) -> None:
        self._value = value
        self._number = number
        self._destroyed = False

    @property
    def value(self) -> T:
        """The value."""
        if self._destroyed:
            raise PySparkRuntimeError(message=f"Attempted to use Broadcast({self._number}) after it was destroyed.")
        return self._value

    def dump(self, value: T, f: Any) -> None:
        """Writes a value with pickle."""
        pickle.dump(value, f)

    def load(self, file: Any) -> T:
        """Reads what ``dump`` wrote."""
        return pickle.load(file)  # type: ignore[no-any-return]  # noqa: S301

    def load_from_path(self, path: str) -> T:
        """Reads what ``dump`` wrote into a file."""
        with open(path, "rb") as file:
            return self.load(file)

    def unpersist(self, blocking: bool = False) -> None:
        """Nothing to do: there are no copies."""

    def destroy(self, blocking: bool = False) -> None:
        """The value cannot be used any more."""
        self._destroyed = True

    def __repr__(self) -> str:
        return f"<pyspark.broadcast.Broadcast object {self._number}>"
