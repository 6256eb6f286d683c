"""DeltaTable of Python: with a real engine when there is one, and what it asks for without."""

from __future__ import annotations

import contextlib
import io
import runpy
import sys
import tempfile
import unittest
from pathlib import Path
from typing import Any, List

from delta import DeltaTable, configure_spark_with_delta_pip
from delta.exceptions import ConcurrentAppendException
from pyspark import SparkContext
from pyspark.errors import AnalysisException, PySparkNotImplementedError
from pyspark.errors.exceptions.captured import from_wire
from pyspark.sql import SparkSession, functions as F

from tests.support import offline_session, why_no_engine

SAMPLES = Path(__file__).resolve().parents[2] / "samples"


class Requests(unittest.TestCase):
    def tearDown(self) -> None:
        if SparkContext._active_spark_context is not None:
            SparkContext._active_spark_context.stop()

    def test_a_merge_is_one_request(self) -> None:
        spark, client = offline_session(delta={"plan": {"t": "local", "schema": {"type": "struct", "fields": []}, "rows": []}})
        source = spark.range(3).alias("s")
        builder = DeltaTable(spark, "t", "x").merge(source, "x.id = s.id")
        builder.whenMatchedUpdate(F.col("s.id") > 1, {"v": "s.id + 1", "w": F.lit(1)}).whenNotMatchedInsertAll().execute()
        op, fields = [r for r in client.requests if r[0] == "delta"][-1]
        self.assertEqual(op, "delta")
        self.assertEqual(fields["on"], {"t": "expr", "text": "x.id = s.id"})
        self.assertEqual([c["action"] for c in fields["clauses"]], ["update", "insert"])
        self.assertEqual(fields["clauses"][0]["set"]["v"], {"t": "expr", "text": "s.id + 1"})
        self.assertNotIn("set", fields["clauses"][1])

    def test_wrong_arguments_are_named(self) -> None:
        spark, _ = offline_session()
        table = DeltaTable(spark, "t")
        with self.assertRaisesRegex(TypeError, "must be a DataFrame"):
            table.merge("nope", "a = b")  # type: ignore[arg-type]
        with self.assertRaisesRegex(TypeError, "'set' must be a dict"):
            table.update("a = 1")
        with self.assertRaisesRegex(PySparkNotImplementedError, "generated"):
            DeltaTable.create(spark).addColumn("a", "int", generatedAlwaysAs="b + 1")

    def test_conflicts_have_the_classes_of_delta_spark(self) -> None:
        error = from_wire({"class": "DELTA_CONCURRENT_APPEND", "kind": "SparkRuntimeException", "message": "m"})
        self.assertIsInstance(error, ConcurrentAppendException)


@unittest.skipIf(why_no_engine(), why_no_engine())
class Tables(unittest.TestCase):
    spark: SparkSession

    @classmethod
    def setUpClass(cls) -> None:
        cls.spark = configure_spark_with_delta_pip(SparkSession.builder.appName("delta")).getOrCreate()
        cls.spark.conf.set("spark.sql.session.timeZone", "UTC")

    @classmethod
    def tearDownClass(cls) -> None:
        cls.spark.stop()

    def rows(self, frame: Any) -> List[Any]:
        return sorted(tuple(r) for r in frame.collect())

    def test_write_read_change_and_travel(self) -> None:
        with tempfile.TemporaryDirectory() as tmp:
            path = f"{tmp}/t"
            frame = self.spark.createDataFrame([(1, "a"), (2, "b")], "id int, v string")
            frame.write.format("delta").save(path)
            with self.assertRaises(AnalysisException):
                frame.write.format("delta").save(path)
            frame.write.format("delta").mode("append").save(path)
            table = DeltaTable.forPath(self.spark, path)
            self.assertTrue(DeltaTable.isDeltaTable(self.spark, path))
            self.assertFalse(DeltaTable.isDeltaTable(self.spark, tmp))
            table.delete("id = 1")
            table.update(F.col("id") == 2, {"v": F.upper("v")})
            self.assertEqual(self.rows(table.toDF()), [(2, "B"), (2, "B")])
            old = self.spark.read.format("delta").option("versionAsOf", 0).load(path)
            self.assertEqual(self.rows(old), [(1, "a"), (2, "b")])
            wider = self.spark.createDataFrame([(3, "c", 1.5)], "id int, v string, w double")
            with self.assertRaises(AnalysisException):
                wider.write.format("delta").mode("append").save(path)
            wider.write.format("delta").mode("append").option("mergeSchema", "true").save(path)
            self.assertEqual(table.toDF().columns, ["id", "v", "w"])
            frame.write.format("delta").mode("overwrite").option("replaceWhere", "id < 3").save(path)
            self.assertEqual(self.rows(table.toDF().select("id")), [(1,), (2,), (3,)])
            history = [r.operation for r in table.history().collect()]
            self.assertEqual(history, ["WRITE", "WRITE", "UPDATE", "DELETE", "WRITE", "WRITE"])
            table.restoreToVersion(0)
            self.assertEqual(self.rows(table.toDF().select("id")), [(1,), (2,)])
            self.assertEqual(table.detail().collect()[0].numFiles, 1)

    def test_merge_with_every_clause(self) -> None:
        with tempfile.TemporaryDirectory() as tmp:
            path = f"{tmp}/t"
            self.spark.createDataFrame([(i, i * 10) for i in range(6)], "id int, v int").write.format("delta").save(path)
            source = self.spark.createDataFrame([(1, 100), (2, 200), (9, 900), (10, 1000)], "id int, v int")
            table = DeltaTable.forPath(self.spark, path)
            (
                table.alias("t").merge(source.alias("s"), "t.id = s.id")
                .whenMatchedDelete("s.v = 100")
                .whenMatchedUpdate(set={"v": "t.v + s.v"})
                .whenNotMatchedInsert("s.id < 10", {"id": "s.id", "v": F.col("s.v")})
                .whenNotMatchedBySourceDelete("t.id = 5")
                .whenNotMatchedBySourceUpdate(set={"v": "-1"})
                .execute()
            )  # fmt: skip
            self.assertEqual(self.rows(table.toDF()), [(0, -1), (2, 220), (3, -1), (4, -1), (9, 900)])

    def test_tables_of_the_catalog(self) -> None:
        with tempfile.TemporaryDirectory() as tmp:
            name = "delta_python_table"
            self.spark.sql(f"DROP TABLE IF EXISTS {name}")
            builder = DeltaTable.create(self.spark).tableName(name).addColumn("id", "INT", nullable=False)
            table = builder.addColumn("p", "STRING", comment="part").partitionedBy("p").property("k", "v").location(f"{tmp}/t").execute()
            self.spark.createDataFrame([(1, "x"), (2, "y")], "id int, p string").writeTo(name).append()
            self.spark.createDataFrame([(3, "y")], "id int, p string").writeTo(name).overwritePartitions()
            self.spark.createDataFrame([(4, "x")], "id int, p string").writeTo(name).overwrite(F.col("p") == "x")
            self.assertEqual(self.rows(self.spark.table(name)), [(3, "y"), (4, "x")])
            self.spark.createDataFrame([(5, "z")], "id int, p string").write.insertInto(name)
            DeltaTable.forName(self.spark, name).optimize().executeCompaction()
            table.vacuum()
            self.assertEqual(self.spark.table(name).count(), 3)
            self.spark.sql(f"DROP TABLE {name}")
            self.assertTrue(DeltaTable.isDeltaTable(self.spark, f"{tmp}/t"))

    def test_parquet_becomes_delta(self) -> None:
        with tempfile.TemporaryDirectory() as tmp:
            path = f"{tmp}/p"
            self.spark.range(4).withColumn("k", F.col("id") % 2).write.partitionBy("k").parquet(path)
            table = DeltaTable.convertToDelta(self.spark, f"parquet.`{path}`", "k INT")
            table.delete("k = 0")
            self.assertEqual(self.rows(table.toDF()), [(1, 1), (3, 1)])


@unittest.skipIf(why_no_engine(), why_no_engine())
class Sample(unittest.TestCase):
    def run_script(self, name: str, *args: str) -> str:
        out = io.StringIO()
        argv, sys.argv = sys.argv, [name, *args]
        try:
            with contextlib.redirect_stdout(out):
                runpy.run_path(str(SAMPLES / "delta-lake" / name), run_name="__main__")
        finally:
            sys.argv = argv
        return out.getvalue()

    def test_employees_are_created_and_merged(self) -> None:
        with tempfile.TemporaryDirectory() as tmp:
            path = f"{tmp}/employees"
            created = self.run_script("create-employees.py", path, "delta_sample_employees")
            self.assertIn("|2          |John Stiles|Engineering|Dallas   |8500  |", created)
            self.assertTrue(Path(path, "_symlink_format_manifest", "manifest").exists())
            merged = self.run_script("merge-employees.py", path)
            self.assertIn("|2          |John Stiles  |Engineering|Seattle  |9100  |", merged)
            self.assertIn("|7          |Saanvi Sarkar|", merged)
            self.assertRegex(merged, r"\|2\s+\|MERGE\s+\|2\s+\|2\s+\|")
            lines = Path(path, "_symlink_format_manifest", "manifest").read_text().splitlines()
            self.assertTrue(all(Path(line[len("file:"):]).exists() for line in lines), lines)
            spark = SparkSession.builder.getOrCreate()
            spark.sql("DROP TABLE IF EXISTS delta_sample_employees")
            spark.stop()


if __name__ == "__main__":
    unittest.main()
