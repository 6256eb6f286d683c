"""The named options of each format, in the order of PySpark's keyword arguments."""

from __future__ import annotations

from typing import Any, Dict, Sequence

from pyspark.errors import PySparkTypeError

READ: Dict[str, Sequence[str]] = {
    "csv": (
        "sep", "encoding", "quote", "escape", "comment", "header", "inferSchema", "ignoreLeadingWhiteSpace",
        "ignoreTrailingWhiteSpace", "nullValue", "nanValue", "positiveInf", "negativeInf", "dateFormat",
        "timestampFormat", "maxColumns", "maxCharsPerColumn", "maxMalformedLogPerPartition", "mode",
        "columnNameOfCorruptRecord", "multiLine", "charToEscapeQuoteEscaping", "samplingRatio", "enforceSchema",
        "emptyValue", "locale", "lineSep", "pathGlobFilter", "recursiveFileLookup", "modifiedBefore",
        "modifiedAfter", "unescapedQuoteHandling",
    ),
    "json": (
        "primitivesAsString", "prefersDecimal", "allowComments", "allowUnquotedFieldNames", "allowSingleQuotes",
        "allowNumericLeadingZero", "allowBackslashEscapingAnyCharacter", "mode", "columnNameOfCorruptRecord",
        "dateFormat", "timestampFormat", "multiLine", "allowUnquotedControlChars", "lineSep", "samplingRatio",
        "dropFieldIfAllNull", "encoding", "locale", "pathGlobFilter", "recursiveFileLookup", "modifiedBefore",
        "modifiedAfter", "allowNonNumericNumbers",
    ),
    "text": ("wholetext", "lineSep", "pathGlobFilter", "recursiveFileLookup", "modifiedBefore", "modifiedAfter"),
    "parquet": (
        "mergeSchema", "pathGlobFilter", "modifiedBefore", "modifiedAfter", "recursiveFileLookup",
        "datetimeRebaseMode", "int96RebaseMode",
    ),
}  # fmt: skip

WRITE: Dict[str, Sequence[str]] = {
    "csv": (
        "compression", "sep", "quote", "escape", "header", "nullValue", "escapeQuotes", "quoteAll", "dateFormat",
        "timestampFormat", "ignoreLeadingWhiteSpace", "ignoreTrailingWhiteSpace", "charToEscapeQuoteEscaping",
        "encoding", "emptyValue", "lineSep",
    ),
    "json": ("compression", "dateFormat", "timestampFormat", "lineSep", "encoding", "ignoreNullFields"),
    "text": ("compression", "lineSep"),
    "parquet": ("compression",),
}  # fmt: skip


def option_text(value: Any) -> str:
    """An option as text: booleans in small letters."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def named(method: str, names: Sequence[str], positional: Sequence[Any], given: Dict[str, Any]) -> Dict[str, str]:
    """Positional and keyword options by name; unknown ones raise as Python does."""
    unknown = sorted(set(given) - set(names))
    if unknown:
        raise PySparkTypeError(message=f"{method}() got an unexpected keyword argument '{unknown[0]}'")
    if len(positional) > len(names):
        raise PySparkTypeError(message=f"{method}() takes at most {len(names)} options")
    merged = {**dict(zip(names, positional)), **given}
    return {name: option_text(value) for name, value in merged.items() if value is not None}
