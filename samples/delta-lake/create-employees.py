"""Makes the Delta table of employees: every row has a checksum of its values, and readers that know no Delta get a manifest.

Arguments: the place of the table (s3://bucket/delta-lake/employees) and its name in the catalog. A second name with _symlink is the table as the manifest shows it.
"""

import sys

from delta.tables import DeltaTable
from pyspark.sql import SparkSession
from pyspark.sql.functions import col, concat_ws, current_timestamp, md5
from pyspark.sql.types import IntegerType, StringType, StructField, StructType

SCHEMA = StructType(
    [
        StructField("employee_id", IntegerType(), False),
        StructField("name", StringType(), True),
        StructField("department", StringType(), True),
        StructField("city", StringType(), True),
        StructField("salary", IntegerType(), True),
    ]
)

EMPLOYEES = [
    (1, "Mary Major", "Engineering", "Seattle", 9000),
    (2, "John Stiles", "Engineering", "Dallas", 8500),
    (3, "Jane Doe", "Sales", "Dallas", 7000),
    (4, "Li Juan", "Finance", "Seattle", 7800),
    (5, "Akua Mansa", "Sales", "Arlington", 7200),
]


def main() -> None:
    path, table = sys.argv[1], sys.argv[2]
    spark = (
        SparkSession.builder.appName("delta-lake-create")
        .config("spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension")
        .config("spark.sql.catalog.spark_catalog", "org.apache.spark.sql.delta.catalog.DeltaCatalog")
        .enableHiveSupport()
        .getOrCreate()
    )
    values = ["name", "department", "city", "salary"]
    employees = (
        spark.createDataFrame(EMPLOYEES, SCHEMA)
        .withColumn("checksum", md5(concat_ws("|", *[col(name).cast("string") for name in values])))
        .withColumn("updated_at", current_timestamp())
    )
    employees.write.format("delta").mode("overwrite").option("overwriteSchema", "true").option("path", path).saveAsTable(table)

    delta = DeltaTable.forPath(spark, path)
    delta.generate("symlink_format_manifest")
    spark.sql(
        f"ALTER TABLE delta.`{path}` SET TBLPROPERTIES ('delta.compatibility.symlinkFormatManifest.enabled' = 'true')"
    )
    spark.sql(
        f"CREATE EXTERNAL TABLE IF NOT EXISTS {table}_symlink (employee_id int, name string, department string, city string, salary int, checksum string, updated_at timestamp) "
        "ROW FORMAT SERDE 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe' "
        "STORED AS INPUTFORMAT 'org.apache.hadoop.hive.ql.io.SymlinkTextInputFormat' "
        "OUTPUTFORMAT 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat' "
        f"LOCATION '{path}/_symlink_format_manifest/'"
    )
    delta.toDF().orderBy("employee_id").drop("updated_at").show(truncate=False)
    delta.history().select("version", "operation").show(truncate=False)
    spark.stop()


if __name__ == "__main__":
    main()
