using Hearth.Engine.Formatting;
using Hearth.Engine.Printing;
using Hearth.Engine.Sql;
using Hearth.Engine.Types;

namespace Hearth.Engine.Sources;

/// <summary>How dates and times stand in the texts of a file: options <c>dateFormat</c>, <c>timestampFormat</c>, <c>timestampNTZFormat</c>, <c>timeZone</c>.</summary>
internal sealed record TimeFormats(string? Date, string? Timestamp, string? TimestampNtz, TimeZoneInfo Zone)
{
    public static TimeFormats Of(Options options, TimeZoneInfo zone) =>
        new(options.Get("dateFormat"), options.Get("timestampFormat"), options.Get("timestampNTZFormat"), options.Get("timeZone") is { } id ? Zones.Require(id) : zone);

    /// <summary>The pattern of a type, or null: then Spark's own readers and writers count.</summary>
    /// <exception cref="EngineException">The pattern is not valid.</exception>
    public string? PatternOf(SparkType type)
    {
        string? pattern = type == SparkType.Date ? Date : type == SparkType.Timestamp ? Timestamp : type == SparkType.TimestampNtz ? TimestampNtz ?? Timestamp : null;
        if (pattern is not null)
        {
            _ = DatePattern.Of(pattern);
        }

        return pattern;
    }

    /// <summary>A value from its text by the pattern of its type, NULL where it does not match; null without a pattern.</summary>
    public string? Read(string text, SparkType type)
    {
        if (PatternOf(type) is not { } pattern)
        {
            return null;
        }

        string format = DuckTypes.Literal(pattern);
        return type == SparkType.Date ? $"CAST(hearth_parse_time({text}, {format}) AS DATE)"
            : type == SparkType.Timestamp ? $"hearth_parse_instant({text}, {format}, {DuckTypes.Literal(Zone.Id)})"
            : $"hearth_parse_time({text}, {format})";
    }

    /// <summary>The text of a date or a time.</summary>
    public string Write(string value, SparkType type)
    {
        string zone = type == SparkType.Timestamp ? DuckTypes.Literal(Zone.Id) : "''";
        return PatternOf(type) is { } pattern
            ? $"hearth_date_format({(type == SparkType.Date ? $"epoch_us(CAST({value} AS TIMESTAMP))" : $"epoch_us({value})")}, {DuckTypes.Literal(pattern)}, {zone})"
            : type == SparkType.Date ? CastSql.Print(value, type, SparkType.String, Zone) : $"hearth_iso_timestamp(epoch_us({value}), {zone})";
    }
}
