"""NULLs and other values that are to be replaced."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Dict, List, Optional, Tuple, Type, Union

from pyspark._hearth import exprs
from pyspark._hearth.args import names_of
from pyspark._hearth.exprs import Expr
from pyspark._hearth.values import encoder
from pyspark.errors import PySparkTypeError, PySparkValueError
from pyspark.sql._frame.core import Core, quoted
from pyspark.sql.types import BooleanType, DataType, DoubleType, NumericType, StringType

if TYPE_CHECKING:
    from pyspark.sql.dataframe import DataFrame

_Value = Union[bool, int, float, str, None]
_NOT_GIVEN: Any = object()


class Missing(Core):
    """What ``df.na`` offers."""

    def fillna(self, value: Any, subset: Union[str, Tuple[str, ...], List[str], None] = None) -> "DataFrame":
        """Values in place of NULLs, in columns of the value's kind; a dict gives one value a column."""
        values = value if isinstance(value, dict) else {"value": value}
        if not isinstance(value, (float, int, str, bool, dict)):
            raise PySparkTypeError(
                message=f"Argument `value` should be a bool, dict, float, int or str, got {type(value).__name__}.",
                error_class="NOT_BOOL_OR_DICT_OR_FLOAT_OR_INT_OR_STR",
            )
        wire = {name: _wire(item) for name, item in values.items()}
        if isinstance(value, dict):
            return self._derive("fillna", value=wire)
        return self._derive("fillna", value=wire["value"], cols=None if subset is None else names_of(subset, "subset"))

    def dropna(
        self, how: str = "any", thresh: Optional[int] = None, subset: Union[str, Tuple[str, ...], List[str], None] = None
    ) -> "DataFrame":
        """Without the rows that have NULL or NaN in any, or in all, of the columns."""
        if how not in ("any", "all"):
            raise PySparkValueError(
                message=f"Argument `how` should be 'any' or 'all', got {how}.", error_class="CANNOT_BE_EMPTY"
            )
        cols = None if subset is None else names_of(subset, "subset")
        return self._derive("dropna", how=how, thresh=thresh, cols=cols)

    def replace(self, to_replace: Any, value: Any = _NOT_GIVEN, subset: Any = None) -> "DataFrame":
        """Other values in place of some, in columns of their kind."""
        pairs = _pairs(to_replace, value)
        kinds = _kinds(pairs)
        wanted = None if subset is None else {name.lower() for name in names_of(subset, "subset")}
        columns = []
        for field in self.schema.fields:
            e = exprs.col(quoted(field.name))
            chosen = wanted is None or field.name.lower() in wanted
            if chosen and isinstance(field.dataType, kinds):
                e = exprs.alias(_replacement(e, pairs, field.dataType), field.name)
            columns.append(e)
        return self._derive("project", exprs=columns)


def _pairs(to_replace: Any, value: Any) -> List[Tuple[_Value, _Value]]:
    if isinstance(to_replace, dict):
        return list(to_replace.items())
    if value is _NOT_GIVEN:
        raise PySparkTypeError(
            error_class="ARGUMENT_REQUIRED",
            message_parameters={"arg_name": "value", "condition": "`to_replace` is not a dict"},
        )
    olds = list(to_replace) if isinstance(to_replace, (list, tuple)) else [to_replace]
    news = list(value) if isinstance(value, (list, tuple)) else [value] * len(olds)
    if len(olds) != len(news):
        raise PySparkValueError(
            error_class="LENGTH_SHOULD_BE_THE_SAME",
            message_parameters={
                "arg1": "to_replace", "arg2": "value", "arg1_length": str(len(olds)), "arg2_length": str(len(news)),
            },
        )  # fmt: skip
    return list(zip(olds, news))


def _kinds(pairs: List[Tuple[_Value, _Value]]) -> Tuple[Type[DataType], ...]:
    kinds: Dict[type, Type[DataType]] = {bool: BooleanType, str: StringType, int: NumericType, float: NumericType}
    found = {kinds.get(type(item)) for pair in pairs for item in pair if item is not None}
    if len(found) != 1 or None in found:
        raise PySparkValueError(message="Mixed type replacements are not supported.", error_class="MIXED_TYPE_REPLACEMENT")
    return tuple(kind for kind in found if kind is not None)


def _replacement(e: Expr, pairs: List[Tuple[_Value, _Value]], data_type: DataType) -> Expr:
    branches = [[exprs.call("==", e, exprs.lit(old)), exprs.cast(exprs.lit(new), data_type)] for old, new in pairs]
    return exprs.case(branches, e)


def _wire(value: Any) -> Any:
    return encoder(DoubleType())(value) if isinstance(value, float) else value
