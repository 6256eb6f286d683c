"""The functions module as a whole."""

from __future__ import annotations

import inspect
import unittest
from pathlib import Path

from pyspark.sql import Column
from pyspark.sql import functions as F

_REFUSED = {"udf", "udtf", "pandas_udf", "unwrap_udt"}


class Functions(unittest.TestCase):
    def test_names_that_scripts_use_are_there(self) -> None:
        names = """
            col lit expr explode sum desc max avg when split window count min to_timestamp date_format round
            current_timestamp to_date struct array_contains map_keys concat_ws rand coalesce create_map countDistinct
            collect_list array year month dayofmonth regexp_replace current_date first last dense_rank rank row_number
            md5 concat lag lead ntile percentile_approx posexplode from_json to_json get_json_object transform filter
            aggregate exists forall zip_with map_filter sha2 xxhash64 hash monotonically_increasing_id input_file_name
            unix_timestamp from_unixtime date_add date_sub datediff months_between add_months last_day next_day trunc
            date_trunc hour minute second dayofweek weekofyear quarter lower upper trim ltrim rtrim lpad rpad substring
            instr locate length regexp_extract translate initcap reverse size sort_array array_distinct flatten
            sequence slice element_at arrays_zip greatest least isnan isnull nanvl broadcast asc asc_nulls_last
            desc_nulls_first stddev variance corr kurtosis skewness mode median product bitwiseNOT shiftLeft
            approxCountDistinct sumDistinct toDegrees nvl nvl2 ifnull count_if any_value try_divide make_date
        """.split()
        self.assertEqual([name for name in names if name not in F.__all__], [])

    def test_there_are_as_many_as_spark_has(self) -> None:
        self.assertGreater(len(F.__all__), 400)

    def test_every_function_can_be_called_with_columns(self) -> None:
        for name in F.__all__:
            function = getattr(F, name)
            if name in _REFUSED or name in ("broadcast", "col", "column", "expr", "when", "lit", "PandasUDFType"):
                continue
            with self.subTest(name):
                self.assertIsInstance(function(*_arguments(function)), Column)

    def test_a_function_has_a_signature_and_a_word_about_it(self) -> None:
        for name in F.__all__:
            with self.subTest(name):
                self.assertTrue(getattr(F, name).__doc__)
        self.assertEqual(list(inspect.signature(F.regexp_extract).parameters), ["str", "pattern", "idx"])
        self.assertEqual(F.months_between.__name__, "months_between")

    def test_the_stub_file_says_what_the_tables_say(self) -> None:
        from pyspark.sql.functions import _stubs

        stub = Path(_stubs.__file__).with_name("__init__.pyi").read_text(encoding="utf-8")
        self.assertEqual(stub, _stubs.stub_text(), "run: python3 -m pyspark.sql.functions._stubs")

    def test_wrong_arguments_are_type_errors(self) -> None:
        for call in (lambda: F.upper(), lambda: F.upper("a", "b"), lambda: F.upper(1), lambda: F.sum(col=None)):
            with self.assertRaises(TypeError):
                call()

    def test_columns_show_their_expression(self) -> None:
        for column, text in [
            (F.col("a") + 1, "(a + 1)"),
            ((F.col("a") != 1) & F.col("b").isNotNull(), "((NOT (a = 1)) AND (b IS NOT NULL))"),
            (F.sum("a").alias("s"), "sum(a) AS s"),
            (F.countDistinct("a", "b"), "count(DISTINCT a, b)"),
            (F.when(F.col("a") > 1, "x").otherwise("y"), "CASE WHEN (a > 1) THEN x ELSE y END"),
            (F.col("a").cast("int"), "CAST(a AS INT)"),
            (F.desc("a"), "a DESC NULLS LAST"),
            (F.col("s.f")[0]["k"], "s.f[0][k]"),
        ]:
            self.assertEqual(repr(column), f"Column<'{text}'>")


def _arguments(function):
    found = []
    for parameter in inspect.signature(function).parameters.values():
        if parameter.kind is inspect.Parameter.VAR_POSITIONAL:
            found.append("v")
        elif parameter.default is inspect.Parameter.empty:
            found.append(_SPECIAL.get(parameter.name) or F.col(parameter.name))
    return found


def _identity(x, y=None):
    return x


_SPECIAL = {
    "f": _identity, "merge": _identity, "sep": ",", "windowDuration": "1 day", "format": "x", "substr": "x",
}  # fmt: skip


if __name__ == "__main__":
    unittest.main()
