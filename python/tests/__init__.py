"""Tests of the PySpark front end: ``python3 -m unittest discover -s python/tests -t python``."""
