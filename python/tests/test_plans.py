"""What DataFrame methods build: the plans of ``cases/plans.txt``."""

from __future__ import annotations

import json
import unittest

from pyspark.sql import Window, functions as F
from pyspark.sql import types as T

from tests.support import cases, offline_session, table, without_ids

_VALUE = {"name": "value", "type": "string", "nullable": True, "metadata": {}}


class Plans(unittest.TestCase):
    def setUp(self) -> None:
        self.spark, self.client = offline_session(
            collect={"rows": [["x"], ["y"]]}, schema={"schema": {"type": "struct", "fields": [_VALUE]}}
        )
        self.addCleanup(self.spark.stop)

    def test_each_method_builds_the_plan_of_its_case(self) -> None:
        names = {
            "spark": self.spark, "F": F, "T": T, "Window": Window,
            "t": table(self.spark, "t", "a int, b string, c double"),
            "u": table(self.spark, "u", "a int, d date"),
        }  # fmt: skip
        for line, source, expected in cases("plans.txt"):
            with self.subTest(f"plans.txt:{line} {source}"):
                frame = eval(source, {}, names)  # noqa: S307
                self.assertEqual(without_ids(frame._plan), json.loads(expected))


if __name__ == "__main__":
    unittest.main()
