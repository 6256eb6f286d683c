"""Fails in the middle of its work, as programs do."""

from pyspark.sql import SparkSession


def check(rows: int) -> None:
    if rows < 1_000:
        raise ValueError(f"only {rows} rows came, 1000 were expected")


if __name__ == "__main__":
    spark = SparkSession.builder.appName("raises").getOrCreate()
    check(spark.range(10).count())
