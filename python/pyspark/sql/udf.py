"""Python functions as functions of SQL. They run in this process; the engine sends them the rows in batches."""

from __future__ import annotations

import functools
import itertools
from typing import TYPE_CHECKING, Any, Callable, Optional, Union

from pyspark._hearth import exprs
from pyspark._hearth.udfs import FunctionHost
from pyspark._hearth.unsupported import refusing
from pyspark.errors import PySparkTypeError
from pyspark.sql.column import Column, ColumnOrName, to_expr
from pyspark.sql.types import DataType, StringType
from pyspark.sql.types.ddl import parse_ddl

if TYPE_CHECKING:
    from pyspark.sql.session import SparkSession

DataTypeOrString = Union[DataType, str]

_ids = itertools.count(1)


class UserDefinedFunction:
    """A Python function that can be called with columns."""

    def __init__(
        self,
        func: Callable[..., Any],
        returnType: DataTypeOrString = StringType(),
        name: Optional[str] = None,
        evalType: int = 100,
        deterministic: bool = True,
    ) -> None:
        if not callable(func):
            raise PySparkTypeError(
                error_class="NOT_CALLABLE", message_parameters={"arg_name": "func", "arg_type": type(func).__name__}
            )
        self.func = func
        self.evalType = evalType
        self.deterministic = deterministic
        self._return = returnType
        self._name = name or getattr(func, "__name__", type(func).__name__)
        self._id = f"{self._name}#{next(_ids)}"
        self._host: Optional[FunctionHost] = None

    @property
    def returnType(self) -> DataType:
        """The type of the results."""
        if isinstance(self._return, str):
            self._return = parse_ddl(self._return)
        return self._return

    def __call__(self, *cols: ColumnOrName) -> Column:
        """A call with columns; they are evaluated by the engine, the function here."""
        from pyspark.sql.session import SparkSession

        self._know(SparkSession._active()._functions, self._id)
        return Column(exprs.call(self._id, *[to_expr(c) for c in cols]))

    def _know(self, host: FunctionHost, name: str) -> None:
        if self._host is not host or name != self._id:
            host.add(name, self._name, self.func, self.returnType, self.evalType, self.deterministic)
        if name == self._id:
            self._host = host

    def asNondeterministic(self) -> "UserDefinedFunction":
        """Marks the function as one that may give different results for the same arguments."""
        self.deterministic = False
        self._host = None
        return self


def make_udf(f: Any, returnType: Any, eval_type: int = 100) -> Any:
    """``udf(f, type)``, or the decorator ``@udf(type)``."""
    if f is None or isinstance(f, (str, DataType)):
        return functools.partial(_wrapped, returnType=f if f is not None else returnType, eval_type=eval_type)
    return _wrapped(f, returnType=returnType, eval_type=eval_type)


def _wrapped(f: Any, returnType: Any, eval_type: int) -> Any:
    made = UserDefinedFunction(f, returnType if returnType is not None else StringType(), evalType=eval_type)

    @functools.wraps(f, assigned=[a for a in functools.WRAPPER_ASSIGNMENTS if hasattr(f, a)])
    def wrapper(*cols: ColumnOrName) -> Column:
        return made(*cols)

    wrapper.func = f  # type: ignore[attr-defined]
    wrapper.returnType = made.returnType  # type: ignore[attr-defined]
    wrapper.evalType = eval_type  # type: ignore[attr-defined]
    wrapper.deterministic = True  # type: ignore[attr-defined]
    wrapper.asNondeterministic = lambda: _volatile(made)  # type: ignore[attr-defined]
    wrapper._udf = made  # type: ignore[attr-defined]
    return wrapper


def _volatile(made: UserDefinedFunction) -> UserDefinedFunction:
    return made.asNondeterministic()


class UDFRegistration:
    """``spark.udf``: Python functions by name in SQL."""

    registerJavaFunction = refusing("UDFRegistration.registerJavaFunction (there is no Java side)")
    registerJavaUDAF = refusing("UDFRegistration.registerJavaUDAF (there is no Java side)")

    def __init__(self, session: "SparkSession") -> None:
        self._session = session

    def register(self, name: str, f: Any, returnType: Optional[DataTypeOrString] = None) -> Any:
        """Makes a function callable in SQL under a name."""
        own = getattr(f, "_udf", f)
        if isinstance(own, UserDefinedFunction):
            if returnType is not None:
                raise PySparkTypeError(
                    error_class="CANNOT_SPECIFY_RETURN_TYPE_FOR_UDF",
                    message_parameters={"arg_name": "f", "return_type": str(returnType)},
                )
            made = UserDefinedFunction(own.func, own.returnType, name, own.evalType, own.deterministic)
        else:
            made = UserDefinedFunction(f, returnType if returnType is not None else StringType(), name)
        made._know(self._session._functions, name)
        return made
