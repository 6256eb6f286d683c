"""Observation: aggregates over a DataFrame beside what the job does with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Dict, List, Optional

from pyspark._hearth.args import need_str
from pyspark.errors import PySparkAssertionError, PySparkTypeError
from pyspark.sql.column import Column

if TYPE_CHECKING:
    from pyspark.sql.dataframe import DataFrame

__all__ = ["Observation"]


class Observation:
    """Give it to ``DataFrame.observe``; ``get`` computes the aggregates in a query of their own and keeps them."""

    def __init__(self, name: Optional[str] = None) -> None:
        if name is not None:
            need_str(name, "name")
            if not name:
                from pyspark.errors import PySparkValueError

                raise PySparkValueError(error_class="VALUE_NOT_NON_EMPTY_STR", message_parameters={"arg_name": "name", "arg_value": name})
        self._name = name
        self._frame: Optional["DataFrame"] = None
        self._values: Optional[Dict[str, Any]] = None

    def _on(self, frame: "DataFrame", exprs: List[Column]) -> None:
        if self._frame is not None:
            raise PySparkAssertionError(error_class="REUSE_OBSERVATION", message_parameters={})
        self._frame = frame.agg(*exprs)

    @property
    def get(self) -> Dict[str, Any]:
        """The aggregates by name."""
        if self._frame is None:
            raise PySparkAssertionError(error_class="NO_OBSERVE_BEFORE_GET", message_parameters={})
        if self._values is None:
            self._values = self._frame.collect()[0].asDict()
        return self._values


def observe(frame: "DataFrame", observation: Any, exprs: List[Column]) -> "DataFrame":
    """The same DataFrame; its aggregates can be asked of the observation."""
    if not isinstance(observation, (Observation, str)):
        raise PySparkTypeError(
            error_class="NOT_OBSERVATION_OR_STR", message_parameters={"arg_name": "observation", "arg_type": type(observation).__name__}
        )
    if not exprs or not all(isinstance(e, Column) for e in exprs):
        raise PySparkTypeError(error_class="NOT_LIST_OF_COLUMN", message_parameters={"arg_name": "exprs"})
    (Observation() if isinstance(observation, str) else observation)._on(frame, exprs)
    return frame._new(frame._plan)
