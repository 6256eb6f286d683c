"""Functions out of signature lines: ``date_add(c start, n days)`` becomes the Python function ``date_add(start, days)``.

The kinds of arguments:

* ``c``: a Column, or the name of a column
* ``n``: a Column, the name of a column, or a number as a literal
* ``v``: a Column, or any value as a literal (text too)
* ``f``: a Python function over columns, as a lambda of as many arguments as it has
* ``*c``: any number of columns, or one list of them

``=None`` after the name makes an argument optional (left out of the call), ``=value`` gives its default.
``sql_name := `` in front names the SQL function when it differs; ``distinct`` calls it over distinct values.
"""

from __future__ import annotations

import ast
import inspect
import re
from typing import Any, Callable, Dict, List, NamedTuple, Tuple

from pyspark._hearth import exprs
from pyspark._hearth.args import flatten
from pyspark._hearth.exprs import Expr
from pyspark.sql.column import Column, to_expr, value_expr
from pyspark.sql.functions._lambda import lambda_expr

_LINE = re.compile(r"^(?:(?P<distinct>distinct )?(?P<sql>\w+|~) := )?(?P<name>\w+)\((?P<args>.*)\)$")


class _Argument(NamedTuple):
    kind: str
    name: str
    default: Any


# What each kind of argument is for editors and type checkers.
KIND_TYPES: Dict[str, str] = {
    "c": "ColumnOrName",
    "n": "Union[ColumnOrName, int, float]",
    "v": "Any",
    "f": "Callable[..., Column]",
}


def make_all(table: str, module: str) -> Dict[str, Callable[..., Column]]:
    """The functions of a table of signature lines, by name."""
    made = [_make(match, module) for match in _lines(table)]
    return {function.__name__: function for function in made}


def arguments_of(table: str) -> List[Tuple[str, List[_Argument]]]:
    """The names and arguments of a table's functions."""
    return [(match["name"], [_argument(text) for text in _split(match["args"])]) for match in _lines(table)]


def _lines(table: str) -> List["re.Match[str]"]:
    found = []
    for line in table.split("\n"):
        match = _LINE.match(line.strip())
        if line.strip() and match is None:
            raise ValueError(f"not a signature: {line}")
        if match is not None:
            found.append(match)
    return found


def _make(match: "re.Match[str]", module: str) -> Callable[..., Column]:
    name, sql = match["name"], match["sql"] or match["name"]
    distinct = bool(match["distinct"])
    arguments = [_argument(text) for text in _split(match["args"])]
    signature = inspect.Signature([_parameter(a) for a in arguments], return_annotation=Column)

    def function(*args: Any, **kwargs: Any) -> Column:
        bound = signature.bind(*args, **kwargs)
        bound.apply_defaults()
        parts: List[Expr] = []
        for argument in arguments:
            parts.extend(_expressions(argument, bound.arguments[argument.name]))
        return Column(exprs.call(sql, *parts, distinct=distinct))

    function.__name__ = function.__qualname__ = name
    function.__module__ = module
    function.__signature__ = signature  # type: ignore[attr-defined]
    function.__doc__ = f"The SQL function ``{sql}`` as a Column expression."
    return function


def _split(text: str) -> List[str]:
    return [part.strip() for part in re.split(r",\s(?=\*?[cnvf] )", text)] if text else []


def _argument(text: str) -> _Argument:
    kind, _, rest = text.partition(" ")
    name, has_default, default = rest.partition("=")
    return _Argument(kind, name, ast.literal_eval(default) if has_default else inspect.Parameter.empty)


def _parameter(argument: _Argument) -> inspect.Parameter:
    if argument.kind.startswith("*"):
        return inspect.Parameter(argument.name, inspect.Parameter.VAR_POSITIONAL)
    return inspect.Parameter(argument.name, inspect.Parameter.POSITIONAL_OR_KEYWORD, default=argument.default)


def _expressions(argument: _Argument, value: Any) -> List[Expr]:
    if argument.kind == "*c":
        return [to_expr(item, argument.name) for item in flatten(value)]
    if value is None and argument.default is None:
        return []
    return [_KINDS[argument.kind](value, argument.name)]


def _number(value: Any, name: str) -> Expr:
    return exprs.lit(value) if isinstance(value, (int, float)) else to_expr(value, name)


_KINDS: Dict[str, Callable[[Any, str], Expr]] = {
    "c": to_expr,
    "n": _number,
    "v": lambda value, _: value_expr(value),
    "f": lambda value, name: lambda_expr(value, name),
}
