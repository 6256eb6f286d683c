"""Python functions over columns as lambdas of the plan."""

from __future__ import annotations

import inspect
import itertools
from typing import Any, Callable

from pyspark._hearth import exprs
from pyspark._hearth.args import wrong
from pyspark._hearth.exprs import Expr
from pyspark.errors import PySparkValueError
from pyspark.sql.column import Column

_NAMES = ("x", "y", "z")
_fresh = itertools.count(1)


def lambda_expr(function: Callable[..., Any], name: str = "f") -> Expr:
    """The lambda of a function with one to three arguments: it is called once, with variables for its arguments."""
    if not callable(function):
        wrong("NOT_CALLABLE", name, function)
    params = [f"{letter}_{next(_fresh)}" for letter in _NAMES[: _count(function, name)]]
    body = function(*[Column(exprs.col(param)) for param in params])
    if not isinstance(body, Column):
        raise PySparkValueError(
            error_class="INVALID_RETURN_TYPE", message_parameters={"actual": type(body).__name__}
        )
    return exprs.function(params, body._e)


def _count(function: Callable[..., Any], name: str) -> int:
    kinds = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    parameters = list(inspect.signature(function).parameters.values())
    if any(p.kind not in kinds for p in parameters) or not 1 <= len(parameters) <= len(_NAMES):
        raise PySparkValueError(
            message=f"Argument `{name}` should be a function of one to three positional arguments.",
            error_class="WRONG_NUM_ARGS_FOR_HIGHER_ORDER_FUNCTION",
        )
    return len(parameters)
