"""RDD operations that few jobs use."""

from __future__ import annotations

import bisect
import os
import pickle
import random
import shlex
import subprocess
import threading
from typing import TYPE_CHECKING, Any, Callable, Dict, Iterable, Iterator, List, Optional, Sequence, Tuple, Union

from pyspark._hearth.hashing import portable_hash
from pyspark._rdd_pairs import RddPairs
from pyspark.errors import PySparkRuntimeError, PySparkTypeError, PySparkValueError

if TYPE_CHECKING:
    from pyspark.rdd import RDD


class RddMore(RddPairs):
    """Histograms, trees, other programs, pickled files."""

    def histogram(self, buckets: Union[int, Sequence[Any]]) -> Tuple[Sequence[Any], List[int]]:
        """How many elements are in each of so many even buckets, or in the buckets between the given bounds; the last one is closed."""
        items = [item for item in self._all() if item is not None and item == item]
        if isinstance(buckets, int):
            bounds: Sequence[Any] = _even(items, buckets)
        elif isinstance(buckets, (list, tuple)):
            bounds = buckets
            if len(bounds) < 2:
                raise PySparkValueError(message="buckets should have more than one value")
            if sorted(bounds) != list(bounds):
                raise PySparkValueError(message="buckets should be sorted")
            if len(set(bounds)) != len(bounds):
                raise PySparkValueError(message="buckets should not contain duplicated values")
        else:
            raise PySparkTypeError(message="buckets should be a list or tuple or number(int or long)")
        counts = [0] * (len(bounds) - 1)
        for item in items:
            if bounds[0] <= item <= bounds[-1]:
                counts[min(bisect.bisect_right(bounds, item) - 1, len(counts) - 1)] += 1
        return bounds, counts

    def treeReduce(self, f: Callable[[Any, Any], Any], depth: int = 2) -> Any:
        """``reduce``; the depth of the tree changes nothing here."""
        _positive(depth)
        return self.reduce(f)  # type: ignore[attr-defined]

    def treeAggregate(self, zeroValue: Any, seqOp: Callable[[Any, Any], Any], combOp: Callable[[Any, Any], Any], depth: int = 2) -> Any:
        """``aggregate``; the depth of the tree changes nothing here."""
        _positive(depth)
        return self.aggregate(zeroValue, seqOp, combOp)  # type: ignore[attr-defined]

    def sampleByKey(self, withReplacement: bool, fractions: Dict[Any, float], seed: Optional[int] = None) -> "RDD[Any]":
        """A random part of the pairs of each key."""
        from pyspark.rdd import _copies

        chosen = random.getrandbits(31) if seed is None else seed

        def pick(index: int, pairs: Iterator[Any]) -> Iterable[Any]:
            draw = random.Random(f"{chosen}-{index}")
            for pair in pairs:
                fraction = fractions[pair[0]]
                for _ in range(_copies(draw, fraction) if withReplacement else int(draw.random() < fraction)):
                    yield pair

        return self.mapPartitionsWithIndex(pick)  # type: ignore[attr-defined,no-any-return]

    def repartitionAndSortWithinPartitions(
        self, numPartitions: Optional[int] = None, partitionFunc: Callable[[Any], int] = portable_hash,
        ascending: bool = True, keyfunc: Callable[[Any], Any] = lambda key: key,
    ) -> "RDD[Any]":  # fmt: skip
        """Pairs spread by key, and in the order of keys in each partition."""
        spread = self.partitionBy(numPartitions or self._default_count(), partitionFunc)
        return spread.mapPartitions(lambda pairs: sorted(pairs, key=lambda pair: keyfunc(pair[0]), reverse=not ascending))

    def mapPartitionsWithSplit(self, f: Callable[[int, Iterator[Any]], Iterable[Any]], preservesPartitioning: bool = False) -> "RDD[Any]":
        """The old name of ``mapPartitionsWithIndex``."""
        return self.mapPartitionsWithIndex(f, preservesPartitioning)  # type: ignore[attr-defined,no-any-return]

    def barrier(self) -> "RDDBarrier":
        """Stages that start together; in one process they do."""
        return RDDBarrier(self)  # type: ignore[arg-type]

    def pipe(self, command: str, env: Optional[Dict[str, str]] = None, checkCode: bool = False) -> "RDD[str]":
        """The lines that a program writes for the elements of a partition as its input."""

        def run(items: Iterator[Any]) -> Iterable[str]:
            child = subprocess.Popen(shlex.split(command), env={**os.environ, **(env or {})}, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
            assert child.stdin is not None and child.stdout is not None
            text = "".join(f"{str(item).rstrip(chr(10))}\n" for item in items).encode()
            writer = threading.Thread(target=_feed, args=(child.stdin, text), daemon=True)
            writer.start()
            lines = child.stdout.read().decode().splitlines()
            code = child.wait()
            writer.join()
            if checkCode and code:
                raise PySparkRuntimeError(message=f"Pipe function `{command}' exited with error code {code}")
            return lines

        return self.mapPartitions(run)  # type: ignore[attr-defined,no-any-return]

    def saveAsPickleFile(self, path: str, batchSize: int = 10) -> None:
        """Writes the elements of each partition with pickle into a new directory; only ``pickleFile`` reads it."""
        os.makedirs(path)
        for index in self._indexes():
            with open(os.path.join(path, f"part-{index:05}"), "wb") as file:
                pickle.dump(list(self._iterate(index)), file)
        open(os.path.join(path, "_SUCCESS"), "wb").close()

    def sumApprox(self, timeout: int, confidence: float = 0.95) -> "BoundedFloat":
        """The sum; it is exact."""
        return _exact(float(sum(self._all())), confidence)

    def meanApprox(self, timeout: int, confidence: float = 0.95) -> "BoundedFloat":
        """The mean; it is exact."""
        return _exact(self.mean(), confidence)  # type: ignore[attr-defined]

    def localCheckpoint(self) -> None:
        """Keeps the elements once they are computed."""
        self._checkpointed = "local"
        self.persist()  # type: ignore[attr-defined]

    def isLocallyCheckpointed(self) -> bool:
        """Whether ``localCheckpoint`` was asked for."""
        return self._checkpointed == "local"

    def isCheckpointed(self) -> bool:
        """Whether a checkpoint was asked for and the elements are there."""
        return self._checkpointed is not None and bool(self._kept) and any(part is not None for part in self._kept or ())

    def getCheckpointFile(self) -> Optional[str]:
        """There is no file: checkpoints stay in memory."""
        return None


class BoundedFloat(float):
    """A number with the bounds of an estimate; here both are the number."""

    confidence: float
    low: float
    high: float

    def __new__(cls, mean: float, confidence: float, low: float, high: float) -> "BoundedFloat":
        made = float.__new__(cls, mean)
        made.confidence, made.low, made.high = confidence, low, high
        return made


class RDDBarrier:
    """What ``RDD.barrier`` gives."""

    def __init__(self, rdd: "RDD[Any]") -> None:
        self.rdd = rdd

    def mapPartitions(self, f: Callable[[Iterator[Any]], Iterable[Any]], preservesPartitioning: bool = False) -> "RDD[Any]":
        """The function applied to every partition."""
        return self.rdd.mapPartitions(f, preservesPartitioning)

    def mapPartitionsWithIndex(self, f: Callable[[int, Iterator[Any]], Iterable[Any]], preservesPartitioning: bool = False) -> "RDD[Any]":
        """The function applied to every partition, with its number."""
        return self.rdd.mapPartitionsWithIndex(f, preservesPartitioning)


def _even(items: List[Any], count: int) -> List[Any]:
    if count < 1:
        raise PySparkValueError(message="number of buckets must be >= 1")
    if not items:
        raise PySparkValueError(message="can not generate buckets from empty RDD")
    low, high = min(items), max(items)
    if low == high or count == 1:
        return [low, high]
    step = (high - low) / count
    if isinstance(low, int) and isinstance(high, int) and step == int(step):
        step = int(step)
    return [*(low + step * i for i in range(count)), high]


def _exact(value: float, confidence: float) -> BoundedFloat:
    return BoundedFloat(value, confidence, value, value)


def _positive(depth: int) -> None:
    if depth < 1:
        raise PySparkValueError(message=f"Depth cannot be smaller than 1 but got {depth}.")


def _feed(pipe: Any, text: bytes) -> None:
    try:
        with pipe:
            pipe.write(text)
    except BrokenPipeError:
        pass


def unpickled(paths: Iterable[str]) -> List[List[Any]]:
    """The partitions that ``saveAsPickleFile`` wrote into directories."""
    found: List[List[Any]] = []
    for path in paths:
        for name in sorted(os.listdir(path)):
            if name.startswith("part-"):
                with open(os.path.join(path, name), "rb") as file:
                    found.append(pickle.load(file))  # noqa: S301
    return found


