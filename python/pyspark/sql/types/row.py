"""Row: a tuple whose values have names."""

from __future__ import annotations

from typing import Any, Dict, List, Optional

from pyspark.errors import PySparkAttributeError, PySparkRuntimeError, PySparkTypeError, PySparkValueError


class Row(tuple):
    """``Row(name="x", age=3)`` is a row; ``Row("name", "age")`` makes rows of these fields when called."""

    __fields__: List[str]

    def __new__(cls, *args: Any, **kwargs: Any) -> "Row":
        if args and kwargs:
            raise PySparkValueError(message="Can not use both args and kwargs to create Row")
        if not kwargs:
            return tuple.__new__(cls, args)
        row = tuple.__new__(cls, kwargs.values())
        row.__fields__ = list(kwargs)
        return row

    @classmethod
    def named(cls, names: List[str], values: Any) -> "Row":
        """A row of names and values, as the engine gives them; names may repeat."""
        row = tuple.__new__(cls, values)
        row.__dict__["__fields__"] = names
        return row

    def asDict(self, recursive: bool = False) -> Dict[str, Any]:
        """The values by name; ``recursive`` also turns the rows inside into dicts."""
        if not hasattr(self, "__fields__"):
            raise PySparkTypeError(message="Cannot convert a Row class into dict")
        values = [_plain(value) for value in self] if recursive else self
        return dict(zip(self.__fields__, values))

    def __contains__(self, item: Any) -> bool:
        if hasattr(self, "__fields__"):
            return item in self.__fields__
        return super().__contains__(item)

    def __call__(self, *args: Any) -> "Row":
        if len(args) > len(self):
            raise PySparkValueError(
                error_class="TOO_MANY_VALUES",
                message_parameters={"expected": str(len(self)), "item": "fields", "actual": str(args)},
            )
        return Row.named(list(self), args)

    def __getitem__(self, item: Any) -> Any:
        if isinstance(item, (int, slice)):
            return super().__getitem__(item)
        index = self._index(item)
        if index is None:
            raise PySparkValueError(message=f"{item}")
        return super().__getitem__(index)

    def __getattr__(self, item: str) -> Any:
        if item.startswith("__"):
            raise AttributeError(item)
        index = self._index(item)
        if index is None:
            raise PySparkAttributeError(message=f"Attribute `{item}` is not supported in a Row without that field.")
        return super().__getitem__(index)

    def __setattr__(self, key: str, value: Any) -> None:
        if key != "__fields__":
            raise PySparkRuntimeError(message="Row is read-only")
        self.__dict__[key] = value

    def __reduce__(self) -> Any:
        if hasattr(self, "__fields__"):
            return (_rebuild, (list(self.__fields__), tuple(self)))
        return tuple.__reduce__(self)

    def __repr__(self) -> str:
        if hasattr(self, "__fields__"):
            pairs = zip(self.__fields__, tuple(self))
            return f"Row({', '.join(f'{name}={value!r}' for name, value in pairs)})"
        return f"<Row({', '.join(repr(field) for field in self)})>"

    def _index(self, name: Any) -> Optional[int]:
        try:
            return self.__fields__.index(name)
        except (AttributeError, ValueError):
            return None


def _rebuild(names: List[str], values: Any) -> Row:
    return Row.named(names, values)


def _plain(value: Any) -> Any:
    if isinstance(value, Row):
        return value.asDict(True)
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return value

