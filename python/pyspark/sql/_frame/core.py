"""What every theme builds on: the plan, the session, the schema."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Iterator, List, Optional, Tuple, Union

from pyspark._hearth import plans
from pyspark._hearth.plans import Plan
from pyspark.errors import PySparkAttributeError, PySparkTypeError
from pyspark.sql.column import Column
from pyspark.sql.types import NumericType, StructType

if TYPE_CHECKING:
    from pyspark.sql.dataframe import DataFrame
    from pyspark.sql.session import SparkSession


class Core:
    """A plan that belongs to a session. Plans never change; caching swaps a node's content for the cached one."""

    def __init__(self, plan: Plan, session: "SparkSession", schema: Optional[StructType] = None) -> None:
        self._plan = plan
        self._session = session
        self._schema = schema
        self._uncached: Optional[Plan] = None
        self._level: Any = None

    def _new(self, plan: Plan) -> "DataFrame":
        """A DataFrame of a plan, analysed at once as in Spark: a wrong name fails here and not at the action."""
        from pyspark.sql.dataframe import DataFrame

        return DataFrame(plan, self._session)._checked()

    def _checked(self) -> Any:
        if self._session._analyze_eagerly:
            self.schema  # noqa: B018
        return self

    def _derive(self, kind: str, **fields: Any) -> "DataFrame":
        return self._new(plans.node(kind, **{"in": self._plan, **fields}))

    @property
    def sparkSession(self) -> "SparkSession":
        """The session that made this DataFrame."""
        return self._session

    @property
    def schema(self) -> StructType:
        """The names and types of the columns."""
        if self._schema is None:
            answer = self._session._client.request("schema", plan=self._plan)
            self._schema = StructType.fromJson(answer["schema"])
        return self._schema

    @property
    def columns(self) -> List[str]:
        """The names of the columns."""
        return self.schema.fieldNames()

    @property
    def dtypes(self) -> List[Tuple[str, str]]:
        """Names with SQL types."""
        return [(field.name, field.dataType.simpleString()) for field in self.schema.fields]

    def printSchema(self, level: Optional[int] = None) -> None:
        """Prints the schema as a tree."""
        print(self.schema.treeString(level))

    @property
    def isStreaming(self) -> bool:
        """Always False: streams are not there."""
        return False

    def isLocal(self) -> bool:
        """Whether the rows are in the plan itself."""
        return bool(self._plan["t"] == "local")

    def _named_column(self, name: str) -> Column:
        """The column of this DataFrame by name, pinned to it; an unknown name raises the engine's error."""
        found = {"t": "col", "name": name, "plan": self._plan["id"]}
        if self._session._analyze_eagerly and not self._has(name):
            self._derive("project", exprs=[found])
        return Column(found)

    def _has(self, name: str) -> bool:
        plain = name[1:-1].replace("``", "`") if len(name) > 1 and name[0] == name[-1] == "`" else name
        return plain.lower() in {column.lower() for column in self.columns}

    def __getitem__(self, item: Union[int, str, Column, List[Any], Tuple[Any, ...]]) -> Any:
        if isinstance(item, str):
            if item == "*" or item.endswith(".*"):
                return Column({"t": "star"} if item == "*" else {"t": "star", "of": item[:-2]})
            return self._named_column(item)
        if isinstance(item, Column):
            return self.filter(item)  # type: ignore[attr-defined]
        if isinstance(item, (list, tuple)):
            return self.select(*item)  # type: ignore[attr-defined]
        if isinstance(item, int):
            return self._named_column(_quoted(self.columns[item]))
        raise PySparkTypeError(
            error_class="NOT_COLUMN_OR_INT_OR_LIST_OR_STR_OR_TUPLE",
            message_parameters={"arg_name": "item", "arg_type": type(item).__name__},
        )

    def __getattr__(self, name: str) -> Column:
        if name.startswith("_") or name not in self.columns:
            raise PySparkAttributeError(
                message=f"'{type(self).__name__}' object has no attribute '{name}'",
                error_class="ATTRIBUTE_NOT_SUPPORTED",
                message_parameters={"attr_name": name},
            )
        return self._named_column(_quoted(name))

    def __dir__(self) -> Iterator[str]:
        return iter(sorted({*super().__dir__(), *[name for name in self.columns if name.isidentifier()]}))

    def _ipython_key_completions_(self) -> List[str]:
        return self.columns

    def __repr__(self) -> str:
        return f"DataFrame[{', '.join(f'{name}: {kind}' for name, kind in self.dtypes)}]"

    def _numeric_columns(self) -> List[str]:
        return [field.name for field in self.schema.fields if isinstance(field.dataType, NumericType)]


def _quoted(name: str) -> str:
    return "`" + name.replace("`", "``") + "`" if "." in name or "`" in name else name


quoted = _quoted
