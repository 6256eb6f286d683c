"""DataFrames without an engine: what is sent for actions and writes, and what is refused."""

from __future__ import annotations

import contextlib
import io
import unittest
from typing import Any

from pyspark.errors import (
    AnalysisException, IllegalArgumentException, PySparkNotImplementedError, PySparkTypeError, PySparkValueError,
)  # fmt: skip
from pyspark.sql import Row, SparkSession, functions as F
from pyspark.sql.types import StructType

from tests.support import offline_session, table, without_ids


class Offline(unittest.TestCase):
    def setUp(self) -> None:
        schema = StructType.fromDDL("a int, b string").jsonValue()
        self.spark, self.client = offline_session(
            collect={"rows": [[1, "x"], [2, None]]},
            schema={"schema": schema},
            show={"text": "+---+\n"},
            cache={"plan": {"t": "cached", "id": "7"}},
            sql={"plan": {"t": "local", "schema": schema, "rows": []}, "command": True},
            conf_get={"value": None},
            catalog={"value": True, "rows": [{"name": "t", "namespace": ["default"], "tableType": "MANAGED"}]},
        )
        self.addCleanup(self.spark.stop)
        self.t = table(self.spark, "t", "a int, b string")

    def last(self) -> Any:
        op, fields = self.client.requests[-1]
        return op, without_ids(fields)


class Actions(Offline):
    def test_collect_gives_rows(self) -> None:
        self.assertEqual(self.t.collect(), [Row(a=1, b="x"), Row(a=2, b=None)])

    def test_head_first_and_take_ask_for_as_many_rows_as_they_need(self) -> None:
        self.assertEqual(self.t.first(), Row(a=1, b="x"))
        self.assertEqual(self.last()[1]["limit"], 1)
        self.t.take(5)
        self.assertEqual(self.last()[1]["limit"], 5)

    def test_count_is_one_aggregate(self) -> None:
        self.assertEqual(self.t.count(), 1)
        self.assertEqual(self.last()[1]["plan"]["t"], "aggregate")

    def test_show_sends_rows_width_and_direction(self) -> None:
        with contextlib.redirect_stdout(io.StringIO()) as out:
            for call, expected in [
                (lambda: self.t.show(), (20, 20, False)),
                (lambda: self.t.show(5, False), (5, 0, False)),
                (lambda: self.t.show(n=3, truncate=7, vertical=True), (3, 7, True)),
            ]:
                call()
                sent = self.last()[1]
                self.assertEqual((sent["n"], sent["truncate"], sent["vertical"]), expected)
        self.assertEqual(out.getvalue(), "+---+\n\n" * 3)

    def test_cache_is_used_by_frames_made_before_and_after(self) -> None:
        before = self.t.filter("a > 1")
        self.t.cache()
        self.assertEqual(before._plan["in"]["in"], {"t": "cached", "id": "7"})
        self.assertTrue(self.t.is_cached)
        self.t.unpersist()
        self.assertEqual(before._plan["in"]["t"], "table")

    def test_partitions_are_those_that_spark_would_report(self) -> None:
        for frame, count in [
            (self.t, 1),
            (self.t.repartition(4).filter("a > 1"), 4),
            (self.t.repartition(4).coalesce(2), 2),
            (self.spark.range(10).coalesce(5), 2),
            (self.t.groupBy("a").count(), 1),
        ]:
            self.assertEqual(frame.rdd.getNumPartitions(), count)
        self.assertEqual(self.t.repartition(2).rdd.glom().map(len).collect(), [1, 1])

    def test_many_rows_are_sent_once(self) -> None:
        frame = self.spark.createDataFrame([(n,) for n in range(3000)], "n int")
        self.assertEqual([op for op, _ in self.client.requests], ["cache"])
        self.assertEqual(frame.filter("n > 1")._plan["in"]["in"], {"t": "cached", "id": "7"})

    def test_views(self) -> None:
        self.t.createOrReplaceTempView("v")
        self.assertEqual(self.last(), ("view", {"plan": "$t", "name": "v", "replace": True, "global": False}))

    def test_sql_sends_parameters_as_literals(self) -> None:
        self.spark.sql("SELECT :a", args={"a": 1})
        sent = self.client.requests[-1][1]
        self.assertEqual(sent["params"], {"a": {"t": "lit", "type": "integer", "value": 1}})
        self.spark.sql("SELECT * FROM {t} WHERE b = {b} AND a > {n}", t=self.t, b="it's", n=3)
        text = self.client.requests[-1][1]["text"]
        self.assertRegex(text, r"SELECT \* FROM _frame_\d+ WHERE b = 'it\\'s' AND a > 3")

    def test_an_unset_conf_key_is_an_error_without_a_default(self) -> None:
        self.assertEqual(self.spark.conf.get("spark.x", "d"), "d")
        with self.assertRaisesRegex(Exception, "SQL_CONF_NOT_FOUND"):
            self.spark.conf.get("spark.x")

    def test_catalog_answers_become_tuples(self) -> None:
        found = self.spark.catalog.listTables()[0]
        self.assertEqual((found.name, found.database, found.tableType), ("t", "default", "MANAGED"))
        self.assertTrue(self.spark.catalog.tableExists("t"))


class Writes(Offline):
    def test_sinks(self) -> None:
        base = {"format": "parquet", "mode": "error", "partitionBy": [], "options": {}}
        for write, expected in [
            (lambda w: w.parquet("/o"), {"path": "/o"}),
            (lambda w: w.mode("overwrite").partitionBy("a").parquet("/o"), {"path": "/o", "mode": "overwrite", "partitionBy": ["a"]}),
            (lambda w: w.csv("/o", header=True, sep=";"), {"path": "/o", "format": "csv", "options": {"header": "true", "sep": ";"}}),
            (lambda w: w.json("/o", mode="append"), {"path": "/o", "format": "json", "mode": "append"}),
            (lambda w: w.format("delta").option("x", 1).save("/o"), {"path": "/o", "format": "delta", "options": {"x": "1"}}),
            (lambda w: w.option("path", "/p").saveAsTable("d.t"), {"path": "/p", "table": "d.t"}),
            (lambda w: w.insertInto("d.t", overwrite=True), {"table": "d.t", "mode": "overwrite", "insert": True}),
            (lambda w: w.text("/o", compression="gzip"), {"path": "/o", "format": "text", "options": {"compression": "gzip"}}),
        ]:
            with self.subTest(expected):
                write(self.t.write)
                self.assertEqual(self.last(), ("write", {"plan": "$t", "sink": {**base, **expected}}))

    def test_a_wrong_mode_and_a_missing_path_are_errors(self) -> None:
        with self.assertRaisesRegex(IllegalArgumentException, "INVALID_SAVE_MODE"):
            self.t.write.mode("replace")
        with self.assertRaises(PySparkValueError):
            self.t.write.save()
        with self.assertRaisesRegex(PySparkTypeError, "unexpected keyword argument 'separator'"):
            self.t.write.csv("/o", separator=";")


class Mistakes(Offline):
    def test_python_operators_on_columns_say_what_to_use(self) -> None:
        with self.assertRaisesRegex(PySparkValueError, "please use '&' for 'and'"):
            bool(self.t.a > 1 and self.t.b)
        with self.assertRaises(PySparkTypeError):
            list(self.t.a)
        with self.assertRaises(PySparkValueError):
            "x" in self.t.b  # noqa: B015

    def test_wrong_arguments(self) -> None:
        for call, kind in [
            (lambda: self.t.filter(1), PySparkTypeError),  # type: ignore[arg-type]
            (lambda: self.t.withColumn("x", "a"), PySparkTypeError),  # type: ignore[arg-type]
            (lambda: self.t.join("x"), PySparkTypeError),  # type: ignore[arg-type]
            (lambda: self.t.join(self.t, "a", "sideways"), IllegalArgumentException),
            (lambda: self.t.select(1), PySparkTypeError),  # type: ignore[arg-type]
            (lambda: F.when("a", 1), PySparkTypeError),  # type: ignore[arg-type]
            (lambda: F.transform("a", lambda x: 1), PySparkValueError),
            (lambda: self.t.a.otherwise(1), PySparkValueError),
            (lambda: self.t.toDF("x"), PySparkTypeError),
            (lambda: self.t.orderBy(), PySparkValueError),
            (lambda: self.t.sample(2.0), IllegalArgumentException),
            (lambda: self.t.repartition(0), IllegalArgumentException),
            (lambda: self.t.nope, AttributeError),
            (lambda: self.t.groupBy("a").agg("b"), PySparkTypeError),
        ]:
            with self.subTest(kind.__name__), self.assertRaises(kind):
                call()

    def test_the_session_passes_the_engines_error_on(self) -> None:
        def fail(op: str, **fields: Any) -> Any:
            raise AnalysisException("x", error_class="UNRESOLVED_COLUMN.WITH_SUGGESTION")

        self.spark._analyze_eagerly = True
        self.client.request = fail  # type: ignore[method-assign]
        with self.assertRaises(AnalysisException):
            self.t.select("nope")
        with self.assertRaises(AnalysisException):
            self.t["nope"]


class Refusals(Offline):
    def test_what_is_not_there_names_itself_and_the_way_out(self) -> None:
        for call in [
            lambda: F.udtf(None),
            lambda: self.spark.udtf,
            lambda: self.spark.readStream,
            lambda: self.spark.newSession(),
            lambda: self.t.writeStream,
            lambda: self.t.mapInArrow(None, "a int"),
            lambda: self.t.withWatermark("a", "1 minute"),
            lambda: self.spark.read.orc("/x"),
            lambda: self.t.write.bucketBy(4, "a"),
            lambda: self.spark.sparkContext._jvm,
            lambda: self.t.groupBy("a").apply(None),
            lambda: SparkSession.builder.remote("sc://x"),
        ]:
            with self.assertRaises(PySparkNotImplementedError) as caught:
                call()
            self.assertIn("--engine spark", str(caught.exception))
            self.assertIsInstance(caught.exception, NotImplementedError)

    def test_modules_that_are_not_there_say_so_when_imported(self) -> None:
        for module in ("pyspark.ml", "pyspark.mllib", "pyspark.pandas", "pyspark.streaming", "pyspark.sql.streaming"):
            with self.subTest(module), self.assertRaisesRegex(ImportError, "--engine spark"):
                __import__(module)


if __name__ == "__main__":
    unittest.main()
