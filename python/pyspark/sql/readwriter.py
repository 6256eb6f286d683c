"""Reading and writing files and tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Dict, List, Optional, Union

from pyspark._hearth import plans
from pyspark._hearth.args import flatten, need_str
from pyspark._hearth.unsupported import refusing
from pyspark._hearth.refusals import format_of
from pyspark.errors import AnalysisException, IllegalArgumentException, PySparkTypeError, PySparkValueError, UnsupportedOperationException
from pyspark.sql import _formats
from pyspark.sql.column import Column
from pyspark.sql.types import StructType
from pyspark.sql.types.ddl import parse_struct

if TYPE_CHECKING:
    from pyspark.sql.dataframe import DataFrame
    from pyspark.sql.session import SparkSession

_MODES = {
    "append": "append", "overwrite": "overwrite", "ignore": "ignore", "error": "error",
    "errorifexists": "error", "default": "error",
}  # fmt: skip


class DataFrameReader:
    """``spark.read``."""

    orc = refusing("DataFrameReader.orc (the ORC format)", "read Parquet, CSV or JSON")
    jdbc = refusing("DataFrameReader.jdbc", "read files")

    def __init__(self, spark: "SparkSession") -> None:
        self._spark = spark
        self._format: Optional[str] = None
        self._schema: Optional[StructType] = None
        self._options: Dict[str, str] = {}

    def format(self, source: str) -> "DataFrameReader":
        """The format: parquet, csv, json, text, delta."""
        self._format = source
        return self

    def schema(self, schema: Union[StructType, str]) -> "DataFrameReader":
        """The schema, instead of the one of the files."""
        if isinstance(schema, str):
            schema = parse_struct(schema)
        if not isinstance(schema, StructType):
            raise PySparkTypeError(
                message=f"Argument `schema` should be a str or StructType, got {type(schema).__name__}.",
                error_class="NOT_STR_OR_STRUCT",
            )
        self._schema = schema
        return self

    def option(self, key: str, value: Any) -> "DataFrameReader":
        """An option of the format."""
        if value is not None:
            self._options[key] = _formats.option_text(value)
        return self

    def options(self, **options: Any) -> "DataFrameReader":
        """Options of the format."""
        for key, value in options.items():
            self.option(key, value)
        return self

    def load(
        self,
        path: Union[str, List[str], None] = None,
        format: Optional[str] = None,
        schema: Union[StructType, str, None] = None,
        **options: Any,
    ) -> "DataFrame":
        """The rows of files."""
        if format is not None:
            self.format(format)
        if schema is not None:
            self.schema(schema)
        self.options(**options)
        paths = [path] if isinstance(path, str) else list(path or [])
        remaining = dict(self._options)
        for key in [key for key in remaining if key.lower() == "path"]:
            found = remaining.pop(key)
            paths = paths or [found]
        kind = (self._format or "parquet").lower()
        why = format_of(kind)
        if why is not None and not paths:
            raise UnsupportedOperationException(message=why[0].upper() + why[1:], error_class="UNSUPPORTED_FEATURE")
        return self._plan(plans.node("read", format=kind, paths=paths, schema=self._struct(), options=remaining))

    def _struct(self) -> Any:
        return None if self._schema is None else self._schema.jsonValue()

    def _plan(self, plan: plans.Plan) -> "DataFrame":
        from pyspark.sql.dataframe import DataFrame

        frame: DataFrame = DataFrame(plan, self._spark)._checked()
        return frame

    def table(self, tableName: str) -> "DataFrame":
        """A table or a view."""
        return self._plan(plans.node("table", name=need_str(tableName, "tableName"), options=self._options or None))

    def _files(self, kind: str, path: Any, schema: Any, positional: Any, given: Dict[str, Any]) -> "DataFrame":
        options = _formats.named(kind, _formats.READ[kind], positional, given)
        return self.load(path, kind, schema, **options)

    def parquet(self, *paths: str, **options: Any) -> "DataFrame":
        """The rows of Parquet files."""
        return self._files("parquet", flatten(paths), None, (), options)

    def text(self, paths: Union[str, List[str]], *positional: Any, **options: Any) -> "DataFrame":
        """The lines of text files in a column ``value``."""
        return self._files("text", paths, None, positional, options)

    def csv(
        self, path: Union[str, List[str]], schema: Union[StructType, str, None] = None, *positional: Any, **options: Any
    ) -> "DataFrame":
        """The rows of CSV files."""
        _need_paths(path, "csv")
        return self._files("csv", path, schema, positional, options)

    def json(
        self, path: Any, schema: Union[StructType, str, None] = None, *positional: Any, **options: Any
    ) -> "DataFrame":
        """The rows of JSON files, one object a line; or of an RDD of JSON texts."""
        from pyspark.rdd import RDD

        if isinstance(path, RDD):
            from pyspark.sql._jsonrows import frame_of

            if schema is not None:
                self.schema(schema)
            return frame_of(self._spark, path.collect(), self._schema)
        _need_paths(path, "json")
        return self._files("json", path, schema, positional, options)


class DataFrameWriter:
    """``df.write``."""

    orc = refusing("DataFrameWriter.orc (the ORC format)", "write Parquet")
    jdbc = refusing("DataFrameWriter.jdbc", "write files")
    bucketBy = refusing("DataFrameWriter.bucketBy", "partitionBy")
    sortBy = refusing("DataFrameWriter.sortBy", "orderBy before write")

    def __init__(self, df: "DataFrame") -> None:
        self._df = df
        self._format: Optional[str] = None
        self._mode = "error"
        self._partitions: List[str] = []
        self._options: Dict[str, str] = {}

    def mode(self, saveMode: Optional[str]) -> "DataFrameWriter":
        """What to do when there is data: append, overwrite, ignore, error."""
        if saveMode:
            if saveMode.lower() not in _MODES:
                raise IllegalArgumentException(
                    message=f'The save mode "{saveMode}" is invalid. Valid save modes include "append", "overwrite", '
                    '"ignore", "error", "errorifexists", and "default".',
                    error_class="INVALID_SAVE_MODE",
                )
            self._mode = _MODES[saveMode.lower()]
        return self

    def format(self, source: str) -> "DataFrameWriter":
        """The format: parquet, csv, json, text, delta."""
        self._format = source
        return self

    def option(self, key: str, value: Any) -> "DataFrameWriter":
        """An option of the format."""
        if value is not None:
            self._options[key] = _formats.option_text(value)
        return self

    def options(self, **options: Any) -> "DataFrameWriter":
        """Options of the format."""
        for key, value in options.items():
            self.option(key, value)
        return self

    def partitionBy(self, *cols: Any) -> "DataFrameWriter":
        """A directory for each value of these columns."""
        self._partitions = [need_str(name, "cols") for name in flatten(cols)]
        return self

    def save(
        self,
        path: Optional[str] = None,
        format: Optional[str] = None,
        mode: Optional[str] = None,
        partitionBy: Union[str, List[str], None] = None,
        **options: Any,
    ) -> None:
        """Writes files."""
        self._set(format, mode, partitionBy, options)
        why = format_of(self._format or "parquet")
        if why is not None:
            raise UnsupportedOperationException(message=why[0].upper() + why[1:], error_class="UNSUPPORTED_FEATURE")
        self._write(path=path or self._taken_path())

    def saveAsTable(
        self,
        name: str,
        format: Optional[str] = None,
        mode: Optional[str] = None,
        partitionBy: Union[str, List[str], None] = None,
        **options: Any,
    ) -> None:
        """Writes a table of the catalog; columns by name when appending."""
        self._set(format, mode, partitionBy, options)
        self._write(table=need_str(name, "name"), path=self._taken_path())

    def insertInto(self, tableName: str, overwrite: Optional[bool] = None) -> None:
        """Writes into a table that exists, columns by position."""
        if overwrite is not None:
            self.mode("overwrite" if overwrite else "append")
        mode = "append" if self._mode == "error" else self._mode
        self._write(table=need_str(tableName, "tableName"), insert=True, mode=mode)

    def _set(self, format: Optional[str], mode: Optional[str], partition_by: Any, options: Dict[str, Any]) -> None:
        self.mode(mode).options(**options)
        if partition_by is not None:
            self.partitionBy(partition_by)
        if format is not None:
            self.format(format)

    def _taken_path(self) -> Optional[str]:
        for key in list(self._options):
            if key.lower() == "path":
                return self._options.pop(key)
        return None

    def _write(self, **fields: Any) -> None:
        sink = {
            "format": (self._format or "parquet").lower(),
            "mode": self._mode,
            "partitionBy": self._partitions,
            "options": self._options,
            **{key: value for key, value in fields.items() if value is not None},
        }
        if "path" not in sink and "table" not in sink:
            raise PySparkValueError(
                message="Neither a path nor a table is given: use save(path) or saveAsTable(name).",
                error_class="PATH_REQUIRED",
            )
        self._df._session._client.request("write", plan=self._df._plan, sink=sink)

    def _files(self, kind: str, path: str, mode: Any, partition_by: Any, positional: Any, given: Dict[str, Any]) -> None:
        options = _formats.named(kind, _formats.WRITE[kind], positional, given)
        self.save(need_str(path, "path"), kind, mode, partition_by, **options)

    def parquet(
        self, path: str, mode: Optional[str] = None, partitionBy: Union[str, List[str], None] = None,
        compression: Optional[str] = None,
    ) -> None:  # fmt: skip
        """Writes Parquet files."""
        self._files("parquet", path, mode, partitionBy, (), {"compression": compression})

    def csv(self, path: str, mode: Optional[str] = None, *positional: Any, **options: Any) -> None:
        """Writes CSV files."""
        self._files("csv", path, mode, None, positional, options)

    def json(self, path: str, mode: Optional[str] = None, *positional: Any, **options: Any) -> None:
        """Writes JSON files, one object a line."""
        self._files("json", path, mode, None, positional, options)

    def text(self, path: str, *positional: Any, **options: Any) -> None:
        """Writes the one text column as lines."""
        self._files("text", path, None, None, positional, options)


class DataFrameWriterV2:
    """``df.writeTo(table)``."""

    def __init__(self, df: "DataFrame", table: str) -> None:
        self._writer = DataFrameWriter(df)
        self._table = table
        self._properties: Dict[str, str] = {}

    def using(self, provider: str) -> "DataFrameWriterV2":
        """The format of the table."""
        self._writer.format(provider)
        return self

    def option(self, key: str, value: Any) -> "DataFrameWriterV2":
        """An option of the format."""
        self._writer.option(key, value)
        return self

    def options(self, **options: Any) -> "DataFrameWriterV2":
        """Options of the format."""
        self._writer.options(**options)
        return self

    def tableProperty(self, property: str, value: str) -> "DataFrameWriterV2":
        """A property of the table."""
        self._properties[property] = _formats.option_text(value)
        return self

    def partitionedBy(self, col: Column, *cols: Column) -> "DataFrameWriterV2":
        """A directory for each value of these columns."""
        self._writer.partitionBy([str(c._e.get("name")) for c in (col, *cols)])
        return self

    def create(self) -> None:
        """Makes the table; it is an error when it exists."""
        self._save("error")

    def replace(self) -> None:
        """Makes the table anew; it is an error when it does not exist."""
        if not self._writer._df._session.catalog.tableExists(self._table):
            raise AnalysisException(
                message=f"The table or view `{self._table}` cannot be found.", error_class="TABLE_OR_VIEW_NOT_FOUND"
            )
        self._anew()

    def createOrReplace(self) -> None:
        """Makes the table, or makes it anew."""
        self._anew()

    def append(self) -> None:
        """Adds rows to the table."""
        self._save("append")

    def overwrite(self, condition: Column) -> None:
        """Replaces the rows for which the condition is true."""
        self._save("overwrite", where=condition._e)

    def overwritePartitions(self) -> None:
        """Replaces the partitions that the rows are of."""
        self._writer.option("partitionOverwriteMode", "dynamic")
        self._save("overwrite")

    def _anew(self) -> None:
        self._writer.option("overwriteSchema", "true")
        self._save("overwrite", replace=True)

    def _save(self, mode: str, **fields: Any) -> None:
        self._writer.mode(mode)
        self._writer._write(
            table=need_str(self._table, "table"), path=self._writer._taken_path(), properties=self._properties, **fields
        )


def _need_paths(path: Any, method: str) -> None:
    if not isinstance(path, (str, list, tuple)):
        raise PySparkTypeError(
            message=f"Argument `path` of {method}() should be a str or list of str, got {type(path).__name__}.",
            error_class="NOT_STR_OR_LIST_OF_RDD",
        )
