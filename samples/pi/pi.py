"""Pi by throwing darts: how many of the random points in a square fall into its circle.

    spark-submit pi.py [PARTITIONS]
"""

import random
import sys
from operator import add

from pyspark.sql import SparkSession

POINTS_PER_PARTITION = 100_000


def hits(seed: int) -> int:
    """How many of a partition's points fall into the circle."""
    draw = random.Random(seed)
    return sum(draw.uniform(-1, 1) ** 2 + draw.uniform(-1, 1) ** 2 <= 1 for _ in range(POINTS_PER_PARTITION))


if __name__ == "__main__":
    spark = SparkSession.builder.appName("Pi").getOrCreate()
    partitions = int(sys.argv[1]) if len(sys.argv) > 1 else 2
    inside = spark.sparkContext.parallelize(range(partitions), partitions).map(hits).reduce(add)
    print("Pi is roughly %f" % (4.0 * inside / (POINTS_PER_PARTITION * partitions)))
    spark.stop()
