"""Expressions as the text that ``repr(column)`` shows. For people; the engine names the columns of results."""

from __future__ import annotations

from typing import Any, Callable, Dict

from pyspark.sql.types.nested import from_json_value

_INFIX = {
    "+": "+", "-": "-", "*": "*", "/": "/", "%": "%", "==": "=", "<": "<", "<=": "<=", ">": ">", ">=": ">=",
    "<=>": "<=>", "and": "AND", "or": "OR", "bitand": "&", "bitor": "|", "bitxor": "^",
}  # fmt: skip


def show(e: Dict[str, Any]) -> str:
    """The text of an expression."""
    return _SHOW.get(e["t"], lambda x: x["t"])(e)


def _call(e: Dict[str, Any]) -> str:
    name, args = e["name"], [show(arg) for arg in e["args"]]
    if name in _INFIX and len(args) == 2:
        return f"({args[0]} {_INFIX[name]} {args[1]})"
    if name == "!=":
        return f"(NOT ({args[0]} = {args[1]}))"
    if name == "not":
        return f"(NOT {args[0]})"
    if name in ("isnull", "isnotnull"):
        return f"({args[0]} IS {'NOT ' if name == 'isnotnull' else ''}NULL)"
    if name == "in":
        return f"({args[0]} IN ({', '.join(args[1:])}))"
    if name in ("like", "ilike", "rlike"):
        return f"{args[0]} {name.upper()} {args[1]}" if name != "rlike" else f"RLIKE({args[0]}, {args[1]})"
    if name in ("getfield", "getitem"):
        return f"{args[0]}[{args[1]}]"
    distinct = "DISTINCT " if e.get("distinct") else ""
    return f"{name}({distinct}{', '.join(args)})"


def _lit(e: Dict[str, Any]) -> str:
    value = e["value"]
    if value is None:
        return "NULL"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _case(e: Dict[str, Any]) -> str:
    branches = " ".join(f"WHEN {show(when)} THEN {show(then)}" for when, then in e["when"])
    otherwise = f" ELSE {show(e['else'])}" if "else" in e else ""
    return f"CASE {branches}{otherwise} END"


def _sort(e: Dict[str, Any]) -> str:
    return f"{show(e['e'])} {'ASC' if e['asc'] else 'DESC'} NULLS {e['nulls'].upper()}"


def _alias(e: Dict[str, Any]) -> str:
    names = e["name"] if "name" in e else f"multialias({', '.join(e['names'])})"
    return f"{show(e['e'])} AS {names}"


def _window(e: Dict[str, Any]) -> str:
    parts = []
    if e["partition"]:
        parts.append("PARTITION BY " + ", ".join(show(x) for x in e["partition"]))
    if e["order"]:
        parts.append("ORDER BY " + ", ".join(_sort(x) for x in e["order"]))
    frame = e.get("frame")
    if frame:
        parts.append(f"{frame['type'].upper()} BETWEEN {frame['start']} AND {frame['end']}")
    return f"{show(e['e'])} OVER ({' '.join(parts)})"


_SHOW: Dict[str, Callable[[Dict[str, Any]], str]] = {
    "col": lambda e: str(e["name"]),
    "star": lambda e: f"{e['of']}.*" if "of" in e else "*",
    "lit": _lit,
    "call": _call,
    "cast": lambda e: f"CAST({show(e['e'])} AS {from_json_value(e['type']).simpleString().upper()})",
    "case": _case,
    "alias": _alias,
    "expr": lambda e: str(e["text"]),
    "sort": _sort,
    "window": _window,
    "lambda": lambda e: f"lambdafunction({show(e['body'])}, {', '.join(e['params'])})",
}
