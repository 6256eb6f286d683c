using System.Globalization;
using Hearth.Engine.Duck;
using Hearth.Engine.Formatting;
using static Hearth.Engine.Functions.ManagedLibrary;

namespace Hearth.Engine.Functions;

/// <summary>Dates and times by Java pattern.</summary>
internal static class ManagedDates
{
    public static void Register(ManagedFunctions f)
    {
        f.Add<long, LongCodec, string, TextCodec, string, TextCodec, string, TextCodec>("hearth_date_format", (long t, string pattern, string zone, out string r) => Give(Format(t, pattern, zone), out r));
        f.Add<string, TextCodec, string, TextCodec, long, TimestampCodec>("hearth_parse_time", (string s, string pattern, out long r) => DatePattern.Of(pattern).Parse(s, out _) is { } t ? Give(t, out r) : Nothing(out r));
        f.Add<string, TextCodec, string, TextCodec, string, TextCodec, long, TimestampTzCodec>("hearth_parse_instant", (string s, string pattern, string zone, out long r) =>
            DatePattern.Of(pattern).Parse(s, out TimeSpan? offset) is { } t ? Give(offset is { } own ? t - (own.Ticks / 10) : DateTimeReader.ToInstant(t, Zones.Require(zone)), out r) : Nothing(out r));
        f.Add<long, LongCodec, string, TextCodec, string, TextCodec>("hearth_iso_timestamp", (long t, string zone, out string r) => Give(Iso(t, zone), out r));
    }

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
