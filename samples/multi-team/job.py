"""Works for the seconds that it is given; its executors hold what they have meanwhile."""
import sys
import time

from pyspark.sql import SparkSession

spark = SparkSession.builder.getOrCreate()
end = time.time() + float(sys.argv[1])
while time.time() < end:
    spark.range(1000).count()
    time.sleep(1)
spark.stop()
