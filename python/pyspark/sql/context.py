"""SQLContext and HiveContext: what came before SparkSession."""

from __future__ import annotations

from typing import Any, List, Optional

from pyspark.context import SparkContext
from pyspark.sql.dataframe import DataFrame
from pyspark.sql.readwriter import DataFrameReader
from pyspark.sql.session import SparkSession


class SQLContext:
    """A thin cover of a SparkSession."""

    def __init__(self, sparkContext: SparkContext, sparkSession: Optional[SparkSession] = None, jsqlContext: Any = None) -> None:
        self.sparkSession = sparkSession or SparkSession._get_or_make(sparkContext)

    @classmethod
    def getOrCreate(cls, sc: SparkContext) -> "SQLContext":
        """A context over the session of this process."""
        return cls(sc)

    @property
    def read(self) -> DataFrameReader:
        """As ``spark.read``."""
        return self.sparkSession.read

    def setConf(self, key: str, value: Any) -> None:
        """As ``spark.conf.set``."""
        self.sparkSession.conf.set(key, value)

    def getConf(self, key: str, *default: Optional[str]) -> Optional[str]:
        """As ``spark.conf.get``."""
        return self.sparkSession.conf.get(key, *default)

    def sql(self, sqlQuery: str) -> DataFrame:
        """As ``spark.sql``."""
        return self.sparkSession.sql(sqlQuery)

    def table(self, tableName: str) -> DataFrame:
        """As ``spark.table``."""
        return self.sparkSession.table(tableName)

    def range(self, *args: Any) -> DataFrame:
        """As ``spark.range``."""
        return self.sparkSession.range(*args)

    def createDataFrame(self, *args: Any, **kwargs: Any) -> DataFrame:
        """As ``spark.createDataFrame``."""
        return self.sparkSession.createDataFrame(*args, **kwargs)

    def registerDataFrameAsTable(self, df: DataFrame, tableName: str) -> None:
        """As ``df.createOrReplaceTempView``."""
        df.createOrReplaceTempView(tableName)

    def dropTempTable(self, tableName: str) -> None:
        """As ``spark.catalog.dropTempView``."""
        self.sparkSession.catalog.dropTempView(tableName)

    def tableNames(self, dbName: Optional[str] = None) -> List[str]:
        """The names of the tables and views."""
        return [table.name for table in self.sparkSession.catalog.listTables(dbName)]

    def cacheTable(self, tableName: str) -> None:
        """As ``spark.catalog.cacheTable``."""
        self.sparkSession.catalog.cacheTable(tableName)

    def uncacheTable(self, tableName: str) -> None:
        """As ``spark.catalog.uncacheTable``."""
        self.sparkSession.catalog.uncacheTable(tableName)

    def clearCache(self) -> None:
        """As ``spark.catalog.clearCache``."""
        self.sparkSession.catalog.clearCache()


class HiveContext(SQLContext):
    """The catalog is always there."""
