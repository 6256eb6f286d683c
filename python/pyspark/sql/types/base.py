"""DataType, and the types without parts."""

from __future__ import annotations

import json
import re
from typing import Any, ClassVar, Dict, Type, Union

JsonType = Union[str, Dict[str, Any]]


class DataType:
    """A Spark SQL type. Equal when the class and the parts are equal."""

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"

    def __hash__(self) -> int:
        return hash(repr(self))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, type(self)) and self.__dict__ == other.__dict__

    def __ne__(self, other: object) -> bool:
        return not self == other

    @classmethod
    def typeName(cls) -> str:
        """The name in Spark's JSON, such as ``long``."""
        return cls.__name__[:-4].lower()

    def simpleString(self) -> str:
        """The name in SQL and in ``dtypes``, such as ``bigint``."""
        return self.typeName()

    def jsonValue(self) -> JsonType:
        """The type as Spark's JSON schema form."""
        return self.typeName()

    def json(self) -> str:
        """``jsonValue`` as text."""
        return json.dumps(self.jsonValue(), separators=(",", ":"), sort_keys=True)

    def needConversion(self) -> bool:
        """Kept for PySpark's API: this front end converts values by itself."""
        return False

    def toInternal(self, obj: Any) -> Any:
        """Kept for PySpark's API: the value as it is."""
        return obj

    def fromInternal(self, obj: Any) -> Any:
        """Kept for PySpark's API: the value as it is."""
        return obj

    def treeName(self) -> str:
        """The word in ``printSchema``."""
        return self.typeName()


class NullType(DataType):
    """The type of ``NULL`` alone."""

    @classmethod
    def typeName(cls) -> str:
        return "void"


class AtomicType(DataType):
    """A type without parts."""


class NumericType(AtomicType):
    """A number."""


class IntegralType(NumericType):
    """A whole number."""


class FractionalType(NumericType):
    """A number with a fraction."""


class StringType(AtomicType):
    """Text of any length."""


class CharType(AtomicType):
    """Text of a fixed length."""

    def __init__(self, length: int) -> None:
        self.length = length

    def simpleString(self) -> str:
        return f"char({self.length})"

    def jsonValue(self) -> JsonType:
        return self.simpleString()

    def __repr__(self) -> str:
        return f"CharType({self.length})"


class VarcharType(AtomicType):
    """Text with a greatest length."""

    def __init__(self, length: int) -> None:
        self.length = length

    def simpleString(self) -> str:
        return f"varchar({self.length})"

    def jsonValue(self) -> JsonType:
        return self.simpleString()

    def __repr__(self) -> str:
        return f"VarcharType({self.length})"


class BinaryType(AtomicType):
    """Bytes."""


class BooleanType(AtomicType):
    """True or false."""


class DateType(AtomicType):
    """A calendar day."""


class TimestampType(AtomicType):
    """An instant, in microseconds; shown in the session's time zone."""


class TimestampNTZType(AtomicType):
    """A local date and time without zone, in microseconds."""

    @classmethod
    def typeName(cls) -> str:
        return "timestamp_ntz"


class DecimalType(FractionalType):
    """A decimal number of ``precision`` digits, ``scale`` of them after the point."""

    def __init__(self, precision: int = 10, scale: int = 0) -> None:
        self.precision = precision
        self.scale = scale
        self.hasPrecisionInfo = True

    def simpleString(self) -> str:
        return f"decimal({self.precision},{self.scale})"

    def jsonValue(self) -> JsonType:
        return self.simpleString()

    def treeName(self) -> str:
        return self.simpleString()

    def __repr__(self) -> str:
        return f"DecimalType({self.precision},{self.scale})"


class DoubleType(FractionalType):
    """A 64-bit floating-point number."""


class FloatType(FractionalType):
    """A 32-bit floating-point number."""


class ByteType(IntegralType):
    """A signed 8-bit number."""

    def simpleString(self) -> str:
        return "tinyint"


class ShortType(IntegralType):
    """A signed 16-bit number."""

    def simpleString(self) -> str:
        return "smallint"


class IntegerType(IntegralType):
    """A signed 32-bit number."""

    def simpleString(self) -> str:
        return "int"


class LongType(IntegralType):
    """A signed 64-bit number."""

    def simpleString(self) -> str:
        return "bigint"


class DayTimeIntervalType(AtomicType):
    """A span of days to microseconds."""

    DAY, HOUR, MINUTE, SECOND = 0, 1, 2, 3
    _NAMES: ClassVar[Dict[int, str]] = {0: "day", 1: "hour", 2: "minute", 3: "second"}

    def __init__(self, startField: int = 0, endField: int = 3) -> None:
        self.startField = startField
        self.endField = endField

    def simpleString(self) -> str:
        start, end = self._NAMES[self.startField], self._NAMES[self.endField]
        return f"interval {start}" if start == end else f"interval {start} to {end}"

    def jsonValue(self) -> JsonType:
        return self.simpleString()

    def treeName(self) -> str:
        return self.simpleString()

    def __repr__(self) -> str:
        return f"DayTimeIntervalType({self.startField}, {self.endField})"


class YearMonthIntervalType(AtomicType):
    """A span of years and months."""

    YEAR, MONTH = 0, 1
    _NAMES: ClassVar[Dict[int, str]] = {0: "year", 1: "month"}

    def __init__(self, startField: int = 0, endField: int = 1) -> None:
        self.startField = startField
        self.endField = endField

    def simpleString(self) -> str:
        start, end = self._NAMES[self.startField], self._NAMES[self.endField]
        return f"interval {start}" if start == end else f"interval {start} to {end}"

    def jsonValue(self) -> JsonType:
        return self.simpleString()

    def treeName(self) -> str:
        return self.simpleString()

    def __repr__(self) -> str:
        return f"YearMonthIntervalType({self.startField}, {self.endField})"


class CalendarIntervalType(AtomicType):
    """The older interval of months, days and microseconds."""

    @classmethod
    def typeName(cls) -> str:
        return "interval"


ATOMIC: Dict[str, Type[DataType]] = {
    cls.typeName(): cls
    for cls in (
        NullType, StringType, BinaryType, BooleanType, DateType, TimestampType, TimestampNTZType,
        DoubleType, FloatType, ByteType, ShortType, IntegerType, LongType, CalendarIntervalType,
    )
}  # fmt: skip

_SIZED = re.compile(r"^(decimal|char|varchar)\s*\(\s*(-?\d+)\s*(?:,\s*(-?\d+)\s*)?\)$")
_FIELDS_DT = {"day": 0, "hour": 1, "minute": 2, "second": 3}
_FIELDS_YM = {"year": 0, "month": 1}


def from_name(name: str) -> DataType:
    """The type for a name of Spark's JSON form that has no parts. Raises ``ValueError`` for an unknown name."""
    if name in ATOMIC:
        return ATOMIC[name]()
    if name == "decimal":
        return DecimalType()
    if name in ("null", "timestamp_ltz"):
        return NullType() if name == "null" else TimestampType()
    if name.startswith("interval "):
        return _interval(name[len("interval "):])
    sized = _SIZED.match(name)
    if sized is None:
        raise ValueError(f"unknown type: {name}")
    kind, first, second = sized.groups()
    if kind == "decimal":
        return DecimalType(int(first), int(second or 0))
    return CharType(int(first)) if kind == "char" else VarcharType(int(first))


def _interval(fields: str) -> DataType:
    parts = [part.strip() for part in fields.split(" to ")]
    start, end = parts[0], parts[-1]
    if start in _FIELDS_DT and end in _FIELDS_DT:
        return DayTimeIntervalType(_FIELDS_DT[start], _FIELDS_DT[end])
    if start in _FIELDS_YM and end in _FIELDS_YM:
        return YearMonthIntervalType(_FIELDS_YM[start], _FIELDS_YM[end])
    raise ValueError(f"unknown type: interval {fields}")
