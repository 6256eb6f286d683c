"""The type of Python values, as ``createDataFrame`` without a schema needs it."""

from __future__ import annotations

import datetime
import decimal
from typing import Any, Dict, Iterable, List, Optional, Type

from pyspark.errors import PySparkTypeError, PySparkValueError
from pyspark.sql.types import base
from pyspark.sql.types.base import DataType, NullType
from pyspark.sql.types.nested import ArrayType, MapType, StructField, StructType
from pyspark.sql.types.row import Row

_BY_CLASS: Dict[Type[Any], DataType] = {
    type(None): NullType(), bool: base.BooleanType(), int: base.LongType(), float: base.DoubleType(),
    str: base.StringType(), bytes: base.BinaryType(), bytearray: base.BinaryType(),
    decimal.Decimal: base.DecimalType(38, 18), datetime.date: base.DateType(),
    datetime.datetime: base.TimestampType(), datetime.timedelta: base.DayTimeIntervalType(),
}  # fmt: skip


def infer_type(value: Any) -> DataType:
    """The type of one value. Raises ``PySparkTypeError`` for a class that has none."""
    found = _BY_CLASS.get(type(value))
    if found is not None:
        return found
    if isinstance(value, Row) or hasattr(value, "_fields"):
        return infer_struct(value)
    if isinstance(value, dict):
        return _infer_map(value)
    if isinstance(value, (list, set)):
        return ArrayType(_merge_all(infer_type(item) for item in value))
    if isinstance(value, tuple):
        return infer_struct(value)
    for cls, data_type in _BY_CLASS.items():
        if cls is not type(None) and isinstance(value, cls):
            return data_type
    if type(value).__module__ == "numpy" and hasattr(value, "item"):
        return infer_type(value.item())
    if hasattr(value, "__dict__"):
        return infer_struct(value)
    raise PySparkTypeError(
        error_class="CANNOT_INFER_SCHEMA_FOR_TYPE", message_parameters={"data_type": type(value).__name__}
    )


def _infer_map(value: Dict[Any, Any]) -> DataType:
    keys = _merge_all(infer_type(key) for key in value if key is not None)
    return MapType(keys, _merge_all(infer_type(item) for item in value.values()))


def infer_struct(row: Any, names: Optional[List[str]] = None) -> StructType:
    """The struct of one record: a dict, a Row, a tuple, a list or an object with attributes."""
    if isinstance(row, dict):
        # As Spark does: the columns of dicts are in the order of their names.
        items = sorted(row.items(), key=lambda item: str(item[0]))
    elif isinstance(row, (tuple, list)):
        items = list(zip(_names_of(row, names), row))
    elif hasattr(row, "__dict__"):
        items = sorted(row.__dict__.items())
    else:
        raise PySparkTypeError(
            error_class="CANNOT_INFER_SCHEMA_FOR_TYPE", message_parameters={"data_type": type(row).__name__}
        )
    return StructType([_field(name, value) for name, value in items])


def _names_of(row: Any, names: Optional[List[str]]) -> List[str]:
    own = getattr(row, "__fields__", None) or getattr(row, "_fields", None)
    known = list(own or names or [])
    return known + [f"_{n}" for n in range(len(known) + 1, len(row) + 1)]


def _field(name: Any, value: Any) -> StructField:
    try:
        return StructField(str(name), infer_type(value))
    except PySparkTypeError as cause:
        raise PySparkTypeError(
            message=f"Unable to infer the type of the field `{name}`: {cause}", error_class="CANNOT_INFER_TYPE_FOR_FIELD"
        ) from None


def infer_schema(rows: List[Any], names: Optional[List[str]] = None) -> StructType:
    """The struct that all records fit into. Raises when there is none, or a type stays unknown."""
    if not rows:
        raise PySparkValueError(error_class="CANNOT_INFER_EMPTY_SCHEMA", message_parameters={})
    merged: DataType = infer_struct(rows[0], names)
    for row in rows[1:]:
        merged = merge(merged, infer_struct(row, names))
    if has_unknown(merged):
        raise PySparkValueError(error_class="CANNOT_DETERMINE_TYPE", message_parameters={})
    assert isinstance(merged, StructType)
    return merged


def _merge_all(types: Iterable[DataType]) -> DataType:
    merged: DataType = NullType()
    for data_type in types:
        merged = merge(merged, data_type)
    return merged


def merge(a: DataType, b: DataType, name: Optional[str] = None) -> DataType:
    """The type that holds the values of both. Raises ``PySparkTypeError`` when there is none."""
    if isinstance(a, NullType) or a == b:
        return b
    if isinstance(b, NullType):
        return a
    if isinstance(a, base.LongType) and isinstance(b, base.DoubleType):
        return b
    if isinstance(a, base.DoubleType) and isinstance(b, base.LongType):
        return a
    if isinstance(a, StructType) and isinstance(b, StructType):
        return _merge_structs(a, b)
    if isinstance(a, ArrayType) and isinstance(b, ArrayType):
        return ArrayType(merge(a.elementType, b.elementType, f"element in array {name}"), True)
    if isinstance(a, MapType) and isinstance(b, MapType):
        return MapType(merge(a.keyType, b.keyType), merge(a.valueType, b.valueType), True)
    if type(a) is not type(b) or type(a) in (ArrayType, MapType, StructType):
        prefix = f"{name}: " if name else ""
        raise PySparkTypeError(
            message=f"{prefix}Can not merge type `{type(a).__name__}` and `{type(b).__name__}`.",
            error_class="CANNOT_MERGE_TYPE",
            message_parameters={"data_type1": type(a).__name__, "data_type2": type(b).__name__},
        )
    return a


def _merge_structs(a: StructType, b: StructType) -> StructType:
    others = {field.name: field for field in b.fields}
    fields = []
    for field in a.fields:
        other = others.pop(field.name, None)
        kind = merge(field.dataType, other.dataType, f"field {field.name}") if other else field.dataType
        fields.append(StructField(field.name, kind))
    return StructType(fields + [StructField(rest.name, rest.dataType) for rest in others.values()])


def has_unknown(data_type: DataType) -> bool:
    """Whether a part of the type is still only ``NULL``."""
    if isinstance(data_type, StructType):
        return any(has_unknown(field.dataType) for field in data_type.fields)
    if isinstance(data_type, ArrayType):
        return has_unknown(data_type.elementType)
    if isinstance(data_type, MapType):
        return has_unknown(data_type.keyType) or has_unknown(data_type.valueType)
    return isinstance(data_type, NullType)
