"""The sample jobs, started as a driver starts them: a Python process with this front end on its path."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from typing import List

from pyspark.sql import SparkSession

from tests.support import why_no_engine

_PYTHON = Path(__file__).parent.parent
_SAMPLES = _PYTHON.parent / "samples"

# The Monte Carlo example as every Spark distribution has it in spirit: a range, a map, a reduce.
_WORD_COUNT = """
import sys
from operator import add
from pyspark.sql import SparkSession

spark = SparkSession.builder.appName("PythonWordCount").getOrCreate()
lines = spark.read.text(sys.argv[1]).rdd.map(lambda r: r[0])
counts = lines.flatMap(lambda x: x.split(' ')).map(lambda x: (x, 1)).reduceByKey(add)
for (word, count) in sorted(counts.collect()):
    print("%s: %i" % (word, count))
spark.stop()
"""


def run(script: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    environment = {**os.environ, "PYTHONPATH": str(_PYTHON)}
    command: List[str] = [sys.executable, str(script), *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=environment, timeout=120, check=False)


class WithoutEngine(unittest.TestCase):
    def test_pi_needs_no_engine(self) -> None:
        done = run(_SAMPLES / "pi" / "pi.py", "2")
        self.assertEqual(done.returncode, 0, done.stderr)
        found = re.search(r"Pi is roughly (\d\.\d+)", done.stdout)
        self.assertIsNotNone(found, done.stdout)
        self.assertAlmostEqual(float(found[1]), 3.14, delta=0.05)  # type: ignore[index]

    def test_the_taxi_job_says_how_it_is_called(self) -> None:
        done = run(_SAMPLES / "taxi-trips" / "pyspark-taxi-trip.py", "only-one")
        self.assertEqual(done.returncode, 2)
        self.assertIn("INPUT OUTPUT", done.stderr)

    def test_samples_import_nothing_of_hearth(self) -> None:
        for script in _SAMPLES.glob("*/*.py"):
            with self.subTest(script.name):
                self.assertNotIn("hearth", script.read_text(encoding="utf-8").lower())


@unittest.skipIf(why_no_engine(), why_no_engine())
class WithEngine(unittest.TestCase):
    def test_word_count(self) -> None:
        with tempfile.TemporaryDirectory() as tmp:
            Path(tmp, "job.py").write_text(_WORD_COUNT, encoding="utf-8")
            Path(tmp, "text").write_text("to be or\nnot to be\n", encoding="utf-8")
            done = run(Path(tmp, "job.py"), str(Path(tmp, "text")))
        self.assertEqual(done.stdout, "be: 2\nnot: 1\nor: 1\nto: 2\n", done.stderr)

    def test_the_taxi_job_over_generated_trips(self) -> None:
        with tempfile.TemporaryDirectory() as tmp:
            rows = make_trips(f"{tmp}/in")
            done = run(_SAMPLES / "taxi-trips" / "pyspark-taxi-trip.py", f"{tmp}/in", f"{tmp}/out/")
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            self.assertIn(f"Total number of records: {rows}", done.stdout)
            self.assertIn(" |-- tpep_pickup_datetime: timestamp", done.stdout)
            self.assertRegex(done.stdout, r"no fare or refund *\|\d+")
            written = re.search(r"Rows written to .*: (\d+)", done.stdout)
            kept = re.search(r"Trips that make sense: (\d+)", done.stdout)
            self.assertEqual(written[1], kept[1])  # type: ignore[index]
            self.assertEqual(len(list(Path(tmp, "out", "trips").glob("pickup_month=2022-*"))), 2)
            for folder in ("by_hour", "by_zone", "tips"):
                self.assertEqual(len(list(Path(tmp, "out", folder).glob("part-*.parquet"))), 1, folder)


def make_trips(directory: str) -> int:
    """Two months of simple trips, clean ones and the faults that the job looks for, as the generator writes them."""
    spark = SparkSession.builder.appName("trips").getOrCreate()
    try:
        for month in (1, 2):
            trips = spark.sql(_TRIPS.format(month=month))
            trips.write.parquet(f"{directory}-{month}")
            [written] = Path(f"{directory}-{month}").glob("part-*")
            Path(directory).mkdir(exist_ok=True)
            written.rename(f"{directory}/yellow_tripdata_2022-0{month}.parquet")
        return spark.read.parquet(directory).count()
    finally:
        spark.stop()


_TRIPS = """
SELECT 1 + id % 2 AS VendorID,
  CAST(make_timestamp(2022, {month}, 1 + id % 28, id % 24, id % 60, 0) AS timestamp_ntz) AS tpep_pickup_datetime,
  CAST(make_timestamp(2022, {month}, 1 + id % 28, id % 24, id % 60, 0) + make_dt_interval(0, 0, 5 + id % 30) AS timestamp_ntz)
    AS tpep_dropoff_datetime,
  CAST(1 + id % 3 AS double) AS passenger_count,
  CAST(IF(id % 100 = 7, 0, 1 + id % 5) AS double) AS trip_distance,
  CAST(1 AS double) AS RatecodeID, 'N' AS store_and_fwd_flag, 132 + id % 7 AS PULocationID, 230L AS DOLocationID,
  1 + id % 4 AS payment_type,
  CAST(IF(id % 200 = 9, -5.5, 5.5 + id % 11) AS double) AS fare_amount, 0.5D AS extra, 0.5D AS mta_tax,
  CAST(IF(id % 4 = 0, 2.5, 0) AS double) AS tip_amount, 0D AS tolls_amount, 0.3D AS improvement_surcharge,
  CAST(10 + id % 11 AS double) AS total_amount, 2.5D AS congestion_surcharge, 0D AS airport_fee
FROM range(3000)
"""


if __name__ == "__main__":
    unittest.main()
