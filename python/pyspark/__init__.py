"""A pure-Python front end with PySpark's API for Hearth's embedded engine.

Jobs import it when Apache Spark is not installed: the same names, defaults and exception classes as PySpark 3.5.
DataFrames become plans that the engine session runs; RDDs are computed in this process.
"""

from pyspark.accumulators import Accumulator, AccumulatorParam
from pyspark.broadcast import Broadcast
from pyspark.conf import SparkConf
from pyspark.context import SparkContext
from pyspark.files import SparkFiles
from pyspark.rdd import RDD, RDDBarrier
from pyspark.sql import HiveContext, Row, SparkSession, SQLContext
from pyspark.statcounter import StatCounter
from pyspark.storagelevel import StorageLevel
from pyspark.util import InheritableThread
from pyspark.version import __version__

__all__ = [
    "Accumulator",
    "AccumulatorParam",
    "Broadcast",
    "HiveContext",
    "InheritableThread",
    "RDD",
    "RDDBarrier",
    "Row",
    "SQLContext",
    "SparkConf",
    "SparkContext",
    "SparkFiles",
    "SparkSession",
    "StatCounter",
    "StorageLevel",
    "__version__",
]
