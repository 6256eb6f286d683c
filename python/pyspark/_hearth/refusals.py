"""What the engine refuses while a job runs, as far as the text of the job shows it: options, settings, formats, SQL functions.

The engine's own tables are ``Sources/ReaderOptions``, ``Session/FixedSettings`` and ``Functions/UnsupportedFunctions``; the case files of the engine's tests keep
both sides the same."""

from __future__ import annotations

from typing import Dict, Optional, Tuple

# Option: the values that are taken. Everything else is refused.
_Values = Dict[str, Tuple[str, ...]]

FORMATS = ("parquet", "csv", "json", "text", "delta")

_ANY_READ: _Values = {"ignoreCorruptFiles": ("false",), "ignoreMissingFiles": ("false",)}

_READ: Dict[str, _Values] = {
    "csv": {
        "encoding": ("utf-8", "utf8", "us-ascii", "iso-8859-1", "latin1"), "charset": ("utf-8", "utf8", "us-ascii", "iso-8859-1", "latin1"),
        "lineSep": ("\n", "\r\n"), "emptyValue": ("",), "nanValue": ("nan",), "positiveInf": ("inf",), "negativeInf": ("-inf",), "charToEscapeQuoteEscaping": ("\\",),
        "unescapedQuoteHandling": ("stop_at_delimiter",), "enforceSchema": ("true",), "locale": ("en-us",), "preferDate": ("true",),
        "enableDateTimeParsingFallback": (), "maxCharsPerColumn": ("-1",),
    },
    "json": {
        "lineSep": ("\n", "\r\n"), "encoding": ("utf-8",), "charset": ("utf-8",), "primitivesAsString": ("false",), "prefersDecimal": ("false",),
        "allowComments": ("false",), "allowUnquotedFieldNames": ("false",), "allowNumericLeadingZeros": ("false",),
        "allowBackslashEscapingAnyCharacter": ("false",), "allowUnquotedControlChars": ("false",), "dropFieldIfAllNull": ("false",), "locale": ("en-us",),
        "inferTimestamp": ("false",), "enableDateTimeParsingFallback": (),
    },
    "parquet": {"datetimeRebaseMode": ("corrected",), "int96RebaseMode": ("corrected",)},
}  # fmt: skip

_WRITTEN: _Values = {
    "lineSep": ("\n",), "encoding": ("utf-8",), "charset": ("utf-8",), "emptyValue": ('""',), "escapeQuotes": ("true",), "charToEscapeQuoteEscaping": ("\\",),
}  # fmt: skip

_SETTINGS: _Values = {
    "spark.sql.caseSensitive": ("false",), "spark.sql.timestampType": ("timestamp_ltz",), "spark.sql.mapKeyDedupPolicy": ("exception",),
    "spark.sql.groupByOrdinal": ("true",), "spark.sql.orderByOrdinal": ("true",), "spark.sql.groupByAliases": ("true",), "spark.sql.crossJoin.enabled": ("true",),
    "spark.sql.storeAssignmentPolicy": ("ansi",), "spark.sql.ansi.doubleQuotedIdentifiers": ("false",), "spark.sql.parser.quotedRegexColumnNames": ("false",),
    "spark.sql.readSideCharPadding": ("true",), "spark.sql.charAsVarchar": ("false",), "spark.sql.files.ignoreCorruptFiles": ("false",),
    "spark.sql.legacy.sizeOfNull": ("true",), "spark.sql.legacy.timeParserPolicy": ("exception", "corrected", "legacy"),
    "spark.sql.legacy.ctePrecedencePolicy": ("exception", "corrected"),
    "spark.sql.parquet.datetimeRebaseModeInRead": ("corrected", "exception"), "spark.sql.parquet.datetimeRebaseModeInWrite": ("corrected", "exception"),
    "spark.sql.parquet.int96RebaseModeInRead": ("corrected", "exception"), "spark.sql.parquet.int96RebaseModeInWrite": ("corrected", "exception"),
    "spark.sql.avro.datetimeRebaseModeInRead": ("corrected", "exception"), "spark.sql.avro.datetimeRebaseModeInWrite": ("corrected", "exception"),
}  # fmt: skip

_SKETCH, _XML, _JAVA = "sketches of Apache DataSketches have no counterpart", "XML is not read", "calls into a Java virtual machine"
FUNCTIONS: Dict[str, str] = {
    **dict.fromkeys("hll_sketch_agg hll_sketch_estimate hll_union hll_union_agg count_min_sketch".split(), _SKETCH),
    **dict.fromkeys("xpath xpath_boolean xpath_double xpath_float xpath_int xpath_long xpath_number xpath_short xpath_string".split(), _XML),
    **dict.fromkeys("java_method reflect".split(), _JAVA),
    **dict.fromkeys("input_file_block_start input_file_block_length".split(), "the engine reads files, not blocks"),
}


def _one(table: _Values, name: str, value: str) -> Optional[str]:
    for known, taken in table.items():
        if known.lower() == name.lower() and value.lower() not in taken:
            return f"{name}={value} is refused" + (f"; taken: {', '.join(repr(t)[1:-1] or 'the empty text' for t in taken)}" if taken else "")
    return None


def option(side: str, kind: str, name: str, value: str) -> Optional[str]:
    """Why an option of ``read`` or ``write`` is refused, or None."""
    if kind not in FORMATS:
        return f"the format {kind} is not there"
    if kind == "delta":
        return None
    return _one(_WRITTEN, name, value) if side == "write" else _one(_ANY_READ, name, value) or _one(_READ.get(kind, {}), name, value)


def format_of(kind: str) -> Optional[str]:
    """Why a format is refused, or None."""
    return None if kind.lower() in FORMATS else f"the format {kind} is not there: read and write {', '.join(FORMATS)}"


def setting(key: str, value: str) -> Optional[str]:
    """Why a setting is refused, or None."""
    return _one(_SETTINGS, key, value)
