"""RDD: a distributed collection's API over partitions that are computed lazily in the driver process.

The data work of a job belongs into DataFrames, which the engine runs; RDDs are for small data and for programs
such as Pi that compute in Python. They use one process.
"""

from __future__ import annotations

import functools
import heapq
import itertools
import math
import random
import sys
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any, Callable, Dict, Generic, Iterable, Iterator, List, Optional, Tuple, TypeVar

from pyspark._hearth.hashing import portable_hash
from pyspark._hearth.unsupported import refusing
from pyspark._rdd_core import Compute, RddCore
from pyspark._rdd_more import BoundedFloat, RDDBarrier, RddMore
from pyspark.errors import PySparkValueError
from pyspark.statcounter import StatCounter
from pyspark.storagelevel import StorageLevel

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

__all__ = ["RDD", "RDDBarrier", "BoundedFloat", "portable_hash"]

T = TypeVar("T")


class RDD(RddMore, Generic[T]):
    """Transformations make new RDDs, actions compute."""

    saveAsHadoopFile = refusing("RDD.saveAsHadoopFile", "write a DataFrame")
    saveAsNewAPIHadoopFile = refusing("RDD.saveAsNewAPIHadoopFile", "write a DataFrame")
    saveAsSequenceFile = refusing("RDD.saveAsSequenceFile", "write a DataFrame")
    saveAsHadoopDataset = refusing("RDD.saveAsHadoopDataset", "write a DataFrame")
    saveAsNewAPIHadoopDataset = refusing("RDD.saveAsNewAPIHadoopDataset", "write a DataFrame")

    # Transformations, element by element

    def mapPartitionsWithIndex(self, f: Callable[[int, Iterator[T]], Iterable[Any]], preservesPartitioning: bool = False) -> "RDD[Any]":
        """The function applied to every partition, with its number."""
        return self._of(self._partitions, lambda index: f(index, self._iterate(index)))

    def mapPartitions(self, f: Callable[[Iterator[T]], Iterable[Any]], preservesPartitioning: bool = False) -> "RDD[Any]":
        """The function applied to every partition."""
        return self._of(self._partitions, lambda index: f(self._iterate(index)))

    def map(self, f: Callable[[T], Any], preservesPartitioning: bool = False) -> "RDD[Any]":
        """The function applied to every element."""
        return self.mapPartitions(lambda items: map(f, items))

    def flatMap(self, f: Callable[[T], Iterable[Any]], preservesPartitioning: bool = False) -> "RDD[Any]":
        """All that the function gives for every element."""
        return self.mapPartitions(lambda items: itertools.chain.from_iterable(map(f, items)))

    def filter(self, f: Callable[[T], bool]) -> "RDD[T]":
        """The elements for which the function is true."""
        return self.mapPartitions(lambda items: filter(f, items))

    def glom(self) -> "RDD[List[T]]":
        """Every partition as a list."""
        return self.mapPartitions(lambda items: [list(items)])

    def keyBy(self, f: Callable[[T], Any]) -> "RDD[Tuple[Any, T]]":
        """Pairs of the function's value and the element."""
        return self.map(lambda item: (f(item), item))

    def zipWithIndex(self) -> "RDD[Tuple[T, int]]":
        """The elements with their position."""
        return self._shuffled(self._partitions, lambda: self._indexed())

    def _indexed(self) -> List[Iterable[Any]]:
        numbers = itertools.count()
        return [[(item, next(numbers)) for item in self._iterate(index)] for index in range(self._partitions)]

    def zipWithUniqueId(self) -> "RDD[Tuple[T, int]]":
        """The elements with numbers that no other has."""
        count = self._partitions
        return self.mapPartitionsWithIndex(lambda k, items: ((item, n * count + k) for n, item in enumerate(items)))

    def sample(self, withReplacement: bool, fraction: float, seed: Optional[int] = None) -> "RDD[T]":
        """A random part of the elements."""
        chosen = random.getrandbits(31) if seed is None else seed

        def pick(index: int, items: Iterator[T]) -> Iterable[T]:
            draw = random.Random(f"{chosen}-{index}")
            for item in items:
                for _ in range(_copies(draw, fraction) if withReplacement else int(draw.random() < fraction)):
                    yield item

        return self.mapPartitionsWithIndex(pick)

    # Transformations of the whole

    def union(self, other: "RDD[Any]") -> "RDD[Any]":
        """The elements of both."""
        first = self._partitions
        return self._of(
            first + other._partitions,
            lambda index: self._iterate(index) if index < first else other._iterate(index - first),
        )

    __add__ = union

    def repartition(self, numPartitions: int) -> "RDD[T]":
        """The elements spread evenly."""
        return self.coalesce(numPartitions, shuffle=True)

    def coalesce(self, numPartitions: int, shuffle: bool = False) -> "RDD[T]":
        """Fewer partitions."""
        if shuffle:
            return self._shuffled(numPartitions, lambda: _dealt(self._all(), numPartitions))
        count = min(numPartitions, self._partitions)
        bounds = [self._partitions * i // count for i in range(count + 1)] if count else [0]
        chain = itertools.chain.from_iterable
        return self._of(count, lambda i: chain(self._iterate(p) for p in range(bounds[i], bounds[i + 1])))

    def distinct(self, numPartitions: Optional[int] = None) -> "RDD[T]":
        """Every element once."""
        return self.map(lambda item: (item, None)).reduceByKey(lambda a, _b: a, numPartitions).keys()

    def sortBy(
        self, keyfunc: Callable[[T], Any], ascending: bool = True, numPartitions: Optional[int] = None
    ) -> "RDD[T]":
        """The elements in the order of the function's values."""
        count = numPartitions or self._default_count()
        return self._shuffled(count, lambda: _cut(sorted(self._all(), key=keyfunc, reverse=not ascending), count))

    def groupBy(
        self, f: Callable[[T], Any], numPartitions: Optional[int] = None,
        partitionFunc: Callable[[Any], int] = portable_hash,
    ) -> "RDD[Any]":  # fmt: skip
        """One pair for each value of the function: the elements that have it."""
        return self.map(lambda item: (f(item), item)).groupByKey(numPartitions, partitionFunc)

    def cartesian(self, other: "RDD[Any]") -> "RDD[Any]":
        """Every element with every one of the other."""
        return self._of(
            self._partitions * other._partitions,
            lambda i: ((a, b) for a in self._iterate(i // other._partitions) for b in other._iterate(i % other._partitions)),
        )

    def zip(self, other: "RDD[Any]") -> "RDD[Any]":
        """Elements at the same place in both."""
        if self._partitions != other._partitions:
            raise PySparkValueError(message="Can only zip with RDD which has the same number of partitions")
        return self._of(self._partitions, lambda i: zip(self._iterate(i), other._iterate(i)))

    def intersection(self, other: "RDD[Any]") -> "RDD[T]":
        """The elements that both have, each once."""
        both = self.map(lambda item: (item, None)).cogroup(other.map(lambda item: (item, None)))
        return both.filter(lambda item: item[1][0] and item[1][1]).keys()

    def subtract(self, other: "RDD[Any]", numPartitions: Optional[int] = None) -> "RDD[T]":
        """The elements that the other does not have."""
        marked = other.map(lambda item: (item, True))
        return self.map(lambda item: (item, True)).subtractByKey(marked, numPartitions).keys()

    def randomSplit(self, weights: List[float], seed: Optional[int] = None) -> "List[RDD[T]]":
        """The elements in disjoint random parts."""
        total, chosen = float(sum(weights)), random.getrandbits(31) if seed is None else seed
        bounds = [0.0, *itertools.accumulate(weight / total for weight in weights)]
        bounds[-1] = 1.0

        def part(low: float, high: float) -> "RDD[T]":
            def pick(index: int, items: Iterator[T]) -> Iterable[T]:
                draw = random.Random(f"{chosen}-{index}")
                return (item for item in items if low <= draw.random() < high)

            return self.mapPartitionsWithIndex(pick)

        return [part(low, high) for low, high in zip(bounds, bounds[1:])]

    # Actions

    def collect(self) -> List[T]:
        """All elements."""
        return list(self._all())

    def toLocalIterator(self, prefetchPartitions: bool = False) -> Iterator[T]:
        """All elements, one after the other."""
        return self._all()

    def count(self) -> int:
        """How many elements there are."""
        return sum(1 for _ in self._all())

    def isEmpty(self) -> bool:
        """Whether there is no element."""
        return next(self._all(), self) is self

    def first(self) -> T:
        """The first element. Raises ``ValueError`` when there is none."""
        for item in self._all():
            return item  # type: ignore[no-any-return]
        raise PySparkValueError(message="RDD is empty")

    def take(self, num: int) -> List[T]:
        """The first elements."""
        return list(itertools.islice(self._all(), num))

    def top(self, num: int, key: Optional[Callable[[T], Any]] = None) -> List[T]:
        """The greatest elements."""
        return heapq.nlargest(num, self._all(), key)

    def takeOrdered(self, num: int, key: Optional[Callable[[T], Any]] = None) -> List[T]:
        """The least elements."""
        return heapq.nsmallest(num, self._all(), key)

    def takeSample(self, withReplacement: bool, num: int, seed: Optional[int] = None) -> List[T]:
        """Random elements."""
        if num < 0:
            raise PySparkValueError(message="Sample size cannot be negative.")
        if num > sys.maxsize - int(10.0 * math.sqrt(sys.maxsize)):
            raise PySparkValueError(message=f"Sample size cannot be greater than {sys.maxsize - int(10.0 * math.sqrt(sys.maxsize))}.")
        items, draw = self.collect(), random.Random(seed)
        if withReplacement:
            return [draw.choice(items) for _ in range(num)] if items else []
        return draw.sample(items, min(num, len(items)))

    def reduce(self, f: Callable[[T, T], T]) -> T:
        """The elements combined. Raises ``ValueError`` when there is none."""
        items = self._all()
        for start in items:
            return functools.reduce(f, items, start)
        raise PySparkValueError(message="Can not reduce() empty RDD")

    def fold(self, zeroValue: T, op: Callable[[T, T], T]) -> T:
        """The elements combined, starting from a value in every partition."""
        parts = [functools.reduce(op, self._iterate(i), zeroValue) for i in self._indexes()]
        return functools.reduce(op, parts, zeroValue)

    def aggregate(self, zeroValue: Any, seqOp: Callable[[Any, T], Any], combOp: Callable[[Any, Any], Any]) -> Any:
        """The elements added to a value in every partition, and the values combined."""
        from pyspark._rdd_pairs import _copy

        parts = [functools.reduce(seqOp, self._iterate(i), _copy(zeroValue)) for i in self._indexes()]
        return functools.reduce(combOp, parts, _copy(zeroValue))

    def foreach(self, f: Callable[[T], None]) -> None:
        """Calls the function with every element."""
        for item in self._all():
            f(item)

    def foreachPartition(self, f: Callable[[Iterator[T]], Any]) -> None:
        """Calls the function with every partition."""
        for index in self._indexes():
            f(self._iterate(index))

    def countByValue(self) -> Dict[T, int]:
        """How often each element is there."""
        return defaultdict(int, Counter(self._all()))

    def stats(self) -> StatCounter:
        """Statistics of numbers."""
        return StatCounter(self._all())

    def sum(self) -> Any:
        """The sum of numbers."""
        return sum(self._all())

    def mean(self) -> float:
        """The mean of numbers."""
        return self.stats().mean()

    def variance(self) -> float:
        """The population variance of numbers."""
        return self.stats().variance()

    def stdev(self) -> float:
        """The population standard deviation of numbers."""
        return self.stats().stdev()

    def sampleStdev(self) -> float:
        """The sample standard deviation of numbers."""
        return self.stats().sampleStdev()

    def sampleVariance(self) -> float:
        """The sample variance of numbers."""
        return self.stats().sampleVariance()

    def max(self, key: Optional[Callable[[T], Any]] = None) -> T:
        """The greatest element."""
        return max(self._all(), key=key) if key else max(self._all())

    def min(self, key: Optional[Callable[[T], Any]] = None) -> T:
        """The least element."""
        return min(self._all(), key=key) if key else min(self._all())

    def countApprox(self, timeout: int, confidence: float = 0.95) -> int:
        """The count; it is exact."""
        return self.count()

    def countApproxDistinct(self, relativeSD: float = 0.05) -> int:
        """How many different elements there are; it is exact."""
        return len(set(self._all()))

    def saveAsTextFile(self, path: str, compressionCodecClass: Optional[str] = None) -> None:
        """Writes each element as a line, a file a partition, through the engine."""
        from pyspark.sql import SparkSession
        from pyspark.sql.types import StringType

        session = SparkSession._get_or_make(self.ctx)
        lines = session.createDataFrame([(str(item),) for item in self._all()], "value string")
        assert isinstance(lines.schema[0].dataType, StringType)
        writer = lines.coalesce(max(1, self._partitions)).write
        writer.text(path, compression="gzip" if compressionCodecClass else None)

    # Keeping, naming

    def cache(self) -> "RDD[T]":
        """Keeps the elements once they are computed."""
        return self.persist()

    def persist(self, storageLevel: StorageLevel = StorageLevel.MEMORY_ONLY) -> "RDD[T]":
        """Keeps the elements once they are computed."""
        self._level = storageLevel
        if self._kept is None:
            kept: List[Optional[List[Any]]] = [None] * self._partitions
            self._kept = kept
        return self

    def unpersist(self, blocking: bool = False) -> "RDD[T]":
        """Forgets the kept elements."""
        self._kept = None
        return self

    @property
    def is_cached(self) -> bool:
        """Whether the elements are kept."""
        return self._kept is not None

    def getStorageLevel(self) -> StorageLevel:
        """Where the elements are kept."""
        return (self._level or StorageLevel.MEMORY_ONLY) if self.is_cached else StorageLevel.NONE

    def checkpoint(self) -> None:
        """Keeps the elements once they are computed."""
        self._checkpointed = "reliable"
        self.persist()

    def setName(self, name: str) -> "RDD[T]":
        """Names this RDD."""
        self._name = name
        return self

    def name(self) -> Optional[str]:
        """The name of this RDD."""
        return self._name

    def toDebugString(self) -> bytes:
        """A line about this RDD."""
        return f"({self._partitions}) {self!r}".encode()

    def toDF(self, schema: Any = None, sampleRatio: Optional[float] = None) -> "DataFrame":
        """The elements as rows of a DataFrame."""
        from pyspark.sql import SparkSession

        return SparkSession._get_or_make(self.ctx).createDataFrame(self, schema, sampleRatio)

    def __repr__(self) -> str:
        return f"{self._name or 'PythonRDD'}[{self._number}] at RDD in the driver process"


def slices(items: Any, count: int) -> Compute:
    """The function that gives the slices of a sequence; ranges stay ranges."""
    size = len(items)
    return lambda index: items[size * index // count : size * (index + 1) // count]


def _cut(items: List[Any], count: int) -> List[Iterable[Any]]:
    part = slices(items, count)
    return [part(index) for index in range(count)]


def _dealt(items: Iterator[Any], count: int) -> List[Iterable[Any]]:
    parts: List[List[Any]] = [[] for _ in range(count)]
    for number, item in enumerate(items):
        parts[number % count].append(item)
    return list(parts)


def _copies(draw: random.Random, mean: float) -> int:
    """A Poisson number: how often an element is drawn with replacement."""
    import math

    limit, product, count = math.exp(-mean), draw.random(), 0
    while product > limit:
        product *= draw.random()
        count += 1
    return count
