"""Choosing, ordering, joining and combining rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, List, Optional, Tuple, Union

from pyspark._hearth import exprs, plans
from pyspark._hearth.args import as_list, flatten, need_int, wrong
from pyspark.errors import IllegalArgumentException, PySparkTypeError, PySparkValueError
from pyspark.sql._frame.core import Core
from pyspark.sql.column import Column, ColumnOrName, to_expr
from pyspark.sql.group import GroupedData

if TYPE_CHECKING:
    from pyspark.sql.dataframe import DataFrame

_JOINS = {
    "inner": "inner", "cross": "cross", "outer": "full", "full": "full", "fullouter": "full",
    "left": "left", "leftouter": "left", "right": "right", "rightouter": "right",
    "semi": "semi", "leftsemi": "semi", "anti": "anti", "leftanti": "anti",
}  # fmt: skip


class Rows(Core):
    """Relational operations."""

    def filter(self, condition: ColumnOrName) -> "DataFrame":
        """The rows where the condition holds: a Column or SQL text."""
        if isinstance(condition, str):
            return self._derive("filter", cond=exprs.text(condition))
        if not isinstance(condition, Column):
            wrong("NOT_COLUMN_OR_STR", "condition", condition)
        return self._derive("filter", cond=condition._e)

    where = filter

    def groupBy(self, *cols: Union[ColumnOrName, List[ColumnOrName]]) -> GroupedData:
        """Groups of equal values, for aggregates."""
        return self._grouped("groupby", cols)

    groupby = groupBy

    def rollup(self, *cols: Union[ColumnOrName, List[ColumnOrName]]) -> GroupedData:
        """Groups with totals from right to left."""
        return self._grouped("rollup", cols)

    def cube(self, *cols: Union[ColumnOrName, List[ColumnOrName]]) -> GroupedData:
        """Groups with totals of every combination."""
        return self._grouped("cube", cols)

    def _grouped(self, grouping: str, cols: Tuple[Any, ...]) -> GroupedData:
        keys = [to_expr(self.columns[c - 1] if isinstance(c, int) else c) for c in flatten(cols)]
        return GroupedData(self, keys, grouping)  # type: ignore[arg-type]

    def agg(self, *exprs: Any) -> "DataFrame":
        """Aggregates over all rows."""
        return self.groupBy().agg(*exprs)

    def join(
        self, other: "DataFrame", on: Union[str, List[str], Column, List[Column], None] = None, how: Optional[str] = None
    ) -> "DataFrame":
        """Rows of both that belong together, by names that both have or by a condition."""
        if not isinstance(other, Core):
            wrong("NOT_DATAFRAME", "other", other)
        kind = _JOINS.get((how or "inner").lower().replace("_", ""))
        if kind is None:
            raise IllegalArgumentException(
                message=f"Unsupported join type '{how}'. Supported join types include: {', '.join(_JOINS)}."
            )
        conditions = [] if on is None else as_list(on)
        using = condition = None
        if conditions and all(isinstance(c, str) for c in conditions):
            using = conditions
        elif conditions:
            condition = exprs.conjunction([_condition(c) for c in conditions])
        node = plans.node("join", left=self._plan, right=other._plan, how=kind, on=condition, using=using)
        return self._new(node)

    def crossJoin(self, other: "DataFrame") -> "DataFrame":
        """Every row with every row of the other."""
        return self.join(other, how="cross")

    def orderBy(self, *cols: Any, **kwargs: Any) -> "DataFrame":
        """The rows in order; ``ascending`` is one flag, or one for each column."""
        ascending = kwargs.pop("ascending", True)
        if kwargs:
            raise PySparkTypeError(message=f"Unexpected keyword arguments: {', '.join(kwargs)}")
        columns = flatten(cols)
        if not columns:
            raise PySparkValueError(message="Should sort by at least one column.", error_class="CANNOT_BE_EMPTY")
        named = [self.columns[abs(c) - 1] if isinstance(c, int) else c for c in columns]
        flags = list(ascending) if isinstance(ascending, (list, tuple)) else [ascending] * len(columns)
        keys = [exprs.as_sort_key(to_expr(c)) for c in named]
        for key, column, flag in zip(keys, columns, flags):
            if not flag or (isinstance(column, int) and column < 0):
                key.update(asc=False, nulls="last")
        return self._derive("sort", keys=keys)

    sort = orderBy

    def sortWithinPartitions(self, *cols: Any, **kwargs: Any) -> "DataFrame":
        """Sorted rows: the embedded engine sorts all of them."""
        return self.orderBy(*cols, **kwargs)

    def limit(self, num: int) -> "DataFrame":
        """The first rows."""
        return self._derive("limit", n=need_int(num, "num"))

    def offset(self, num: int) -> "DataFrame":
        """Without the first rows."""
        return self._derive("offset", n=need_int(num, "num"))

    def distinct(self) -> "DataFrame":
        """Every row once."""
        return self._derive("distinct")

    def dropDuplicates(self, subset: Optional[List[str]] = None) -> "DataFrame":
        """One row for each combination of the named columns."""
        if subset is not None and not isinstance(subset, (list, tuple)):
            wrong("NOT_LIST_OR_TUPLE", "subset", subset)
        return self._derive("distinct", cols=list(subset) if subset else None)

    drop_duplicates = dropDuplicates

    def _set(self, op: str, other: "DataFrame", keep_all: bool, **fields: Any) -> "DataFrame":
        if not isinstance(other, Core):
            wrong("NOT_DATAFRAME", "other", other)
        return self._new(plans.node("set", op=op, all=keep_all, left=self._plan, right=other._plan, **fields))

    def union(self, other: "DataFrame") -> "DataFrame":
        """The rows of both, columns by position."""
        return self._set("union", other, True)

    unionAll = union

    def unionByName(self, other: "DataFrame", allowMissingColumns: bool = False) -> "DataFrame":
        """The rows of both, columns by name."""
        return self._set("unionByName", other, True, allowMissing=allowMissingColumns)

    def intersect(self, other: "DataFrame") -> "DataFrame":
        """The rows that both have, each once."""
        return self._set("intersect", other, False)

    def intersectAll(self, other: "DataFrame") -> "DataFrame":
        """The rows that both have, as often as both have them."""
        return self._set("intersect", other, True)

    def subtract(self, other: "DataFrame") -> "DataFrame":
        """The rows that the other does not have, each once."""
        return self._set("except", other, False)

    def exceptAll(self, other: "DataFrame") -> "DataFrame":
        """The rows that the other does not have as often."""
        return self._set("except", other, True)

    def repartition(self, numPartitions: Union[int, ColumnOrName], *cols: ColumnOrName) -> "DataFrame":
        """As many files as partitions when written; the rows stay the same."""
        return self._repartition(False, numPartitions, cols)

    def repartitionByRange(self, numPartitions: Union[int, ColumnOrName], *cols: ColumnOrName) -> "DataFrame":
        """Like ``repartition``, by ranges of the columns."""
        return self._repartition(True, numPartitions, cols)

    def _repartition(self, by_range: bool, count: Any, cols: Tuple[ColumnOrName, ...]) -> "DataFrame":
        if isinstance(count, int):
            if count <= 0:
                raise IllegalArgumentException(message=f"requirement failed: Number of partitions ({count}) must be positive.")
        else:
            count, cols = None, (count, *cols)
        keys = [to_expr(c) for c in cols] or None
        return self._derive("repartition", n=count, exprs=keys, range=by_range, shuffle=True)

    def coalesce(self, numPartitions: int) -> "DataFrame":
        """At most as many files as partitions when written."""
        return self._derive("repartition", n=need_int(numPartitions, "numPartitions"), range=False, shuffle=False)

    def hint(self, name: str, *parameters: Any) -> "DataFrame":
        """A hint for Spark's planner: the embedded engine decides by itself, except for the number of files."""
        count = parameters[0] if parameters and isinstance(parameters[0], int) else None
        if name.lower() in ("repartition", "coalesce") and count is not None:
            return self.coalesce(count) if name.lower() == "coalesce" else self.repartition(*parameters)
        return self._new(self._plan)


def _condition(condition: Any) -> exprs.Expr:
    if not isinstance(condition, Column):
        wrong("NOT_COLUMN_OR_STR", "on", condition)
    return condition._e
