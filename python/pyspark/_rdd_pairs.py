"""RDD of key and value pairs."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Callable, Dict, Iterable, Iterator, List, Optional, Tuple

from pyspark._hearth.hashing import portable_hash
from pyspark._rdd_core import RddCore

if TYPE_CHECKING:
    from pyspark.rdd import RDD

Pair = Tuple[Any, Any]


class RddPairs(RddCore):
    """What can be done when every element is ``(key, value)``."""

    def keys(self) -> "RDD[Any]":
        """The keys."""
        return self.map(lambda pair: pair[0])  # type: ignore[attr-defined,no-any-return]

    def values(self) -> "RDD[Any]":
        """The values."""
        return self.map(lambda pair: pair[1])  # type: ignore[attr-defined,no-any-return]

    def mapValues(self, f: Callable[[Any], Any]) -> "RDD[Any]":
        """The pairs with the function applied to the values."""
        return self.map(lambda pair: (pair[0], f(pair[1])))  # type: ignore[attr-defined,no-any-return]

    def flatMapValues(self, f: Callable[[Any], Iterable[Any]]) -> "RDD[Any]":
        """A pair for every value that the function gives."""
        return self.flatMap(lambda pair: ((pair[0], value) for value in f(pair[1])))  # type: ignore[attr-defined,no-any-return]

    def partitionBy(
        self, numPartitions: Optional[int], partitionFunc: Callable[[Any], int] = portable_hash
    ) -> "RDD[Any]":
        """The pairs placed by a hash of their key."""
        count = numPartitions or self._default_count()

        def place() -> List[Iterable[Any]]:
            parts: List[List[Any]] = [[] for _ in range(count)]
            for pair in self._all():
                parts[partitionFunc(pair[0]) % count].append(pair)
            return list(parts)

        return self._shuffled(count, place)

    def combineByKey(
        self,
        createCombiner: Callable[[Any], Any],
        mergeValue: Callable[[Any, Any], Any],
        mergeCombiners: Callable[[Any, Any], Any],
        numPartitions: Optional[int] = None,
        partitionFunc: Callable[[Any], int] = portable_hash,
    ) -> "RDD[Any]":
        """One pair for each key: its values combined."""

        def combine(pairs: Iterator[Pair]) -> Iterable[Pair]:
            combined: Dict[Any, Any] = {}
            for key, value in pairs:
                combined[key] = mergeValue(combined[key], value) if key in combined else createCombiner(value)
            return combined.items()

        return self.partitionBy(numPartitions, partitionFunc).mapPartitions(combine)

    def reduceByKey(
        self,
        func: Callable[[Any, Any], Any],
        numPartitions: Optional[int] = None,
        partitionFunc: Callable[[Any], int] = portable_hash,
    ) -> "RDD[Any]":
        """One pair for each key: its values reduced."""
        return self.combineByKey(lambda value: value, func, func, numPartitions, partitionFunc)

    def foldByKey(
        self, zeroValue: Any, func: Callable[[Any, Any], Any], numPartitions: Optional[int] = None,
        partitionFunc: Callable[[Any], int] = portable_hash,
    ) -> "RDD[Any]":  # fmt: skip
        """As ``reduceByKey``, starting from a value."""
        return self.combineByKey(lambda value: func(_copy(zeroValue), value), func, func, numPartitions, partitionFunc)

    def aggregateByKey(
        self, zeroValue: Any, seqFunc: Callable[[Any, Any], Any], combFunc: Callable[[Any, Any], Any],
        numPartitions: Optional[int] = None, partitionFunc: Callable[[Any], int] = portable_hash,
    ) -> "RDD[Any]":  # fmt: skip
        """One pair for each key: its values added to a start value."""
        return self.combineByKey(
            lambda value: seqFunc(_copy(zeroValue), value), seqFunc, combFunc, numPartitions, partitionFunc
        )

    def groupByKey(
        self, numPartitions: Optional[int] = None, partitionFunc: Callable[[Any], int] = portable_hash
    ) -> "RDD[Any]":
        """One pair for each key: all its values."""

        def append(values: List[Any], value: Any) -> List[Any]:
            values.append(value)
            return values

        return self.combineByKey(lambda value: [value], append, lambda a, b: a + b, numPartitions, partitionFunc)

    def reduceByKeyLocally(self, func: Callable[[Any, Any], Any]) -> Dict[Any, Any]:
        """The reduced values by key."""
        return dict(self.reduceByKey(func, 1)._all())

    def countByKey(self) -> Dict[Any, int]:
        """How many pairs each key has."""
        counts: Dict[Any, int] = defaultdict(int)
        for pair in self._all():
            counts[pair[0]] += 1
        return counts

    def collectAsMap(self) -> Dict[Any, Any]:
        """The pairs as a dict; the last one of a key wins."""
        return dict(self._all())

    def lookup(self, key: Any) -> List[Any]:
        """The values of a key."""
        return [pair[1] for pair in self._all() if pair[0] == key]

    def cogroup(self, other: "RDD[Any]", numPartitions: Optional[int] = None) -> "RDD[Any]":
        """One pair for each key: its values here and there."""
        return self.groupWith(other, numPartitions=numPartitions)

    def groupWith(self, other: "RDD[Any]", *others: "RDD[Any]", numPartitions: Optional[int] = None) -> "RDD[Any]":
        """One pair for each key: its values in every RDD."""
        sources: List[RddCore] = [self, other, *others]

        def tagged() -> Iterator[Any]:
            for index, source in enumerate(sources):
                for key, value in source._all():
                    yield key, (index, value)

        def spread(values: List[Tuple[int, Any]]) -> Tuple[List[Any], ...]:
            groups: Tuple[List[Any], ...] = tuple([] for _ in sources)
            for index, value in values:
                groups[index].append(value)
            return groups

        count = numPartitions or max(source._partitions for source in sources)
        return self._of(1, lambda _index: tagged()).groupByKey(count).mapValues(spread)

    def _joined(self, other: "RDD[Any]", count: Optional[int], left: bool, right: bool) -> "RDD[Any]":
        def pairs(groups: Tuple[List[Any], List[Any]]) -> Iterable[Pair]:
            a = groups[0] or ([None] if right else [])
            b = groups[1] or ([None] if left else [])
            return ((x, y) for x in a for y in b)

        return self.cogroup(other, count).flatMapValues(pairs)

    def join(self, other: "RDD[Any]", numPartitions: Optional[int] = None) -> "RDD[Any]":
        """Pairs of values for keys that both have."""
        return self._joined(other, numPartitions, left=False, right=False)

    def leftOuterJoin(self, other: "RDD[Any]", numPartitions: Optional[int] = None) -> "RDD[Any]":
        """As ``join``, keeping all keys of this RDD."""
        return self._joined(other, numPartitions, left=True, right=False)

    def rightOuterJoin(self, other: "RDD[Any]", numPartitions: Optional[int] = None) -> "RDD[Any]":
        """As ``join``, keeping all keys of the other."""
        return self._joined(other, numPartitions, left=False, right=True)

    def fullOuterJoin(self, other: "RDD[Any]", numPartitions: Optional[int] = None) -> "RDD[Any]":
        """As ``join``, keeping all keys."""
        return self._joined(other, numPartitions, left=True, right=True)

    def subtractByKey(self, other: "RDD[Any]", numPartitions: Optional[int] = None) -> "RDD[Any]":
        """The pairs whose key the other does not have."""
        return self.cogroup(other, numPartitions).flatMap(
            lambda item: [] if item[1][1] else [(item[0], value) for value in item[1][0]]
        )

    def sortByKey(
        self, ascending: bool = True, numPartitions: Optional[int] = None, keyfunc: Callable[[Any], Any] = lambda x: x
    ) -> "RDD[Any]":
        """The pairs in the order of their keys."""
        return self.sortBy(lambda pair: keyfunc(pair[0]), ascending, numPartitions)  # type: ignore[attr-defined,no-any-return]

    def _default_count(self) -> int:
        configured = self.ctx.getConf().get("spark.default.parallelism")
        return int(configured) if configured else self._partitions


def _copy(value: Any) -> Any:
    import copy

    return copy.deepcopy(value)
