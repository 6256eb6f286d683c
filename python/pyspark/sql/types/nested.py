"""Arrays, maps and structs."""

from __future__ import annotations

import json
from typing import Any, Dict, Iterator, List, Optional, Union

from pyspark.errors import PySparkIndexError, PySparkTypeError, PySparkValueError
from pyspark.sql.types.base import DataType, JsonType, from_name


class ArrayType(DataType):
    """A list of elements of one type."""

    def __init__(self, elementType: DataType, containsNull: bool = True) -> None:
        _need_type(elementType, "elementType")
        self.elementType = elementType
        self.containsNull = containsNull

    def simpleString(self) -> str:
        return f"array<{self.elementType.simpleString()}>"

    def __repr__(self) -> str:
        return f"ArrayType({self.elementType}, {self.containsNull})"

    def jsonValue(self) -> JsonType:
        return {
            "type": "array",
            "elementType": self.elementType.jsonValue(),
            "containsNull": self.containsNull,
        }

    @classmethod
    def fromJson(cls, json: Dict[str, Any]) -> "ArrayType":
        """The type of its JSON form."""
        return cls(from_json_value(json["elementType"]), json.get("containsNull", True))


class MapType(DataType):
    """Keys of one type with values of another."""

    def __init__(self, keyType: DataType, valueType: DataType, valueContainsNull: bool = True) -> None:
        _need_type(keyType, "keyType")
        _need_type(valueType, "valueType")
        self.keyType = keyType
        self.valueType = valueType
        self.valueContainsNull = valueContainsNull

    def simpleString(self) -> str:
        return f"map<{self.keyType.simpleString()},{self.valueType.simpleString()}>"

    def __repr__(self) -> str:
        return f"MapType({self.keyType}, {self.valueType}, {self.valueContainsNull})"

    def jsonValue(self) -> JsonType:
        return {
            "type": "map",
            "keyType": self.keyType.jsonValue(),
            "valueType": self.valueType.jsonValue(),
            "valueContainsNull": self.valueContainsNull,
        }

    @classmethod
    def fromJson(cls, json: Dict[str, Any]) -> "MapType":
        """The type of its JSON form."""
        value_null = json.get("valueContainsNull", True)
        return cls(from_json_value(json["keyType"]), from_json_value(json["valueType"]), value_null)


class StructField(DataType):
    """One field of a struct."""

    def __init__(
        self, name: str, dataType: DataType, nullable: bool = True, metadata: Optional[Dict[str, Any]] = None
    ) -> None:
        _need_type(dataType, "dataType")
        if not isinstance(name, str):
            raise PySparkTypeError(
                error_class="NOT_STR", message_parameters={"arg_name": "name", "arg_type": type(name).__name__}
            )
        self.name = name
        self.dataType = dataType
        self.nullable = nullable
        self.metadata = metadata or {}

    def simpleString(self) -> str:
        return f"{self.name}:{self.dataType.simpleString()}"

    def __repr__(self) -> str:
        return f"StructField('{self.name}', {self.dataType}, {self.nullable})"

    def jsonValue(self) -> JsonType:
        return {
            "name": self.name,
            "type": self.dataType.jsonValue(),
            "nullable": self.nullable,
            "metadata": self.metadata,
        }

    @classmethod
    def fromJson(cls, json: Dict[str, Any]) -> "StructField":
        """The field of its JSON form."""
        return cls(json["name"], from_json_value(json["type"]), json.get("nullable", True), json.get("metadata"))

    def typeName(self) -> str:  # type: ignore[override]
        raise PySparkTypeError(message="StructField does not have typeName. Use typeName on its type explicitly instead.")


class StructType(DataType):
    """A row: an ordered list of fields."""

    def __init__(self, fields: Optional[List[StructField]] = None) -> None:
        self.fields: List[StructField] = list(fields or [])
        self.names: List[str] = [field.name for field in self.fields]

    def add(
        self,
        field: Union[str, StructField],
        data_type: Union[str, DataType, None] = None,
        nullable: bool = True,
        metadata: Optional[Dict[str, Any]] = None,
    ) -> "StructType":
        """Appends a field and gives this struct: a StructField, or a name with a type or its DDL name."""
        if not isinstance(field, StructField):
            if data_type is None:
                raise PySparkValueError(
                    error_class="ARGUMENT_REQUIRED",
                    message_parameters={"arg_name": "data_type", "condition": "passing name of struct_field to create"},
                )
            field = StructField(field, _as_type(data_type), nullable, metadata)
        self.fields.append(field)
        self.names.append(field.name)
        return self

    @classmethod
    def fromDDL(cls, ddl: str) -> "StructType":
        """The struct of a text such as ``"id BIGINT, name STRING"``."""
        from pyspark.sql.types.ddl import parse_ddl

        parsed = parse_ddl(ddl)
        return parsed if isinstance(parsed, StructType) else cls([StructField("value", parsed)])

    def __iter__(self) -> Iterator[StructField]:
        return iter(self.fields)

    def __len__(self) -> int:
        return len(self.fields)

    def __getitem__(self, key: Union[str, int, slice]) -> Any:
        if isinstance(key, str):
            for field in self.fields:
                if field.name == key:
                    return field
            raise KeyError(f"No StructField named {key}")
        if isinstance(key, int):
            try:
                return self.fields[key]
            except IndexError:
                raise PySparkIndexError(message="StructType index out of range") from None
        if isinstance(key, slice):
            return StructType(self.fields[key])
        raise PySparkTypeError(message="StructType keys should be strings, integers or slices")

    def simpleString(self) -> str:
        return f"struct<{','.join(field.simpleString() for field in self.fields)}>"

    def __repr__(self) -> str:
        return f"StructType([{', '.join(repr(field) for field in self.fields)}])"

    def jsonValue(self) -> JsonType:
        return {"type": "struct", "fields": [field.jsonValue() for field in self.fields]}

    @classmethod
    def fromJson(cls, json: Dict[str, Any]) -> "StructType":
        """The struct of its JSON form."""
        return cls([StructField.fromJson(field) for field in json["fields"]])

    def fieldNames(self) -> List[str]:
        """The names of the fields, in order."""
        return list(self.names)

    def treeString(self, maxDepth: Optional[int] = None) -> str:
        """The text that ``printSchema`` prints."""
        from pyspark.sql.types.tree import tree_string

        return tree_string(self, maxDepth)


_NESTED: Dict[str, Any] = {"array": ArrayType, "map": MapType, "struct": StructType}


def from_json_value(value: JsonType) -> DataType:
    """The type of Spark's JSON form, already parsed."""
    if isinstance(value, str):
        try:
            return from_name(value)
        except ValueError as cause:
            raise PySparkValueError(
                error_class="CANNOT_PARSE_DATATYPE", message_parameters={"msg": str(cause)}
            ) from None
    kind = _NESTED.get(value.get("type", ""))
    if kind is None:
        raise PySparkValueError(
            error_class="CANNOT_PARSE_DATATYPE", message_parameters={"msg": f"unsupported type {value.get('type')}"}
        )
    parsed: DataType = kind.fromJson(value)
    return parsed


def from_json(text: str) -> DataType:
    """The type of Spark's JSON form as text."""
    return from_json_value(json.loads(text))


def _as_type(data_type: Union[str, DataType]) -> DataType:
    if isinstance(data_type, DataType):
        return data_type
    from pyspark.sql.types.ddl import parse_ddl

    return parse_ddl(data_type)


def _need_type(value: Any, name: str) -> None:
    if not isinstance(value, DataType):
        raise PySparkTypeError(
            message=f"Argument `{name}` should be a DataType, got {type(value).__name__}.",
            error_class="NOT_DATATYPE",
        )
