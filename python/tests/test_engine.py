"""Scripts as a data engineer writes them, run by a real engine: the cases of ``cases/engine``.

Needs an engine: ``HEARTH_ENGINE_SOCKET`` (one that runs), ``HEARTH_BIN``, or ``hearth`` on PATH. Skipped otherwise.
"""

from __future__ import annotations

import contextlib
import datetime
import io
import tempfile
import traceback
import unittest
from pathlib import Path
from typing import Any, Dict, Iterator, Tuple

from pyspark import SparkContext
from pyspark.errors import AnalysisException
from pyspark.sql import Row, SparkSession, Window, functions as F
from pyspark.sql import types as T

from tests.support import CASES, why_no_engine

_EMP = [
    (1, "Ann", "eng", 100.0, None),
    (2, "Bob", "eng", 80.0, 1),
    (3, "Cid", "ops", 70.0, 1),
    (4, "Dee", "ops", None, 3),
    (5, "Eve", None, 60.0, 3),
]


def scripts(path: Path) -> Iterator[Tuple[str, str, str]]:
    """Title, script and expected output of every case of a file."""
    for block in path.read_text(encoding="utf-8").split("### ")[1:]:
        title, _, rest = block.partition("\n")
        script, _, expected = rest.partition("\n---\n")
        yield title, script, expected.strip()


@unittest.skipIf(why_no_engine(), why_no_engine())
class Scripts(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        cls.maxDiff = None
        cls.spark = SparkSession.builder.appName("tests").getOrCreate()
        cls.spark.conf.set("spark.sql.session.timeZone", "UTC")

    @classmethod
    def tearDownClass(cls) -> None:
        cls.spark.stop()
        assert SparkContext._active_spark_context is None

    def names(self, tmp: str) -> Dict[str, Any]:
        emp = self.spark.createDataFrame(_EMP, "id int, name string, dept string, pay double, boss int")
        return {
            "spark": self.spark, "F": F, "T": T, "Row": Row, "Window": Window, "emp": emp, "tmp": tmp,
            "AnalysisException": AnalysisException, "datetime": datetime,
        }  # fmt: skip

    def run_file(self, name: str) -> None:
        for title, script, expected in scripts(CASES / "engine" / name):
            with self.subTest(f"{name}: {title}"), tempfile.TemporaryDirectory() as tmp:
                out = io.StringIO()
                with contextlib.redirect_stdout(out):
                    try:
                        exec(compile(script, f"<{title}>", "exec"), self.names(tmp))  # noqa: S102
                    except Exception:
                        print(traceback.format_exc(limit=-3))
                lines = [line.rstrip() for line in out.getvalue().strip().splitlines()]
                self.assertEqual("\n".join(lines), "\n".join(line.rstrip() for line in expected.splitlines()))

    def test_basics(self) -> None:
        self.run_file("basics.txt")

    def test_groups(self) -> None:
        self.run_file("groups.txt")

    def test_joins(self) -> None:
        self.run_file("joins.txt")

    def test_values(self) -> None:
        self.run_file("values.txt")

    def test_files(self) -> None:
        self.run_file("files.txt")

    def test_jobs(self) -> None:
        self.run_file("jobs.txt")

    def test_sql(self) -> None:
        self.run_file("sql.txt")


if __name__ == "__main__":
    unittest.main()
