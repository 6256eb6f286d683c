"""``hearth check``: what a job calls, by what its text says."""

from __future__ import annotations

import re
import textwrap
import unittest
from pathlib import Path
from typing import Dict

from pyspark._hearth import refusals
from pyspark._hearth.check import check
from pyspark.sql import functions as F


def states(source: str) -> Dict[str, str]:
    return {finding.name: finding.state for finding in check(textwrap.dedent(source))}


class Checks(unittest.TestCase):
    def test_functions_by_module_alias_by_name_and_by_star(self) -> None:
        found = states(
            """
            import pyspark.sql.functions as F
            from pyspark.sql.functions import col, udtf
            from pyspark.sql.types import *
            F.upper(col("a")); F.rand(1); F.no_such(1); udtf(None); StringType()
            """
        )
        self.assertEqual(found["functions.upper"], "supported")
        self.assertEqual(found["functions.rand"], "differs")
        self.assertEqual(found["functions.no_such"], "unsupported")
        self.assertEqual(found["col"], "supported")
        self.assertEqual(found["udtf"], "unsupported")
        self.assertEqual(found["StringType"], "supported")

    def test_methods_by_their_names(self) -> None:
        found = states(
            """
            df = spark.read.parquet("x").withColumn("a", f).groupBy("a").count()
            df.mapInArrow(g, "a int")
            spark.readStream
            df.writeStream
            mine.my_own_method()
            """
        )
        self.assertEqual(found["withColumn"], "supported")
        self.assertEqual(found["mapInArrow"], "unsupported")
        self.assertEqual(found["readStream"], "unsupported")
        self.assertEqual(found["writeStream"], "unsupported")
        self.assertNotIn("my_own_method", found)

    def test_receivers_that_are_known(self) -> None:
        found = states(
            """
            from pyspark.sql import SparkSession, DataFrame, functions as F
            session = SparkSession.builder.appName("x").getOrCreate()
            frame = session.read.json("in")
            frame.rdd.map(f).saveAsSequenceFile("out")
            frame.groupBy("a").apply(f)
            frame.no_such_method()
            F.col("a").no_such_operator()
            def f(given: DataFrame):
                given.some_column
                return given.transform(g)
            """
        )
        self.assertEqual(found["map"], "supported")
        self.assertEqual(found["apply"], "unsupported")
        self.assertEqual(found["DataFrame.no_such_method"], "unsupported")
        self.assertEqual(found["Column.no_such_operator"], "unsupported")
        self.assertEqual(found["transform"], "supported")
        self.assertNotIn("some_column", found)

    def test_a_name_that_not_every_receiver_has_is_maybe_there(self) -> None:
        found = {f.name: f for f in check("x.cogroup(y)\nx.cogroup\n")}
        self.assertEqual(found["cogroup"].state, "supported")
        self.assertEqual({f.name: f.state for f in check("unknown.binaryFiles('x')\n")}, {"binaryFiles": "unsupported"})

    def test_what_a_job_adds_to_a_class_is_its_own(self) -> None:
        self.assertEqual(states("from pyspark.sql import DataFrame\nDataFrame.shape = f\nspark.range(1).shape()\n").get("DataFrame.shape"), None)

    def test_modules_that_are_not_there(self) -> None:
        found = check("from pyspark.ml.feature import VectorAssembler\nimport pandas as pd\npd.DataFrame\n")
        self.assertEqual([(f.line, f.name, f.state) for f in found], [(1, "pyspark.ml.feature", "unsupported")])

    def test_every_documented_option_is_judged_as_the_engine_does(self) -> None:
        cases = Path(__file__).parents[2] / "tests" / "Hearth.Engine.Tests" / "cases" / "options" / "documented.txt"
        for line in cases.read_text(encoding="utf-8").splitlines():
            if not line or line.startswith("#"):
                continue
            kind, side, rest = (part.strip() for part in line.split("|", 2))
            option, _, verdict = (part.strip() for part in rest.rpartition("|"))
            name, _, value = option.partition("=")
            job = f"spark.read.option({name!r}, {value!r}).{kind}('x')" if side == "read" else f"df.write.format({kind!r}).options({name}={value!r}).save('x')"
            found = [f for f in check(job) if f.state == "unsupported"]
            with self.subTest(line):
                self.assertEqual("refused" if found else "works", verdict, found)

    def test_refused_functions_are_those_of_the_engine(self) -> None:
        table = Path(__file__).parents[2] / "src" / "Hearth.Engine" / "Functions" / "UnsupportedFunctions.cs"
        engine = {name for names in re.findall(r'Add\(.*"([a-z_0-9 ]+)"\);', table.read_text(encoding="utf-8")) for name in names.split()}
        blocks = {"input_file_block_start", "input_file_block_length"}
        self.assertEqual(set(refusals.FUNCTIONS) - blocks - engine, set())
        self.assertEqual({name for name in F.__all__ if name in engine} - set(refusals.FUNCTIONS) - {"session_window"}, set())

    def test_settings_formats_and_functions_that_the_engine_refuses(self) -> None:
        found = states(
            """
            from pyspark.sql import SparkSession, functions as F
            spark = SparkSession.builder.config("spark.sql.caseSensitive", True).config("spark.sql.ansi.enabled", True).getOrCreate()
            spark.conf.set("spark.sql.mapKeyDedupPolicy", "LAST_WIN")
            spark.sql("SET spark.sql.legacy.timeParserPolicy=LEGACY")
            spark.read.format("jdbc").option("url", u).load()
            df.select(F.xpath_int("a", F.lit("b")), F.input_file_name())
            """
        )
        self.assertEqual(states("spark.sql('load  data inpath \\'x\\' into table t')"), {"LOAD DATA": "unsupported", "sql": "supported"})
        self.assertEqual(states("spark.sql('create or replace function f(x int) returns int return x + 1')"), {"CREATE OR REPLACE FUNCTION": "differs", "sql": "supported"})
        for name in ("spark.sql.caseSensitive", "spark.sql.mapKeyDedupPolicy", "format jdbc", "functions.xpath_int"):
            self.assertEqual(found.get(name), "unsupported", name)
        for name in ("spark.sql.ansi.enabled", "spark.sql.legacy.timeParserPolicy"):
            self.assertNotIn(name, found)
        self.assertEqual(found["functions.input_file_name"], "supported")

    def test_a_note_says_what_is_missing(self) -> None:
        [finding] = [f for f in check("df.withWatermark(x)\n") if f.name == "withWatermark"]
        self.assertIn("withWatermark", finding.note)


if __name__ == "__main__":
    unittest.main()
