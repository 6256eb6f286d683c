"""Windows: which rows a window function sees."""

from __future__ import annotations

import sys
from typing import Any, Dict, List, Optional, Tuple, Union

from pyspark._hearth import exprs
from pyspark._hearth.args import flatten
from pyspark._hearth.exprs import Expr
from pyspark.sql.column import ColumnOrName, to_expr

_LONG_MIN = -(1 << 63)
_LONG_MAX = (1 << 63) - 1
_BEFORE_ALL = max(-sys.maxsize, _LONG_MIN)
_AFTER_ALL = min(sys.maxsize, _LONG_MAX)


class WindowSpec:
    """Partition, order and frame; methods make new ones."""

    def __init__(
        self,
        partition: Tuple[Expr, ...] = (),
        order: Tuple[Expr, ...] = (),
        frame: Optional[Dict[str, Any]] = None,
    ) -> None:
        self._partition = partition
        self._order = order
        self._frame = frame

    def partitionBy(self, *cols: Union[ColumnOrName, List[ColumnOrName]]) -> "WindowSpec":
        """Rows with equal values of these columns belong together."""
        return WindowSpec(tuple(to_expr(c) for c in flatten(cols)), self._order, self._frame)

    def orderBy(self, *cols: Union[ColumnOrName, List[ColumnOrName]]) -> "WindowSpec":
        """The order of the rows within a partition."""
        keys = tuple(exprs.as_sort_key(to_expr(c)) for c in flatten(cols))
        return WindowSpec(self._partition, keys, self._frame)

    def rowsBetween(self, start: int, end: int) -> "WindowSpec":
        """A frame counted in rows from the current one."""
        return self._framed("rows", start, end)

    def rangeBetween(self, start: int, end: int) -> "WindowSpec":
        """A frame counted in values of the order column."""
        return self._framed("range", start, end)

    def _framed(self, kind: str, start: int, end: int) -> "WindowSpec":
        frame = {"type": kind, "start": _boundary(start), "end": _boundary(end)}
        return WindowSpec(self._partition, self._order, frame)

    def _over(self, function: Expr) -> Expr:
        found: Expr = {"t": "window", "e": function, "partition": list(self._partition), "order": list(self._order)}
        if self._frame is not None:
            found["frame"] = self._frame
        return found


class Window:
    """Starts a WindowSpec: ``Window.partitionBy("a").orderBy("b")``."""

    unboundedPreceding: int = _LONG_MIN
    unboundedFollowing: int = _LONG_MAX
    currentRow: int = 0

    @staticmethod
    def partitionBy(*cols: Union[ColumnOrName, List[ColumnOrName]]) -> WindowSpec:
        """A window partitioned by the columns."""
        return WindowSpec().partitionBy(*cols)

    @staticmethod
    def orderBy(*cols: Union[ColumnOrName, List[ColumnOrName]]) -> WindowSpec:
        """A window ordered by the columns."""
        return WindowSpec().orderBy(*cols)

    @staticmethod
    def rowsBetween(start: int, end: int) -> WindowSpec:
        """A window with a frame of rows."""
        return WindowSpec().rowsBetween(start, end)

    @staticmethod
    def rangeBetween(start: int, end: int) -> WindowSpec:
        """A window with a frame of values."""
        return WindowSpec().rangeBetween(start, end)


def _boundary(value: int) -> Union[int, str]:
    if value == 0:
        return "current"
    if value <= _BEFORE_ALL or value >= _AFTER_ALL:
        return "unbounded"
    return value
