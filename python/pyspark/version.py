"""The Spark version whose Python API this front end speaks."""

import os

# A driver is told which Spark its release label stands for.
__version__: str = os.environ.get("HEARTH_SPARK_VERSION") or "3.5.3"
