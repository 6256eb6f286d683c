"""Files that a program adds while it runs."""

from __future__ import annotations

import os
import tarfile
import tempfile
import unittest
import zipfile
from unittest import mock

from pyspark import SparkConf, SparkContext, SparkFiles


class Submitted(unittest.TestCase):
    def setUp(self) -> None:
        self.sc = SparkContext(conf=SparkConf(False).setMaster("local[1]").setAppName("tests"))
        self.addCleanup(self.sc.stop)
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.addCleanup(os.chdir, os.getcwd())
        self.bucket = os.path.join(scratch.name, "s3", "b")
        work = os.path.join(scratch.name, "work")
        os.makedirs(self.bucket)
        os.makedirs(work)
        os.chdir(work)
        env = mock.patch.dict(os.environ, {"HEARTH_S3_ROOT": os.path.join(scratch.name, "s3")})
        env.start()
        self.addCleanup(env.stop)

    def put(self, name: str, text: str) -> str:
        path = os.path.join(self.bucket, name)
        with open(path, "w", encoding="utf-8") as out:
            out.write(text)
        return path

    def test_a_file_of_s3_is_found_by_its_name(self) -> None:
        self.put("data.txt", "hello")
        self.sc.addFile("s3://b/data.txt")
        with open(SparkFiles.get("data.txt"), encoding="utf-8") as data:
            self.assertEqual(data.read(), "hello")

    def test_a_module_of_s3_can_be_imported(self) -> None:
        self.put("lib_of_s3.py", "answer = 42")
        self.sc.addPyFile("s3://b/lib_of_s3.py")
        import lib_of_s3  # type: ignore[import-not-found]

        self.assertEqual(lib_of_s3.answer, 42)

    def test_archives_are_unpacked_under_their_alias(self) -> None:
        member = self.put("in.txt", "packed")
        with zipfile.ZipFile(os.path.join(self.bucket, "a.zip"), "w") as archive:
            archive.write(member, "in.txt")
        with tarfile.open(os.path.join(self.bucket, "b.tar.gz"), "w:gz") as tar:
            tar.add(member, "in.txt")
        for uri, name in [("s3://b/a.zip#env", "env"), ("s3://b/b.tar.gz", "b.tar.gz")]:
            self.sc.addArchive(uri)
            with open(os.path.join(SparkFiles.get(name), "in.txt"), encoding="utf-8") as data:
                self.assertEqual(data.read(), "packed")

    def test_what_is_not_there_or_not_allowed_is_named(self) -> None:
        for uri, error in [("s3://b/none", FileNotFoundError), ("s3://../../etc/passwd", ValueError), ("hdfs://n/x", NotImplementedError)]:
            with self.subTest(uri), self.assertRaises(error):
                self.sc.addFile(uri)
        self.put("x.zip", "")
        with self.assertRaises(ValueError):
            self.sc.addArchive("s3://b/x.zip#../../out")
