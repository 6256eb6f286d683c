"""Accumulators: counters that tasks add to."""

from __future__ import annotations

from typing import Any, Generic, Optional, TypeVar

from pyspark.errors import PySparkTypeError

T = TypeVar("T")


class AccumulatorParam(Generic[T]):
    """How values of an accumulator are added; subclass it for other types than numbers."""

    def zero(self, value: T) -> T:
        """The value to start from."""
        raise NotImplementedError

    def addInPlace(self, value1: T, value2: T) -> T:
        """The sum of two values."""
        raise NotImplementedError


class AddingAccumulatorParam(AccumulatorParam[Any]):
    """Adds with ``+=``."""

    def __init__(self, zero_value: Any) -> None:
        self.zero_value = zero_value

    def zero(self, value: Any) -> Any:
        return self.zero_value

    def addInPlace(self, value1: Any, value2: Any) -> Any:
        value1 += value2
        return value1


class Accumulator(Generic[T]):
    """A value that tasks add to and the driver reads."""

    def __init__(self, number: int, value: T, param: AccumulatorParam[T]) -> None:
        self.aid = number
        self._value = value
        self.accum_param = param

    @property
    def value(self) -> T:
        """The value up to now."""
        return self._value

    @value.setter
    def value(self, value: T) -> None:
        self._value = value

    def add(self, term: T) -> None:
        """Adds a value."""
        self._value = self.accum_param.addInPlace(self._value, term)

    def __iadd__(self, term: T) -> "Accumulator[T]":
        self.add(term)
        return self

    def __str__(self) -> str:
        return str(self._value)

    def __repr__(self) -> str:
        return f"Accumulator<id={self.aid}, value={self._value}>"


def param_for(value: Any) -> AccumulatorParam[Any]:
    """How to add values like this one. Raises for what is not a number."""
    zeros = {int: 0, float: 0.0, complex: 0j}
    zero: Optional[Any] = zeros.get(type(value))
    if zero is None:
        raise PySparkTypeError(
            message=f"No default accumulator param for type {type(value).__name__}; give an AccumulatorParam.",
            error_class="NOT_NUMERIC",
        )
    return AddingAccumulatorParam(zero)
