"""Methods of PySpark's DataFrame that the embedded engine does not have."""

from __future__ import annotations

from pyspark._hearth.unsupported import refusing
from pyspark.sql._frame.core import Core

_FUNCTIONS = "use column functions"
_BATCH = "read and write batches"


class Refused(Core):
    """Each refuses at once, naming the way out."""

    mapInArrow = refusing("DataFrame.mapInArrow", _FUNCTIONS)
    pandas_api = refusing("DataFrame.pandas_api (pandas on Spark)", "toPandas() for small results")
    to_pandas_on_spark = refusing("DataFrame.to_pandas_on_spark", "toPandas() for small results")
    withWatermark = refusing("DataFrame.withWatermark (structured streaming)", _BATCH)
    dropDuplicatesWithinWatermark = refusing("DataFrame.dropDuplicatesWithinWatermark (structured streaming)", _BATCH)
    sameSemantics = refusing("DataFrame.sameSemantics")
    semanticHash = refusing("DataFrame.semanticHash")
    writeStream = property(refusing("DataFrame.writeStream (structured streaming)", _BATCH))
