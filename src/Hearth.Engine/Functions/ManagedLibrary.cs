using System.Globalization;
using System.Numerics;
using Hearth.Engine.Duck;
using Hearth.Engine.Formatting;
using Hearth.Engine.Sql;
using Hearth.Engine.Types;

namespace Hearth.Engine.Functions;

/// <summary>Spark behaviour that DuckDB SQL cannot express, as functions of our own. Their names begin with <c>hearth_</c>.</summary>
internal static class ManagedLibrary
{
    public static void Register(DuckConnection connection)
    {
        ManagedFunctions functions = new(connection);
        Casts(functions);
        Texts(functions);
        ManagedText.Register(functions);
        ManagedDates.Register(functions);
        ManagedHash.Register(functions);
        ManagedXxHash.Register(functions);
        ManagedExtras.Register(functions);
        ManagedJson.Register(functions);
    }

    private static void Casts(ManagedFunctions f)
    {
        f.Add<string, TextCodec, sbyte, ByteCodec>("hearth_to_byte", (string s, out sbyte r) => Integral(s, sbyte.MinValue, sbyte.MaxValue, out long n) ? Give((sbyte)n, out r) : Nothing(out r));
        f.Add<string, TextCodec, short, ShortCodec>("hearth_to_short", (string s, out short r) => Integral(s, short.MinValue, short.MaxValue, out long n) ? Give((short)n, out r) : Nothing(out r));
        f.Add<string, TextCodec, int, IntCodec>("hearth_to_int", (string s, out int r) => Integral(s, int.MinValue, int.MaxValue, out long n) ? Give((int)n, out r) : Nothing(out r));
        f.Add<string, TextCodec, long, LongCodec>("hearth_to_long", (string s, out long r) => Integral(s, long.MinValue, long.MaxValue, out r));
        f.Add<string, TextCodec, double, DoubleCodec>("hearth_to_double", (string s, out double r) => JavaNumbers.TryParseDouble(s, out r));
        f.Add<string, TextCodec, int, DateCodec>("hearth_to_date", (string s, out int r) => DateTimeReader.Date(s) is { } d ? Give(d, out r) : Nothing(out r));
        f.Add<string, TextCodec, string, TextCodec, long, TimestampTzCodec>("hearth_to_timestamp", (string s, string zone, out long r) => DateTimeReader.Instant(s, Zones.Require(zone)) is { } t ? Give(t, out r) : Nothing(out r));
        f.Add<string, TextCodec, long, TimestampCodec>("hearth_to_timestamp_ntz", (string s, out long r) => DateTimeReader.LocalMicros(s) is { } t ? Give(t, out r) : Nothing(out r));
        f.Add<long, LongCodec, int, IntCodec, byte[], BlobCodec>("hearth_binary", (long value, int width, out byte[] r) =>
        {
            byte[] bytes = new byte[8];
            System.Buffers.Binary.BinaryPrimitives.WriteInt64BigEndian(bytes, value);
            return Give(bytes[(8 - width)..], out r);
        });
        f.AddText("hearth_decimal5", 5, a => Rounding(a));
        ManagedDecimals.Register(f);
        ManagedIntegers.Register(f);
        ManagedIntervals.Register(f);
        ManagedStrict.Register(f);
    }

    private static void Texts(ManagedFunctions f)
    {
        f.Add<double, DoubleCodec, string, TextCodec>("hearth_double_text", (double d, out string r) => Give(JavaText.OfDouble(d), out r));
        f.Add<float, FloatCodec, string, TextCodec>("hearth_float_text", (float d, out string r) => Give(JavaText.OfFloat(d), out r));
        f.Add<int, DateCodec, string, TextCodec>("hearth_date_text", (int d, out string r) => Give(DateText.OfDate(d), out r));
        f.Add<long, LongCodec, string, TextCodec, string, TextCodec>("hearth_timestamp_text", (long t, string zone, out string r) => Give(DateText.OfInstant(t, Zones.Require(zone)), out r));
        f.Add<string, TextCodec, string, TextCodec>("hearth_decimal_text", (string d, out string r) => Give(JavaNumbers.DecimalText(d), out r));
        f.Add<byte[], BlobCodec, string, TextCodec>("hearth_utf8", (byte[] b, out string r) => Give(System.Text.Encoding.UTF8.GetString(b), out r));
        f.Add<SparkInterval, IntervalCodec, string, TextCodec, string, TextCodec>("hearth_interval_text", (SparkInterval i, string type, out string r) =>
            Give(IntervalText.Of(i, SqlParser.ParseType(type)), out r));
    }

    public static bool Give<T>(T value, out T result)
    {
        result = value;
        return true;
    }

    public static bool Nothing<T>(out T result)
    {
        result = default!;
        return false;
    }

    // Blanks and control characters around, a sign, digits, and a fraction that is cut off; anything else is no number.
    public static bool Integral(string text, long min, long max, out long value)
    {
        ReadOnlySpan<char> s = text.AsSpan();
        int start = 0, end = s.Length;
        while (start < end && s[start] <= ' ')
        {
            start++;
        }

        while (end > start && s[end - 1] <= ' ')
        {
            end--;
        }

        s = s[start..end];
        int dot = s.IndexOf('.');
        if (dot >= 0)
        {
            if (s[(dot + 1)..].ContainsAnyExceptInRange('0', '9'))
            {
                return Nothing(out value);
            }

            s = dot == 0 || (dot == 1 && s[0] is '+' or '-') ? "0" : s[..dot];
        }

        return long.TryParse(s, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value) && value >= min && value <= max;
    }

    /// <summary>round and bround of a decimal: the function, the value, the digits, precision and scale of the result. NULL when it does not fit.</summary>
    private static string? Rounding(string?[] a)
    {
        if (a.Any(v => v is null) || SparkDecimal.Parse(a[1]!) is not { } left || SparkDecimal.Parse(a[2]!) is not { } right)
        {
            return null;
        }

        int precision = int.Parse(a[3]!, CultureInfo.InvariantCulture), scale = int.Parse(a[4]!, CultureInfo.InvariantCulture);
        return Rounded((BigInteger)left.Unscaled, left.Scale, (int)right.Unscaled, precision, scale, a[0] == "round");
    }

    private static string? Rounded(BigInteger value, int from, int digits, int precision, int scale, bool up)
    {
        BigInteger divisor = BigInteger.Pow(10, from - digits);
        BigInteger quotient = BigInteger.DivRem(value, divisor, out BigInteger rest);
        int half = (BigInteger.Abs(rest) * 2).CompareTo(divisor);
        quotient += half > 0 || (half == 0 && (up || !quotient.IsEven)) ? value.Sign : 0;
        quotient = digits < 0 ? quotient * BigInteger.Pow(10, -digits) : quotient;
        return BigInteger.Abs(quotient) < BigInteger.Pow(10, precision) ? new SparkDecimal((Int128)quotient, scale).ToString() : null;
    }
}
