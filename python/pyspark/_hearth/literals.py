"""Options, formats and settings that stand in a job's text as they will be used."""

from __future__ import annotations

import ast
import re
from typing import Iterator, List, NamedTuple, Optional, Tuple

from pyspark._hearth import refusals

_READERS = ("csv", "json", "text", "parquet", "orc")
_ENDS = ("load", "save", "saveAsTable", "insertInto", "table")
_SET = re.compile(r"\s*SET\s+(spark\.[\w.]+)\s*=\s*(\S+)\s*$", re.IGNORECASE)


_COMMAND = re.compile(r"\s*(LOAD\s+DATA|CREATE\s+(?:OR\s+REPLACE\s+)?(?:TEMPORARY\s+)?FUNCTION(?=\s+[\w.`]+\s+AS\b))", re.IGNORECASE)
_SQL_FUNCTION = re.compile(r"\s*(CREATE\s+(?:OR\s+REPLACE\s+)?(?:TEMPORARY\s+)?FUNCTION)(?=\s+(?:IF\s+NOT\s+EXISTS\s+)?[\w.`]+\s*\()", re.IGNORECASE)


class Refusal(NamedTuple):
    """What will be refused, and why."""

    line: int
    name: str
    state: str
    note: str


def refused(tree: ast.AST) -> Iterator[Refusal]:
    """The refusals of a job, in no order."""
    inner = {id(node.func.value) for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)}
    inner |= {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield from _setting(node)
            if id(node) not in inner:
                yield from _chain(node)


def _setting(call: ast.Call) -> Iterator[Refusal]:
    assert isinstance(call.func, ast.Attribute)
    pair: Optional[Tuple[str, str]] = None
    texts = [_text(arg) for arg in call.args]
    if call.func.attr in ("config", "set", "setIfMissing") and len(texts) == 2 and texts[0] and texts[1] is not None:
        pair = texts[0], texts[1]
    elif call.func.attr == "sql" and texts and texts[0] and (found := _SET.match(texts[0])):
        pair = found[1], found[2]
    if call.func.attr == "sql" and texts and texts[0] and (command := _COMMAND.match(texts[0])):
        yield Refusal(call.lineno, " ".join(command[1].upper().split()), "unsupported", "the statement is not there")
    elif call.func.attr == "sql" and texts and texts[0] and (function := _SQL_FUNCTION.match(texts[0])):
        yield Refusal(call.lineno, " ".join(function[1].upper().split()), "differs", "SQL functions are Spark 4's: other releases refuse them")
    if pair and pair[0].startswith("spark.") and (note := refusals.setting(*pair)):
        yield Refusal(call.lineno, pair[0], "unsupported", note)


def _chain(end: ast.Call) -> Iterator[Refusal]:
    calls, side = _calls(end)
    if side is None:
        return
    kind, line = None, end.lineno
    for name, call in calls:
        if name == "format" and call.args and _text(call.args[0]):
            kind, line = str(_text(call.args[0])).lower(), call.lineno
        elif name in _READERS:
            kind, line = name, call.lineno
    if kind is None and any(name in _ENDS for name, _ in calls):
        kind = "parquet"
    if kind is None:
        return
    if (note := refusals.format_of(kind)) is not None:
        yield Refusal(line, f"format {kind}", "unsupported", note)
        return
    for name, call in calls:
        for option, value in _options(name, call):
            note = refusals.option(side, kind, option, value)
            if note:
                yield Refusal(call.lineno, f"option {option}", "unsupported", f"{note} in {'reading' if side == 'read' else 'writing'} {kind}")


def _calls(end: ast.Call) -> Tuple[List[Tuple[str, ast.Call]], Optional[str]]:
    """The calls of a chain from its root, and whether it reads or writes."""
    found: List[Tuple[str, ast.Call]] = []
    side: Optional[str] = None
    node: ast.AST = end
    while isinstance(node, (ast.Call, ast.Attribute)):
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Attribute):
                found.append((node.func.attr, node))
                node = node.func.value
            else:
                break
        else:
            side = side or (node.attr if node.attr in ("read", "write") else None)
            node = node.value
    found.reverse()
    return found, side


def _options(name: str, call: ast.Call) -> Iterator[Tuple[str, str]]:
    if name == "option" and len(call.args) == 2:
        pairs = [(_text(call.args[0]), _text(call.args[1]))]
    elif name in ("options", *_READERS, *_ENDS):
        pairs = [(word.arg, _text(word.value)) for word in call.keywords]
    else:
        pairs = []
    for option, value in pairs:
        if option is not None and value is not None:
            yield option, value


def _text(node: ast.AST) -> Optional[str]:
    """A constant as the option's text."""
    if not isinstance(node, ast.Constant) or node.value is None:
        return None
    return str(node.value).lower() if isinstance(node.value, bool) else str(node.value)
