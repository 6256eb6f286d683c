"""Choosing, adding, renaming and removing columns."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Callable, Dict, List, Optional, Union

from pyspark._hearth import exprs
from pyspark._hearth.args import flatten, need_str, wrong
from pyspark._hearth.exprs import Expr
from pyspark._hearth.unsupported import refuse
from pyspark.errors import PySparkTypeError
from pyspark.sql._frame.core import Core, quoted
from pyspark.sql.column import Column, ColumnOrName, to_expr
from pyspark.sql.types import StructType

if TYPE_CHECKING:
    from pyspark.sql.dataframe import DataFrame


class Columns(Core):
    """Projections."""

    def select(self, *cols: Union[ColumnOrName, List[ColumnOrName]]) -> "DataFrame":
        """The columns or expressions given."""
        return self._derive("project", exprs=[to_expr(c) for c in _spread(flatten(cols))])

    def selectExpr(self, *expr: Union[str, List[str]]) -> "DataFrame":
        """The SQL expressions given."""
        return self._derive("project", exprs=[exprs.text(e) for e in flatten(expr)])

    def withColumn(self, colName: str, col: Column) -> "DataFrame":
        """Adds a column, or replaces the one of that name."""
        if not isinstance(col, Column):
            wrong("NOT_COLUMN", "col", col)
        return self._derive("withColumns", exprs=[exprs.alias(col._e, need_str(colName, "colName"))])

    def withColumns(self, *colsMap: Dict[str, Column]) -> "DataFrame":
        """Adds or replaces several columns at once."""
        if len(colsMap) != 1 or not isinstance(colsMap[0], dict):
            wrong("NOT_DICT", "colsMap", colsMap)
        return self._derive("withColumns", exprs=[exprs.alias(to_expr(c), n) for n, c in colsMap[0].items()])

    def withColumnRenamed(self, existing: str, new: str) -> "DataFrame":
        """Renames a column; nothing happens when there is none of that name."""
        return self._derive("rename", map={existing: new})

    def withColumnsRenamed(self, colsMap: Dict[str, str]) -> "DataFrame":
        """Renames several columns."""
        if not isinstance(colsMap, dict):
            wrong("NOT_DICT", "colsMap", colsMap)
        return self._derive("rename", map=dict(colsMap))

    def withMetadata(self, columnName: str, metadata: Dict[str, Any]) -> "DataFrame":
        """Sets the metadata of a column."""
        column = exprs.alias(to_expr(columnName), columnName, metadata=metadata)
        return self._derive("withColumns", exprs=[column])

    def drop(self, *cols: ColumnOrName) -> "DataFrame":
        """Removes columns; names that are not there do nothing."""
        return self._derive("drop", cols=[c if isinstance(c, str) else to_expr(c) for c in cols])

    def toDF(self, *cols: str) -> "DataFrame":
        """The same columns under new names."""
        names = [need_str(name, "cols") for name in flatten(cols)]
        if len(names) != len(self.columns):
            raise PySparkTypeError(
                message=f"The number of columns doesn't match.\nOld column names ({len(self.columns)}): "
                f"{', '.join(self.columns)}\nNew column names ({len(names)}): {', '.join(names)}",
                error_class="AXIS_LENGTH_MISMATCH",
            )
        return self._derive("names", names=names)

    def to(self, schema: StructType) -> "DataFrame":
        """The columns of the schema by name, cast to its types."""
        columns: List[Expr] = []
        for field in schema.fields:
            source = to_expr(quoted(field.name)) if self._has(field.name) else exprs.lit(None)
            columns.append(exprs.alias(exprs.cast(source, field.dataType), field.name))
        return self._derive("project", exprs=columns)

    def colRegex(self, colName: str) -> Column:
        """The columns whose names match a pattern in back-quotes; give it to ``select``."""
        pattern = need_str(colName, "colName").strip("`")
        names = [name for name in self.columns if re.fullmatch(pattern, name, re.IGNORECASE)]
        if len(names) != 1:
            return _Several([self._named_column(quoted(name)) for name in names])
        return self._named_column(quoted(names[0]))

    def alias(self, alias: str) -> "DataFrame":
        """The same rows under a name that qualifies columns."""
        return self._derive("alias", name=need_str(alias, "alias"))

    def transform(self, func: Callable[..., "DataFrame"], *args: Any, **kwargs: Any) -> "DataFrame":
        """Applies a function to this DataFrame: for chains."""
        result = func(self, *args, **kwargs)
        if not isinstance(result, Core):
            raise PySparkTypeError(
                message=f"Func returned an instance of type [{type(result)}], should have been DataFrame."
            )
        return result

    def unpivot(
        self,
        ids: Union[ColumnOrName, List[ColumnOrName]],
        values: Optional[Union[ColumnOrName, List[ColumnOrName]]],
        variableColumnName: str,
        valueColumnName: str,
    ) -> "DataFrame":
        """One row for each value column: its name and its value beside the id columns."""
        id_exprs = [to_expr(c) for c in (ids if isinstance(ids, (list, tuple)) else [ids])]
        if values is None:
            taken = {e.get("name", "").lower() for e in id_exprs}
            values = [quoted(name) for name in self.columns if name.lower() not in taken]
        value_exprs = [to_expr(c) for c in (values if isinstance(values, (list, tuple)) else [values])]
        pairs = [
            exprs.call("named_struct", exprs.lit("n"), exprs.lit(_name_of(e)), exprs.lit("v"), e) for e in value_exprs
        ]
        exploded = exprs.alias(exprs.call("explode", exprs.call("array", *pairs)), "__pair")
        long = self._derive("project", exprs=[*id_exprs, exploded])
        name = exprs.alias(exprs.col("__pair.n"), variableColumnName)
        value = exprs.alias(exprs.col("__pair.v"), valueColumnName)
        return long._derive("withColumns", exprs=[name, value])._derive("drop", cols=["__pair"])

    melt = unpivot


class _Several(Column):
    """What ``colRegex`` gives when not exactly one column matches: good for ``select`` only."""

    def __init__(self, columns: List[Column]) -> None:
        super().__init__({"t": "star"})
        self._columns = columns

    @property
    def _e(self) -> Expr:
        refuse(f"colRegex with {len(self._columns)} matching columns outside select", "select the columns first")

    @_e.setter
    def _e(self, value: Expr) -> None:
        pass


def _spread(columns: List[Any]) -> List[Any]:
    return [one for column in columns for one in (column._columns if isinstance(column, _Several) else [column])]


def _name_of(e: Expr) -> str:
    return str(e.get("name", "")).strip("`")
