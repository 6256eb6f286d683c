"""Builders of merges, of upkeep and of new tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Dict, List, Optional, Union

from pyspark._hearth import exprs
from pyspark._hearth.args import flatten
from pyspark._hearth.exprs import Expr
from pyspark._hearth.unsupported import refuse
from pyspark.sql.column import Column
from pyspark.sql.types import DataType, StructField, StructType
from pyspark.sql.types.ddl import parse_ddl

if TYPE_CHECKING:
    from delta.tables import DeltaTable
    from pyspark.sql import DataFrame, SparkSession

Condition = Union[str, Column, None]


def quoted(name: str) -> str:
    """A name part in back-quotes."""
    escaped = name.replace("`", "``")
    return f"`{escaped}`"


def condition_of(condition: Condition) -> Optional[Expr]:
    """The expression of a condition; a text is SQL."""
    if condition is None:
        return None
    if isinstance(condition, Column):
        return condition._e
    if isinstance(condition, str):
        return exprs.text(condition)
    raise TypeError(f"A condition must be a Spark SQL Column or a string, found {type(condition).__name__}.")


def need_assignments(values: Optional[Dict[str, Any]], name: str) -> Dict[str, Expr]:
    """Column names and their new values; texts are SQL expressions."""
    if not isinstance(values, dict):
        raise TypeError(f"'{name}' must be a dict of column names and values, found {type(values).__name__}.")
    found: Dict[str, Expr] = {}
    for column, value in values.items():
        if not isinstance(column, str):
            raise TypeError(f"Keys of '{name}' must be str, found {type(column).__name__}.")
        if not isinstance(value, (str, Column)):
            raise TypeError(f"Values of '{name}' must be a Column or an expression string, found {type(value).__name__}.")
        found[column] = value._e if isinstance(value, Column) else exprs.text(value)
    if not found:
        raise ValueError(f"'{name}' is empty.")
    return found


class DeltaMergeBuilder:
    """Clauses of a merge; ``execute`` runs it."""

    def __init__(
        self, spark: "SparkSession", table: str, alias: Optional[str], source: "DataFrame", condition: Condition
    ) -> None:
        self._spark = spark
        self._table = table
        self._alias = alias
        self._source = source
        self._on = condition_of(condition)
        self._clauses: List[Dict[str, Any]] = []
        self._evolve = False

    def _with(self, when: str, action: str, condition: Condition, values: Optional[Dict[str, Expr]]) -> "DeltaMergeBuilder":
        clause: Dict[str, Any] = {"when": when, "action": action}
        found = condition_of(condition)
        if found is not None:
            clause["cond"] = found
        if values is not None:
            clause["set"] = values
        self._clauses.append(clause)
        return self

    def whenMatchedUpdate(
        self, condition: Condition = None, set: Optional[Dict[str, Any]] = None
    ) -> "DeltaMergeBuilder":
        """Updates rows that match."""
        return self._with("matched", "update", condition, need_assignments(set, "set"))

    def whenMatchedUpdateAll(self, condition: Condition = None) -> "DeltaMergeBuilder":
        """Updates all columns of rows that match with those of the same name."""
        return self._with("matched", "update", condition, None)

    def whenMatchedDelete(self, condition: Condition = None) -> "DeltaMergeBuilder":
        """Deletes rows that match."""
        return self._with("matched", "delete", condition, None)

    def whenNotMatchedInsert(
        self, condition: Condition = None, values: Optional[Dict[str, Any]] = None
    ) -> "DeltaMergeBuilder":
        """Inserts rows of the source that match nothing."""
        return self._with("notMatched", "insert", condition, need_assignments(values, "values"))

    def whenNotMatchedInsertAll(self, condition: Condition = None) -> "DeltaMergeBuilder":
        """Inserts rows of the source that match nothing, columns by name."""
        return self._with("notMatched", "insert", condition, None)

    def whenNotMatchedBySourceUpdate(
        self, condition: Condition = None, set: Optional[Dict[str, Any]] = None
    ) -> "DeltaMergeBuilder":
        """Updates rows of the target that match nothing."""
        return self._with("notMatchedBySource", "update", condition, need_assignments(set, "set"))

    def whenNotMatchedBySourceDelete(self, condition: Condition = None) -> "DeltaMergeBuilder":
        """Deletes rows of the target that match nothing."""
        return self._with("notMatchedBySource", "delete", condition, None)

    def withSchemaEvolution(self) -> "DeltaMergeBuilder":
        """Columns that only the source has are added to the table by the ``All`` clauses."""
        self._evolve = True
        return self

    def execute(self) -> None:
        """Runs the merge."""
        evolve = self._evolve or _is_on(self._spark, "spark.databricks.delta.schema.autoMerge.enabled")
        self._spark._client.request(
            "delta", action="merge", table=self._table, alias=self._alias, source=self._source._plan, on=self._on,
            clauses=self._clauses, evolve=evolve,
        )  # fmt: skip


def _is_on(spark: "SparkSession", key: str) -> bool:
    return str(spark.conf.get(key, "false")).lower() == "true"


class DeltaOptimizeBuilder:
    """Which partitions to make anew, and how."""

    def __init__(self, table: "DeltaTable") -> None:
        self._table = table
        self._where: Optional[Expr] = None

    def where(self, partitionFilter: str) -> "DeltaOptimizeBuilder":
        """Only partitions for which the condition is true."""
        self._where = condition_of(partitionFilter)
        return self

    def executeCompaction(self) -> "DataFrame":
        """Few large files instead of many small ones."""
        return self._table._rows("optimize", where=self._where)

    def executeZOrderBy(self, *cols: Any) -> "DataFrame":
        """Rows sorted by the columns."""
        return self._table._rows("optimize", where=self._where, zorder=[str(name) for name in flatten(cols)])


class DeltaTableBuilder:
    """Columns, partitions, place and properties of a new table."""

    def __init__(self, cls: Any, spark: "SparkSession", mode: str) -> None:
        self._cls = cls
        self._spark = spark
        self._mode = mode
        self._name: Optional[str] = None
        self._location: Optional[str] = None
        self._comment: Optional[str] = None
        self._fields: List[StructField] = []
        self._partitions: List[str] = []
        self._properties: Dict[str, str] = {}

    def tableName(self, identifier: str) -> "DeltaTableBuilder":
        """Name in the catalog, or ``delta.`path```."""
        self._name = identifier
        return self

    def location(self, location: str) -> "DeltaTableBuilder":
        """Where the data goes."""
        self._location = location
        return self

    def comment(self, comment: str) -> "DeltaTableBuilder":
        """What the table is about."""
        self._comment = comment
        return self

    def addColumn(
        self,
        colName: Union[str, StructField],
        dataType: Union[str, DataType, None] = None,
        nullable: bool = True,
        generatedAlwaysAs: Any = None,
        generatedByDefaultAs: Any = None,
        comment: Optional[str] = None,
    ) -> "DeltaTableBuilder":
        """A column."""
        if generatedAlwaysAs is not None or generatedByDefaultAs is not None:
            refuse("generated and identity columns of Delta tables", "compute the column before writing")
        if isinstance(colName, StructField):
            self._fields.append(colName)
            return self
        if dataType is None:
            raise ValueError("addColumn needs a dataType.")
        found = parse_ddl(dataType) if isinstance(dataType, str) else dataType
        metadata = {"comment": comment} if comment is not None else None
        self._fields.append(StructField(colName, found, nullable, metadata))
        return self

    def addColumns(self, cols: Union[StructType, List[StructField]]) -> "DeltaTableBuilder":
        """Columns of a schema."""
        self._fields.extend(cols.fields if isinstance(cols, StructType) else cols)
        return self

    def partitionedBy(self, *cols: Any) -> "DeltaTableBuilder":
        """A directory for each value of these columns."""
        self._partitions = [str(name) for name in flatten(cols)]
        return self

    def clusterBy(self, *cols: Any) -> "DeltaTableBuilder":
        """Liquid clustering: not there."""
        refuse("DeltaTableBuilder.clusterBy (liquid clustering)", "partitionedBy, or optimize().executeZOrderBy")

    def property(self, key: str, value: str) -> "DeltaTableBuilder":
        """A property of the table."""
        self._properties[key] = value
        return self

    def execute(self) -> "DeltaTable":
        """Makes the table."""
        if self._name is None and self._location is None:
            raise ValueError("Table name or location has to be specified.")
        name = self._name or f"delta.{quoted(str(self._location))}"
        schema = StructType(self._fields).jsonValue() if self._fields else None
        self._spark._client.request(
            "delta", action="create", table=name, mode=self._mode, schema=schema, location=self._location if self._name else None,
            partitionedBy=self._partitions, properties=self._properties, comment=self._comment,
        )  # fmt: skip
        table: "DeltaTable" = self._cls(self._spark, name)
        return table
