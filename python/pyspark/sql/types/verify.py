"""Checks that a Python value fits a type, as ``createDataFrame(verifySchema=True)`` does."""

from __future__ import annotations

import datetime
import decimal
from typing import Any, Dict, NoReturn, Tuple, Type

from pyspark.errors import PySparkTypeError, PySparkValueError
from pyspark.sql.types import base
from pyspark.sql.types.base import DataType
from pyspark.sql.types.nested import ArrayType, MapType, StructType

_CLASSES: Dict[Type[DataType], Tuple[type, ...]] = {
    base.BooleanType: (bool,), base.ByteType: (int,), base.ShortType: (int,), base.IntegerType: (int,),
    base.LongType: (int,), base.FloatType: (float,), base.DoubleType: (float,),
    base.DecimalType: (decimal.Decimal,), base.BinaryType: (bytearray, bytes),
    base.DateType: (datetime.date, datetime.datetime), base.TimestampType: (datetime.datetime,),
    base.TimestampNTZType: (datetime.datetime,), base.DayTimeIntervalType: (datetime.timedelta,),
    ArrayType: (list, tuple), MapType: (dict,),
}  # fmt: skip

_BITS: Dict[Type[DataType], int] = {
    base.ByteType: 8,
    base.ShortType: 16,
    base.IntegerType: 32,
    base.LongType: 64,
}


def verify(value: Any, data_type: DataType, nullable: bool = True, path: str = "") -> None:
    """Raises ``PySparkTypeError`` or ``PySparkValueError`` naming the field when the value does not fit."""
    if value is None:
        if not nullable and not isinstance(data_type, base.NullType):
            _refuse_null(path)
        return
    if isinstance(data_type, StructType):
        _verify_struct(value, data_type, path)
        return
    classes = _CLASSES.get(type(data_type))
    if classes is None:
        return
    if not isinstance(value, classes) or (isinstance(value, bool) and bool not in classes):
        _refuse(value, data_type, path)
    if type(data_type) in _BITS:
        _verify_range(value, data_type, path)
    elif isinstance(data_type, ArrayType):
        for index, item in enumerate(value):
            verify(item, data_type.elementType, data_type.containsNull, f"element in array {path or '[%d]' % index}")
    elif isinstance(data_type, MapType):
        for key, item in value.items():
            verify(key, data_type.keyType, False, f"key of map {path}")
            verify(item, data_type.valueType, data_type.valueContainsNull, f"value of map {path}")


def _verify_struct(record: Any, struct: StructType, path: str) -> None:
    value: Any = record
    if isinstance(value, dict):
        values = [value.get(field.name) for field in struct.fields]
    elif isinstance(value, (tuple, list)):
        if len(value) != len(struct.fields):
            raise PySparkValueError(
                message=f"{path + ': ' if path else ''}Length of object ({len(value)}) does not match with length of "
                f"fields ({len(struct.fields)}).",
                error_class="LENGTH_SHOULD_BE_THE_SAME",
            )
        own = getattr(value, "__fields__", None)
        by_name = own is not None and set(own) == set(struct.names) and len(own) == len(struct.names)
        values = [value[name] for name in struct.names] if by_name else list(value)
    elif hasattr(value, "__dict__"):
        values = [value.__dict__.get(field.name) for field in struct.fields]
    else:
        _refuse(value, struct, path)
    for field, item in zip(struct.fields, values):
        verify(item, field.dataType, field.nullable, f"field {field.name}" + (f" in {path}" if path else ""))


def _verify_range(value: int, data_type: DataType, path: str) -> None:
    bits = _BITS[type(data_type)]
    if not -(1 << (bits - 1)) <= value < 1 << (bits - 1):
        raise PySparkValueError(
            message=f"{path + ': ' if path else ''}object of {type(data_type).__name__} out of range, got: {value}",
            error_class="VALUE_OUT_OF_BOUND",
        )


def _refuse(value: Any, data_type: DataType, path: str) -> NoReturn:
    text = f"`{data_type!r}` can not accept object `{value}` in type `{type(value).__name__}`."
    raise PySparkTypeError(
        message=f"{path}: {text}" if path else text,
        error_class="CANNOT_ACCEPT_OBJECT_IN_TYPE",
        message_parameters={"data_type": repr(data_type), "obj_name": str(value), "obj_type": type(value).__name__},
    )


def _refuse_null(path: str) -> NoReturn:
    text = "Field is not nullable, but got None."
    raise PySparkValueError(
        message=f"{path}: {text}" if path else text,
        error_class="FIELD_NOT_NULLABLE_WITH_NAME" if path else "FIELD_NOT_NULLABLE",
    )
