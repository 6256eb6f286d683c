"""What may stand in SQL text besides text: parameters, and Python values in braces."""

from __future__ import annotations

import datetime
import itertools
import string
from typing import Any, Dict, List, Mapping, Union

from pyspark._hearth.exprs import Expr
from pyspark._hearth.unsupported import refuse
from pyspark.errors import PySparkTypeError
from pyspark.sql.column import Column, value_expr

_views = itertools.count(1)


def parameters(args: Union[Dict[str, Any], List[Any], None]) -> Union[Dict[str, Expr], List[Expr], None]:
    """Values for ``:name`` or ``?``, as literals."""
    if not args:
        return None
    if isinstance(args, dict):
        return {name: value_expr(value) for name, value in args.items()}
    if isinstance(args, (list, tuple)):
        return [value_expr(value) for value in args]
    raise PySparkTypeError(
        message=f"Argument `args` should be a dict or list, got {type(args).__name__}.", error_class="INVALID_TYPE"
    )


def fill_in(text: str, values: Mapping[str, Any]) -> str:
    """The text with ``{name}`` replaced: a DataFrame by a view of it, other values by their literals."""
    return _Filler().vformat(text, (), values)


class _Filler(string.Formatter):
    def get_value(self, key: Union[int, str], args: Any, kwargs: Mapping[str, Any]) -> Any:
        if key not in kwargs:
            raise KeyError(f"no value for {{{key}}} in the SQL text")
        return kwargs[str(key)]

    def format_field(self, value: Any, format_spec: str) -> str:
        from pyspark.sql.dataframe import DataFrame

        if isinstance(value, DataFrame):
            name = f"_frame_{next(_views)}"
            value.createOrReplaceTempView(name)
            return name
        if isinstance(value, Column):
            return _column_text(value)
        return _literal_text(value)


def _column_text(column: Column) -> str:
    if column._e["t"] == "col":
        return "`" + str(column._e["name"]).replace("`", "``") + "`"
    refuse("spark.sql with a Column other than a plain name in braces", "write the expression into the text")


def _literal_text(value: Any) -> str:
    if isinstance(value, str):
        return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"
    if value is None or isinstance(value, bool):
        return "NULL" if value is None else str(value).upper()
    if isinstance(value, datetime.datetime):
        return f"TIMESTAMP'{value.isoformat(sep=' ')}'"
    if isinstance(value, datetime.date):
        return f"DATE'{value.isoformat()}'"
    return repr(value) if isinstance(value, float) else str(value)
