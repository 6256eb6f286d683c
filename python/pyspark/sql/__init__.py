"""``pyspark.sql``: DataFrames."""

from pyspark.sql.column import Column
from pyspark.sql.context import HiveContext, SQLContext
from pyspark.sql.dataframe import DataFrame, DataFrameNaFunctions, DataFrameStatFunctions
from pyspark.sql.catalog import Catalog
from pyspark.sql.group import GroupedData
from pyspark.sql.observation import Observation
from pyspark.sql.readwriter import DataFrameReader, DataFrameWriter, DataFrameWriterV2
from pyspark.sql.session import SparkSession
from pyspark.sql.types import Row
from pyspark.sql.udf import UDFRegistration
from pyspark.sql.utils import is_remote
from pyspark.sql.window import Window, WindowSpec

__all__ = [
    "Catalog",
    "Column",
    "DataFrame",
    "DataFrameNaFunctions",
    "DataFrameReader",
    "DataFrameStatFunctions",
    "DataFrameWriter",
    "DataFrameWriterV2",
    "GroupedData",
    "HiveContext",
    "Observation",
    "Row",
    "SQLContext",
    "SparkSession",
    "UDFRegistration",
    "Window",
    "WindowSpec",
    "is_remote",
]
