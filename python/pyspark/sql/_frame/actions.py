"""What makes the engine run: rows to Python, text to the screen, views, caches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable, Iterator, List, Optional, Union

from pyspark._hearth import exprs, plans
from pyspark._hearth.args import need_bool, need_int, need_str
from pyspark._hearth.values import row_decoder
from pyspark.errors import PySparkTypeError
from pyspark.sql._frame.core import Core, quoted
from pyspark.sql.types import Row
from pyspark.storagelevel import StorageLevel

if TYPE_CHECKING:
    from pyspark.rdd import RDD
    from pyspark.sql.dataframe import DataFrame

_DEFAULT_LEVEL = StorageLevel.MEMORY_AND_DISK_DESER


class Actions(Core):
    """Actions."""

    def _rows(self, limit: Optional[int] = None) -> Iterator[Row]:
        decode = row_decoder(self.schema)
        for reply in self._session._client.stream("collect", plan=self._plan, limit=limit):
            for values in (reply.get("batch") or {}).get("rows", ()):
                yield decode(values)

    def collect(self) -> List[Row]:
        """All rows, in memory."""
        return list(self._rows())

    def toLocalIterator(self, prefetchPartitions: bool = False) -> Iterator[Row]:
        """All rows, one after the other."""
        return self._rows()

    def count(self) -> int:
        """The number of rows."""
        counted = exprs.alias(exprs.call("count", exprs.lit(1)), "count")
        plan = plans.node("aggregate", **{"in": self._plan}, keys=[], aggs=[counted], grouping="groupby")
        for reply in self._session._client.stream("collect", plan=plan):
            for values in (reply.get("batch") or {}).get("rows", ()):
                return int(values[0])
        return 0

    def take(self, num: int) -> List[Row]:
        """The first rows."""
        return list(self._rows(need_int(num, "num")))

    def head(self, n: Optional[int] = None) -> Union[Optional[Row], List[Row]]:
        """The first row or None; with ``n`` the first rows as a list."""
        if n is None:
            rows = self.take(1)
            return rows[0] if rows else None
        return self.take(n)

    def first(self) -> Optional[Row]:
        """The first row, or None."""
        rows = self.take(1)
        return rows[0] if rows else None

    def tail(self, num: int) -> List[Row]:
        """The last rows."""
        skipped = max(0, self.count() - need_int(num, "num"))
        return self._derive("offset", n=skipped).collect()

    def isEmpty(self) -> bool:
        """Whether there is no row."""
        return not self.take(1)

    def foreach(self, f: Callable[[Row], None]) -> None:
        """Calls a function with every row, in this process."""
        for row in self._rows():
            f(row)

    def foreachPartition(self, f: Callable[[Iterator[Row]], None]) -> None:
        """Calls a function with an iterator of all rows, in this process."""
        f(self._rows())

    def show(self, n: int = 20, truncate: Union[bool, int] = True, vertical: bool = False) -> None:
        """Prints rows as a table."""
        print(self._show_text(n, truncate, vertical))

    def _show_text(self, n: int, truncate: Union[bool, int], vertical: bool) -> str:
        if isinstance(n, bool):
            need_int(n, "n")
        need_bool(vertical, "vertical")
        if isinstance(truncate, bool):
            width = 20 if truncate else 0
        else:
            try:
                width = int(truncate)
            except (TypeError, ValueError):
                raise PySparkTypeError(
                    message=f"Argument `truncate={truncate}` should be a bool or int, got {type(truncate).__name__}.",
                    error_class="NOT_BOOL",
                ) from None
        fields = {"n": need_int(n, "n"), "truncate": width, "vertical": vertical}
        return str(self._session._client.request("show", plan=self._plan, **fields)["text"])

    def explain(self, extended: Union[bool, str, None] = None, mode: Optional[str] = None) -> None:
        """Prints the plan."""
        if extended is not None and mode is not None:
            raise PySparkTypeError(message="extended and mode should not be set together.")
        chosen = mode or (extended if isinstance(extended, str) else "extended" if extended else "simple")
        print(self._session._client.request("explain", plan=self._plan, mode=chosen)["text"])

    def createTempView(self, name: str) -> None:
        """Makes a view of this session; it is an error when the name is taken."""
        self._view(name, replace=False, everywhere=False)

    def createOrReplaceTempView(self, name: str) -> None:
        """Makes a view of this session in place of one of that name."""
        self._view(name, replace=True, everywhere=False)

    registerTempTable = createOrReplaceTempView

    def createGlobalTempView(self, name: str) -> None:
        """Makes a view under ``global_temp``."""
        self._view(name, replace=False, everywhere=True)

    def createOrReplaceGlobalTempView(self, name: str) -> None:
        """Makes a view under ``global_temp`` in place of one of that name."""
        self._view(name, replace=True, everywhere=True)

    def _view(self, name: str, replace: bool, everywhere: bool) -> None:
        fields = {"name": need_str(name, "name"), "replace": replace, "global": everywhere}
        self._session._client.request("view", plan=self._plan, **fields)

    def cache(self) -> "DataFrame":
        """Keeps the rows for further use."""
        return self.persist()

    def persist(self, storageLevel: StorageLevel = _DEFAULT_LEVEL) -> "DataFrame":
        """Keeps the rows for further use; the engine decides where."""
        if self._uncached is None:
            self._uncached = dict(self._plan)
            self._level = storageLevel
            answer = self._session._client.request("cache", plan=self._uncached)
            self._swap({**plans.adopt(answer["plan"]), "id": self._uncached["id"]})
        return self  # type: ignore[return-value]

    def unpersist(self, blocking: bool = False) -> "DataFrame":
        """Forgets the kept rows."""
        if self._uncached is not None:
            before, self._uncached = self._uncached, None
            self._session._client.request("uncache", plan=self._plan["in"])
            self._swap(before)
        return self  # type: ignore[return-value]

    def _swap(self, plan: plans.Plan) -> None:
        """In place: DataFrames that were made of this one read the cache too."""
        self._plan.clear()
        self._plan.update(plan)

    @property
    def is_cached(self) -> bool:
        """Whether the rows are kept."""
        return self._uncached is not None

    @property
    def storageLevel(self) -> StorageLevel:
        """Where the rows are kept."""
        return self._level if self.is_cached else StorageLevel.NONE

    def checkpoint(self, eager: bool = True) -> "DataFrame":
        """The rows as they are now, without the plan that made them."""
        answer = self._session._client.request("cache", plan=self._plan)
        return self._new(plans.adopt(answer["plan"]))

    def localCheckpoint(self, eager: bool = True) -> "DataFrame":
        """The rows as they are now, without the plan that made them."""
        return self.checkpoint(eager)

    @property
    def rdd(self) -> "RDD[Row]":
        """The rows as an RDD in this process."""
        from pyspark.rdd import RDD, slices

        context = self._session.sparkContext
        count = plans.partitions(self._plan, context.defaultParallelism)
        if count == 1:
            return RDD.lazily(context, 1, lambda _index: self._rows())
        all_rows = RDD.lazily(context, 1, lambda _index: self._rows()).cache()
        return RDD.lazily(context, count, lambda index: slices(all_rows.collect(), count)(index))

    def toJSON(self, use_unicode: bool = True) -> "RDD[str]":
        """Each row as a JSON text."""
        as_json = exprs.alias(exprs.call("to_json", exprs.call("struct", *[exprs.col(quoted(c)) for c in self.columns])), "value")
        return self._derive("project", exprs=[as_json]).rdd.map(lambda row: row[0])

    def toPandas(self) -> Any:
        """The rows as a pandas DataFrame."""
        from pyspark._hearth.series import frame_of, pandas_for

        pandas_for("toPandas")
        return frame_of([tuple(row) for row in self._rows()], self.schema)

    def mapInPandas(self, func: Any, schema: Any, barrier: bool = False) -> "DataFrame":
        """The rows that a function makes of an iterator of pandas DataFrames."""
        from pyspark.sql._pandas import map_in_pandas

        return map_in_pandas(self, func, schema)  # type: ignore[arg-type]

    def observe(self, observation: Any, *exprs: Any) -> "DataFrame":
        """The same rows; the aggregates can be asked of the observation."""
        from pyspark.sql.observation import observe

        return observe(self, observation, list(exprs))  # type: ignore[arg-type]

    def inputFiles(self) -> List[str]:
        """The files that the rows come from."""
        name = exprs.alias(exprs.call("input_file_name"), "file")
        files = self._derive("project", exprs=[name])._derive("distinct").collect()
        return sorted(row[0] for row in files)
