"""Errors that the engine answered, as Spark's exception classes."""

from __future__ import annotations

from typing import Any, Dict, Mapping, Type

from pyspark.errors.exceptions import base
from pyspark.errors.exceptions.base import (  # noqa: F401  (PySpark 3.5 exposes these names here)
    AnalysisException,
    ArithmeticException,
    ArrayIndexOutOfBoundsException,
    DateTimeException,
    IllegalArgumentException,
    NumberFormatException,
    ParseException,
    PySparkException,
    PythonException,
    QueryExecutionException,
    SparkRuntimeException,
    SparkUpgradeException,
    StreamingQueryException,
    UnknownException,
    UnsupportedOperationException,
)

CapturedException = PySparkException

_OTHER_NAMES: Dict[str, str] = {
    "NoSuchElementException": "SparkNoSuchElementException",
    "SparkUnsupportedOperationException": "UnsupportedOperationException",
    "SparkArithmeticException": "ArithmeticException",
    "SparkException": "SparkRuntimeException",
    "SparkIllegalArgumentException": "IllegalArgumentException",
    "SparkDateTimeException": "DateTimeException",
    "SparkNumberFormatException": "NumberFormatException",
    "SparkArrayIndexOutOfBoundsException": "ArrayIndexOutOfBoundsException",
}


def from_wire(error: Mapping[str, Any]) -> PySparkException:
    """The exception for an ``error`` reply: its class by ``kind``, its text with position and hint."""
    kind = str(error.get("kind") or "")
    found: Any = getattr(base, _OTHER_NAMES.get(kind, kind), None)
    cls: Type[PySparkException] = found if isinstance(found, type) else UnknownException
    if str(error.get("class") or "").startswith("DELTA_"):
        from delta.exceptions import BY_CLASS

        cls = BY_CLASS.get(str(error["class"]), cls)
    return cls(
        message=_text(error),
        error_class=error.get("class") or None,
        message_parameters=dict(error.get("parameters") or {}),
        sql_state=error.get("sqlState") or None,
    )


def _text(error: Mapping[str, Any]) -> str:
    text = str(error.get("message") or "The engine gave no message.")
    position = error.get("position") or {}
    if position.get("line") is not None and "line " not in text:
        text += f"; line {position['line']} pos {position.get('column', 0)}"
    hint = error.get("hint")
    return f"{text}\nHint: {hint}" if hint else text
