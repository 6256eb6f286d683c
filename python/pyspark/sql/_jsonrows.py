"""JSON texts that are in this process already, as a DataFrame."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, List, Optional

from pyspark.sql.types import ArrayType, DataType, NullType, StringType, StructField, StructType
from pyspark.sql.types.infer import infer_struct, merge

if TYPE_CHECKING:
    from pyspark.sql.dataframe import DataFrame
    from pyspark.sql.session import SparkSession

_CORRUPT = "_corrupt_record"


def frame_of(session: "SparkSession", texts: List[str], schema: Optional[StructType]) -> "DataFrame":
    """A row for every text; without a schema it is inferred, names in alphabetical order."""
    records = [_record(text) for text in texts]
    struct = schema or _inferred(records)
    return session._local([_fitted(record, struct) for record in records], struct)


def _record(text: str) -> Any:
    try:
        value = json.loads(text)
    except ValueError:
        return {_CORRUPT: text}
    return value if isinstance(value, dict) else {_CORRUPT: text}


def _inferred(records: List[Any]) -> StructType:
    merged: DataType = StructType()
    for record in records:
        merged = merge(merged, infer_struct(_as_row(record)))
    assert isinstance(merged, StructType)
    return _settled(merged)


def _as_row(value: Any) -> Any:
    """Objects as named rows, so that they become structs and not maps."""
    from pyspark.sql.types import Row

    if isinstance(value, dict):
        return Row.named(list(value), [_as_row(item) for item in value.values()])
    return [_as_row(item) for item in value] if isinstance(value, list) else value


def _settled(data_type: Any) -> Any:
    if isinstance(data_type, StructType):
        fields = sorted(data_type.fields, key=lambda field: field.name)
        return StructType([StructField(field.name, _settled(field.dataType)) for field in fields])
    if isinstance(data_type, ArrayType):
        return ArrayType(_settled(data_type.elementType))
    return StringType() if isinstance(data_type, NullType) else data_type


def _fitted(value: Any, data_type: DataType) -> Any:
    if value is None:
        return None
    if isinstance(data_type, StructType):
        inside = value if isinstance(value, dict) else {}
        return tuple(_fitted(inside.get(field.name), field.dataType) for field in data_type.fields)
    if isinstance(data_type, ArrayType):
        return [_fitted(item, data_type.elementType) for item in value]
    if isinstance(data_type, StringType) and not isinstance(value, str):
        return json.dumps(value, separators=(",", ":"))
    return value
