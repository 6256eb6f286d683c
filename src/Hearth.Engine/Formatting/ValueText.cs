using System.Globalization;
using System.Text;
using Hearth.Engine.Types;

namespace Hearth.Engine.Formatting;

/// <summary>Values as Spark prints them in <c>show()</c> (ToPrettyString): the one place where results become text.</summary>
public sealed class ValueText(TimeZoneInfo zone)
{
    /// <summary>The text of a value of a type; <c>NULL</c> for NULL, also inside nested values.</summary>
    public string Of(object? value, SparkType type)
    {
        switch (value)
        {
            case null:
                return "NULL";
            case string s:
                return s;
            case ArrayValue array:
                return $"[{string.Join(", ", array.Items.Select(item => Of(item, ((ArrayType)type).Element)))}]";
            case MapValue map:
                return $"{{{string.Join(", ", map.Entries.Select(e => $"{Of(e.Key, ((MapType)type).Key)} -> {Of(e.Value, ((MapType)type).Value)}"))}}}";
            case StructValue row:
                return $"{{{string.Join(", ", row.Fields.Select((f, i) => Of(f, ((StructType)type).Fields[i].Type)))}}}";
            case byte[] bytes:
                return $"[{string.Join(' ', bytes.Select(b => b.ToString("X2", CultureInfo.InvariantCulture)))}]";
            default:
                return Atomic(value, type);
        }
    }

    private string Atomic(object value, SparkType type) => value switch
    {
        bool b => b ? "true" : "false",
        double d => JavaText.OfDouble(d),
        float f => JavaText.OfFloat(f),
        SparkDecimal d => d.ToString(),
        SparkDate d => DateText.OfDate(d.Days),
        SparkTimestamp t => DateText.OfInstant(t.Micros, zone),
        SparkTimestampNtz t => DateText.OfLocal(t.Micros),
        SparkInterval i => IntervalText.Of(i, type),
        _ => string.Format(CultureInfo.InvariantCulture, "{0}", value),
    };

    /// <summary>A cell of a table: control characters become escapes.</summary>
    public static string Escape(string text)
    {
        if (!text.AsSpan().ContainsAny("\n\r\t\f\b\u000B\u0007"))
        {
            return text;
        }

        StringBuilder escaped = new(text.Length + 8);
        foreach (char c in text)
        {
            escaped.Append(c switch { '\n' => "\\n", '\r' => "\\r", '\t' => "\\t", '\f' => "\\f", '\b' => "\\b", '\u000B' => "\\v", '\u0007' => "\\a", _ => c.ToString() });
        }

        return escaped.ToString();
    }

    /// <summary>Columns a text takes on a terminal: wide East Asian characters take two.</summary>
    public static int Width(string text)
    {
        int width = 0;
        foreach (char c in text)
        {
            bool wide = c is (>= '\u1100' and <= '\u115F') or (>= '\u2E80' and <= '\u303E') or (>= '\u3041' and <= '\uA4CF') or (>= '\uAC00' and <= '\uD7A3') or (>= '\uF900' and <= '\uFAFF') or (>= '\uFE30' and <= '\uFE6F') or (>= '\uFF00' and <= '\uFF60') or (>= '\uFFE0' and <= '\uFFE6');
            width += wide ? 2 : 1;
        }

        return width;
    }
}
