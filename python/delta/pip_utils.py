"""Settings that a script makes for Delta Lake. The embedded engine needs no packages; they are kept for the record."""

from __future__ import annotations

from typing import Any, List, Optional

_PACKAGE = "io.delta:delta-spark_2.12:3.2.0"


def configure_spark_with_delta_pip(
    spark_session_builder: Any, extra_packages: Optional[List[str]] = None
) -> Any:
    """The builder with the package of Delta Lake, as delta-spark does it."""
    if not hasattr(spark_session_builder, "config"):
        raise TypeError("configure_spark_with_delta_pip takes a SparkSession.builder.")
    packages = ",".join([_PACKAGE, *(extra_packages or [])])
    return spark_session_builder.config("spark.jars.packages", packages)
