"""Expressions of the engine protocol, as plain dicts."""

from __future__ import annotations

import datetime
import decimal
from typing import Any, Dict, List, Optional, Sequence

from pyspark._hearth.values import encoder, unwrapped
from pyspark.errors import PySparkTypeError
from pyspark.sql.types import base
from pyspark.sql.types.base import DataType

Expr = Dict[str, Any]

_INT_LIMIT = 1 << 31
_LONG_LIMIT = 1 << 63


def col(name: str, plan: Optional[str] = None) -> Expr:
    """A column by name; ``*`` and ``t.*`` become stars. ``plan`` pins it to one node of the plan."""
    if name == "*":
        return star()
    if name.endswith(".*"):
        return star(name[:-2])
    found: Expr = {"t": "col", "name": name}
    if plan is not None:
        found["plan"] = plan
    return found


def star(of: Optional[str] = None) -> Expr:
    """All columns, or those of one relation or struct."""
    return {"t": "star"} if of is None else {"t": "star", "of": of}


def typed(value: Any, data_type: DataType) -> Expr:
    """A literal of a known type."""
    return {"t": "lit", "type": data_type.jsonValue(), "value": encoder(data_type)(value)}


def lit(value: Any) -> Expr:
    """A literal with the type that Spark gives to the Python value. Raises for a class without one."""
    value = unwrapped(value)
    if isinstance(value, (list, tuple)):
        return call("array", *[lit(item) for item in value])
    if isinstance(value, datetime.timedelta):
        return text(_interval(value))
    return typed(value, _literal_type(value))


def _literal_type(value: Any) -> DataType:
    if value is None:
        return base.NullType()
    if isinstance(value, bool):
        return base.BooleanType()
    if isinstance(value, int):
        return _integer_type(value)
    if isinstance(value, float):
        return base.DoubleType()
    if isinstance(value, str):
        return base.StringType()
    if isinstance(value, (bytes, bytearray)):
        return base.BinaryType()
    if isinstance(value, decimal.Decimal):
        return _decimal_type(value)
    if isinstance(value, datetime.datetime):
        return base.TimestampType()
    if isinstance(value, datetime.date):
        return base.DateType()
    raise PySparkTypeError(
        error_class="UNSUPPORTED_LITERAL",
        message_parameters={"arg": repr(value), "arg_type": type(value).__name__},
    )


def _integer_type(value: int) -> DataType:
    if -_INT_LIMIT <= value < _INT_LIMIT:
        return base.IntegerType()
    if -_LONG_LIMIT <= value < _LONG_LIMIT:
        return base.LongType()
    raise PySparkTypeError(
        message=f"The number {value} does not fit into 64 bits; use decimal.Decimal.",
        error_class="UNSUPPORTED_LITERAL",
    )


def _decimal_type(value: decimal.Decimal) -> DataType:
    _, digits, exponent = value.as_tuple()
    if not isinstance(exponent, int):
        raise PySparkTypeError(message=f"{value} is not a decimal number of SQL.", error_class="UNSUPPORTED_LITERAL")
    scale = max(0, -exponent)
    precision = max(len(digits) + max(0, exponent), scale, 1)
    return base.DecimalType(precision, scale)


def _interval(value: datetime.timedelta) -> str:
    micros = value // datetime.timedelta(microseconds=1)
    sign = "-" if micros < 0 else ""
    seconds, micros = divmod(abs(micros), 1_000_000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    return f"INTERVAL '{sign}{days} {hours:02}:{minutes:02}:{seconds:02}.{micros:06}' DAY TO SECOND"


def call(function: str, *args: Expr, distinct: bool = False) -> Expr:
    """A function or operator call."""
    found: Expr = {"t": "call", "name": function, "args": list(args)}
    if distinct:
        found["distinct"] = True
    return found


def cast(e: Expr, data_type: DataType, attempt: bool = False) -> Expr:
    """A conversion; ``attempt`` gives NULL instead of an error."""
    found: Expr = {"t": "cast", "e": e, "type": data_type.jsonValue()}
    if attempt:
        found["try"] = True
    return found


def alias(e: Expr, *names: str, metadata: Optional[Dict[str, Any]] = None) -> Expr:
    """A named expression; several names are for a generator with several columns."""
    found: Expr = {"t": "alias", "e": e}
    if len(names) == 1:
        found["name"] = names[0]
    else:
        found["names"] = list(names)
    if metadata:
        found["metadata"] = metadata
    return found


def text(sql: str) -> Expr:
    """An expression as SQL text."""
    return {"t": "expr", "text": sql}


def sort_key(e: Expr, ascending: bool = True, nulls: Optional[str] = None) -> Expr:
    """An order; NULLs come first when ascending and last when descending unless told."""
    return {"t": "sort", "e": e, "asc": ascending, "nulls": nulls or ("first" if ascending else "last")}


def as_sort_key(e: Expr) -> Expr:
    """A sort key of the protocol for a column that may or may not be one already."""
    key = e if e["t"] == "sort" else sort_key(e)
    return {"e": key["e"], "asc": key["asc"], "nulls": key["nulls"]}


def case(branches: Sequence[Sequence[Expr]], otherwise: Optional[Expr]) -> Expr:
    """``CASE WHEN``."""
    found: Expr = {"t": "case", "when": [list(branch) for branch in branches]}
    if otherwise is not None:
        found["else"] = otherwise
    return found


def function(params: List[str], body: Expr) -> Expr:
    """A lambda."""
    return {"t": "lambda", "params": params, "body": body}


def conjunction(conditions: Sequence[Expr]) -> Expr:
    """All of the conditions."""
    found = conditions[0]
    for condition in conditions[1:]:
        found = call("and", found, condition)
    return found
