"""Merges a day's changes into the Delta table of employees: rows whose checksum differs are updated, new ones inserted.

Argument: the place of the table (s3://bucket/delta-lake/employees).
"""

import sys

from delta.tables import DeltaTable
from pyspark.sql import SparkSession
from pyspark.sql.functions import col, concat_ws, current_timestamp, md5

CHANGES = [
    (2, "John Stiles", "Engineering", "Seattle", 9100),
    (3, "Jane Doe", "Sales", "Dallas", 7000),
    (5, "Akua Mansa", "Marketing", "Arlington", 7600),
    (6, "Mateo Jackson", "Finance", "Dallas", 6900),
    (7, "Saanvi Sarkar", "Engineering", "Arlington", 8800),
]


def main() -> None:
    path = sys.argv[1]
    spark = (
        SparkSession.builder.appName("delta-lake-merge")
        .config("spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension")
        .config("spark.sql.catalog.spark_catalog", "org.apache.spark.sql.delta.catalog.DeltaCatalog")
        .getOrCreate()
    )
    values = ["name", "department", "city", "salary"]
    changes = (
        spark.createDataFrame(CHANGES, "employee_id int, name string, department string, city string, salary int")
        .withColumn("checksum", md5(concat_ws("|", *[col(name).cast("string") for name in values])))
        .withColumn("updated_at", current_timestamp())
    )
    employees = DeltaTable.forPath(spark, path)
    (
        employees.alias("target")
        .merge(changes.alias("source"), "target.employee_id = source.employee_id")
        .whenMatchedUpdateAll(condition="target.checksum <> source.checksum")
        .whenNotMatchedInsertAll()
        .execute()
    )
    employees.toDF().orderBy("employee_id").drop("updated_at").show(truncate=False)
    employees.history(1).select("version", "operation", "operationMetrics.numTargetRowsUpdated", "operationMetrics.numTargetRowsInserted").show(truncate=False)
    spark.stop()


if __name__ == "__main__":
    main()
