"""pandas objects of Spark's types, and back. pandas is imported where it is needed: the front end works without it."""

from __future__ import annotations

import datetime
import decimal
from typing import Any, Callable, Iterable, Iterator, List, Tuple

from pyspark.errors import PySparkImportError, PySparkRuntimeError, PySparkTypeError
from pyspark.sql.types import base
from pyspark.sql.types.base import DataType, IntegralType
from pyspark.sql.types.nested import ArrayType, MapType, StructType

# How many rows a function over an iterator sees at once (spark.sql.execution.arrow.maxRecordsPerBatch).
BATCH = 10_000

_DTYPES = {
    base.ByteType: "int8",
    base.ShortType: "int16",
    base.IntegerType: "int32",
    base.LongType: "int64",
    base.FloatType: "float32",
    base.DoubleType: "float64",
    base.BooleanType: "bool",
    base.TimestampType: "datetime64[ns]",
    base.TimestampNTZType: "datetime64[ns]",
    base.DayTimeIntervalType: "timedelta64[ns]",
}


def pandas_for(what: str) -> Any:
    """The module, or PySpark's error that it is missing."""
    try:
        import pandas
    except ImportError as cause:
        raise PySparkImportError(
            message=f"pandas must be installed for {what}; it was not found (pip install pandas).", error_class="PACKAGE_NOT_INSTALLED"
        ) from cause
    return pandas


def series_of(values: List[Any], data_type: DataType, arrays: bool = False) -> Any:
    """A series with the dtype that PySpark gives the type: whole numbers with gaps are float64, truth values with gaps are objects."""
    pd = pandas_for("pandas functions")
    dtype = _DTYPES.get(type(data_type))
    if dtype is None:
        if arrays and isinstance(data_type, ArrayType):
            import numpy as np

            values = [None if v is None else np.asarray(v) for v in values]
        made = pd.Series([None] * len(values), dtype=object)
        for at, value in enumerate(values):
            made.iat[at] = value
        return made
    if any(v is None for v in values):
        if isinstance(data_type, IntegralType):
            dtype = "float64"
        elif isinstance(data_type, base.BooleanType):
            dtype = "object"
    return pd.Series(values, dtype=dtype)


def frame_of(rows: List[Any], schema: StructType, arrays: bool = False) -> Any:
    """A DataFrame of rows."""
    pd = pandas_for("pandas functions")
    columns = list(zip(*rows)) if rows else [()] * len(schema.fields)
    frame = pd.DataFrame({at: series_of(list(c), f.dataType, arrays) for at, (c, f) in enumerate(zip(columns, schema.fields))})
    frame.columns = schema.fieldNames()
    return frame


def rows_of(frame: Any, schema: StructType) -> List[Tuple[Any, ...]]:
    """The rows of a DataFrame that a function returned: columns by name, or by position when they have no names."""
    pd = pandas_for("pandas functions")
    if not isinstance(frame, pd.DataFrame):
        raise PySparkTypeError(message=f"Return type of the user-defined function should be pandas.DataFrame, but is {type(frame).__name__}.", error_class="UDF_RETURN_TYPE")
    if len(frame.columns) == 0 and len(frame) == 0:
        return []
    names = schema.fieldNames()
    if any(isinstance(name, str) for name in frame.columns):
        missing, extra = [n for n in names if n not in frame.columns], [c for c in frame.columns if c not in names]
        if missing or extra:
            said = "".join([f" Missing: {', '.join(missing)}." if missing else "", f" Unexpected: {', '.join(map(str, extra))}." if extra else ""])
            raise PySparkRuntimeError(message=f"Column names of the returned pandas.DataFrame do not match specified schema.{said}", error_class="RESULT_COLUMNS_MISMATCH_FOR_PANDAS_UDF")
        columns = [frame[name] for name in names]
    else:
        if len(frame.columns) != len(names):
            raise PySparkRuntimeError(
                message=f"Number of columns of the returned pandas.DataFrame doesn't match specified schema. Expected: {len(names)} Actual: {len(frame.columns)}",
                error_class="RESULT_LENGTH_MISMATCH_FOR_PANDAS_UDF",
            )
        columns = [frame.iloc[:, at] for at in range(len(names))]
    return list(zip(*[values_of(c, f.dataType) for c, f in zip(columns, schema.fields)]))


def values_of(series: Any, data_type: DataType) -> List[Any]:
    """Python values of what a function returned. Raises for a value that the type cannot hold, as Arrow does."""
    if isinstance(data_type, StructType):
        return list(rows_of(series, data_type))
    convert = converter(data_type)
    return [None if missing(v) else convert(v) for v in series]


def missing(value: Any) -> bool:
    """None, NaN and NaT."""
    return value is None or (isinstance(value, float) and value != value) or type(value).__name__ in ("NaTType", "NAType")


def converter(data_type: DataType) -> Callable[[Any], Any]:
    """From a value of pandas to the Python value of the type."""
    if isinstance(data_type, IntegralType):
        return _whole
    if isinstance(data_type, (base.FloatType, base.DoubleType)):
        return float
    if isinstance(data_type, base.BooleanType):
        return _truth
    if isinstance(data_type, base.StringType):
        return _text
    if isinstance(data_type, (base.TimestampType, base.TimestampNTZType)):
        return _moment
    if isinstance(data_type, base.DateType):
        return lambda v: v.date() if isinstance(v, datetime.datetime) else v
    if isinstance(data_type, base.DecimalType):
        return lambda v: v if isinstance(v, decimal.Decimal) else decimal.Decimal(str(v))
    if isinstance(data_type, ArrayType):
        element = converter(data_type.elementType)
        return lambda v: [None if missing(x) else element(x) for x in v]
    if isinstance(data_type, MapType):
        key, value = converter(data_type.keyType), converter(data_type.valueType)
        return lambda v: {key(k): None if missing(x) else value(x) for k, x in (v.items() if hasattr(v, "items") else v)}
    return lambda v: v


def _whole(value: Any) -> int:
    if isinstance(value, str) or value != int(value):
        raise PySparkTypeError(message=f"The value {value!r} of a pandas function is no whole number, but its return type is one.", error_class="UDF_RETURN_TYPE")
    return int(value)


def _truth(value: Any) -> bool:
    if type(value).__name__ not in ("bool", "bool_"):
        raise PySparkTypeError(message=f"The value {value!r} of a pandas function is no boolean, but its return type is.", error_class="UDF_RETURN_TYPE")
    return bool(value)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise PySparkTypeError(message=f"The value {value!r} of a pandas function is no string, but its return type is.", error_class="UDF_RETURN_TYPE")
    return value


def _moment(value: Any) -> datetime.datetime:
    if hasattr(value, "to_pydatetime"):
        return value.to_pydatetime(warn=False)
    return value


def series_batch(f: Callable[..., Any], types: List[DataType], returns: DataType, iterator: bool) -> Callable[[List[List[Any]]], List[Any]]:
    """A function of series over a batch of rows; over an iterator of series when it is one."""

    def arguments(rows: List[List[Any]]) -> List[Any]:
        columns = list(zip(*rows)) if rows else [()] * len(types)
        return [
            frame_of(list(c), t, True) if isinstance(t, StructType) else series_of(list(c), t, True) for c, t in zip(columns, types)
        ]

    def once(rows: List[List[Any]]) -> Iterable[Any]:
        given = arguments(rows)
        if not iterator:
            return [f(*given)]
        return f(iter([given[0] if len(given) == 1 else tuple(given)]))

    def run(rows: List[List[Any]]) -> List[Any]:
        values = [v for result in once(rows) for v in values_of(result, returns)]
        if len(values) != len(rows):
            raise RuntimeError(f"Result vector from pandas_udf was not the required length: expected {len(rows)}, got {len(values)}")
        return values

    return run


def batches(rows: List[Any], schema: StructType) -> Iterator[Any]:
    """DataFrames of at most ``BATCH`` rows."""
    for start in range(0, len(rows), BATCH):
        yield frame_of(rows[start : start + BATCH], schema, True)
