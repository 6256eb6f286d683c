"""SparkContext: the application, and the door to RDDs."""

from __future__ import annotations

import itertools
import os
import sys
import threading
import time
from urllib.parse import unquote
from typing import Any, Callable, ClassVar, Dict, Iterable, List, Optional, Set, Tuple

from pyspark._hearth import submitted
from pyspark._hearth.unsupported import refuse, refusing
from pyspark.accumulators import Accumulator, AccumulatorParam, param_for
from pyspark.broadcast import Broadcast
from pyspark.conf import SparkConf
from pyspark.errors import PySparkRuntimeError, PySparkValueError
from pyspark.files import SparkFiles
from pyspark._rdd_more import unpickled
from pyspark.rdd import RDD, slices
from pyspark.version import __version__

_LEVELS = ("ALL", "DEBUG", "ERROR", "FATAL", "INFO", "OFF", "TRACE", "WARN")


class SparkContext:
    """One application; there is at most one context in a process."""

    _active_spark_context: ClassVar[Optional["SparkContext"]] = None
    _lock: ClassVar[Any] = threading.RLock()

    sequenceFile = refusing("SparkContext.sequenceFile", "spark.read")
    newAPIHadoopFile = refusing("SparkContext.newAPIHadoopFile", "spark.read")
    hadoopFile = refusing("SparkContext.hadoopFile", "spark.read")
    newAPIHadoopRDD = refusing("SparkContext.newAPIHadoopRDD", "spark.read")
    hadoopRDD = refusing("SparkContext.hadoopRDD", "spark.read")
    binaryFiles = refusing("SparkContext.binaryFiles", "open the files in the job, or spark.read.text(wholetext=True)")
    binaryRecords = refusing("SparkContext.binaryRecords", "open the files in the job")
    statusTracker = refusing("SparkContext.statusTracker")
    _jvm = property(refusing("SparkContext._jvm (there is no Java side)", "set spark.hadoop.* in the configuration"))
    _jsc = property(refusing("SparkContext._jsc (there is no Java side)", "set spark.hadoop.* in the configuration"))

    def __init__(
        self,
        master: Optional[str] = None,
        appName: Optional[str] = None,
        sparkHome: Optional[str] = None,
        pyFiles: Optional[List[str]] = None,
        environment: Optional[Dict[str, Any]] = None,
        batchSize: int = 0,
        serializer: Any = None,
        conf: Optional[SparkConf] = None,
        gateway: Any = None,
        jsc: Any = None,
        profiler_cls: Any = None,
        udf_profiler_cls: Any = None,
        memory_profiler_cls: Any = None,
    ) -> None:
        with SparkContext._lock:
            if SparkContext._active_spark_context is not None:
                raise PySparkValueError(
                    message="Cannot run multiple SparkContexts at once; use SparkContext.getOrCreate().",
                    error_class="MULTIPLE_CONTEXTS",
                )
            self._conf = _settled(conf, master, appName)
            for variable, value in (environment or {}).items():
                os.environ[variable] = str(value)
            self.startTime = int(time.time() * 1000)
            self._rdd_ids, self._other_ids = itertools.count(), itertools.count()
            self._properties: Dict[str, str] = {}
            self._checkpoint_dir: Optional[str] = None
            self._archives: Dict[str, str] = {}
            self._tags: Set[str] = set()
            for path in pyFiles or []:
                self.addPyFile(path)
            SparkContext._active_spark_context = self

    @classmethod
    def getOrCreate(cls, conf: Optional[SparkConf] = None) -> "SparkContext":
        """The context of this process, or a new one."""
        with cls._lock:
            return cls._active_spark_context or cls(conf=conf or SparkConf())

    @classmethod
    def setSystemProperty(cls, key: str, value: str) -> None:
        """Java system properties are not there."""
        refuse("SparkContext.setSystemProperty (there is no Java side)", "SparkConf")

    def __enter__(self) -> "SparkContext":
        return self

    def __exit__(self, *_: Any) -> None:
        self.stop()

    def stop(self) -> None:
        """Ends the application, and its session with the engine."""
        from pyspark.sql.session import SparkSession

        session = SparkSession._instantiated
        if session is not None and session._sc is self:
            session._close()
        with SparkContext._lock:
            if SparkContext._active_spark_context is self:
                SparkContext._active_spark_context = None

    # What the application is

    @property
    def version(self) -> str:
        """The Spark version whose API this is."""
        return str(self._conf.get("spark.hearth.spark.version") or __version__)

    @property
    def master(self) -> str:
        """The master of the configuration."""
        return str(self._conf.get("spark.master"))

    @property
    def appName(self) -> str:
        """The name of the application."""
        return str(self._conf.get("spark.app.name"))

    @property
    def applicationId(self) -> str:
        """The id of the application."""
        return str(self._conf.get("spark.app.id"))

    @property
    def uiWebUrl(self) -> Optional[str]:
        """There is no Spark UI."""
        return None

    @property
    def pythonVer(self) -> str:
        """The Python version, such as ``3.11``."""
        return f"{sys.version_info.major}.{sys.version_info.minor}"

    @property
    def defaultParallelism(self) -> int:
        """How many partitions there are unless told: ``spark.default.parallelism``, the executors' cores, or this machine's."""
        configured = self._conf.get("spark.default.parallelism")
        if configured:
            return int(configured)
        instances = self._conf.get("spark.executor.instances")
        if instances and not self.master.startswith("local"):
            return max(2, int(instances) * int(self._conf.get("spark.executor.cores") or 1))
        return _local_cores(self.master)

    @property
    def defaultMinPartitions(self) -> int:
        """How many partitions a file has at least."""
        return min(self.defaultParallelism, 2)

    def getConf(self) -> SparkConf:
        """A copy of the configuration."""
        return self._conf.copy()

    def sparkUser(self) -> str:
        """Who runs the application."""
        import getpass

        return getpass.getuser()

    def setLogLevel(self, logLevel: str) -> None:
        """How much the engine logs."""
        if logLevel.upper() not in _LEVELS:
            from pyspark.errors import IllegalArgumentException

            levels = ",".join(_LEVELS)
            raise IllegalArgumentException(
                message=f"requirement failed: Supplied level {logLevel} did not match one of: {levels}"
            )
        self._properties["spark.log.level"] = logLevel.upper()

    # RDDs

    def parallelize(self, c: Iterable[Any], numSlices: Optional[int] = None) -> "RDD[Any]":
        """A collection as an RDD."""
        count = max(1, int(numSlices if numSlices is not None else self.defaultParallelism))
        items = c if isinstance(c, (range, list, tuple)) else list(c)
        return RDD(self, count, slices(items, count))

    def range(
        self, start: int, end: Optional[int] = None, step: int = 1, numSlices: Optional[int] = None
    ) -> "RDD[int]":
        """Whole numbers as an RDD."""
        return self.parallelize(range(0, start, step) if end is None else range(start, end, step), numSlices)

    def emptyRDD(self) -> "RDD[Any]":
        """An RDD without partitions."""
        return RDD(self, 0, lambda _index: ())

    def union(self, rdds: List["RDD[Any]"]) -> "RDD[Any]":
        """The elements of all."""
        found = rdds[0]
        for rdd in rdds[1:]:
            found = found.union(rdd)
        return found

    def textFile(self, name: str, minPartitions: Optional[int] = None, use_unicode: bool = True) -> "RDD[str]":
        """The lines of files, read by the engine."""
        frame = self._session().read.text(name.split(","))
        lines = frame.rdd.map(lambda row: row[0]).cache()
        count = minPartitions or self.defaultMinPartitions
        return RDD(self, count, lambda index: slices(lines.collect(), count)(index))

    def wholeTextFiles(
        self, path: str, minPartitions: Optional[int] = None, use_unicode: bool = True
    ) -> "RDD[Tuple[str, str]]":
        """Pairs of path and content, read by the engine."""
        from pyspark.sql import functions as F

        frame = self._session().read.text(path, wholetext=True)
        rows = frame.select(F.input_file_name(), frame["value"]).rdd
        return rows.map(lambda row: (unquote(row[0]).replace("file:///", "file:/", 1), row[1]))

    def pickleFile(self, name: str, minPartitions: Optional[int] = None) -> "RDD[Any]":
        """The elements that ``saveAsPickleFile`` wrote; several directories with commas."""
        parts = unpickled(name.split(","))
        return RDD(self, len(parts), lambda index: parts[index])

    def _session(self) -> Any:
        from pyspark.sql.session import SparkSession

        return SparkSession._get_or_make(self)

    def _next_rdd(self) -> int:
        return next(self._rdd_ids)

    def runJob(
        self, rdd: "RDD[Any]", partitionFunc: Callable[[Any], Iterable[Any]], partitions: Any = None, allowLocal: bool = False
    ) -> List[Any]:
        """Calls a function with the partitions and gives all that it gives."""
        wanted = range(rdd.getNumPartitions()) if partitions is None else partitions
        return [item for index in wanted for item in partitionFunc(rdd._iterate(index))]

    # Shared variables, files

    def broadcast(self, value: Any) -> "Broadcast[Any]":
        """A read-only value for tasks."""
        return Broadcast(value, next(self._other_ids))

    def accumulator(self, value: Any, accum_param: Optional[AccumulatorParam[Any]] = None) -> "Accumulator[Any]":
        """A value that tasks add to."""
        return Accumulator(next(self._other_ids), value, accum_param or param_for(value))

    def addFile(self, path: str, recursive: bool = False) -> None:
        """Makes a file known by its name; one of S3 is copied into the working directory."""
        local = submitted.bring(path)
        SparkFiles._paths[os.path.basename(local)] = os.path.abspath(local)

    @property
    def listFiles(self) -> List[str]:
        """The files that ``addFile`` and ``addPyFile`` made known."""
        return [f"file:{path}" for name, path in SparkFiles._paths.items() if name not in self._archives]

    @property
    def listArchives(self) -> List[str]:
        """The archives that ``addArchive`` unpacked."""
        return list(self._archives.values())

    def addPyFile(self, path: str) -> None:
        """Makes a local module, zip or egg importable."""
        self.addFile(path)
        local = SparkFiles.get(os.path.basename(path))
        sys.path.insert(1, os.path.dirname(local) if local.endswith(".py") else local)

    def addArchive(self, path: str) -> None:
        """Unpacks an archive in the working directory, under its name or the one after ``#``."""
        name, target = submitted.unpack(path)
        self._archives[name] = f"file:{os.path.abspath(path)}"
        SparkFiles._paths[name] = target

    def setCheckpointDir(self, dirName: str) -> None:
        """Kept for the record: checkpoints stay in memory."""
        self._checkpoint_dir = dirName

    def getCheckpointDir(self) -> Optional[str]:
        """What ``setCheckpointDir`` named."""
        return self._checkpoint_dir

    # Jobs and their properties

    def setJobGroup(self, groupId: str, description: str, interruptOnCancel: bool = False) -> None:
        """Names the jobs that follow."""
        self._properties.update({"spark.jobGroup.id": groupId, "spark.job.description": description})

    def setJobDescription(self, value: str) -> None:
        """Describes the jobs that follow."""
        self._properties["spark.job.description"] = value

    def setLocalProperty(self, key: str, value: str) -> None:
        """Keeps a property of this thread's jobs."""
        self._properties[key] = value

    def getLocalProperty(self, key: str) -> Optional[str]:
        """A property of this thread's jobs."""
        return self._properties.get(key)

    def addJobTag(self, tag: str) -> None:
        """Tags the jobs that follow."""
        if not tag or "," in tag:
            raise PySparkValueError(message="Spark job tag cannot be empty or contain ','.")
        self._tags.add(tag)

    def removeJobTag(self, tag: str) -> None:
        """Takes a tag from the jobs that follow."""
        self._tags.discard(tag)

    def getJobTags(self) -> Set[str]:
        """The tags of the jobs that follow."""
        return set(self._tags)

    def clearJobTags(self) -> None:
        """Takes all tags from the jobs that follow."""
        self._tags.clear()

    def setInterruptOnCancel(self, interruptOnCancel: bool) -> None:
        """Kept for the record: a job of this process runs in the thread that asked for it."""
        self._properties["spark.job.interruptOnCancel"] = str(interruptOnCancel).lower()

    def cancelJobsWithTag(self, tag: str) -> None:
        """Nothing to do: a job of this process runs in the thread that asked for it."""

    def cancelAllJobs(self) -> None:
        """Nothing to do: a job of this process runs in the thread that asked for it."""

    def cancelJobGroup(self, groupId: str) -> None:
        """Nothing to do: a job of this process runs in the thread that asked for it."""

    def __repr__(self) -> str:
        return f"<SparkContext master={self.master} appName={self.appName}>"

    def __reduce__(self) -> Any:
        raise PySparkRuntimeError(
            message="SparkContext can only be used on the driver, not in code that it run on workers.",
            error_class="CONTEXT_ONLY_VALID_ON_DRIVER",
        )


def _settled(conf: Optional[SparkConf], master: Optional[str], name: Optional[str]) -> SparkConf:
    settled = (conf or SparkConf()).copy()
    if master:
        settled.setMaster(master)
    if name:
        settled.setAppName(name)
    settled.setIfMissing("spark.master", "local[*]")
    settled.setIfMissing("spark.app.name", os.path.basename(sys.argv[0] or "pyspark-shell") or "pyspark-shell")
    fallback = f"local-{int(time.time() * 1000)}"
    settled.setIfMissing("spark.app.id", os.environ.get("SPARK_APPLICATION_ID") or fallback)
    return settled


def _local_cores(master: str) -> int:
    inside = master[master.find("[") + 1 : master.find("]")].split(",")[0] if "[" in master else ""
    if inside.isdigit():
        return max(1, int(inside))
    return 1 if master == "local" else os.cpu_count() or 1
