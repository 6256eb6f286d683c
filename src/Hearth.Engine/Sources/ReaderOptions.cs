using Hearth.Engine.Sql;

namespace Hearth.Engine.Sources;

/// <summary>
/// Options of Spark's readers and writers that change rows or files and have no effect here: a value other than the default is refused by name. What Spark itself
/// does not know is ignored, as there. Source: the pages of Spark's data sources.
/// </summary>
internal static class ReaderOptions
{
    private static readonly Dictionary<string, string> Everywhere = new(StringComparer.OrdinalIgnoreCase)
    {
        ["ignoreCorruptFiles"] = "false", ["ignoreMissingFiles"] = "false",
    };

    private static readonly Dictionary<string, Dictionary<string, string>> Read = new(StringComparer.OrdinalIgnoreCase)
    {
        ["csv"] = new(StringComparer.OrdinalIgnoreCase)
        {
            ["lineSep"] = "\n", ["emptyValue"] = "", ["nanValue"] = "NaN", ["positiveInf"] = "Inf", ["negativeInf"] = "-Inf", ["charToEscapeQuoteEscaping"] = "\\", ["unescapedQuoteHandling"] = "STOP_AT_DELIMITER",
            ["enforceSchema"] = "true", ["locale"] = "en-US", ["preferDate"] = "true", ["enableDateTimeParsingFallback"] = "", ["maxCharsPerColumn"] = "-1",
        },
        ["json"] = new(StringComparer.OrdinalIgnoreCase)
        {
            ["lineSep"] = "\n", ["encoding"] = "UTF-8", ["charset"] = "UTF-8", ["primitivesAsString"] = "false", ["prefersDecimal"] = "false", ["allowComments"] = "false", ["allowUnquotedFieldNames"] = "false",
            ["allowNumericLeadingZeros"] = "false", ["allowBackslashEscapingAnyCharacter"] = "false", ["allowUnquotedControlChars"] = "false", ["dropFieldIfAllNull"] = "false",
            ["locale"] = "en-US", ["inferTimestamp"] = "false", ["enableDateTimeParsingFallback"] = "",
        },
        ["parquet"] = new(StringComparer.OrdinalIgnoreCase) { ["datetimeRebaseMode"] = "CORRECTED", ["int96RebaseMode"] = "CORRECTED" },
    };

    private static readonly Dictionary<string, string> Written = new(StringComparer.OrdinalIgnoreCase)
    {
        ["lineSep"] = "\n", ["encoding"] = "UTF-8", ["charset"] = "UTF-8", ["emptyValue"] = "\"\"", ["escapeQuotes"] = "true",
        ["charToEscapeQuoteEscaping"] = "\\",
    };

    /// <summary>Checks the options of a read.</summary>
    /// <exception cref="EngineException">UNSUPPORTED_FEATURE, naming the option.</exception>
    public static void CheckRead(string format, Options options)
    {
        Check("reading", format, options, Everywhere);
        if (Read.TryGetValue(format, out Dictionary<string, string>? known))
        {
            Check("reading", format, options, known);
        }
    }

    /// <summary>Checks the options of a write.</summary>
    /// <exception cref="EngineException">UNSUPPORTED_FEATURE, naming the option.</exception>
    public static void CheckWrite(string format, Options options) => Check("writing", format, options, Written);

    private static void Check(string what, string format, Options options, Dictionary<string, string> known)
    {
        foreach ((string name, string only) in known)
        {
            if (options.Get(name) is { } value && !string.Equals(value, only, StringComparison.OrdinalIgnoreCase) && !(name == "lineSep" && value is "\r\n" && what == "reading"))
            {
                throw Binding.Errors.Unsupported($"the option {name}={value} in {what} {format}", hint: only.Length == 0 ? "leave it out" : $"leave it out, or at {only}");
            }
        }
    }
}
