"""Types written as text: ``bigint``, ``array<string>``, ``id INT NOT NULL COMMENT 'x', s STRUCT<a: INT>``."""

from __future__ import annotations

import re
from typing import Dict, List, Optional, Tuple

from pyspark.errors import ParseException
from pyspark.sql.types import base
from pyspark.sql.types.base import DataType, DecimalType
from pyspark.sql.types.nested import ArrayType, MapType, StructField, StructType

_TOKEN = re.compile(
    r"""\s+ | (?P<quoted>`(?:[^`]|``)*`) | (?P<text>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")
      | (?P<word>[A-Za-z0-9_]+) | (?P<mark>[<>(),:\-])""",
    re.X,
)

_NAMES: Dict[str, DataType] = {
    "boolean": base.BooleanType(), "tinyint": base.ByteType(), "byte": base.ByteType(),
    "smallint": base.ShortType(), "short": base.ShortType(), "int": base.IntegerType(),
    "integer": base.IntegerType(), "bigint": base.LongType(), "long": base.LongType(),
    "float": base.FloatType(), "real": base.FloatType(), "double": base.DoubleType(),
    "string": base.StringType(), "binary": base.BinaryType(), "date": base.DateType(),
    "timestamp": base.TimestampType(), "timestamp_ltz": base.TimestampType(),
    "timestamp_ntz": base.TimestampNTZType(), "void": base.NullType(), "null": base.NullType(),
}  # fmt: skip


def parse_ddl(text: str) -> DataType:
    """The type of a text: one type, or the fields of a struct. Raises ``ParseException``."""
    try:
        return _Parser(text).whole_type()
    except _Mismatch:
        return _as_struct(text)


def parse_struct(text: str) -> StructType:
    """The struct of a text; one bare type becomes the column ``value``."""
    parsed = parse_ddl(text)
    return parsed if isinstance(parsed, StructType) else StructType([StructField("value", parsed)])


def ddl_text(data_type: DataType) -> str:
    """The text of a type, with names in back-quotes: what ``parse_ddl`` reads."""
    if isinstance(data_type, StructType):
        fields = (f"`{f.name.replace('`', '``')}`: {ddl_text(f.dataType)}" for f in data_type.fields)
        return f"struct<{', '.join(fields)}>"
    if isinstance(data_type, ArrayType):
        return f"array<{ddl_text(data_type.elementType)}>"
    if isinstance(data_type, MapType):
        return f"map<{ddl_text(data_type.keyType)}, {ddl_text(data_type.valueType)}>"
    return data_type.simpleString()


def _as_struct(text: str) -> DataType:
    try:
        return _Parser(text).whole_struct()
    except _Mismatch as fault:
        raise ParseException(
            message=f"Syntax error at or near {fault.near}. The type text is: {text}",
            error_class="PARSE_SYNTAX_ERROR",
            sql_state="42601",
        ) from None


class _Mismatch(Exception):
    def __init__(self, near: str) -> None:
        super().__init__(near)
        self.near = near


class _Parser:
    """A recursive-descent parser over the tokens of one text."""

    def __init__(self, text: str) -> None:
        self._tokens: List[Tuple[str, str]] = []
        self._at = 0
        position = 0
        while position < len(text):
            match = _TOKEN.match(text, position)
            if match is None:
                raise _Mismatch(f"'{text[position]}'")
            if match.lastgroup:
                self._tokens.append((match.lastgroup, match.group()))
            position = match.end()

    def whole_type(self) -> DataType:
        found = self._type()
        self._end()
        return found

    def whole_struct(self) -> StructType:
        fields = [self._field()]
        while self._take(","):
            fields.append(self._field())
        self._end()
        return StructType(fields)

    def _field(self) -> StructField:
        name = self._name()
        self._take(":")
        data_type = self._type()
        nullable, metadata = True, {}
        while self._peek_word() in ("not", "comment"):
            if self._word() == "not":
                self._expect_word("null")
                nullable = False
            else:
                metadata["comment"] = self._text()
        return StructField(name, data_type, nullable, metadata)

    def _type(self) -> DataType:
        name = self._word()
        if name == "array":
            return ArrayType(self._in_angles(1)[0])
        if name == "map":
            key, value = self._in_angles(2)
            return MapType(key, value)
        if name == "struct":
            return self._struct()
        if name == "interval":
            return self._interval()
        if name in ("decimal", "dec", "numeric"):
            sizes = self._sizes()
            return DecimalType(*sizes) if sizes else DecimalType()
        if name in ("char", "character", "varchar"):
            sizes = self._sizes()
            if not sizes:
                raise _Mismatch(f"'{name}'")
            return base.VarcharType(sizes[0]) if name == "varchar" else base.CharType(sizes[0])
        if name in _NAMES:
            return _NAMES[name]
        raise _Mismatch(f"'{name}'")

    def _struct(self) -> StructType:
        self._expect("<")
        fields: List[StructField] = []
        if not self._take(">"):
            fields.append(self._field())
            while self._take(","):
                fields.append(self._field())
            self._expect(">")
        return StructType(fields)

    def _interval(self) -> DataType:
        words = []
        while self._peek_word() in ("day", "hour", "minute", "second", "year", "month", "to"):
            words.append(self._word())
        return base.from_name("interval " + " ".join(words)) if words else base.CalendarIntervalType()

    def _in_angles(self, count: int) -> List[DataType]:
        self._expect("<")
        found = [self._type()]
        while len(found) < count:
            self._expect(",")
            found.append(self._type())
        self._expect(">")
        return found

    def _sizes(self) -> List[int]:
        sizes: List[int] = []
        if self._take("("):
            sizes.append(self._number())
            while self._take(","):
                sizes.append(self._number())
            self._expect(")")
        return sizes

    def _number(self) -> int:
        sign = -1 if self._take("-") else 1
        word = self._word()
        if not word.isdigit():
            raise _Mismatch(f"'{word}'")
        return sign * int(word)

    def _name(self) -> str:
        kind, text = self._next()
        if kind == "quoted":
            return text[1:-1].replace("``", "`")
        if kind == "word":
            return text
        raise _Mismatch(f"'{text}'")

    def _text(self) -> str:
        kind, text = self._next()
        if kind != "text":
            raise _Mismatch(f"'{text}'")
        return re.sub(r"\\(.)", r"\1", text[1:-1])

    def _word(self) -> str:
        kind, text = self._next()
        if kind != "word":
            raise _Mismatch(f"'{text}'")
        return text.lower()

    def _expect_word(self, word: str) -> None:
        found = self._word()
        if found != word:
            raise _Mismatch(f"'{found}'")

    def _peek_word(self) -> Optional[str]:
        if self._at < len(self._tokens) and self._tokens[self._at][0] == "word":
            return self._tokens[self._at][1].lower()
        return None

    def _next(self) -> Tuple[str, str]:
        if self._at >= len(self._tokens):
            raise _Mismatch("end of input")
        self._at += 1
        return self._tokens[self._at - 1]

    def _take(self, mark: str) -> bool:
        if self._at < len(self._tokens) and self._tokens[self._at] == ("mark", mark):
            self._at += 1
            return True
        return False

    def _expect(self, mark: str) -> None:
        if not self._take(mark):
            near = self._tokens[self._at][1] if self._at < len(self._tokens) else None
            raise _Mismatch(f"'{near}'" if near else "end of input")

    def _end(self) -> None:
        if self._at < len(self._tokens):
            raise _Mismatch(f"'{self._tokens[self._at][1]}'")
