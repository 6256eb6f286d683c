using System.Globalization;
using Hearth.Engine.Duck;
using Hearth.Engine.Formatting;
using static Hearth.Engine.Functions.ManagedLibrary;

namespace Hearth.Engine.Functions;

/// <summary>Dates and times by Java pattern.</summary>
internal static class ManagedDates
{
    // 1582-10-15, from which on the old calendar and the new one agree.
    private const long Gregorian = -12_219_292_800_000_000;

    private delegate long? Reading(string text, string pattern, out TimeZoneInfo? zone);

    public static void Register(ManagedFunctions f)
    {
        f.Add<long, LongCodec, string, TextCodec, string, TextCodec, string, TextCodec>("hearth_date_format", (long t, string pattern, string zone, out string r) => Give(Format(t, pattern, zone), out r));
        f.Add<long, LongCodec, string, TextCodec, string, TextCodec>("hearth_iso_timestamp", (long t, string zone, out string r) => Give(Iso(t, zone), out r));
        f.Add<long, LongCodec, string, TextCodec, long, TimestampTzCodec>("hearth_instant", (long t, string zone, out long r) => Give(DateTimeReader.ToInstant(t, Zones.Require(zone)), out r));
        Readers(f, "", New);
        Readers(f, "_strict", NewOrError);
        Readers(f, "_legacy", (string s, string pattern, out TimeZoneInfo? zone) => DatePattern.Of(pattern).ParseLegacy(s, out zone) is not { } t ? null : t >= Gregorian ? t
            : throw new EngineException("UNSUPPORTED_FEATURE", $"The embedded engine does not read '{s}' under spark.sql.legacy.timeParserPolicy=LEGACY: it is before the Gregorian calendar.", ErrorKind.UnsupportedOperationException));
    }

    private static void Readers(ManagedFunctions f, string suffix, Reading read)
    {
        f.Add<string, TextCodec, string, TextCodec, long, TimestampCodec>($"hearth_parse_time{suffix}", (string s, string pattern, out long r) => read(s, pattern, out _) is { } t ? Give(t, out r) : Nothing(out r));
        f.Add<string, TextCodec, string, TextCodec, string, TextCodec, long, TimestampTzCodec>($"hearth_parse_instant{suffix}", (string s, string pattern, string zone, out long r) =>
            read(s, pattern, out TimeZoneInfo? own) is { } t ? Give(DateTimeReader.ToInstant(t, own ?? Zones.Require(zone)), out r) : Nothing(out r));
    }

    private static long? New(string text, string pattern, out TimeZoneInfo? zone) => DatePattern.Of(pattern).Parse(text, out zone);

    private static long? NewOrError(string text, string pattern, out TimeZoneInfo? zone) => New(text, pattern, out zone) ?? (DatePattern.Of(pattern).ParseLegacy(text, out _) is null
        ? null
        : throw new EngineException(
            "INCONSISTENT_BEHAVIOR_CROSS_VERSION.PARSE_DATETIME_BY_NEW_PARSER",
            $"You may get a different result due to the upgrading to Spark >= 3.0: Fail to parse '{text}' in the new parser. You can set \"spark.sql.legacy.timeParserPolicy\" to \"LEGACY\" to restore the behavior before Spark 3.0, or set to \"CORRECTED\" and treat it as an invalid datetime string.",
            ErrorKind.SparkUpgradeException));

    private static string Format(long micros, string pattern, string zone)
    {
        if (zone.Length == 0)
        {
            return DatePattern.Of(pattern).Format(micros, TimeSpan.Zero, "");
        }

        long offset = DateText.OffsetMicros(micros, Zones.Require(zone));
        return DatePattern.Of(pattern).Format(micros + offset, TimeSpan.FromTicks(offset * 10), zone);
    }

    private static string Iso(long micros, string zone)
    {
        long offset = zone.Length == 0 ? 0 : DateText.OffsetMicros(micros, Zones.Require(zone)) / 60_000_000;
        string local = DateText.OfLocal(micros + (offset * 60_000_000)).Replace(' ', 'T');
        int dot = local.IndexOf('.', StringComparison.Ordinal);
        string text = (dot < 0 ? local : local[..dot]) + (dot < 0 ? ".000" : local[dot..].PadRight(4, '0'));
        return zone.Length == 0 ? text : text + (offset == 0 ? "Z" : string.Create(CultureInfo.InvariantCulture, $"{(offset < 0 ? '-' : '+')}{Math.Abs(offset) / 60:00}:{Math.Abs(offset) % 60:00}"));
    }
}
