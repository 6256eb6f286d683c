"""pandas in and out: needs pandas and an engine."""

from __future__ import annotations

import unittest
from typing import Any, Iterator

from pyspark._hearth.launch import find_binary

from pyspark.errors import PythonException
from pyspark.sql import SparkSession, Window
from pyspark.sql import functions as F

try:
    import pandas as pd
except ImportError:
    pd = None


@unittest.skipIf(pd is None, "needs pandas")
@unittest.skipUnless(find_binary(), "needs a built engine")
class Pandas(unittest.TestCase):
    spark: SparkSession

    @classmethod
    def setUpClass(cls) -> None:
        cls.spark = SparkSession.builder.appName("pandas").getOrCreate()
        cls.t = cls.spark.createDataFrame([(1, 1.0, "a"), (1, 3.0, "b"), (2, 5.0, None)], "id long, v double, s string")

    @classmethod
    def tearDownClass(cls) -> None:
        cls.spark.stop()

    def test_frames_have_the_dtypes_of_their_columns(self) -> None:
        frame = self.spark.sql("SELECT 1 AS a, 2L AS b, CAST(NULL AS INT) AS c, true AS d, 'x' AS e, CAST(1.5 AS FLOAT) AS f, TIMESTAMP '2024-01-02 03:04:05' AS g").toPandas()
        self.assertEqual([str(t) for t in frame.dtypes], ["int32", "int64", "float64", "bool", "object", "float32", "datetime64[ns]"])
        self.assertEqual(str(self.t.where("id > 9").toPandas()["id"].dtype), "int64")

    def test_a_frame_comes_in_with_its_types(self) -> None:
        made = self.spark.createDataFrame(pd.DataFrame({"a": [1, 2], "b": [1.5, None], "c": ["x", None], "d": pd.to_datetime(["2024-01-01", "2024-01-02"])}))
        self.assertEqual([f.dataType.simpleString() for f in made.schema.fields], ["bigint", "double", "string", "timestamp"])
        self.assertEqual([row.c for row in made.orderBy("a").collect()], ["x", None])

    def test_a_function_of_series(self) -> None:
        @F.pandas_udf("long")
        def plus(a: "pd.Series", b: "pd.Series") -> "pd.Series":
            return a + b

        self.assertEqual([r[0] for r in self.t.select(plus("id", F.lit(10))).collect()], [11, 11, 12])

    def test_a_function_of_an_iterator_of_series(self) -> None:
        @F.pandas_udf("double")
        def halves(parts: Iterator[pd.Series]) -> Iterator[pd.Series]:
            for part in parts:
                yield part / 2

        self.assertEqual([r[0] for r in self.t.select(halves("v")).collect()], [0.5, 1.5, 2.5])

    def test_a_function_of_series_to_a_value(self) -> None:
        @F.pandas_udf("double")
        def middle(v: pd.Series) -> float:
            return v.mean()

        rows = self.t.groupBy("id").agg(middle("v").alias("m")).orderBy("id").collect()
        self.assertEqual([tuple(r) for r in rows], [(1, 2.0), (2, 5.0)])

    def test_a_function_of_series_to_a_value_over_a_window(self) -> None:
        @F.pandas_udf("double")
        def total(v: pd.Series) -> float:
            return float(v.sum())

        window = Window.partitionBy("id")
        rows = self.t.groupBy("id").agg(F.sum("v").alias("s")).join(self.t.withColumn("w", total("v").over(window)), "id").collect()
        self.assertEqual([row.w for row in rows], [row.s for row in rows])
        self.assertGreater(len(rows), 1)

    def test_each_group_as_a_frame(self) -> None:
        def centred(frame: Any) -> Any:
            return frame.assign(v=frame.v - frame.v.mean())

        rows = self.t.groupBy("id").applyInPandas(centred, self.t.schema).orderBy("id", "v").collect()
        self.assertEqual([tuple(r) for r in rows], [(1, -1.0, "a"), (1, 1.0, "b"), (2, 0.0, None)])

    def test_each_group_with_its_key(self) -> None:
        rows = self.t.groupBy("id").applyInPandas(lambda key, frame: pd.DataFrame([key + (len(frame),)]), "id long, n long").orderBy("id").collect()
        self.assertEqual([tuple(r) for r in rows], [(1, 2), (2, 1)])

    def test_groups_of_two_frames(self) -> None:
        other = self.spark.createDataFrame([(2, "x"), (3, "y")], "id long, w string")
        made = self.t.groupBy("id").cogroup(other.groupBy("id")).applyInPandas(
            lambda key, a, b: pd.DataFrame({"id": [key[0]], "n": [len(a)], "m": [len(b)]}), "id long, n long, m long"
        )
        self.assertEqual([tuple(r) for r in made.orderBy("id").collect()], [(1, 2, 0), (2, 1, 1), (3, 0, 1)])

    def test_an_iterator_of_frames(self) -> None:
        def kept(frames: Iterator[Any]) -> Iterator[Any]:
            for frame in frames:
                yield frame[frame.id == 1]

        self.assertEqual([tuple(r) for r in self.t.mapInPandas(kept, self.t.schema).collect()], [(1, 1.0, "a"), (1, 3.0, "b")])

    def test_columns_that_do_not_match_are_named(self) -> None:
        with self.assertRaisesRegex(PythonException, "Missing: v. Unexpected: w."):
            self.t.groupBy("id").applyInPandas(lambda f: f.rename(columns={"v": "w"}), self.t.schema).collect()

    def test_a_value_that_does_not_fit_is_an_error(self) -> None:
        wrong = F.pandas_udf(lambda v: v / 2, "long")
        with self.assertRaisesRegex(PythonException, "no whole number"):
            self.t.select(wrong("v")).collect()


if __name__ == "__main__":
    unittest.main()
