using System.Globalization;
using Hearth.Engine.Duck;
using Hearth.Engine.Sql;
using Hearth.Engine.Types;
using static Hearth.Engine.Functions.ManagedLibrary;

namespace Hearth.Engine.Functions;

/// <summary>Intervals read from text, and as numbers.</summary>
internal static class ManagedIntervals
{
    public static void Register(ManagedFunctions f)
    {
        f.Add<string, TextCodec, string, TextCodec, bool, BoolCodec, SparkInterval, IntervalCodec>("hearth_to_interval", (string text, string type, bool strict, out SparkInterval r) =>
            Read(text, SqlParser.ParseType(type)) is { } value ? Give(value, out r) : strict ? throw Malformed(text, SqlParser.ParseType(type)) : Nothing(out r));
        f.AddText("hearth_decimal_quotient", 2, Quotient);
        f.AddTextList("hearth_histogram", 2, Histograms.Of);
        f.Add<SparkInterval, IntervalCodec, long, LongCodec>("hearth_interval_micros", (SparkInterval i, out long r) => Give(Micros(i), out r));
        f.Add<long, LongCodec, string, TextCodec>("hearth_micros_text", (long micros, out string r) => Give(new SparkDecimal(micros, 6).ToString(), out r));
    }

    // A day-time interval is a number of microseconds.
    private static long Micros(SparkInterval interval) => (interval.Days * (Int128)86_400_000_000) + interval.Micros is var sum && sum >= long.MinValue && sum <= long.MaxValue
        ? (long)sum
        : throw new EngineException("INTERVAL_ARITHMETIC_OVERFLOW", "Integer overflow while operating with intervals. Use the try_ functions to tolerate overflow and return NULL instead.", ErrorKind.SparkRuntimeException);

    /// <summary>Whole part of a quotient of two decimals, as text.</summary>
    public static string? Quotient(string?[] a)
    {
        if (a[0] is null || a[1] is null || SparkDecimal.Parse(a[0]!) is not { } x || SparkDecimal.Parse(a[1]!) is not { } y)
        {
            return null;
        }

        int scale = Math.Max(x.Scale, y.Scale);
        System.Numerics.BigInteger p = (System.Numerics.BigInteger)x.Unscaled * System.Numerics.BigInteger.Pow(10, scale - x.Scale), q = (System.Numerics.BigInteger)y.Unscaled * System.Numerics.BigInteger.Pow(10, scale - y.Scale);
        return System.Numerics.BigInteger.Divide(p, q).ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>The interval that a text stands for, as a literal or as its quoted part; null when it is none of the type.</summary>
    public static SparkInterval? Read(string text, SparkType type)
    {
        string trimmed = text.Trim();
        if (type == SparkType.CalendarInterval)
        {
            return IntervalUnits.FromText(Signed(trimmed), negative: false)?.Value as SparkInterval?;
        }

        (string body, bool negative, string range) = Parts(trimmed);
        string own = type.SimpleName["interval ".Length..];
        if (range.Length > 0 && !range.Equals(own, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        string[] ends = own.Split(" to ");
        LiteralExpr? literal = ends.Length == 2 ? IntervalUnits.FromRange(body, ends[0], ends[1], negative) : IntervalUnits.FromAmounts([(body, ends[0])], negative);
        return literal?.Value as SparkInterval?;
    }

    // INTERVAL [-]'body' UNIT TO UNIT, or body alone.
    private static (string Body, bool Negative, string Range) Parts(string text)
    {
        int open = text.IndexOf('\'', StringComparison.Ordinal), close = text.LastIndexOf('\'');
        if (!text.StartsWith("interval", StringComparison.OrdinalIgnoreCase) || open < 0 || close == open)
        {
            return (text, false, "");
        }

        return (text[(open + 1)..close], text[8..open].Contains('-', StringComparison.Ordinal), string.Join(' ', text[(close + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries)));
    }

    // "+ 1 second" and "- 1 second": a sign may stand apart.
    private static string Signed(string text) => System.Text.RegularExpressions.Regex.Replace(text, @"([+-])\s+(?=\d)", "$1", System.Text.RegularExpressions.RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));

    private static EngineException Malformed(string text, SparkType type) => type == SparkType.CalendarInterval
        ? new("CAST_INVALID_INPUT", $"The value '{text}' of the type \"STRING\" cannot be cast to \"INTERVAL\" because it is malformed.", ErrorKind.SparkRuntimeException)
        : new("INVALID_INTERVAL_FORMAT.UNMATCHED_FORMAT_STRING", string.Create(CultureInfo.InvariantCulture, $"Error parsing '{text}' to interval: it does not have the form of \"{type.SqlName}\"."), ErrorKind.SparkRuntimeException);
}
