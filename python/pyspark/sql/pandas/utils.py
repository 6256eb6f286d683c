"""Checks for pandas that jobs call before they use it."""

from __future__ import annotations

from pyspark._hearth.series import pandas_for

__all__ = ["require_minimum_pandas_version", "require_minimum_pyarrow_version"]


def require_minimum_pandas_version() -> None:
    """Raises an error when pandas is not there."""
    pandas_for("pandas functions")


def require_minimum_pyarrow_version() -> None:
    """Nothing to check: pandas functions need no pyarrow here."""
