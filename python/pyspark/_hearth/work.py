"""Tells the engine of a driver about work that this process does itself, so that executors are asked for as Spark would ask."""

from __future__ import annotations

import itertools
import threading
import time
from types import TracebackType
from typing import Optional, Type

from pyspark._hearth.launch import named_socket
from pyspark.errors import PySparkException

_PAUSE = 0.25
_numbers = itertools.count(1)
_here = threading.local()


class Work:
    """An action of so many tasks. Inside of another action, or outside of a driver, nothing is told."""

    def __init__(self, tasks: int) -> None:
        self._tasks = tasks
        self._done = 0
        self._next = 0.0
        self._number: Optional[int] = None

    def __enter__(self) -> "Work":
        if named_socket() is not None and not getattr(_here, "busy", False):
            _here.busy = True
            self._number = next(_numbers)
            self._tell("running")
        return self

    def done(self) -> None:
        """One more task is done."""
        self._done += 1
        if self._number is not None and self._done < self._tasks and time.monotonic() >= self._next:
            self._tell("running")

    def __exit__(self, kind: Optional[Type[BaseException]], _value: Optional[BaseException], _trace: Optional[TracebackType]) -> None:
        if self._number is not None:
            _here.busy = False
            # An iterator that is given up early, as take() does, has not failed.
            self._tell("succeeded" if kind is None or issubclass(kind, GeneratorExit) else "failed")

    def _tell(self, state: str) -> None:
        from pyspark.sql.session import SparkSession

        session = SparkSession._instantiated
        self._next = time.monotonic() + _PAUSE
        if session is None:
            return
        try:
            session._client.request("work", work=str(self._number), kind="rdd", state=state, tasks=self._tasks, done=self._done)
        except PySparkException:
            # The work itself does not depend on it.
            self._number = None
            _here.busy = False
