"""Databases, tables, views and functions of a session."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Callable, Dict, List, NamedTuple, Optional, TypeVar

from pyspark._hearth.unsupported import refusing
from pyspark.errors import AnalysisException
from pyspark.sql.types import StructType
from pyspark.storagelevel import StorageLevel

if TYPE_CHECKING:
    from pyspark.sql.dataframe import DataFrame
    from pyspark.sql.session import SparkSession


class CatalogMetadata(NamedTuple):
    """A catalog."""

    name: str
    description: Optional[str]


class Database(NamedTuple):
    """A database."""

    name: str
    catalog: Optional[str]
    description: Optional[str]
    locationUri: str


class Table(NamedTuple):
    """A table or a view."""

    name: str
    catalog: Optional[str]
    namespace: Optional[List[str]]
    description: Optional[str]
    tableType: str
    isTemporary: bool

    @property
    def database(self) -> Optional[str]:
        """The one part of the namespace, or None."""
        return self.namespace[0] if self.namespace and len(self.namespace) == 1 else None


class Column(NamedTuple):
    """A column of a table."""

    name: str
    description: Optional[str]
    dataType: str
    nullable: bool
    isPartition: bool
    isBucket: bool


class Function(NamedTuple):
    """A function."""

    name: str
    catalog: Optional[str]
    namespace: Optional[List[str]]
    description: Optional[str]
    className: str
    isTemporary: bool


class Catalog:
    """``spark.catalog``."""

    registerFunction = refusing("Catalog.registerFunction (Python functions in SQL)", "write the function in SQL")
    createExternalTable = refusing("Catalog.createExternalTable", "CREATE TABLE ... LOCATION in spark.sql")

    def __init__(self, sparkSession: "SparkSession") -> None:
        self._session = sparkSession

    def _ask(self, action: str, **fields: Any) -> Dict[str, Any]:
        return self._session._client.request("catalog", action=action, **fields)

    def _value(self, action: str, **fields: Any) -> Any:
        return self._ask(action, **fields).get("value")

    def _list(self, kind: Callable[..., Any], action: str, **fields: Any) -> List[Any]:
        return [_made(kind, row) for row in self._ask(action, **fields).get("rows") or []]

    def currentCatalog(self) -> str:
        """The catalog in use."""
        return str(self._value("currentCatalog"))

    def setCurrentCatalog(self, catalogName: str) -> None:
        """Uses another catalog."""
        self._session.sql(f"USE CATALOG {_quoted(catalogName)}")

    def listCatalogs(self, pattern: Optional[str] = None) -> List[CatalogMetadata]:
        """The catalogs."""
        return _matching(self._list(CatalogMetadata, "listCatalogs"), pattern)

    def currentDatabase(self) -> str:
        """The database in use."""
        return str(self._value("currentDatabase"))

    def setCurrentDatabase(self, dbName: str) -> None:
        """Uses another database."""
        self._ask("setCurrentDatabase", name=_database(dbName))

    def listDatabases(self, pattern: Optional[str] = None) -> List[Database]:
        """The databases."""
        return _matching(self._list(Database, "listDatabases"), pattern)

    def getDatabase(self, dbName: str) -> Database:
        """A database by name."""
        return _made(Database, self._ask("getDatabase", name=_database(dbName))["rows"][0])

    def databaseExists(self, dbName: str) -> bool:
        """Whether there is a database of that name."""
        return bool(self._value("databaseExists", name=_database(dbName)))

    def listTables(self, dbName: Optional[str] = None, pattern: Optional[str] = None) -> List[Table]:
        """The tables and views."""
        return _matching(self._list(Table, "listTables", db=_database(dbName)), pattern)

    def getTable(self, tableName: str) -> Table:
        """A table or view by name."""
        return _made(Table, self._ask("getTable", name=tableName)["rows"][0])

    def tableExists(self, tableName: str, dbName: Optional[str] = None) -> bool:
        """Whether there is a table or view of that name."""
        return bool(self._value("tableExists", name=f"{dbName}.{tableName}" if dbName else tableName))

    def listColumns(self, tableName: str, dbName: Optional[str] = None) -> List[Column]:
        """The columns of a table."""
        return self._list(Column, "listColumns", table=f"{dbName}.{tableName}" if dbName else tableName)

    def listFunctions(self, dbName: Optional[str] = None, pattern: Optional[str] = None) -> List[Function]:
        """The functions."""
        return _matching(self._list(Function, "listFunctions", db=_database(dbName)), pattern)

    def getFunction(self, functionName: str) -> Function:
        """A function by name."""
        for found in self._list(Function, "listFunctions"):
            if found.name.lower() == functionName.lower():
                return found  # type: ignore[no-any-return]
        raise AnalysisException(
            message=f"The routine `{functionName}` cannot be found. Verify the spelling and correctness of the schema and catalog.",
            error_class="ROUTINE_NOT_FOUND",
        )

    def functionExists(self, functionName: str, dbName: Optional[str] = None) -> bool:
        """Whether there is a function of that name."""
        return bool(self._value("functionExists", name=functionName))

    def createTable(
        self, tableName: str, path: Optional[str] = None, source: Optional[str] = None,
        schema: Optional[StructType] = None, description: Optional[str] = None, **options: str,
    ) -> "DataFrame":  # fmt: skip
        """Makes a table of files at a path, or an empty one of a schema."""
        reader = self._session.read.format(source or "parquet").options(**options)
        if schema is not None:
            columns = ", ".join(f"{_quoted(f.name)} {f.dataType.simpleString()}" for f in schema.fields)
        else:
            fields = reader.load(path).schema.fields
            columns = ", ".join(f"{_quoted(f.name)} {f.dataType.simpleString()}" for f in fields)
        location = f" LOCATION '{path}'" if path else ""
        comment = f" COMMENT '{description}'" if description else ""
        self._session.sql(f"CREATE TABLE {tableName} ({columns}) USING {source or 'parquet'}{comment}{location}")
        return self._session.table(tableName)

    def dropTempView(self, viewName: str) -> bool:
        """Removes a view of this session."""
        return bool(self._session._client.request("drop-view", name=viewName).get("dropped"))

    def dropGlobalTempView(self, viewName: str) -> bool:
        """Removes a view of ``global_temp``."""
        name = f"global_temp.{viewName}"
        return bool(self._session._client.request("drop-view", name=name).get("dropped"))

    def isCached(self, tableName: str) -> bool:
        """Whether ``cacheTable`` was asked to keep the rows of a table. Raises ``AnalysisException`` when there is no such table."""
        return self._known(tableName) in self._session._cached_tables

    def _known(self, tableName: str) -> str:
        found = self.getTable(_database(tableName) or "")
        return ".".join([*(found.namespace or []), found.name]).lower()

    def cacheTable(self, tableName: str, storageLevel: Optional[StorageLevel] = None) -> None:
        """Keeps the rows of a table. The engine reads tables anew and decides itself what stays in memory."""
        known = self._known(tableName)
        self._session.sql(f"CACHE TABLE {tableName}")
        self._session._cached_tables.add(known)

    def uncacheTable(self, tableName: str) -> None:
        """Forgets the kept rows of a table."""
        self._session._cached_tables.discard(self._known(tableName))
        self._session.sql(f"UNCACHE TABLE {tableName}")

    def clearCache(self) -> None:
        """Forgets all kept rows."""
        self._session._cached_tables.clear()
        self._ask("clearCache")

    def refreshTable(self, tableName: str) -> None:
        """Looks at the files of a table again."""
        self._ask("refreshTable", name=tableName)

    def refreshByPath(self, path: str) -> None:
        """Nothing to do: files are looked at when a query runs."""

    def recoverPartitions(self, tableName: str) -> None:
        """Finds the partitions of a table in its directory."""
        self._session.sql(f"MSCK REPAIR TABLE {tableName}")


def _made(kind: Callable[..., Any], row: Dict[str, Any]) -> Any:
    return kind(**{name: row.get(name) for name in kind._fields})  # type: ignore[attr-defined]


_C = TypeVar("_C")


def _matching(items: List[_C], pattern: Optional[str]) -> List[_C]:
    """Those whose name matches: ``*`` is any text, ``|`` a choice, case does not count."""
    if pattern is None:
        return items
    choices = [re.compile(choice.strip().replace("*", ".*"), re.IGNORECASE) for choice in pattern.split("|")]
    return [item for item in items if any(choice.fullmatch(item.name) for choice in choices)]  # type: ignore[attr-defined]


def _database(name: Optional[str]) -> Optional[str]:
    return name[len("spark_catalog.") :] if name and name.lower().startswith("spark_catalog.") else name


def _quoted(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"
