"""pandas functions: over series, over groups, over groups of two frames, and over a whole frame.

Groups travel as lists of rows to an ordinary function of this process, and come back as lists of rows that the engine spreads."""

from __future__ import annotations

import functools
import inspect
import typing
from typing import TYPE_CHECKING, Any, Callable, List, Optional, Union

from pyspark._hearth import exprs
from pyspark._hearth.exprs import Expr
from pyspark._hearth.series import batches, converter, frame_of, missing, pandas_for, rows_of, series_of
from pyspark._hearth.udfs import SERIES_ITERATOR, SERIES_SCALAR
from pyspark._hearth.unsupported import refuse
from pyspark.sql.column import Column, to_expr
from pyspark.sql.types.base import DataType
from pyspark.sql.types.ddl import parse_ddl
from pyspark.sql.types.nested import ArrayType, StructType
from pyspark.sql.udf import UserDefinedFunction

if TYPE_CHECKING:
    from pyspark.sql.dataframe import DataFrame

GROUPED_MAP, GROUPED_AGG = 201, 202
_KINDS = {"scalar": SERIES_SCALAR, "scalar_iter": SERIES_ITERATOR, "grouped_map": GROUPED_MAP, "grouped_agg": GROUPED_AGG}

# Rows of one call of a function over a whole frame: one of Spark's partitions.
_PARTITION = 100_000


def make_pandas_udf(f: Any, return_type: Any, function_type: Any) -> Any:
    """``pandas_udf(f, type)``, or the decorator ``@pandas_udf(type)``."""
    pandas_for("pandas_udf")
    if f is None or isinstance(f, (str, DataType)):
        if f is not None and function_type is None and return_type in (*_KINDS, *_KINDS.values()):
            return_type, function_type = f, return_type
        return functools.partial(_made, return_type=f if f is not None else return_type, function_type=function_type)
    return _made(f, return_type, function_type)


def _made(f: Callable[..., Any], return_type: Any, function_type: Any) -> Any:
    kind = _KINDS.get(function_type, function_type) if function_type is not None else kind_of(f)
    if kind == GROUPED_MAP:
        refuse("functions.pandas_udf of the kind GROUPED_MAP", "groupBy(..).applyInPandas(f, schema)")
    made = _over_group(f, return_type) if kind == GROUPED_AGG else UserDefinedFunction(f, return_type, evalType=kind)

    @functools.wraps(f, assigned=[a for a in functools.WRAPPER_ASSIGNMENTS if hasattr(f, a)])
    def wrapper(*cols: Any) -> Column:
        if kind != GROUPED_AGG:
            return made(*cols)
        rows = exprs.call("collect_list", exprs.call("struct", *[exprs.alias(to_expr(c), f"_{i}") for i, c in enumerate(cols)]))
        shown = f"{getattr(f, '__name__', 'f')}({', '.join(str(c) if isinstance(c, str) else c._e.get('name', '..') for c in cols)})"
        column = made(Column(rows)).alias(shown)
        # Over a window the function gets the rows of the window.
        column._over_window = lambda window: made(Column(window._over(rows))).alias(f"{shown} OVER (..)")
        return column  # type: ignore[no-any-return]

    wrapper.func, wrapper.returnType, wrapper.evalType, wrapper._udf = f, made.returnType, kind, made  # type: ignore[attr-defined]
    wrapper.deterministic = True  # type: ignore[attr-defined]
    wrapper.asNondeterministic = lambda: made.asNondeterministic()  # type: ignore[attr-defined]
    return wrapper


def kind_of(f: Callable[..., Any]) -> int:
    """What type hints say: series to series, an iterator of series, or series to a value. Without hints: series to series."""
    try:
        hints = typing.get_type_hints(f)
    except Exception:  # names that are only there while types are checked
        hints = {}
    returned = hints.pop("return", None)
    if any(getattr(typing.get_origin(h), "__name__", "") == "Iterator" for h in hints.values()):
        return SERIES_ITERATOR
    if returned is None or getattr(returned, "__name__", "") in ("Series", "DataFrame"):
        return SERIES_SCALAR
    return GROUPED_AGG


def _over_group(f: Callable[..., Any], return_type: Any) -> UserDefinedFunction:
    returns = parse_ddl(return_type) if isinstance(return_type, str) else return_type
    convert = converter(returns)

    def run(rows: List[Any]) -> Any:
        columns = list(zip(*rows)) if rows else []
        value = f(*[series_of(list(c), _type_of(c)) for c in columns])
        return None if missing(value) else convert(value)

    return UserDefinedFunction(run, returns, name=getattr(f, "__name__", None))


def _type_of(values: Any) -> DataType:
    from pyspark.sql.types.infer import infer_type

    known = next((v for v in values if v is not None), None)
    return infer_type(known)


def _struct(schema: Union[StructType, str]) -> StructType:
    made = parse_ddl(schema) if isinstance(schema, str) else schema
    return made if isinstance(made, StructType) else StructType().add("value", made)


def _rows(df: "DataFrame", first: Optional[Expr] = None) -> Expr:
    fields = [exprs.col("`" + c.replace("`", "``") + "`") for c in df.columns]
    return exprs.call("collect_list", exprs.call("struct", *([first] if first is not None else []), *fields))


def _spread(df: "DataFrame", f: Callable[..., Any], schema: StructType, name: str, args: List[str]) -> "DataFrame":
    made = UserDefinedFunction(f, ArrayType(schema), name=name)
    call = made(*[Column(exprs.col(a)) for a in args])
    return df._derive("project", exprs=[exprs.call("inline", call._e)])


def apply_in_pandas(df: "DataFrame", keys: List[Expr], func: Callable[..., Any], schema: Union[StructType, str]) -> "DataFrame":
    """``groupBy(..).applyInPandas``: the function gets each group as a frame."""
    pandas_for("applyInPandas")
    struct, source = _struct(schema), df.schema
    with_key = len(inspect.signature(func).parameters) > 1
    grouped, names = _grouped(df, keys, "__rows")

    def run(*given: Any) -> List[Any]:
        frame = frame_of(given[-1], source, True)
        return rows_of(func(tuple(given[:-1]), frame) if with_key else func(frame), struct)

    return _spread(grouped, run, struct, getattr(func, "__name__", "f"), [*names, "__rows"])


def _grouped(df: "DataFrame", keys: List[Expr], rows: str, prefix: str = "__key") -> Any:
    names = [f"{prefix}{i}" for i in range(len(keys))]
    computed = df._derive("aggregate", keys=[exprs.alias(k, n) for k, n in zip(keys, names)], aggs=[exprs.alias(_rows(df), rows)], grouping="groupby", pivot=None)
    return computed, names


class PandasCogroupedOps:
    """Groups of two frames by the same keys."""

    def __init__(self, left: Any, right: Any) -> None:
        self._left, self._right = left, right

    def applyInPandas(self, func: Callable[..., Any], schema: Union[StructType, str]) -> "DataFrame":
        """The function gets the group of each side as a frame; one of them may be empty."""
        pandas_for("applyInPandas")
        struct, first, second = _struct(schema), self._left._df.schema, self._right._df.schema
        with_key = len(inspect.signature(func).parameters) > 2
        left, names = _grouped(self._left._df, self._left._keys, "__left")
        right, others = _grouped(self._right._df, self._right._keys, "__right", "__other")
        same = [Column(exprs.call("<=>", exprs.col(n), exprs.col(o))) for n, o in zip(names, others)]
        joined = left.join(right, functools.reduce(lambda a, b: a & b, same), "full")

        def run(*given: Any) -> List[Any]:
            mine, yours = given[-2], given[-1]
            key = given[: len(names)] if mine is not None else given[len(names) : 2 * len(names)]
            frames = (frame_of(mine or [], first, True), frame_of(yours or [], second, True))
            return rows_of(func(tuple(key), *frames) if with_key else func(*frames), struct)

        return _spread(joined, run, struct, getattr(func, "__name__", "f"), [*names, *others, "__left", "__right"])


def map_in_pandas(df: "DataFrame", func: Callable[..., Any], schema: Union[StructType, str]) -> "DataFrame":
    """``mapInPandas``: the function gets an iterator of frames for each partition of 100,000 rows."""
    pandas_for("mapInPandas")
    struct, source = _struct(schema), df.schema
    place = exprs.alias(exprs.call("monotonically_increasing_id"), "__at")
    numbered = df._derive("project", exprs=[exprs.star(), place])
    part = exprs.alias(exprs.call("div", exprs.col("__at"), exprs.lit(_PARTITION)), "__part")
    rows = exprs.alias(_rows(df, exprs.col("__at")), "__rows")
    parts = numbered._derive("aggregate", keys=[part], aggs=[rows], grouping="groupby", pivot=None)

    def run(given: List[Any]) -> List[Any]:
        ordered = [tuple(row)[1:] for row in sorted(given, key=lambda row: row[0])]
        return [row for frame in func(batches(ordered, source)) for row in rows_of(frame, struct)]

    return _spread(parts.orderBy("__part"), run, struct, getattr(func, "__name__", "f"), ["__rows"])
