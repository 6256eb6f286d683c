"""The schema as the tree that ``printSchema`` prints."""

from __future__ import annotations

from typing import Iterator, Optional

from pyspark.sql.types.base import DataType
from pyspark.sql.types.nested import ArrayType, MapType, StructType


def tree_string(schema: StructType, max_depth: Optional[int] = None) -> str:
    """One line a field, indented by depth, with a line feed at the end."""
    depth = max_depth if max_depth is not None and max_depth > 0 else 2**31 - 1
    return "\n".join(["root", *_children(schema, " |", depth)]) + "\n"


def _children(data_type: DataType, prefix: str, depth: int) -> Iterator[str]:
    if depth <= 0:
        return
    if isinstance(data_type, StructType):
        for field in data_type.fields:
            yield from _line(field.name, field.dataType, f"nullable = {_word(field.nullable)}", prefix, depth)
    elif isinstance(data_type, ArrayType):
        note = f"containsNull = {_word(data_type.containsNull)}"
        yield from _line("element", data_type.elementType, note, prefix, depth)
    elif isinstance(data_type, MapType):
        yield f"{prefix}-- key: {data_type.keyType.treeName()}"
        yield from _children(data_type.keyType, prefix + "    |", depth - 1)
        note = f"valueContainsNull = {_word(data_type.valueContainsNull)}"
        yield from _line("value", data_type.valueType, note, prefix, depth)


def _line(name: str, data_type: DataType, note: str, prefix: str, depth: int) -> Iterator[str]:
    yield f"{prefix}-- {name}: {data_type.treeName()} ({note})"
    yield from _children(data_type, prefix + "    |", depth - 1)


def _word(flag: bool) -> str:
    return "true" if flag else "false"
