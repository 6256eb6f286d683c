"""SparkSession: where DataFrames come from."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, ClassVar, Dict, List, Optional, Set, Union

from pyspark._hearth import plans
from pyspark._hearth.client import EngineClient
from pyspark._hearth.launch import named_socket
from pyspark._hearth.udfs import FunctionHost
from pyspark._hearth.unsupported import refusing
from pyspark.conf import SparkConf
from pyspark.context import SparkContext
from pyspark.errors import AnalysisException, PySparkRuntimeError
from pyspark.sql._sqltext import fill_in, parameters
from pyspark.sql.conf import RuntimeConfig
from pyspark.sql.create import local_data
from pyspark.sql.dataframe import DataFrame
from pyspark.sql.readwriter import DataFrameReader
from pyspark.sql.types import LongType, StructField, StructType

if TYPE_CHECKING:
    from pyspark.sql.udf import UDFRegistration
    from pyspark.sql.catalog import Catalog

_LOCK = threading.RLock()

# More rows go to the engine once and are kept there, instead of with every request.
_MOST_ROWS_IN_PLANS = 2_000


class Builder:
    """Collects settings; ``getOrCreate`` makes the session."""

    def __init__(self) -> None:
        self._options: Dict[str, Any] = {}

    def config(
        self,
        key: Optional[str] = None,
        value: Optional[Any] = None,
        conf: Optional[SparkConf] = None,
        *,
        map: Optional[Dict[str, Any]] = None,
    ) -> "Builder":
        """A setting: a key and a value, a SparkConf, or a dict."""
        pairs = conf.getAll() if conf is not None else list((map or {}).items())
        for name, item in pairs or [(str(key), value)]:
            self._options[name] = str(item).lower() if isinstance(item, bool) else str(item)
        return self

    def master(self, master: str) -> "Builder":
        """The master; kept for the record."""
        return self.config("spark.master", master)

    def appName(self, name: str) -> "Builder":
        """The name of the application."""
        return self.config("spark.app.name", name)

    def enableHiveSupport(self) -> "Builder":
        """The engine's catalog is always there."""
        return self.config("spark.sql.catalogImplementation", "hive")

    remote = refusing("SparkSession.builder.remote (Spark Connect)", "leave out .remote()")
    create = refusing("SparkSession.builder.create (Spark Connect)", "getOrCreate()")

    def getOrCreate(self) -> "SparkSession":
        """The session of this process with these settings, or a new one."""
        with _LOCK:
            session = SparkSession._instantiated
            if session is None:
                conf = SparkConf().setAll(self._options.items())
                return SparkSession(SparkContext.getOrCreate(conf), self._options)
            for key, value in self._options.items():
                if not key.startswith(("spark.master", "spark.app.")) and session.conf.get(key, None) != value:
                    _set_if_it_may(session, key, value)
            return session


def _set_if_it_may(session: "SparkSession", key: str, value: str) -> None:
    """Sets a key of a session that is there; what only counts at the start is left as it is, as Spark does with a warning."""
    try:
        session.conf.set(key, value)
    except AnalysisException as cause:
        if cause.getErrorClass() != "CANNOT_MODIFY_CONFIG":
            raise


class _NewBuilder:
    """``SparkSession.builder`` is a fresh builder each time."""

    def __get__(self, instance: Any, owner: Any) -> Builder:
        return Builder()


class SparkSession:
    """Builds DataFrames of plans and sends them to the engine."""

    Builder = Builder
    builder: ClassVar[Any] = _NewBuilder()
    _instantiated: ClassVar[Optional["SparkSession"]] = None

    newSession = refusing("SparkSession.newSession", "one session per process")
    readStream = property(refusing("SparkSession.readStream (structured streaming)", "spark.read"))
    streams = property(refusing("SparkSession.streams (structured streaming)"))
    udtf = property(refusing("SparkSession.udtf (Python table functions)"))
    _jvm = property(refusing("SparkSession._jvm (there is no Java side)", "set spark.hadoop.* in the configuration"))
    _jsparkSession = property(refusing("SparkSession._jsparkSession (there is no Java side)"))
    addArtifact = addArtifacts = refusing("SparkSession.addArtifacts (Spark Connect)", "sparkContext.addPyFile")

    def __init__(
        self,
        sparkContext: SparkContext,
        options: Optional[Dict[str, Any]] = None,
        _client: Optional[EngineClient] = None,
        _analyze_eagerly: bool = True,
    ) -> None:
        self._sc = sparkContext
        conf = dict(sparkContext.getConf().getAll())
        conf.update({key: str(value) for key, value in (options or {}).items()})
        app = {"name": conf.get("spark.app.name", ""), "id": conf.get("spark.app.id", "")}
        self._client = _client or EngineClient(conf, app)
        self._analyze_eagerly = _analyze_eagerly
        self._functions = FunctionHost(self._client)
        self._stopped = False
        self._cached_tables: Set[str] = set()
        if _client is None and named_socket() is not None:
            self._client.connect()
        SparkSession._instantiated = self

    @classmethod
    def _get_or_make(cls, context: SparkContext) -> "SparkSession":
        with _LOCK:
            return cls._instantiated or cls(context)

    @classmethod
    def _active(cls) -> "SparkSession":
        return cls._instantiated or cls.builder.getOrCreate()

    @property
    def udf(self) -> "UDFRegistration":
        """Registration of Python functions for SQL."""
        from pyspark.sql.udf import UDFRegistration

        return UDFRegistration(self)

    @classmethod
    def getActiveSession(cls) -> Optional["SparkSession"]:
        """The session of this process, or None."""
        return cls._instantiated

    @classmethod
    def active(cls) -> "SparkSession":
        """The session of this process. Raises when there is none."""
        if cls._instantiated is None:
            raise PySparkRuntimeError(error_class="NO_ACTIVE_SESSION", message_parameters={})
        return cls._instantiated

    @property
    def sparkContext(self) -> SparkContext:
        """The application."""
        return self._sc

    @property
    def version(self) -> str:
        """The Spark version whose API and dialect this is."""
        return self._sc.version

    @property
    def conf(self) -> RuntimeConfig:
        """Settings of the session."""
        return RuntimeConfig(self._client)

    @property
    def catalog(self) -> "Catalog":
        """Databases, tables, views and functions."""
        from pyspark.sql.catalog import Catalog

        return Catalog(self)

    @property
    def read(self) -> DataFrameReader:
        """Reads files and tables."""
        return DataFrameReader(self)

    def table(self, tableName: str) -> DataFrame:
        """A table or a view."""
        return self.read.table(tableName)

    def range(
        self, start: int, end: Optional[int] = None, step: int = 1, numPartitions: Optional[int] = None
    ) -> DataFrame:
        """Whole numbers in a column ``id``."""
        first, last = (0, start) if end is None else (start, end)
        schema = StructType([StructField("id", LongType(), False)])
        return DataFrame(plans.node("range", start=int(first), end=int(last), step=int(step)), self, schema)

    def sql(self, sqlQuery: str, args: Union[Dict[str, Any], List[Any], None] = None, **kwargs: Any) -> DataFrame:
        """The result of a statement. A command runs at once, a query when its rows are needed.

        ``args`` gives values for ``:name`` or ``?``; keyword arguments stand in the text as ``{name}``.
        """
        text = fill_in(sqlQuery, kwargs) if kwargs else sqlQuery
        answer = self._client.request("sql", text=text, params=parameters(args))
        return DataFrame(plans.adopt(answer["plan"]), self)._checked()

    def createDataFrame(
        self,
        data: Any,
        schema: Any = None,
        samplingRatio: Optional[float] = None,
        verifySchema: bool = True,
    ) -> DataFrame:
        """Rows of Python values: tuples, dicts, Rows, single values, an RDD of them, or a pandas DataFrame."""
        rows, struct = local_data(data, schema, verifySchema)
        return self._local(rows, struct, encoded=True)

    def _local(self, rows: List[Any], schema: StructType, encoded: bool = False) -> DataFrame:
        if not encoded:
            rows, schema = local_data(rows, schema, False)
        plan = plans.node("local", schema=schema.jsonValue(), rows=rows)
        if len(rows) > _MOST_ROWS_IN_PLANS:
            plan = plans.adopt(self._client.request("cache", plan=plan)["plan"])
        return DataFrame(plan, self, schema)

    def stop(self) -> None:
        """Ends the application."""
        self._sc.stop()

    def _close(self) -> None:
        if not self._stopped:
            self._stopped = True
            self._client.close()
        if SparkSession._instantiated is self:
            SparkSession._instantiated = None


    def __enter__(self) -> "SparkSession":
        return self

    def __exit__(self, *_: Any) -> None:
        self.stop()

    def __repr__(self) -> str:
        return f"<pyspark.sql.session.SparkSession app={self._sc.appName}>"
