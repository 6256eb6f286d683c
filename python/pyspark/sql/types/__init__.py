"""``pyspark.sql.types``: the types of columns, and Row."""

from typing import Union

from pyspark.sql.types.base import (
    AtomicType,
    BinaryType,
    BooleanType,
    ByteType,
    CalendarIntervalType,
    CharType,
    DataType,
    DateType,
    DayTimeIntervalType,
    DecimalType,
    DoubleType,
    FloatType,
    FractionalType,
    IntegerType,
    IntegralType,
    LongType,
    NullType,
    NumericType,
    ShortType,
    StringType,
    TimestampNTZType,
    TimestampType,
    VarcharType,
    YearMonthIntervalType,
)
from pyspark.sql.types.ddl import parse_ddl
from pyspark.sql.types.nested import ArrayType, MapType, StructField, StructType, from_json, from_json_value
from pyspark.sql.types.row import Row


def _parse_datatype_string(s: str) -> DataType:
    """The type of a DDL text (a name that PySpark code uses)."""
    return parse_ddl(s)


def _parse_datatype_json_string(json_string: str) -> DataType:
    """The type of a JSON text (a name that PySpark code uses)."""
    return from_json(json_string)


def _parse_datatype_json_value(json_value: Union[str, dict]) -> DataType:
    """The type of parsed JSON (a name that PySpark code uses)."""
    return from_json_value(json_value)


def _create_row(fields: list, values: list) -> Row:
    """A row of names and values (a name that PySpark code uses)."""
    return Row.named(list(fields), values)


__all__ = [
    "DataType", "NullType", "CharType", "StringType", "VarcharType", "BinaryType", "BooleanType", "DateType",
    "TimestampType", "TimestampNTZType", "DecimalType", "DoubleType", "FloatType", "ByteType", "IntegerType",
    "LongType", "DayTimeIntervalType", "YearMonthIntervalType", "CalendarIntervalType", "Row", "ShortType",
    "ArrayType", "StructField", "StructType", "MapType", "AtomicType", "NumericType", "IntegralType",
    "FractionalType",
]  # fmt: skip
