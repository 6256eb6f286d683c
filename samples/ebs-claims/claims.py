"""Writes to the driver's volume, and counts on executors that have one each.

    spark-submit claims.py
"""

import os

from pyspark.sql import SparkSession

if __name__ == "__main__":
    spark = SparkSession.builder.appName("ebs-claims").getOrCreate()
    with open("/data/runs.txt", "a") as runs:
        runs.write(spark.sparkContext.applicationId + "\n")
    rows = spark.range(100_000).selectExpr("id % 100 AS k").groupBy("k").count().count()
    print("groups", rows, "volume", os.path.ismount("/data") or os.path.exists("/data/runs.txt"))
    spark.stop()
