"""Argument checks that many methods share."""

from __future__ import annotations

from typing import Any, List, NoReturn, Sequence, Tuple

from pyspark.errors import PySparkTypeError


def flatten(items: Tuple[Any, ...]) -> List[Any]:
    """The arguments of a method that takes ``*cols`` or one list of them."""
    if len(items) == 1 and isinstance(items[0], (list, set)):
        return list(items[0])
    return list(items)


def wrong(error_class: str, name: str, value: Any) -> NoReturn:
    """Raises Spark's type error for an argument."""
    raise PySparkTypeError(
        error_class=error_class, message_parameters={"arg_name": name, "arg_type": type(value).__name__}
    )


def need_int(value: Any, name: str) -> int:
    """The value when it is an int."""
    if isinstance(value, bool) or not isinstance(value, int):
        wrong("NOT_INT", name, value)
    return value


def need_str(value: Any, name: str) -> str:
    """The value when it is a str."""
    if not isinstance(value, str):
        wrong("NOT_STR", name, value)
    return value


def need_bool(value: Any, name: str) -> bool:
    """The value when it is a bool."""
    if not isinstance(value, bool):
        wrong("NOT_BOOL", name, value)
    return value


def names_of(value: Any, name: str) -> List[str]:
    """A column name, or a list of them, as a list."""
    if isinstance(value, str):
        return [value]
    if not isinstance(value, (list, tuple)):
        wrong("NOT_LIST_OR_STR_OR_TUPLE", name, value)
    return [need_str(item, name) for item in value]


def as_list(value: Any) -> List[Any]:
    """One thing, or several, as a list."""
    if isinstance(value, Sequence) and not isinstance(value, (str, bytes)):
        return list(value)
    return [value]
