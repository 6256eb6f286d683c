"""``pyspark.sql.functions``: every function that maps to a call of an SQL function, made from tables, and the special ones."""

from typing import Any

from pyspark.sql.column import Column
from pyspark.sql.functions import _aggregates, _collections, _datetime, _math, _misc, _strings
from pyspark.sql.functions._make import make_all
from pyspark.sql.functions._special import SPECIAL as _SPECIAL

_made = {}
for _module in (_math, _strings, _datetime, _collections, _aggregates, _misc):
    _made.update(make_all(_module.TABLE, __name__))

globals().update(_made)
globals().update(_SPECIAL)



class PandasUDFType:
    """The kinds of pandas functions, for the older form of ``pandas_udf``."""

    SCALAR = 200
    GROUPED_MAP = 201
    GROUPED_AGG = 202
    SCALAR_ITER = 204


__all__ = sorted({*_made, *_SPECIAL, "PandasUDFType"})


def __getattr__(name: str) -> Any:
    """Names that Spark does not have either; kept here so that type checkers allow the generated names."""
    raise AttributeError(f"module 'pyspark.sql.functions' has no attribute '{name}'")


