"""Functions whose arguments follow rules of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Dict, List, Mapping, Optional, Union

from pyspark._hearth import exprs
from pyspark._hearth.args import flatten, wrong
from pyspark._hearth.exprs import Expr
from pyspark._hearth.unsupported import refuse
from pyspark.errors import PySparkValueError
from pyspark.sql.column import Column, ColumnOrName, to_expr, value_expr
from pyspark.sql.types import DataType, DoubleType
from pyspark.sql.types.ddl import ddl_text

if TYPE_CHECKING:
    from pyspark.sql.dataframe import DataFrame


def col(col: str) -> Column:
    """The column of that name."""
    return Column(exprs.col(col))


def column(col: str) -> Column:
    """The column of that name."""
    return Column(exprs.col(col))


def lit(col: Any) -> Column:
    """A literal value; a Column stays as it is; a list becomes an array."""
    if isinstance(col, Column):
        return col
    if isinstance(col, list):
        return Column(exprs.call("array", *[value_expr(item) for item in col]))
    return Column(exprs.lit(col))


def expr(str: str) -> Column:
    """SQL text as an expression."""
    return Column(exprs.text(str))


def when(condition: Column, value: Any) -> Column:
    """The value where the condition holds; go on with ``.when`` and ``.otherwise``."""
    if not isinstance(condition, Column):
        wrong("NOT_COLUMN", "condition", condition)
    return Column(exprs.case([[condition._e, value_expr(value)]], None))


def count(col: ColumnOrName) -> Column:
    """The number of rows with a value; ``count("*")`` counts all rows."""
    e = to_expr(col)
    return Column(exprs.call("count", exprs.lit(1) if e["t"] == "star" else e))


def first(col: ColumnOrName, ignorenulls: bool = False) -> Column:
    """The first value of the group."""
    return _with_flag("first", col, ignorenulls)


def last(col: ColumnOrName, ignorenulls: bool = False) -> Column:
    """The last value of the group."""
    return _with_flag("last", col, ignorenulls)


def _with_flag(name: str, col: ColumnOrName, flag: bool) -> Column:
    return Column(exprs.call(name, to_expr(col), *([exprs.lit(True)] if flag else [])))


def product(col: ColumnOrName) -> Column:
    """The product of the values of the group; SQL has no such function, so the values are collected and multiplied."""
    values = exprs.call("collect_list", exprs.cast(to_expr(col), DoubleType()))
    times = exprs.function(["x", "y"], exprs.call("*", exprs.col("x"), exprs.col("y")))
    product_of_values = exprs.call("aggregate", values, exprs.lit(1.0), times)
    return Column(exprs.case([[exprs.call(">", exprs.call("size", values), exprs.lit(0)), product_of_values]], None))


def concat_ws(sep: str, *cols: ColumnOrName) -> Column:
    """The texts with a separator between them; NULLs are left out."""
    return Column(exprs.call("concat_ws", exprs.lit(sep), *[to_expr(c) for c in flatten(cols)]))


def format_string(format: str, *cols: ColumnOrName) -> Column:
    """Text by a format of the printf kind."""
    return Column(exprs.call("format_string", exprs.lit(format), *[to_expr(c) for c in flatten(cols)]))


def locate(substr: str, str: ColumnOrName, pos: int = 1) -> Column:
    """The position of a text from 1; 0 when it is not there."""
    return Column(exprs.call("locate", exprs.lit(substr), to_expr(str), exprs.lit(pos)))


def log(arg1: Union[ColumnOrName, float], arg2: Optional[ColumnOrName] = None) -> Column:
    """The natural logarithm, or the one to a base: ``log(base, column)``."""
    if arg2 is None:
        return Column(exprs.call("ln", to_expr(arg1)))  # type: ignore[arg-type]
    return Column(exprs.call("log", value_expr(arg1), to_expr(arg2)))


def unix_timestamp(timestamp: Optional[ColumnOrName] = None, format: str = "yyyy-MM-dd HH:mm:ss") -> Column:
    """Seconds since the epoch of a time or of a text in a format; without arguments: of now."""
    if timestamp is None:
        return Column(exprs.call("unix_timestamp"))
    return Column(exprs.call("unix_timestamp", to_expr(timestamp), exprs.lit(format)))


def window(
    timeColumn: ColumnOrName, windowDuration: str, slideDuration: Optional[str] = None, startTime: Optional[str] = None
) -> Column:
    """Buckets of time, as a struct with ``start`` and ``end``."""
    args = [to_expr(timeColumn), exprs.lit(windowDuration)]
    if slideDuration or startTime:
        args.append(exprs.lit(slideDuration or windowDuration))
    if startTime:
        args.append(exprs.lit(startTime))
    return Column(exprs.call("window", *args))


def convert_timezone(sourceTz: Optional[Column], targetTz: Column, sourceTs: ColumnOrName) -> Column:
    """A time without zone moved from one zone to another."""
    zones = [targetTz] if sourceTz is None else [sourceTz, targetTz]
    return Column(exprs.call("convert_timezone", *[to_expr(z) for z in zones], to_expr(sourceTs)))


def _interval(name: str, *parts: Optional[ColumnOrName]) -> Column:
    given = list(parts)
    while given and given[-1] is None:
        given.pop()
    return Column(exprs.call(name, *[exprs.lit(0) if p is None else to_expr(p) for p in given]))


def make_interval(
    years: Optional[ColumnOrName] = None, months: Optional[ColumnOrName] = None, weeks: Optional[ColumnOrName] = None,
    days: Optional[ColumnOrName] = None, hours: Optional[ColumnOrName] = None, mins: Optional[ColumnOrName] = None,
    secs: Optional[ColumnOrName] = None,
) -> Column:  # fmt: skip
    """An interval of its parts."""
    return _interval("make_interval", years, months, weeks, days, hours, mins, secs)


def make_dt_interval(
    days: Optional[ColumnOrName] = None, hours: Optional[ColumnOrName] = None,
    mins: Optional[ColumnOrName] = None, secs: Optional[ColumnOrName] = None,
) -> Column:  # fmt: skip
    """A day-time interval of its parts."""
    return _interval("make_dt_interval", days, hours, mins, secs)


def make_ym_interval(years: Optional[ColumnOrName] = None, months: Optional[ColumnOrName] = None) -> Column:
    """A year-month interval of its parts."""
    return _interval("make_ym_interval", years, months)


def from_json(
    col: ColumnOrName, schema: Union[DataType, Column, str], options: Optional[Mapping[str, str]] = None
) -> Column:
    """JSON text as a struct, array or map of the schema."""
    return Column(exprs.call("from_json", to_expr(col), _schema(schema), *_options(options)))


def from_csv(col: ColumnOrName, schema: Union[Column, str], options: Optional[Mapping[str, str]] = None) -> Column:
    """CSV text as a struct of the schema."""
    return Column(exprs.call("from_csv", to_expr(col), _schema(schema), *_options(options)))


def to_json(col: ColumnOrName, options: Optional[Mapping[str, str]] = None) -> Column:
    """A struct, array or map as JSON text."""
    return Column(exprs.call("to_json", to_expr(col), *_options(options)))


def to_csv(col: ColumnOrName, options: Optional[Mapping[str, str]] = None) -> Column:
    """A struct as CSV text."""
    return Column(exprs.call("to_csv", to_expr(col), *_options(options)))


def schema_of_json(json: ColumnOrName, options: Optional[Mapping[str, str]] = None) -> Column:
    """The schema of a JSON text, as DDL."""
    return Column(exprs.call("schema_of_json", value_expr(json), *_options(options)))


def schema_of_csv(csv: ColumnOrName, options: Optional[Mapping[str, str]] = None) -> Column:
    """The schema of a CSV text, as DDL."""
    return Column(exprs.call("schema_of_csv", value_expr(csv), *_options(options)))


def _schema(schema: Union[DataType, Column, str]) -> Expr:
    if isinstance(schema, DataType):
        return exprs.lit(ddl_text(schema))
    return value_expr(schema)


def _options(options: Optional[Mapping[str, str]]) -> List[Expr]:
    if not options:
        return []
    flat = [part for key, value in options.items() for part in (exprs.lit(key), exprs.lit(_option_text(value)))]
    return [exprs.call("map", *flat)]


def _option_text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def json_tuple(col: ColumnOrName, *fields: str) -> Column:
    """Fields of a JSON text as columns."""
    if not fields:
        raise PySparkValueError(message="At least one field must be specified.", error_class="CANNOT_BE_EMPTY")
    return Column(exprs.call("json_tuple", to_expr(col), *[exprs.lit(field) for field in fields]))


def asc(col: ColumnOrName) -> Column:
    """Ascending order, NULLs first."""
    return Column(to_expr(col)).asc()


def asc_nulls_first(col: ColumnOrName) -> Column:
    """Ascending order, NULLs first."""
    return Column(to_expr(col)).asc_nulls_first()


def asc_nulls_last(col: ColumnOrName) -> Column:
    """Ascending order, NULLs last."""
    return Column(to_expr(col)).asc_nulls_last()


def desc(col: ColumnOrName) -> Column:
    """Descending order, NULLs last."""
    return Column(to_expr(col)).desc()


def desc_nulls_first(col: ColumnOrName) -> Column:
    """Descending order, NULLs first."""
    return Column(to_expr(col)).desc_nulls_first()


def desc_nulls_last(col: ColumnOrName) -> Column:
    """Descending order, NULLs last."""
    return Column(to_expr(col)).desc_nulls_last()


def broadcast(df: "DataFrame") -> "DataFrame":
    """Marks a DataFrame as small: a hint for joins."""
    return df.hint("broadcast")


def call_function(funcName: str, *cols: ColumnOrName) -> Column:
    """Calls an SQL function by name."""
    return Column(exprs.call(funcName, *[to_expr(c) for c in flatten(cols)]))


def call_udf(udfName: str, *cols: ColumnOrName) -> Column:
    """Calls a registered function by name."""
    return call_function(udfName, *cols)


_INSTEAD_OF_UDF = "write the function with pyspark.sql.functions (when, transform, regexp_replace, ...)"


def udf(f: Any = None, returnType: Any = None, *, useArrow: Optional[bool] = None) -> Any:
    """A Python function over rows; it runs in this process. The result is text unless a type is given."""
    from pyspark.sql.udf import make_udf

    return make_udf(f, returnType)


def udtf(cls: Any = None, *, returnType: Any = None, useArrow: Optional[bool] = None) -> Any:
    """Python table functions: not there in the embedded engine."""
    refuse("functions.udtf (a Python table function)", _INSTEAD_OF_UDF)


def pandas_udf(f: Any = None, returnType: Any = None, functionType: Any = None) -> Any:
    """A function of pandas series to a series, over an iterator of series, or to one value a group. It runs in this process and needs pandas."""
    from pyspark.sql._pandas import make_pandas_udf

    return make_pandas_udf(f, returnType, functionType)


def unwrap_udt(col: ColumnOrName) -> Column:
    """User-defined types: not there in the embedded engine."""
    refuse("functions.unwrap_udt (user-defined types)")


def _partitioning(name: str, *args: Expr) -> Column:
    return Column(exprs.call(name, *args))


def years(col: ColumnOrName) -> Column:
    """A table partition by year."""
    return _partitioning("years", to_expr(col))


def months(col: ColumnOrName) -> Column:
    """A table partition by month."""
    return _partitioning("months", to_expr(col))


def days(col: ColumnOrName) -> Column:
    """A table partition by day."""
    return _partitioning("days", to_expr(col))


def hours(col: ColumnOrName) -> Column:
    """A table partition by hour."""
    return _partitioning("hours", to_expr(col))


def bucket(numBuckets: Union[Column, int], col: ColumnOrName) -> Column:
    """A table partition by hash."""
    return _partitioning("bucket", value_expr(numBuckets), to_expr(col))


SPECIAL: Dict[str, Any] = {
    name: value
    for name, value in globals().items()
    if callable(value) and getattr(value, "__module__", None) == __name__ and not name.startswith("_")
}
