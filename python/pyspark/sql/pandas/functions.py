"""``pandas_udf`` under the name that PySpark defines it with."""

from pyspark.sql.functions import PandasUDFType, pandas_udf

__all__ = ["PandasUDFType", "pandas_udf"]
