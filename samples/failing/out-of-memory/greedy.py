"""Takes 2 GiB, in blocks that are written to, in a container of less than 1 GiB."""

from pyspark.sql import SparkSession

if __name__ == "__main__":
    SparkSession.builder.appName("greedy").getOrCreate()
    blocks = [bytearray(b"x" * (64 << 20)) for _ in range(32)]
    print("the container's memory is not limited here:", sum(map(len, blocks)) >> 20, "MiB")
