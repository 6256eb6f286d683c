"""One way to refuse: name the feature, name the way out."""

from __future__ import annotations

from typing import Any, Callable, NoReturn, Optional

from pyspark.errors import PySparkImportError, PySparkNotImplementedError

WAY_OUT = "run the job on Apache Spark (`--engine spark`)"


def refuse(feature: str, instead: Optional[str] = None) -> NoReturn:
    """Raises the error for a feature that the embedded engine does not have."""
    raise PySparkNotImplementedError(
        message=_text(feature, instead),
        error_class="NOT_IMPLEMENTED",
        message_parameters={"feature": feature},
        sql_state="0A000",
    )


def refuse_import(module: str, instead: Optional[str] = None) -> NoReturn:
    """Raises the error for a module of PySpark that is not here."""
    raise PySparkImportError(
        message=_text(f"the module {module}", instead),
        error_class="NOT_IMPLEMENTED",
        message_parameters={"feature": module},
    )


def refusing(feature: str, instead: Optional[str] = None) -> Callable[..., Any]:
    """A method that refuses whatever it is called with."""

    def method(*_args: Any, **_kwargs: Any) -> Any:
        refuse(feature, instead)

    method.__name__ = feature.rsplit(".", 1)[-1]
    method.__doc__ = f"Not there in the embedded engine: raises ``PySparkNotImplementedError`` ({feature})."
    return method


def _text(feature: str, instead: Optional[str]) -> str:
    ways = f"{instead}, or {WAY_OUT}" if instead else WAY_OUT
    return f"{feature} is not supported by the embedded engine. Way out: {ways}."
