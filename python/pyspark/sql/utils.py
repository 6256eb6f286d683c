"""Names that older code imports from ``pyspark.sql.utils``."""

from pyspark.errors import (  # noqa: F401
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
from pyspark.errors.exceptions.captured import CapturedException  # noqa: F401


def is_remote() -> bool:
    """Whether this is Spark Connect: it is not."""
    return False
