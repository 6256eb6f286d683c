"""Column: an expression over the columns of a DataFrame."""

from __future__ import annotations

import datetime
import decimal
from typing import TYPE_CHECKING, Any, Callable, List, NoReturn, Optional, Union

from pyspark._hearth import exprs
from pyspark._hearth.args import flatten, wrong
from pyspark._hearth.exprs import Expr
from pyspark._hearth.exprtext import show
from pyspark.errors import PySparkTypeError, PySparkValueError
from pyspark.sql.types import DataType
from pyspark.sql.types.ddl import parse_ddl

if TYPE_CHECKING:
    from pyspark.sql.window import WindowSpec

LiteralType = Union[bool, int, float, str, bytes, datetime.date, datetime.datetime, decimal.Decimal, None]
ColumnOrName = Union["Column", str]


def to_expr(column: ColumnOrName, name: str = "col") -> Expr:
    """The expression of a Column, or of the column with that name."""
    if isinstance(column, Column):
        return column._e
    if isinstance(column, str):
        return exprs.col(column)
    wrong("NOT_COLUMN_OR_STR", name, column)


def value_expr(value: Any) -> Expr:
    """The expression of a Column, or the value as a literal."""
    return value._e if isinstance(value, Column) else exprs.lit(value)


def _binary(function: str, swapped: bool = False) -> Callable[["Column", Any], "Column"]:
    def operator(self: "Column", other: Any) -> "Column":
        left, right = self._e, value_expr(other)
        return Column(exprs.call(function, right, left) if swapped else exprs.call(function, left, right))

    return operator


def _ordered(ascending: bool, nulls: Optional[str] = None) -> Callable[["Column"], "Column"]:
    def order(self: "Column") -> "Column":
        return Column(exprs.sort_key(self._e, ascending, nulls))

    return order


class Column:
    """An expression; operators and methods make new ones. Nothing runs until an action."""

    # Of an aggregate that runs in Python: how it is computed over a window.
    _over_window: Optional[Callable[["WindowSpec"], "Column"]] = None

    def __init__(self, expression: Expr) -> None:
        self._e = expression

    __add__ = _binary("+")
    __sub__ = _binary("-")
    __mul__ = _binary("*")
    __truediv__ = _binary("/")
    __mod__ = _binary("%")
    __radd__ = _binary("+", swapped=True)
    __rsub__ = _binary("-", swapped=True)
    __rmul__ = _binary("*", swapped=True)
    __rtruediv__ = _binary("/", swapped=True)
    __rmod__ = _binary("%", swapped=True)
    __pow__ = _binary("power")
    __rpow__ = _binary("power", swapped=True)
    __eq__ = _binary("==")  # type: ignore[assignment]
    __ne__ = _binary("!=")  # type: ignore[assignment]
    __lt__ = _binary("<")
    __le__ = _binary("<=")
    __gt__ = _binary(">")
    __ge__ = _binary(">=")
    __and__ = _binary("and")
    __or__ = _binary("or")
    __rand__ = _binary("and", swapped=True)
    __ror__ = _binary("or", swapped=True)
    __hash__ = None  # type: ignore[assignment]

    eqNullSafe = _binary("<=>")
    bitwiseAND = _binary("bitand")
    bitwiseOR = _binary("bitor")
    bitwiseXOR = _binary("bitxor")
    contains = _binary("contains")
    startswith = _binary("startswith")
    endswith = _binary("endswith")
    like = _binary("like")
    ilike = _binary("ilike")
    rlike = _binary("rlike")

    asc = _ordered(True)
    asc_nulls_first = _ordered(True, "first")
    asc_nulls_last = _ordered(True, "last")
    desc = _ordered(False)
    desc_nulls_first = _ordered(False, "first")
    desc_nulls_last = _ordered(False, "last")

    def withField(self, fieldName: str, col: "Column") -> "Column":
        """The struct with a field more, or another value in it; dots lead into structs."""
        if not isinstance(fieldName, str):
            wrong("NOT_STR", "fieldName", fieldName)
        if not isinstance(col, Column):
            wrong("NOT_COLUMN", "col", col)
        return Column(exprs.call("hearth_with_field", self._e, exprs.lit(fieldName), col._e))

    def dropFields(self, *fieldNames: str) -> "Column":
        """The struct without fields; dots lead into structs."""
        return Column(exprs.call("hearth_drop_fields", self._e, *[exprs.lit(name) for name in fieldNames]))

    def __neg__(self) -> "Column":
        return Column(exprs.call("negative", self._e))

    def __invert__(self) -> "Column":
        return Column(exprs.call("not", self._e))

    def isNull(self) -> "Column":
        """True where the value is NULL."""
        return Column(exprs.call("isnull", self._e))

    def isNotNull(self) -> "Column":
        """True where the value is not NULL."""
        return Column(exprs.call("isnotnull", self._e))

    def isin(self, *cols: Any) -> "Column":
        """True where the value is one of the arguments, or of the one list given."""
        return Column(exprs.call("in", self._e, *[value_expr(item) for item in flatten(cols)]))

    def between(self, lowerBound: Any, upperBound: Any) -> "Column":
        """True where the value lies between the bounds, both included."""
        return (self >= lowerBound) & (self <= upperBound)

    def substr(self, startPos: Union[int, "Column"], length: Union[int, "Column"]) -> "Column":
        """A part of the text; positions count from 1."""
        if type(startPos) is not type(length):
            raise PySparkTypeError(
                message=f"Arguments `startPos` and `length` should be of the same type, got "
                f"{type(startPos).__name__} and {type(length).__name__}.",
                error_class="NOT_SAME_TYPE",
            )
        if not isinstance(startPos, (int, Column)):
            wrong("NOT_COLUMN_OR_INT", "startPos", startPos)
        return Column(exprs.call("substr", self._e, value_expr(startPos), value_expr(length)))

    def getItem(self, key: Any) -> "Column":
        """An element of an array by position from 0, or of a map by key."""
        return Column(exprs.call("getitem", self._e, value_expr(key)))

    def getField(self, name: Any) -> "Column":
        """A field of a struct."""
        return Column(exprs.call("getfield", self._e, value_expr(name)))

    def __getitem__(self, k: Any) -> "Column":
        if isinstance(k, slice):
            if k.step is not None:
                raise PySparkValueError(message="Using a slice with a step is not supported.")
            return self.substr(k.start, k.stop)
        return self.getItem(k)

    def __getattr__(self, item: str) -> "Column":
        if item.startswith("__"):
            raise AttributeError(item)
        return self.getField(item)

    def cast(self, dataType: Union[DataType, str]) -> "Column":
        """The value as another type; what cannot be converted becomes NULL."""
        if isinstance(dataType, str):
            dataType = parse_ddl(dataType)
        if not isinstance(dataType, DataType):
            wrong("NOT_COLUMN_OR_DATATYPE_OR_STR", "dataType", dataType)
        return Column(exprs.cast(self._e, dataType))

    astype = cast

    def alias(self, *alias: str, **kwargs: Any) -> "Column":
        """The expression under a name, or under several for a generator with several columns."""
        metadata = kwargs.pop("metadata", None)
        if kwargs:
            raise PySparkTypeError(message=f"Unexpected kwargs were passed: {kwargs}")
        return Column(exprs.alias(self._e, *alias, metadata=metadata))

    name = alias

    def when(self, condition: "Column", value: Any) -> "Column":
        """A further branch of ``functions.when``."""
        if not isinstance(condition, Column):
            wrong("NOT_COLUMN", "condition", condition)
        self._need_open_case("when")
        branches: List[List[Expr]] = [*self._e["when"], [condition._e, value_expr(value)]]
        return Column(exprs.case(branches, None))

    def otherwise(self, value: Any) -> "Column":
        """The value where no branch of ``functions.when`` holds."""
        self._need_open_case("otherwise")
        return Column(exprs.case(self._e["when"], value_expr(value)))

    def _need_open_case(self, method: str) -> None:
        if self._e["t"] != "case":
            raise PySparkValueError(message=f"{method}() can only be applied on a Column previously generated by when()")
        if "else" in self._e:
            raise PySparkValueError(message=f"{method}() cannot be applied once otherwise() is applied")

    def over(self, window: "WindowSpec") -> "Column":
        """The function over a window of rows."""
        from pyspark.sql.window import WindowSpec

        if not isinstance(window, WindowSpec):
            raise PySparkTypeError(
                message=f"Argument `window` should be a WindowSpec, got {type(window).__name__}.",
                error_class="NOT_WINDOWSPEC",
            )
        return self._over_window(window) if self._over_window is not None else Column(window._over(self._e))

    def __contains__(self, item: Any) -> NoReturn:
        raise PySparkValueError(error_class="CANNOT_APPLY_IN_FOR_COLUMN", message_parameters={})

    def __iter__(self) -> NoReturn:
        raise PySparkTypeError(error_class="COLUMN_NOT_ITERABLE", message_parameters={})

    def __bool__(self) -> NoReturn:
        raise PySparkValueError(error_class="CANNOT_CONVERT_COLUMN_INTO_BOOL", message_parameters={})

    __nonzero__ = __bool__

    def __repr__(self) -> str:
        return f"Column<'{show(self._e)}'>"
