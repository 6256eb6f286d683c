"""Types: text, JSON, trees, rows, inference, checks."""

from __future__ import annotations

import datetime
import decimal
import pickle
import unittest

from pyspark.errors import ParseException, PySparkTypeError, PySparkValueError
from pyspark.sql.types import (
    ArrayType, DecimalType, IntegerType, LongType, MapType, Row, StringType, StructField, StructType,
)  # fmt: skip
from pyspark.sql.types.ddl import ddl_text, parse_ddl
from pyspark.sql.types.infer import infer_schema
from pyspark.sql.types.nested import from_json
from pyspark.sql.types.verify import verify

from tests.support import cases

_NESTED = StructType(
    [
        StructField("id", LongType(), False),
        StructField("tags", ArrayType(StringType(), False)),
        StructField("prices", MapType(StringType(), DecimalType(10, 2))),
        StructField("place", StructType().add("zone", "int").add("names", "array<struct<x:int>>", False)),
    ]
)

_TREE = """\
root
 |-- id: long (nullable = false)
 |-- tags: array (nullable = true)
 |    |-- element: string (containsNull = false)
 |-- prices: map (nullable = true)
 |    |-- key: string
 |    |-- value: decimal(10,2) (valueContainsNull = true)
 |-- place: struct (nullable = true)
 |    |-- zone: integer (nullable = true)
 |    |-- names: array (nullable = false)
 |    |    |-- element: struct (containsNull = true)
 |    |    |    |-- x: integer (nullable = true)
"""


class Texts(unittest.TestCase):
    def test_ddl_texts_are_parsed_as_the_cases_say(self) -> None:
        for line, text, expected in cases("ddl.txt"):
            with self.subTest(f"ddl.txt:{line} {text}"):
                if expected.startswith("!"):
                    with self.assertRaises(ParseException) as caught:
                        parse_ddl(text)
                    self.assertIn(expected[1:], str(caught.exception))
                else:
                    self.assertEqual(parse_ddl(text).simpleString(), expected)

    def test_not_null_and_comment_stay_with_the_field(self) -> None:
        field = StructType.fromDDL("a INT NOT NULL COMMENT 'x y'")[0]
        self.assertEqual((field.nullable, field.metadata), (False, {"comment": "x y"}))

    def test_ddl_text_is_read_back(self) -> None:
        struct = StructType.fromDDL("`a.b` int, m map<string,array<struct<`x``y`:decimal(5,1)>>>")
        self.assertEqual(parse_ddl(ddl_text(struct)), struct)

    def test_json_goes_there_and_back(self) -> None:
        self.assertEqual(from_json(_NESTED.json()), _NESTED)

    def test_the_tree_is_the_one_of_print_schema(self) -> None:
        self.assertEqual(_NESTED.treeString(), _TREE)

    def test_the_tree_ends_at_the_depth_asked_for(self) -> None:
        self.assertEqual(len(_NESTED.treeString(1).splitlines()), 5)

    def test_repr_is_python_that_makes_the_type(self) -> None:
        self.assertEqual(repr(_NESTED[0]), "StructField('id', LongType(), False)")
        self.assertEqual(repr(ArrayType(IntegerType())), "ArrayType(IntegerType(), True)")


class Rows(unittest.TestCase):
    def test_a_row_is_read_by_place_name_and_attribute(self) -> None:
        row = Row(name="x", age=3)
        self.assertEqual((row[0], row["age"], row.age, len(row)), ("x", 3, 3, 2))
        self.assertEqual(repr(row), "Row(name='x', age=3)")
        self.assertIn("name", row)

    def test_a_row_of_names_makes_rows(self) -> None:
        person = Row("name", "age")
        self.assertEqual(person("y", 4), Row(name="y", age=4))
        self.assertEqual(repr(Row("a", 1)), "<Row('a', 1)>")

    def test_as_dict_goes_inside_when_asked(self) -> None:
        row = Row(a=1, b=[Row(c=2)], d={"k": Row(e=3)})
        self.assertEqual(row.asDict(True), {"a": 1, "b": [{"c": 2}], "d": {"k": {"e": 3}}})
        self.assertEqual(row.asDict()["b"], [Row(c=2)])

    def test_an_unknown_field_is_an_error_of_its_kind(self) -> None:
        with self.assertRaises(AttributeError):
            Row(a=1).b
        with self.assertRaises(ValueError):
            Row(a=1)["b"]

    def test_a_row_can_be_pickled(self) -> None:
        self.assertEqual(pickle.loads(pickle.dumps(Row(a=1, b="x"))).b, "x")


class Inference(unittest.TestCase):
    def test_types_of_values(self) -> None:
        row = {
            "i": 1, "f": 1.5, "s": "x", "b": True, "y": b"1", "d": datetime.date(2024, 1, 2),
            "t": datetime.datetime(2024, 1, 2), "n": decimal.Decimal("1.5"), "l": [1, None], "m": {"k": 2.0},
            "r": Row(x=1),
        }  # fmt: skip
        self.assertEqual(
            infer_schema([row]).simpleString(),
            "struct<b:boolean,d:date,f:double,i:bigint,l:array<bigint>,m:map<string,double>,n:decimal(38,18),"
            "r:struct<x:bigint>,s:string,t:timestamp,y:binary>",
        )

    def test_records_are_merged(self) -> None:
        schema = infer_schema([{"a": None}, {"a": 1, "b": "x"}])
        self.assertEqual(schema.simpleString(), "struct<a:bigint,b:string>")

    def test_tuples_take_names_or_numbers(self) -> None:
        self.assertEqual(infer_schema([(1, "x")], ["a"]).names, ["a", "_2"])

    def test_what_cannot_be_inferred_is_an_error(self) -> None:
        with self.assertRaisesRegex(PySparkValueError, "CANNOT_DETERMINE_TYPE"):
            infer_schema([(None,)])
        with self.assertRaisesRegex(PySparkTypeError, "CANNOT_MERGE_TYPE"):
            infer_schema([(1,), ("x",)])
        with self.assertRaisesRegex(PySparkValueError, "CANNOT_INFER_EMPTY_SCHEMA"):
            infer_schema([])


class Checks(unittest.TestCase):
    def test_a_value_of_the_wrong_type_is_named(self) -> None:
        schema = StructType.fromDDL("a int, b string")
        with self.assertRaisesRegex(PySparkTypeError, "field a: `IntegerType\\(\\)` can not accept object `x`"):
            verify(("x", "y"), schema)

    def test_numbers_out_of_range_and_nulls_are_refused(self) -> None:
        with self.assertRaisesRegex(PySparkValueError, "out of range"):
            verify((300,), StructType.fromDDL("a tinyint"))
        with self.assertRaisesRegex(PySparkValueError, "not nullable"):
            verify((None,), StructType.fromDDL("a int not null"))

    def test_rows_of_another_length_are_refused(self) -> None:
        with self.assertRaisesRegex(PySparkValueError, "LENGTH_SHOULD_BE_THE_SAME"):
            verify((1, 2), StructType.fromDDL("a int"))


if __name__ == "__main__":
    unittest.main()
