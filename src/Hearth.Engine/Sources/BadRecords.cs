using Hearth.Engine.Sql;
using Hearth.Engine.Types;

namespace Hearth.Engine.Sources;

/// <summary>What a reader does with a record that is not as its schema says.</summary>
internal enum ParseMode
{
    /// <summary>What does not fit is NULL; the record may stand in a column of its own.</summary>
    Permissive,

    /// <summary>The record is left out.</summary>
    DropMalformed,

    /// <summary>The query fails.</summary>
    FailFast,
}

/// <summary>Options <c>mode</c> and <c>columnNameOfCorruptRecord</c> of the CSV and JSON readers.</summary>
internal sealed record BadRecords(ParseMode Mode, string CorruptColumn)
{
    /// <summary>An unknown mode counts as PERMISSIVE, as in Spark.</summary>
    public static BadRecords Of(Options options) => new(
        (options.Get("mode") ?? "").ToUpperInvariant() switch { "DROPMALFORMED" => ParseMode.DropMalformed, "FAILFAST" => ParseMode.FailFast, _ => ParseMode.Permissive },
        options.Get("columnNameOfCorruptRecord") ?? "_corrupt_record");

    /// <summary>Whether records must be seen as lines: the plain readers do not say which ones are bad.</summary>
    public bool NeedsLines(IEnumerable<string> columns) => Mode != ParseMode.Permissive || columns.Any(IsCorruptColumn);

    public bool IsCorruptColumn(string name) => string.Equals(name, CorruptColumn, StringComparison.OrdinalIgnoreCase);

    /// <summary>The WHERE condition of a relation with the columns <c>line</c> and <c>bad</c>.</summary>
    public string Condition => Mode switch
    {
        ParseMode.DropMalformed => "NOT bad",
        ParseMode.FailFast => "CASE WHEN bad THEN error('[MALFORMED_RECORD_IN_PARSING.WITHOUT_SUGGESTION] Malformed records are detected in record parsing: ' || line || '. Parse Mode: FAILFAST. To process malformed records as null result, try setting the option ''mode'' as ''PERMISSIVE''.') ELSE true END",
        _ => "true",
    };

    // A separator that no line has: a line is one field. What is too long or no UTF-8 is an error, not a line less.
    /// <summary>The lines of files as the column <c>line</c>, with partition columns.</summary>
    public static string Lines(FileListing listing, bool header) =>
        $"(SELECT * FROM read_csv({FileScans.FileList(listing)}, auto_detect=false, header={(header ? "true" : "false")}, delim='\u0003\u0004', quote='', escape='', nullstr='\u0002', strict_mode=false, columns={{'line': 'VARCHAR'}}, {FileScans.Hive(listing)}, {CsvSource.LineLimits}) WHERE trim(line) <> '')";
}
