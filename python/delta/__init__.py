"""The Python API of Delta Lake (delta-spark 3.2) over the embedded engine."""

from delta.pip_utils import configure_spark_with_delta_pip
from delta.tables import DeltaTable

__all__ = ["DeltaTable", "configure_spark_with_delta_pip"]
