using Hearth.Engine.Formatting;
using Hearth.Engine.Types;

namespace Hearth.Engine.Tests;

/// <summary>Values as the spark-sql shell prints them.</summary>
internal static class HiveText
{
    public static string Of(object? value, SparkType type, string zone) => value switch
    {
        null => "NULL",
        string s => s,
        byte[] bytes => System.Text.Encoding.UTF8.GetString(bytes),
        SparkInterval interval => Interval(interval, type),
        _ => Nested(value, type, zone),
    };

    private static string Nested(object? value, SparkType type, string zone) => value switch
    {
        null => "null",
        string s => $"\"{s}\"",
        ArrayValue a => $"[{string.Join(",", a.Items.Select(i => Nested(i, ((ArrayType)type).Element, zone)))}]",
        MapValue m => $"{{{string.Join(",", m.Entries.Select(e => $"{Nested(e.Key, ((MapType)type).Key, zone)}:{Nested(e.Value, ((MapType)type).Value, zone)}"))}}}",
        StructValue s => $"{{{string.Join(",", s.Fields.Select((f, i) => $"\"{((StructType)type).Fields[i].Name}\":{Nested(f, ((StructType)type).Fields[i].Type, zone)}"))}}}",
        SparkInterval interval => Interval(interval, type),
        _ => new ValueText(Zones.Require(zone)).Of(value, type),
    };

    private static string Interval(SparkInterval value, SparkType type) => type switch
    {
        YearMonthType => $"{(value.Months < 0 ? "-" : "")}{Math.Abs((long)value.Months) / 12}-{Math.Abs((long)value.Months) % 12}",
        DayTimeType => DayTime((value.Days * 86_400_000_000) + value.Micros),
        _ => IntervalText.Of(value, type),
    };

    private static string DayTime(long micros)
    {
        decimal rest = Math.Abs((decimal)micros);
        decimal days = decimal.Truncate(rest / 86_400_000_000m);
        TimeSpan span = TimeSpan.FromMicroseconds((long)(rest - (days * 86_400_000_000m)));
        return $"{(micros < 0 ? "-" : "")}{days} {span:hh\\:mm\\:ss\\.ffffff}000";
    }
}
