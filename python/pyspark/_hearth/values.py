"""Values on the wire: from Python by type, and back."""

from __future__ import annotations

import base64
import datetime
import decimal
import math
from typing import Any, Callable, List

from pyspark.sql.types import base
from pyspark.sql.types.base import DataType
from pyspark.sql.types.nested import ArrayType, MapType, StructType
from pyspark.sql.types.row import Row

Codec = Callable[[Any], Any]

_EPOCH = datetime.datetime(1970, 1, 1)
_EPOCH_UTC = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
_MICROSECOND = datetime.timedelta(microseconds=1)


def micros_of(value: datetime.datetime) -> int:
    """Microseconds since the epoch of an instant; a naive one is local time, as in PySpark."""
    aware = value.astimezone(datetime.timezone.utc)
    return (aware - _EPOCH_UTC) // _MICROSECOND


def local_of(micros: int) -> datetime.datetime:
    """The naive local time of an instant, as ``collect`` gives it in PySpark."""
    seconds, rest = divmod(micros, 1_000_000)
    try:
        return datetime.datetime.fromtimestamp(seconds).replace(microsecond=rest)
    except (OverflowError, OSError, ValueError):
        aware = _EPOCH_UTC + datetime.timedelta(microseconds=micros)
        return aware.astimezone().replace(tzinfo=None)


def encoder(data_type: DataType) -> Codec:
    """The function that turns Python values of a type into wire values."""
    if isinstance(data_type, StructType):
        return _struct_encoder(data_type)
    if isinstance(data_type, ArrayType):
        element = encoder(data_type.elementType)
        return lambda v: None if v is None else [element(item) for item in v]
    if isinstance(data_type, MapType):
        key, value = encoder(data_type.keyType), encoder(data_type.valueType)
        return lambda v: None if v is None else [[key(k), value(x)] for k, x in v.items()]
    return _null_safe(_ENCODE.get(type(data_type), unwrapped))


def decoder(data_type: DataType) -> Codec:
    """The function that turns wire values of a type into Python values."""
    if isinstance(data_type, StructType):
        fields = [decoder(field.dataType) for field in data_type.fields]
        names = data_type.fieldNames()
        return lambda v: None if v is None else Row.named(names, [f(x) for f, x in zip(fields, v)])
    if isinstance(data_type, ArrayType):
        element = decoder(data_type.elementType)
        return lambda v: None if v is None else [element(item) for item in v]
    if isinstance(data_type, MapType):
        key, value = decoder(data_type.keyType), decoder(data_type.valueType)
        return lambda v: None if v is None else {key(k): value(x) for k, x in v}
    return _null_safe(_DECODE.get(type(data_type), unwrapped))


def row_decoder(schema: StructType) -> Callable[[List[Any]], Row]:
    """The function that turns a wire row into a Row; columns that need no change cost nothing."""
    names = schema.fieldNames()
    changes = [(i, decoder(f.dataType)) for i, f in enumerate(schema.fields) if needs_decoding(f.dataType)]

    def decode(values: List[Any]) -> Row:
        for index, change in changes:
            values[index] = change(values[index])
        return Row.named(names, values)

    return decode


def needs_decoding(data_type: DataType) -> bool:
    """Whether wire values of the type differ from Python values."""
    return type(data_type) in _DECODE or isinstance(data_type, (StructType, ArrayType, MapType))


def _struct_encoder(struct: StructType) -> Codec:
    names = struct.fieldNames()
    fields = [encoder(field.dataType) for field in struct.fields]

    def encode(value: Any) -> Any:
        if value is None:
            return None
        return [f(x) for f, x in zip(fields, record_values(value, names))]

    return encode


def record_values(source: Any, names: List[str]) -> List[Any]:
    """The values of a record in the order of the names: dicts and objects by name, the others by position."""
    record: Any = source
    if isinstance(record, dict):
        return [record.get(name) for name in names]
    if isinstance(record, (tuple, list)):
        own = getattr(record, "__fields__", None)
        if own is not None and list(own) != names and len(own) == len(names) and set(own) == set(names):
            return [record[name] for name in names]
        return list(record)
    if hasattr(record, "__dict__"):
        return [record.__dict__.get(name) for name in names]
    return [record]


def _null_safe(change: Codec) -> Codec:
    return lambda v: None if v is None else change(v)


def unwrapped(value: Any) -> Any:
    """A number of numpy as Python's; other values as they are."""
    return value.item() if type(value).__module__ == "numpy" and hasattr(value, "item") else value


def _encode_float(value: Any) -> Any:
    number = float(value)
    if math.isfinite(number):
        return number
    return "NaN" if math.isnan(number) else ("Infinity" if number > 0 else "-Infinity")


def _encode_date(value: Any) -> str:
    day = value.date() if isinstance(value, datetime.datetime) else value
    return str(day.isoformat())


def _encode_ntz(value: datetime.datetime) -> int:
    return (value.replace(tzinfo=None) - _EPOCH) // _MICROSECOND


def _decode_ntz(micros: int) -> datetime.datetime:
    return _EPOCH + datetime.timedelta(microseconds=micros)


_ENCODE = {
    base.FloatType: _encode_float,
    base.DoubleType: _encode_float,
    base.DecimalType: lambda v: format(v, "f"),
    base.DateType: _encode_date,
    base.TimestampType: micros_of,
    base.TimestampNTZType: _encode_ntz,
    base.BinaryType: lambda v: base64.b64encode(v).decode("ascii"),
    base.StringType: lambda v: v if isinstance(v, str) else _spark_text(v),
    base.DayTimeIntervalType: lambda v: v // _MICROSECOND,
}

_DECODE = {
    base.FloatType: float,
    base.DoubleType: float,
    base.DecimalType: decimal.Decimal,
    base.DateType: datetime.date.fromisoformat,
    base.TimestampType: local_of,
    base.TimestampNTZType: _decode_ntz,
    base.BinaryType: lambda v: bytearray(base64.b64decode(v)),
    base.DayTimeIntervalType: lambda v: _decode_interval(v),
}


def _decode_interval(value: Any) -> datetime.timedelta:
    """Microseconds, or the months, days and microseconds in which the engine keeps an interval."""
    if isinstance(value, list):
        return datetime.timedelta(days=value[1], microseconds=value[2])
    return datetime.timedelta(microseconds=value)


def _spark_text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
