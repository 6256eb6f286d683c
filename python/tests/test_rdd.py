"""RDDs and what jobs share, in this process."""

from __future__ import annotations

import tempfile
import unittest
from operator import add

from pyspark import RDD, AccumulatorParam, SparkConf, SparkContext, StorageLevel


class Rdds(unittest.TestCase):
    def setUp(self) -> None:
        self.sc = SparkContext(conf=SparkConf(False).setMaster("local[3]").setAppName("tests"))
        self.addCleanup(self.sc.stop)

    def numbers(self, parts: int = 3) -> "RDD[int]":
        return self.sc.parallelize(range(1, 11), parts)

    def test_transformations(self) -> None:
        n = self.numbers()
        for found, expected in [
            (n.map(lambda x: x * 2).filter(lambda x: x > 15).collect(), [16, 18, 20]),
            (self.sc.parallelize(["a b", "c"]).flatMap(str.split).collect(), ["a", "b", "c"]),
            (n.glom().map(len).collect(), [3, 3, 4]),
            (n.mapPartitions(lambda items: [sum(items)]).collect(), [6, 15, 34]),
            (n.mapPartitionsWithIndex(lambda i, _items: [i]).collect(), [0, 1, 2]),
            (n.union(n).getNumPartitions(), 6),
            (sorted(n.union(n).distinct().collect()), list(range(1, 11))),
            (n.sortBy(lambda x: -x).take(3), [10, 9, 8]),
            (n.coalesce(2).glom().map(len).collect(), [3, 7]),
            (n.repartition(4).getNumPartitions(), 4),
            (n.zipWithIndex().take(2), [(1, 0), (2, 1)]),
            (n.zip(n.map(str)).first(), (1, "1")),
            (n.keyBy(lambda x: x % 2).countByKey(), {0: 5, 1: 5}),
            (sorted(n.subtract(self.sc.parallelize([1, 2, 3])).collect()), [4, 5, 6, 7, 8, 9, 10]),
            (sorted(n.intersection(self.sc.parallelize([3, 30])).collect()), [3]),
            (n.cartesian(self.sc.parallelize(["a"])).count(), 10),
            (sum(part.count() for part in n.randomSplit([1, 2], 5)), 10),
            (n.sample(False, 0.5, 1).collect(), n.sample(False, 0.5, 1).collect()),
            ({k: sorted(v) for k, v in n.groupBy(lambda x: x % 3).collect()}, {0: [3, 6, 9], 1: [1, 4, 7, 10], 2: [2, 5, 8]}),
        ]:
            with self.subTest(str(expected)):
                self.assertEqual(found, expected)

    def test_pickled_elements_come_back(self) -> None:
        with tempfile.TemporaryDirectory() as tmp:
            self.numbers().map(lambda x: (x, {"k": x})).saveAsPickleFile(f"{tmp}/p")
            back = self.sc.pickleFile(f"{tmp}/p")
            self.assertEqual((back.getNumPartitions(), back.collect()), (3, [(x, {"k": x}) for x in range(1, 11)]))

    def test_checkpoints_and_levels(self) -> None:
        n = self.numbers()
        self.assertFalse(n.isCheckpointed())
        n.localCheckpoint()
        n.count()
        self.assertTrue(n.isCheckpointed() and n.isLocallyCheckpointed())
        self.assertEqual(self.numbers().persist(StorageLevel.DISK_ONLY).getStorageLevel(), StorageLevel.DISK_ONLY)

    def test_actions(self) -> None:
        n = self.numbers()
        for found, expected in [
            (n.reduce(add), 55),
            (n.fold(0, add), 55),
            (n.aggregate((0, 0), lambda a, x: (a[0] + x, a[1] + 1), lambda a, b: (a[0] + b[0], a[1] + b[1])), (55, 10)),
            ((n.count(), n.sum(), n.mean(), n.max(), n.min(), n.first()), (10, 55, 5.5, 10, 1, 1)),
            (n.top(2), [10, 9]),
            (n.takeOrdered(2, key=lambda x: -x), [10, 9]),
            (round(n.stdev(), 4), 2.8723),
            (len(n.takeSample(False, 4, 1)), 4),
            (dict(self.sc.parallelize("aab").countByValue()), {"a": 2, "b": 1}),
            (self.sc.emptyRDD().isEmpty(), True),
            (n.histogram(2), ([1, 5.5, 10], [5, 5])),
            (n.histogram([1, 5, 10]), ([1, 5, 10], [4, 6])),
            ((n.treeReduce(add, 3), n.treeAggregate(0, add, add, 1), n.sumApprox(9), n.meanApprox(9)), (55, 55, 55.0, 5.5)),
            (self.sc.parallelize(["a", "b"], 2).pipe("cat").collect(), ["a", "b"]),
            (n.barrier().mapPartitions(lambda items: [sum(items)]).collect(), [6, 15, 34]),
            (self.sc.parallelize([(2, "x"), (1, "y"), (3, "z")]).repartitionAndSortWithinPartitions(2, lambda k: k % 2).glom().collect(), [[(2, "x")], [(1, "y"), (3, "z")]]),
            (set(dict(self.sc.parallelize([("a", 1), ("b", 2)] * 50).sampleByKey(False, {"a": 0.5, "b": 0}, 2).collect())), {"a"}),
        ]:
            with self.subTest(str(expected)):
                self.assertEqual(found, expected)

    def test_pairs(self) -> None:
        a = self.sc.parallelize([("x", 1), ("y", 2), ("x", 3)], 2)
        b = self.sc.parallelize([("x", "p"), ("z", "q")])
        for found, expected in [
            (dict(a.reduceByKey(add).collect()), {"x": 4, "y": 2}),
            (dict(a.mapValues(lambda v: v * 10).foldByKey(0, add).collect()), {"x": 40, "y": 20}),
            ({k: sorted(v) for k, v in a.groupByKey().collect()}, {"x": [1, 3], "y": [2]}),
            (sorted(a.join(b).collect()), [("x", (1, "p")), ("x", (3, "p"))]),
            (sorted(a.leftOuterJoin(b).collect(), key=str), [("x", (1, "p")), ("x", (3, "p")), ("y", (2, None))]),
            (sorted(a.fullOuterJoin(b).keys().collect()), ["x", "x", "y", "z"]),
            (a.sortByKey(False).keys().collect(), ["y", "x", "x"]),
            (a.collectAsMap(), {"x": 3, "y": 2}),
            (a.lookup("x"), [1, 3]),
            (a.subtractByKey(b).collect(), [("y", 2)]),
            (a.aggregateByKey(0, lambda s, v: s + v, add).values().sum(), 6),
            (a.flatMapValues(range).count(), 6),
        ]:
            with self.subTest(str(expected)):
                self.assertEqual(found, expected)

    def test_nothing_is_computed_before_an_action_and_only_what_it_needs(self) -> None:
        seen = []
        lazy = self.numbers().map(lambda x: seen.append(x) or x)
        self.assertEqual(seen, [])
        self.assertEqual(lazy.take(2), [1, 2])
        self.assertEqual(seen, [1, 2])

    def test_a_kept_rdd_is_computed_once(self) -> None:
        seen = []
        kept = self.numbers().map(lambda x: seen.append(x) or x).persist(StorageLevel.MEMORY_ONLY)
        kept.count()
        kept.count()
        self.assertEqual(len(seen), 10)

    def test_reduce_and_first_of_nothing_are_errors(self) -> None:
        with self.assertRaises(ValueError):
            self.sc.emptyRDD().reduce(add)
        with self.assertRaises(ValueError):
            self.sc.emptyRDD().first()

    def test_shared_variables(self) -> None:
        table, seen = self.sc.broadcast({1: "one"}), self.sc.accumulator(0)
        self.numbers().foreach(seen.add)
        self.assertEqual((table.value[1], seen.value), ("one", 55))

        class Lists(AccumulatorParam):
            def zero(self, value):
                return []

            def addInPlace(self, value1, value2):
                return value1 + value2

        found = self.sc.accumulator([], Lists())
        found += [1]
        self.assertEqual(found.value, [1])

    def test_pi_is_roughly_right(self) -> None:
        import random

        random.seed(1)

        def inside(_: int) -> int:
            x, y = random.random() * 2 - 1, random.random() * 2 - 1
            return 1 if x * x + y * y <= 1 else 0

        count = self.sc.parallelize(range(1, 20001), 2).map(inside).reduce(add)
        self.assertAlmostEqual(4.0 * count / 20000, 3.14, delta=0.05)


class Contexts(unittest.TestCase):
    def test_there_is_one_context_at_a_time(self) -> None:
        with SparkContext("local[2]", "one", conf=SparkConf(False)) as sc:
            self.assertIs(SparkContext.getOrCreate(), sc)
            self.assertEqual((sc.defaultParallelism, sc.appName, sc.version), (2, "one", "3.5.3"))
            with self.assertRaises(ValueError):
                SparkContext("local", "two")

    def test_parallelism_comes_from_the_executors(self) -> None:
        conf = SparkConf(False).setMaster("k8s://x").set("spark.executor.instances", 3).set("spark.executor.cores", 4)
        with SparkContext(conf=conf) as sc:
            self.assertEqual(sc.defaultParallelism, 12)

    def test_a_wrong_log_level_is_refused(self) -> None:
        with SparkContext(conf=SparkConf(False)) as sc:
            sc.setLogLevel("warn")
            with self.assertRaisesRegex(Exception, "Supplied level"):
                sc.setLogLevel("LOUD")


class Confs(unittest.TestCase):
    def test_properties_that_spark_submit_left_are_read(self) -> None:
        import os
        import tempfile
        from unittest import mock

        with tempfile.TemporaryDirectory() as directory:
            with open(os.path.join(directory, "spark.properties"), "w") as out:
                out.write("#comment\nspark.app.name=taxi\\=1\nspark.master = k8s\\://x\nspark.a  b c\nother=1\n")
            with mock.patch.dict(os.environ, {"SPARK_CONF_DIR": directory}):
                conf = SparkConf()
        self.assertEqual(dict(conf.getAll()), {"spark.app.name": "taxi=1", "spark.master": "k8s://x", "spark.a": "b c"})


if __name__ == "__main__":
    unittest.main()
