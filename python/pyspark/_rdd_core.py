"""The heart of RDD: partitions that are computed when they are needed, in this process."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, Callable, Iterable, Iterator, List, Optional

from pyspark._hearth.work import Work

if TYPE_CHECKING:
    from pyspark.context import SparkContext
    from pyspark.rdd import RDD
    from pyspark.storagelevel import StorageLevel

Compute = Callable[[int], Iterable[Any]]


class RddCore:
    """A count of partitions and a function from partition number to its elements."""

    def __init__(self, context: "SparkContext", partitions: int, compute: Compute) -> None:
        self.ctx = context
        self._partitions = partitions
        self._compute = compute
        self._kept: Optional[List[Optional[List[Any]]]] = None
        self._name: Optional[str] = None
        self._checkpointed: Optional[str] = None
        self._level: Optional["StorageLevel"] = None
        self._number = context._next_rdd()

    @classmethod
    def lazily(cls, context: "SparkContext", partitions: int, compute: Compute) -> "RDD[Any]":
        """An RDD of a function that gives the elements of a partition."""
        return cls(context, partitions, compute)  # type: ignore[return-value]

    def _of(self, partitions: int, compute: Compute) -> "RDD[Any]":
        return type(self)(self.ctx, partitions, compute)  # type: ignore[return-value]

    def _iterate(self, index: int) -> Iterator[Any]:
        if self._kept is None:
            return iter(self._compute(index))
        kept = self._kept[index]
        if kept is None:
            kept = self._kept[index] = list(self._compute(index))
        return iter(kept)

    def _all(self) -> Iterator[Any]:
        for index in self._indexes():
            yield from self._iterate(index)

    def _indexes(self) -> Iterator[int]:
        """The numbers of the partitions, for an action: the engine hears how far it is."""
        with Work(self._partitions) as work:
            for index in range(self._partitions):
                yield index
                work.done()

    def _shuffled(self, partitions: int, place: Callable[[], List[Iterable[Any]]]) -> "RDD[Any]":
        """An RDD whose partitions all come from one pass over its parents, made when the first is needed."""
        lock = threading.Lock()
        made: List[List[Iterable[Any]]] = []

        def compute(index: int) -> Iterable[Any]:
            with lock:
                if not made:
                    made.append(place())
            return made[0][index]

        return self._of(partitions, compute)

    @property
    def context(self) -> "SparkContext":
        """The SparkContext that made this RDD."""
        return self.ctx

    def id(self) -> int:
        """The number of this RDD in its context."""
        return self._number

    def getNumPartitions(self) -> int:
        """How many partitions there are."""
        return self._partitions
