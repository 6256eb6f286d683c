"""Groups of rows and what to compute of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable, Dict, List, Optional

from pyspark._hearth import exprs
from pyspark._hearth.args import flatten, wrong
from pyspark._hearth.exprs import Expr
from pyspark._hearth.unsupported import refusing
from pyspark.errors import AnalysisException, PySparkValueError
from pyspark.sql.column import Column, ColumnOrName, to_expr
from pyspark.sql.types import NumericType

if TYPE_CHECKING:
    from pyspark.sql.dataframe import DataFrame

_MOST_PIVOT_VALUES = 10_000


def _aggregate(function: str) -> Callable[..., "DataFrame"]:
    def method(self: "GroupedData", *cols: str) -> "DataFrame":
        names = flatten(cols) or self._numeric_columns()
        return self._run([exprs.call(function, to_expr(name)) for name in names])

    method.__name__ = function
    method.__doc__ = f"``{function}`` of the columns named, or of every numeric column."
    return method


class GroupedData:
    """What ``groupBy``, ``rollup`` and ``cube`` give."""

    def __init__(
        self, df: "DataFrame", keys: List[Expr], grouping: str, pivot: Optional[Dict[str, Any]] = None
    ) -> None:
        self._df = df
        self._keys = keys
        self._grouping = grouping
        self._pivot = pivot

    sum = _aggregate("sum")
    avg = _aggregate("avg")
    mean = _aggregate("avg")
    min = _aggregate("min")
    max = _aggregate("max")

    apply = refusing("GroupedData.apply", "aggregate with column functions")
    applyInPandasWithState = refusing("GroupedData.applyInPandasWithState (structured streaming)")

    def applyInPandas(self, func: Callable[..., Any], schema: Any) -> "DataFrame":
        """The rows that a function makes of each group, given to it as a pandas DataFrame."""
        from pyspark.sql._pandas import apply_in_pandas

        return apply_in_pandas(self._df, self._keys, func, schema)

    def cogroup(self, other: "GroupedData") -> Any:
        """The groups of this frame beside those of another."""
        from pyspark.sql._pandas import PandasCogroupedOps

        return PandasCogroupedOps(self, other)

    def agg(self, *exprs_: Any) -> "DataFrame":
        """Aggregates: Columns, or one dict of column to function name."""
        if not exprs_:
            raise PySparkValueError(message="exprs should not be empty", error_class="CANNOT_BE_EMPTY")
        if len(exprs_) == 1 and isinstance(exprs_[0], dict):
            return self._run([_named(column, function) for column, function in exprs_[0].items()])
        columns = flatten(exprs_)
        for column in columns:
            if not isinstance(column, Column):
                wrong("NOT_COLUMN", "exprs", column)
        return self._run([column._e for column in columns])

    def count(self) -> "DataFrame":
        """The number of rows in each group."""
        return self._run([exprs.alias(exprs.call("count", exprs.lit(1)), "count")])

    def pivot(self, pivot_col: ColumnOrName, values: Optional[List[Any]] = None) -> "GroupedData":
        """A column for each value of another column."""
        column = to_expr(pivot_col)
        wanted = self._values_of(column) if values is None else [exprs.lit(value) for value in values]
        return GroupedData(self._df, self._keys, self._grouping, {"col": column, "values": wanted})

    def _values_of(self, column: Expr) -> List[Expr]:
        """The values that are there, in order: as in Spark, a query that runs at once."""
        distinct = self._df._derive("project", exprs=[exprs.alias(column, "value")])._derive("distinct")
        ordered = distinct._derive("sort", keys=[exprs.as_sort_key(exprs.col("value"))])
        rows = ordered.take(_MOST_PIVOT_VALUES + 1)
        if len(rows) > _MOST_PIVOT_VALUES:
            raise AnalysisException(
                message=f"The pivot column has more than {_MOST_PIVOT_VALUES} distinct values; name the values.",
                error_class="PIVOT_TOO_MANY_VALUES",
            )
        data_type = distinct.schema.fields[0].dataType
        return [exprs.typed(row[0], data_type) for row in rows]

    def _run(self, aggs: List[Expr]) -> "DataFrame":
        return self._df._derive("aggregate", keys=self._keys, aggs=aggs, grouping=self._grouping, pivot=self._pivot)

    def _numeric_columns(self) -> List[str]:
        keys = {key.get("name", "").lower() for key in self._keys}
        if self._pivot is not None:
            keys.add(self._pivot["col"].get("name", "").lower())
        fields = self._df.schema.fields
        return [f.name for f in fields if isinstance(f.dataType, NumericType) and f.name.lower() not in keys]

    def __repr__(self) -> str:
        return f"GroupedData[grouping expressions: {len(self._keys)}, type: {self._grouping}]"


def _named(column: str, function: str) -> Expr:
    if column == "*":
        return exprs.call(function, exprs.lit(1))
    return exprs.call({"mean": "avg", "average": "avg"}.get(function.lower(), function), to_expr(column))
