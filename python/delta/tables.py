"""DeltaTable: changes, history and upkeep of a Delta table."""

from __future__ import annotations

from typing import Any, Dict, Optional, Union

from delta._builders import (
    DeltaMergeBuilder,
    DeltaOptimizeBuilder,
    DeltaTableBuilder,
    condition_of,
    need_assignments,
    quoted,
)
from pyspark._hearth import plans
from pyspark._hearth.unsupported import refusing
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.column import Column
from pyspark.sql.types import StructType
from pyspark.sql.types.ddl import parse_struct

__all__ = ["DeltaMergeBuilder", "DeltaOptimizeBuilder", "DeltaTable", "DeltaTableBuilder"]


class DeltaTable:
    """A Delta table by path or by name of the catalog."""

    clone = refusing("DeltaTable.clone", "CREATE TABLE .. AS SELECT")
    cloneAtVersion = refusing("DeltaTable.cloneAtVersion", "CREATE TABLE .. AS SELECT .. VERSION AS OF")
    cloneAtTimestamp = refusing("DeltaTable.cloneAtTimestamp", "CREATE TABLE .. AS SELECT .. TIMESTAMP AS OF")
    upgradeTableProtocol = refusing("DeltaTable.upgradeTableProtocol", "the protocol rises with what a table uses")
    addFeatureSupport = refusing("DeltaTable.addFeatureSupport")

    def __init__(self, spark: SparkSession, name: str, _alias: Optional[str] = None) -> None:
        self._spark = spark
        self._name = name
        self._alias = _alias

    @classmethod
    def forPath(
        cls, sparkSession: SparkSession, path: str, hadoopConf: Optional[Dict[str, str]] = None
    ) -> "DeltaTable":
        """The table at a path. Raises when there is none."""
        table = cls(sparkSession, f"delta.{quoted(path)}")
        table._rows("detail")
        return table

    @classmethod
    def forName(cls, sparkSession: SparkSession, tableOrViewName: str) -> "DeltaTable":
        """The table of the catalog. Raises when there is none."""
        table = cls(sparkSession, tableOrViewName)
        table._rows("detail")
        return table

    @classmethod
    def isDeltaTable(cls, sparkSession: SparkSession, identifier: str) -> bool:
        """Whether a path holds a Delta table."""
        return bool(sparkSession._client.request("delta", action="isDeltaTable", path=identifier)["value"])

    @classmethod
    def convertToDelta(
        cls,
        sparkSession: SparkSession,
        identifier: str,
        partitionSchema: Union[StructType, str, None] = None,
    ) -> "DeltaTable":
        """Makes a Delta table of Parquet files: ``parquet.`path``` or a table of the catalog."""
        schema = parse_struct(partitionSchema) if isinstance(partitionSchema, str) else partitionSchema
        partitions = None if schema is None else schema.jsonValue()
        sparkSession._client.request("delta", action="convert", table=identifier, partitionedBy=partitions)
        prefix, _, rest = identifier.partition(".")
        return cls(sparkSession, f"delta.{rest}" if prefix.lower() == "parquet" and rest else identifier)

    @classmethod
    def create(cls, sparkSession: Optional[SparkSession] = None) -> DeltaTableBuilder:
        """Builds a new table."""
        return DeltaTableBuilder(cls, sparkSession or SparkSession.active(), "create")

    @classmethod
    def createIfNotExists(cls, sparkSession: Optional[SparkSession] = None) -> DeltaTableBuilder:
        """Builds a new table unless it exists."""
        return DeltaTableBuilder(cls, sparkSession or SparkSession.active(), "createIfNotExists")

    @classmethod
    def replace(cls, sparkSession: Optional[SparkSession] = None) -> DeltaTableBuilder:
        """Builds a table in the place of one that exists."""
        return DeltaTableBuilder(cls, sparkSession or SparkSession.active(), "replace")

    @classmethod
    def createOrReplace(cls, sparkSession: Optional[SparkSession] = None) -> DeltaTableBuilder:
        """Builds a new table, or one in the place of one that exists."""
        return DeltaTableBuilder(cls, sparkSession or SparkSession.active(), "createOrReplace")

    def toDF(self) -> DataFrame:
        """The rows."""
        frame = self._spark.table(self._name)
        return frame.alias(self._alias) if self._alias else frame

    def alias(self, aliasName: str) -> "DeltaTable":
        """The same table under a name that qualifies columns."""
        return DeltaTable(self._spark, self._name, aliasName)

    def delete(self, condition: Union[str, Column, None] = None) -> None:
        """Deletes the rows for which the condition is true."""
        self._rows("delete", alias=self._alias, where=condition_of(condition))

    def update(
        self, condition: Union[str, Column, None] = None, set: Optional[Dict[str, Any]] = None
    ) -> None:
        """Sets columns of the rows for which the condition is true; texts are SQL expressions."""
        self._rows("update", alias=self._alias, where=condition_of(condition), set=need_assignments(set, "set"))

    def merge(self, source: DataFrame, condition: Union[str, Column]) -> DeltaMergeBuilder:
        """Merges the rows of a DataFrame."""
        if not isinstance(source, DataFrame):
            raise TypeError(f"'source' in merge must be a DataFrame, found {type(source).__name__}.")
        return DeltaMergeBuilder(self._spark, self._name, self._alias, source, condition)

    def history(self, limit: Optional[int] = None) -> DataFrame:
        """The commits, newest first."""
        return self._rows("history", limit=limit)

    def detail(self) -> DataFrame:
        """What the table is: format, place, files, properties."""
        return self._rows("detail")

    def generate(self, mode: str) -> None:
        """Writes manifests; the mode is ``symlink_format_manifest``."""
        self._rows("generate", mode=mode)

    def vacuum(self, retentionHours: Optional[float] = None) -> DataFrame:
        """Removes files that no version within the retention needs."""
        hours = None if retentionHours is None else float(retentionHours)
        return self._rows("vacuum", hours=hours)

    def restoreToVersion(self, version: int) -> DataFrame:
        """The table as it was at a version, as a new version."""
        return self._rows("restore", version=version)

    def restoreToTimestamp(self, timestamp: str) -> DataFrame:
        """The table as it was at a time, as a new version."""
        return self._rows("restore", timestamp=timestamp)

    def optimize(self) -> DeltaOptimizeBuilder:
        """Makes few large files of many small ones."""
        return DeltaOptimizeBuilder(self)

    def _rows(self, action: str, **fields: Any) -> DataFrame:
        answer = self._spark._client.request("delta", action=action, table=self._name, **fields)
        return DataFrame(plans.adopt(answer["plan"]), self._spark)


