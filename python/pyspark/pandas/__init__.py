"""``pyspark.pandas`` is not there in the embedded engine; importing it says so."""

from pyspark._hearth.unsupported import refuse_import

refuse_import("pyspark.pandas")
