using Hearth.Engine.Duck;
using Hearth.Engine.Formatting;
using static Hearth.Engine.Functions.ManagedLibrary;

namespace Hearth.Engine.Functions;

/// <summary>Casts of text that raise an error for what is malformed: ANSI mode.</summary>
internal static class ManagedStrict
{
    public static void Register(ManagedFunctions f)
    {
        f.Add<string, TextCodec, sbyte, ByteCodec>("hearth_strict_byte", (string s, out sbyte r) => Whole(s, sbyte.MinValue, sbyte.MaxValue, out long n) ? Give((sbyte)n, out r) : throw Malformed(s, "TINYINT"));
        f.Add<string, TextCodec, short, ShortCodec>("hearth_strict_short", (string s, out short r) => Whole(s, short.MinValue, short.MaxValue, out long n) ? Give((short)n, out r) : throw Malformed(s, "SMALLINT"));
        f.Add<string, TextCodec, int, IntCodec>("hearth_strict_int", (string s, out int r) => Whole(s, int.MinValue, int.MaxValue, out long n) ? Give((int)n, out r) : throw Malformed(s, "INT"));
        f.Add<string, TextCodec, long, LongCodec>("hearth_strict_long", (string s, out long r) => Whole(s, long.MinValue, long.MaxValue, out r) ? true : throw Malformed(s, "BIGINT"));
        f.Add<string, TextCodec, double, DoubleCodec>("hearth_strict_double", (string s, out double r) => JavaNumbers.TryParseDouble(s, out r) ? true : throw Malformed(s, "DOUBLE"));
        f.Add<string, TextCodec, int, DateCodec>("hearth_strict_date", (string s, out int r) => DateTimeReader.Date(s) is { } d ? Give(d, out r) : throw Malformed(s, "DATE"));
        f.Add<string, TextCodec, string, TextCodec, long, TimestampTzCodec>("hearth_strict_timestamp", (string s, string zone, out long r) => DateTimeReader.Instant(s, Zones.Require(zone)) is { } t ? Give(t, out r) : throw Malformed(s, "TIMESTAMP"));
        f.Add<string, TextCodec, long, TimestampCodec>("hearth_strict_timestamp_ntz", (string s, out long r) => DateTimeReader.LocalMicros(s) is { } t ? Give(t, out r) : throw Malformed(s, "TIMESTAMP_NTZ"));
    }

    // Unlike the lenient cast this one takes no fraction.
    private static bool Whole(string text, long min, long max, out long value) => text.Contains('.', StringComparison.Ordinal) ? Nothing(out value) : Integral(text, min, max, out value);

    private static EngineException Malformed(string text, string type) => new(
        "CAST_INVALID_INPUT",
        $"The value '{text}' of the type \"STRING\" cannot be cast to \"{type}\" because it is malformed. Correct the value as per the syntax, or change its target type. Use `try_cast` to tolerate malformed input and return NULL instead. If necessary set \"spark.sql.ansi.enabled\" to \"false\" to bypass this error.",
        ErrorKind.SparkRuntimeException);
}
