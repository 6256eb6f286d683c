"""Python functions in SQL: not there; the names are, so that code can be imported and says what it needs."""

from __future__ import annotations

from typing import Any

from pyspark._hearth.unsupported import refuse


class UserDefinedFunction:
    """What ``functions.udf`` gives in Spark."""

    def __init__(self, *_args: Any, **_kwargs: Any) -> None:
        refuse("UserDefinedFunction (a Python function for each row)", "use pyspark.sql.functions")


class UDFRegistration:
    """What ``spark.udf`` is in Spark."""

    def __init__(self, *_args: Any, **_kwargs: Any) -> None:
        refuse("UDFRegistration (Python functions in SQL)", "use pyspark.sql.functions")
