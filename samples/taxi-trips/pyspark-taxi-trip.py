"""New York taxi trips: what people pay, when and where they ride.

    spark-submit pyspark-taxi-trip.py INPUT OUTPUT

INPUT is a folder of Parquet files with the columns of the TLC's yellow taxi trip records. OUTPUT gets four folders:

* ``trips``: the trips that make sense, with derived columns, one folder a month
* ``by_hour``: trips, speed and income by hour of the day
* ``by_zone``: the busiest pick-up zones of each month
* ``tips``: how people pay and what they tip
"""

import logging
import sys
from datetime import datetime

from pyspark.sql import Column, DataFrame, SparkSession, Window
from pyspark.sql import functions as F

YEAR = 2022
ZONES_PER_MONTH = 10

logging.basicConfig(
    stream=sys.stdout, level=logging.INFO, format="[%(asctime)s] %(levelname)s @ line %(lineno)d: %(message)s"
)
log = logging.getLogger("taxi")


def with_derived_columns(trips: DataFrame) -> DataFrame:
    """Times, speed and names for the codes."""
    seconds = F.unix_timestamp("tpep_dropoff_datetime") - F.unix_timestamp("tpep_pickup_datetime")
    payment = (
        F.when(F.col("payment_type") == 1, "credit card")
        .when(F.col("payment_type") == 2, "cash")
        .when(F.col("payment_type") == 3, "no charge")
        .when(F.col("payment_type") == 4, "dispute")
        .otherwise("unknown")
    )
    return (
        trips.withColumn("minutes", F.round(seconds / 60, 2))
        .withColumn("mph", F.round(F.col("trip_distance") / (F.col("minutes") / 60), 1))
        .withColumn("pickup_month", F.date_format("tpep_pickup_datetime", "yyyy-MM"))
        .withColumn("pickup_hour", F.hour("tpep_pickup_datetime"))
        .withColumn("weekend", F.dayofweek("tpep_pickup_datetime").isin(1, 7))
        .withColumn("payment", payment)
        .withColumn("airport", (F.col("RatecodeID") == 2) | F.col("PULocationID").isin(132, 138))
    )


def fault_of_row() -> Column:
    """Why a trip cannot be right, or NULL."""
    return (
        F.when(F.year("tpep_pickup_datetime") != YEAR, "other year")
        .when(F.col("fare_amount") <= 0, "no fare or refund")
        .when((F.col("trip_distance") <= 0) | (F.col("trip_distance") > 200), "impossible distance")
        .when((F.col("minutes") < 0.5) | (F.col("minutes") > 300), "impossible duration")
        .when(F.col("mph") > 80, "impossible speed")
    )


def by_hour(trips: DataFrame) -> DataFrame:
    """One row for each hour of the day."""
    return (
        trips.groupBy("pickup_hour")
        .agg(
            F.count("*").alias("trips"),
            F.round(F.avg("trip_distance"), 2).alias("miles"),
            F.round(F.avg("minutes"), 1).alias("minutes"),
            F.round(F.avg("mph"), 1).alias("mph"),
            F.round(F.avg("fare_amount"), 2).alias("fare"),
            F.round(F.sum("total_amount"), 2).alias("income"),
        )
        .orderBy("pickup_hour")
    )


def by_zone(trips: DataFrame) -> DataFrame:
    """The busiest pick-up zones of each month, with their share of the month's trips."""
    counted = trips.groupBy("pickup_month", "PULocationID").agg(
        F.count("*").alias("trips"), F.round(F.avg("total_amount"), 2).alias("paid")
    )
    month = Window.partitionBy("pickup_month")
    busiest_first = month.orderBy(F.desc("trips"), "PULocationID")
    return (
        counted.withColumn("rank", F.row_number().over(busiest_first))
        .withColumn("percent", F.round(100 * F.col("trips") / F.sum("trips").over(month), 2))
        .filter(F.col("rank") <= ZONES_PER_MONTH)
        .orderBy("pickup_month", "rank")
    )


def tips(trips: DataFrame) -> DataFrame:
    """How people pay and what they tip; cash tips are not recorded."""
    share = F.col("tip_amount") / (F.col("total_amount") - F.col("tip_amount"))
    return (
        trips.groupBy("payment", "airport")
        .agg(
            F.count("*").alias("trips"),
            F.round(F.avg("tip_amount"), 2).alias("tip"),
            F.round(100 * F.avg(share), 1).alias("tip_percent"),
            F.round(F.max("tip_amount"), 2).alias("highest_tip"),
        )
        .orderBy(F.desc("trips"), "payment", "airport")
    )


def main(source: str, target: str) -> None:
    name = datetime.now().strftime("NewYorkTaxiData_%Y_%m_%d_%H_%M_%S")
    spark = SparkSession.builder.appName(name).getOrCreate()
    spark.sparkContext.setLogLevel("WARN")

    raw = spark.read.parquet(source)
    raw.printSchema()
    log.info("Total number of records: %d", raw.count())

    judged = with_derived_columns(raw).withColumn("fault", fault_of_row()).cache()
    judged.filter(F.col("fault").isNotNull()).groupBy("fault").count().orderBy(F.desc("count")).show(truncate=False)
    trips = judged.filter(F.col("fault").isNull()).drop("fault")
    kept = trips.count()
    log.info("Trips that make sense: %d", kept)

    results = {"by_hour": by_hour(trips), "by_zone": by_zone(trips), "tips": tips(trips)}
    for folder, frame in results.items():
        log.info("%s:", folder)
        frame.show(24, truncate=False)
        frame.coalesce(1).write.mode("overwrite").parquet(f"{target}/{folder}")

    trips.repartition("pickup_month").write.mode("overwrite").partitionBy("pickup_month").parquet(f"{target}/trips")
    written = spark.read.parquet(f"{target}/trips").count()
    log.info("Rows written to %s/trips: %d", target, written)
    if written != kept:
        raise RuntimeError(f"{kept} trips were to be written, {written} are there")
    spark.stop()


if __name__ == "__main__":
    if len(sys.argv) != 3:
        print(f"Usage: {sys.argv[0]} INPUT OUTPUT", file=sys.stderr)
        sys.exit(2)
    main(sys.argv[1].rstrip("/"), sys.argv[2].rstrip("/"))
