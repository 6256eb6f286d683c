"""Counts in rounds, a few seconds apart: long enough to lose executors on the way.

    spark-submit rounds.py [ROUNDS] [SECONDS]
"""

import sys
import time

from pyspark.sql import SparkSession
from pyspark.sql import functions as F

if __name__ == "__main__":
    spark = SparkSession.builder.appName("Rounds").getOrCreate()
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 12
    seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 10
    for number in range(1, rounds + 1):
        row = spark.range(1_000_000).groupBy((F.col("id") % 7).alias("day")).count().agg(F.sum("count").alias("rows")).first()
        print(f"round {number} of {rounds}: {row['rows']} rows", flush=True)
        time.sleep(seconds)
    spark.stop()
