"""Spark's exception classes: what user code catches."""

from __future__ import annotations

from typing import Dict, Optional


class PySparkException(Exception):
    """Base of everything this package raises. Carries Spark's error class, its parameters and the SQLSTATE."""

    def __init__(
        self,
        message: Optional[str] = None,
        error_class: Optional[str] = None,
        message_parameters: Optional[Dict[str, str]] = None,
        sql_state: Optional[str] = None,
    ) -> None:
        if message is None:
            from pyspark.errors.messages import text_of

            message = text_of(error_class, message_parameters or {})
        super().__init__(message)
        self._message = message
        self._error_class = error_class
        self._message_parameters = message_parameters
        self._sql_state = sql_state

    def getErrorClass(self) -> Optional[str]:
        """Spark's error class, such as ``UNRESOLVED_COLUMN.WITH_SUGGESTION``."""
        return self._error_class

    def getMessageParameters(self) -> Optional[Dict[str, str]]:
        """The values that stand in the message, by name."""
        return self._message_parameters

    def getSqlState(self) -> Optional[str]:
        """The SQLSTATE of the error class where it is known."""
        return self._sql_state

    def getMessage(self) -> str:
        """The message without the error class in front."""
        return self._message

    def __str__(self) -> str:
        prefix = f"[{self._error_class}] " if self._error_class else ""
        return self._message if prefix and self._message.startswith("[") else prefix + self._message


class AnalysisException(PySparkException):
    """The plan cannot be resolved: unknown column, table, function, wrong types."""


class SessionNotSameException(PySparkException):
    """Two DataFrames of different sessions meet in one plan."""


class TempTableAlreadyExistsException(AnalysisException):
    """A temporary view of that name exists."""


class ParseException(AnalysisException):
    """SQL text that cannot be parsed."""


class IllegalArgumentException(PySparkException):
    """An argument has a value that is not allowed."""


class ArithmeticException(PySparkException):
    """Overflow or division by zero where Spark raises it."""


class UnsupportedOperationException(PySparkException):
    """An operation that the engine does not offer."""


class ArrayIndexOutOfBoundsException(PySparkException):
    """An array index outside of the array, where Spark raises it."""


class DateTimeException(PySparkException):
    """A date or a time that does not exist."""


class NumberFormatException(IllegalArgumentException):
    """Text that is not a number, where Spark raises it."""


class StreamingQueryException(PySparkException):
    """A streaming query failed."""


class QueryExecutionException(PySparkException):
    """A query failed while it ran."""


class PythonException(PySparkException):
    """Python code inside a task failed."""


class SparkRuntimeException(PySparkException):
    """An error that only shows while rows are processed."""


class SparkUpgradeException(PySparkException):
    """Behaviour that changed between Spark versions and has to be chosen."""


class SparkNoSuchElementException(PySparkException):
    """Something named does not exist, such as a configuration key."""


class UnknownException(PySparkException):
    """An error of the engine that has no Spark class."""


class PySparkValueError(PySparkException, ValueError):
    """A Python value that is not allowed."""


class PySparkIndexError(PySparkException, IndexError):
    """An index out of range."""


class PySparkTypeError(PySparkException, TypeError):
    """A Python value of the wrong type."""


class PySparkAttributeError(PySparkException, AttributeError):
    """An attribute that does not exist."""


class PySparkRuntimeError(PySparkException, RuntimeError):
    """A state in which the call is not possible."""


class PySparkAssertionError(PySparkException, AssertionError):
    """An assertion of the testing helpers."""


class PySparkNotImplementedError(PySparkException, NotImplementedError):
    """A feature that this front end does not have; the message names the way out."""


class PySparkPicklingError(PySparkException):
    """A value that cannot be pickled."""


class PySparkImportError(PySparkException, ImportError):
    """A module or a package that is not there."""
