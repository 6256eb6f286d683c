"""Python values to rows of a ``local`` plan: names, types, checks."""

from __future__ import annotations

import datetime
from typing import Any, Iterable, List, Optional, Tuple

from pyspark._hearth.values import encoder
from pyspark.errors import PySparkTypeError, PySparkValueError
from pyspark.rdd import RDD
from pyspark.sql.types import (
    BooleanType,
    ByteType,
    DataType,
    DoubleType,
    FloatType,
    IntegerType,
    LongType,
    ShortType,
    StructField,
    StructType,
    TimestampType,
)
from pyspark.sql.types.ddl import parse_ddl
from pyspark.sql.types.infer import infer_schema
from pyspark.sql.types.verify import verify


def local_data(data: Any, schema: Any, check: bool) -> Tuple[List[Any], StructType]:
    """The rows as wire values and their struct. Raises Spark's errors for what does not fit."""
    if type(data).__name__ == "DataFrame" and hasattr(data, "iloc"):
        data, schema = _from_pandas(data, schema)
    elif hasattr(data, "dtype") and hasattr(data, "tolist"):
        data = [item if isinstance(item, list) else [item] for item in data.tolist()]
    rows = _rows(data)
    if isinstance(schema, str):
        schema = parse_ddl(schema)
    if isinstance(schema, DataType):
        return _with_schema(rows, schema, check)
    if schema is not None and not isinstance(schema, (list, tuple)):
        raise PySparkTypeError(
            message=f"Argument `schema` should be a list, None, str or StructType, got {type(schema).__name__}.",
            error_class="NOT_LIST_OR_NONE_OR_STRUCT",
        )
    return _inferred(rows, [str(name) for name in schema] if schema is not None else None)


def _rows(data: Any) -> List[Any]:
    if isinstance(data, RDD):
        return data.collect()
    if isinstance(data, Iterable) and not isinstance(data, (str, bytes, dict)):
        return list(data)
    raise PySparkTypeError(
        message=f"Argument `data` should be a list, RDD, pandas.DataFrame or an iterable of rows, got {type(data).__name__}.",
        error_class="NOT_ITERABLE",
    )


def _with_schema(rows: List[Any], schema: DataType, check: bool) -> Tuple[List[Any], StructType]:
    if not isinstance(schema, StructType):
        schema = StructType([StructField("value", schema)])
        rows = [(row,) for row in rows]
    for row in rows if check else ():
        _verify_record(row, schema)
    encode = encoder(schema)
    return [encode(row) for row in rows], schema


def _verify_record(row: Any, schema: StructType) -> None:
    if row is None or not (isinstance(row, (dict, tuple, list)) or hasattr(row, "__dict__")):
        raise PySparkTypeError(
            error_class="CANNOT_ACCEPT_OBJECT_IN_TYPE",
            message_parameters={"data_type": "StructType", "obj_name": str(row), "obj_type": type(row).__name__},
        )
    verify(row, schema, False)


def _inferred(rows: List[Any], names: Optional[List[str]]) -> Tuple[List[Any], StructType]:
    if not rows:
        raise PySparkValueError(error_class="CANNOT_INFER_EMPTY_SCHEMA", message_parameters={})
    if all(isinstance(row, (str, int, float, bool, datetime.date, bytes)) for row in rows):
        raise PySparkTypeError(
            error_class="CANNOT_INFER_SCHEMA_FOR_TYPE", message_parameters={"data_type": type(rows[0]).__name__}
        )
    struct = infer_schema(rows, names)
    encode = encoder(struct)
    encoded = [encode(row) for row in rows]
    width = len(struct.fields)
    for row in encoded:
        row.extend([None] * (width - len(row)))
    if names:
        fields = [StructField(n, f.dataType, f.nullable) for n, f in zip(names, struct.fields)]
        struct = StructType(fields + struct.fields[len(fields):])
    return encoded, struct


def _from_pandas(frame: Any, schema: Any) -> Tuple[List[Tuple[Any, ...]], Any]:
    columns = [_column(frame[name]) for name in frame.columns]
    rows = list(zip(*columns)) if columns else []
    if schema is None:
        schema = [str(name) for name in frame.columns]
    if isinstance(schema, (list, tuple)) and all(isinstance(name, str) for name in schema):
        kinds = [_PANDAS.get(str(dtype)) for dtype in frame.dtypes]
        if all(kind is not None for kind in kinds):
            schema = StructType([StructField(n, k()) for n, k in zip(schema, kinds) if k is not None])
    return rows, schema


def _column(series: Any) -> List[Any]:
    missing = series.isna()
    values = series.astype(object).tolist()
    is_float = str(series.dtype).startswith("float")
    return [None if gone and not is_float else _python(value) for value, gone in zip(values, missing)]


def _python(value: Any) -> Any:
    if hasattr(value, "to_pydatetime"):
        return value.to_pydatetime()
    return value.item() if hasattr(value, "dtype") and hasattr(value, "item") else value


_PANDAS = {
    "int8": ByteType, "int16": ShortType, "int32": IntegerType, "int64": LongType, "bool": BooleanType,
    "float32": FloatType, "float64": DoubleType, "datetime64[ns]": TimestampType,
}  # fmt: skip
