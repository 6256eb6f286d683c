using Hearth.Engine.Binding;
using Hearth.Engine.Plans;
using Hearth.Engine.Types;

namespace Hearth.Engine.Functions;

/// <summary>Functions of timestamps, and reading and printing of dates by pattern.</summary>
internal static class TimestampFunctions
{
    private static readonly SparkType Timestamp = SparkType.Timestamp;

    public static void AddTo(FunctionList list)
    {
        list.Custom("current_timestamp now", 0, 0, _ => new BoundCall("now()", [], Timestamp, false));
        list.Custom("localtimestamp", 0, 0, _ => new BoundCall("current_localtimestamp()", [], SparkType.TimestampNtz, false));
        list.Custom("timestamp", 1, 1, c => c.As(0, Timestamp), pretty: a => $"CAST({a[0]} AS TIMESTAMP)");
        list.Custom("date_trunc", 2, 2, DateTrunc);
        list.Custom("to_date", 1, 2, c => c.Has(1) ? c.Required(Parse(c, SparkType.Date), 0, Unreadable) : c.Date(0));
        list.Custom("try_to_date", 1, 2, c => c.Has(1) ? Parse(c, SparkType.Date) : Lenient(c.Date(0)));
        list.Custom("to_timestamp to_timestamp_ltz", 1, 2, c => c.Has(1) ? c.Required(Parse(c, Timestamp), 0, Unreadable) : c.As(0, Timestamp));
        list.Custom("try_to_timestamp", 1, 2, c => c.Has(1) ? Parse(c, Timestamp) : Lenient(c.As(0, Timestamp)));
        list.Custom("to_timestamp_ntz", 1, 2, c => c.Has(1) ? c.Required(Parse(c, SparkType.TimestampNtz), 0, Unreadable) : c.As(0, SparkType.TimestampNtz));
        list.Custom("date_format", 2, 2, c => Format(c, c.Timestamp(0), c.Text(1)));
        list.Custom("from_unixtime", 1, 2, c => Format(c, FunctionCall.Make("make_timestamptz({0} * 1000000)", Timestamp, c.Long(0)), c.Has(1) ? c.Text(1) : new BoundLiteral("yyyy-MM-dd HH:mm:ss", SparkType.String)), defaults: ["", "yyyy-MM-dd HH:mm:ss"]);
        list.Custom("unix_timestamp", 0, 2, Seconds, defaults: ["current_timestamp()", "yyyy-MM-dd HH:mm:ss"]);
        list.Custom("to_unix_timestamp", 1, 2, Seconds, defaults: ["", "yyyy-MM-dd HH:mm:ss"]);
        list.Scalar("unix_seconds", SparkType.Long, "CAST(floor(epoch({0})) AS BIGINT)", Timestamp);
        list.Scalar("unix_millis", SparkType.Long, "CAST(floor(epoch_us({0}) / 1000.0) AS BIGINT)", Timestamp);
        list.Scalar("unix_micros", SparkType.Long, "epoch_us({0})", Timestamp);
        list.Custom("timestamp_seconds", 1, 1, c => c.Type(0).IsIntegral ? FunctionCall.Make("make_timestamptz({0} * 1000000)", Timestamp, c.Long(0)) : FunctionCall.Make(c.Type(0) is DecimalType { Scale: > 6 } ? "make_timestamptz(CASE WHEN {0} * 1000000 <> trunc({0} * 1000000) THEN error('[ARITHMETIC_OVERFLOW] Rounding necessary: a timestamp has six fraction digits.') ELSE CAST(trunc({0} * 1000000) AS BIGINT) END)" : "make_timestamptz(CAST(trunc({0} * 1000000) AS BIGINT))", Timestamp, c.Type(0) is DecimalType ? c.Arg(0) : c.Double(0)));
        list.Scalar("timestamp_millis", Timestamp, "make_timestamptz({0} * 1000)", SparkType.Long);
        list.Scalar("timestamp_micros", Timestamp, "make_timestamptz({0})", SparkType.Long);
        list.Custom("from_utc_timestamp", 2, 2, c => Zone(c, "timezone({2}, timezone({1}, timezone('UTC', timezone({2}, {0}))))"));
        list.Custom("to_utc_timestamp", 2, 2, c => Zone(c, "timezone({2}, timezone('UTC', timezone({1}, timezone({2}, {0}))))"));
        list.Custom("convert_timezone", 2, 3, c => c.Has(2)
            ? FunctionCall.Make("timezone({1}, timezone({0}, {2}))", SparkType.TimestampNtz, c.Text(0), c.Text(1), c.As(2, SparkType.TimestampNtz))
            : FunctionCall.Make("timezone({0}, timezone({2}, {1}))", SparkType.TimestampNtz, c.Text(0), c.As(1, SparkType.TimestampNtz), SessionZone(c)));
        list.Custom("make_timestamp make_timestamp_ltz try_make_timestamp try_make_timestamp_ltz", 1, 7, c => c.Count < 6 ? throw c.Unsupported("of a DATE and a TIME (Spark 4.1)") : MakeTimestamp(c, Timestamp));
        list.Custom("make_timestamp_ntz try_make_timestamp_ntz", 1, 6, c => c.Count < 6 ? throw c.Unsupported("of a DATE and a TIME (Spark 4.1)") : MakeTimestamp(c, SparkType.TimestampNtz));
        list.Custom("current_timezone", 0, 0, c => SessionZone(c));
        list.Custom("window_time", 1, 1, c => c.Type(0) is StructType { Fields: [{ Name: "start" }, { Name: "end" }] }
            ? FunctionCall.Make("(struct_extract({0}, 'end') - to_microseconds(1))", Timestamp, c.Arg(0))
            : throw c.Mismatch(0, "STRUCT<start: TIMESTAMP, end: TIMESTAMP>"));
        list.Custom(Binding.TimeWindows.Slices, 3, 4, AllWindows);
        list.Custom("window", 2, 4, TimeWindow, pretty: _ => "window");
    }

    private const string Unreadable = "[CANNOT_PARSE_TIMESTAMP] The text cannot be parsed by its format. Use `try_to_timestamp` to tolerate invalid input string and return NULL instead.";

    private static BoundExpr Lenient(BoundExpr value) => value is BoundCast cast ? cast with { Lenient = true } : value;

    private static BoundLiteral SessionZone(FunctionCall call) => new(call.Binder.Binder.Session.Zone.Id, SparkType.String);

    private static BoundExpr Zone(FunctionCall call, string template) => FunctionCall.Make(template, Timestamp, call.As(0, Timestamp), call.Text(1), SessionZone(call));

    private static BoundExpr DateTrunc(FunctionCall call)
    {
        string? format = call.ConstantText(0)?.ToUpperInvariant();
        string? unit = format switch
        {
            "YEAR" or "YYYY" or "YY" => "year", "QUARTER" => "quarter", "MONTH" or "MM" or "MON" => "month", "WEEK" => "week", "DAY" or "DD" => "day", "HOUR" => "hour",
            "MINUTE" => "minute", "SECOND" => "second", "MILLISECOND" => "milliseconds", "MICROSECOND" => "microseconds", _ => null,
        };
        if (format is null && call.Arg(0) is not BoundLiteral)
        {
            throw call.Unsupported("with a unit that is not constant");
        }

        BoundExpr value = call.Timestamp(1);
        return unit is null ? new BoundLiteral(null, value.Type) : FunctionCall.Make($"date_trunc('{unit}', {{0}})", value.Type, value);
    }

    private static BoundExpr Parse(FunctionCall call, SparkType type)
    {
        if (call.Type(0) != SparkType.String)
        {
            return call.As(0, type);
        }

        CheckPattern(call, 1);
        BoundExpr local = FunctionCall.MakeNullable($"{Reader(call, "time")}({{0}}, {{1}})", SparkType.TimestampNtz, call.Text(0), call.Text(1));
        return type == SparkType.TimestampNtz ? local : type == SparkType.Date
            ? FunctionCall.MakeNullable("CAST({0} AS DATE)", type, local)
            : FunctionCall.MakeNullable($"{Reader(call, "instant")}({{0}}, {{1}}, {{2}})", type, call.Text(0), call.Text(1), SessionZone(call));
    }

    private static void CheckPattern(FunctionCall call, int index)
    {
        if (call.Has(index) && call.ConstantText(index) is { } pattern)
        {
            Formatting.DatePattern.Of(pattern).CheckReading();
        }
    }

    // Text that only Java's old parser reads: an error, NULL, or read as it did. Source: spark.sql.legacy.timeParserPolicy.
    private static string Reader(FunctionCall call, string what) => Policy(call) switch
    {
        "LEGACY" => $"hearth_parse_{what}_legacy",
        "EXCEPTION" when !call.Name.StartsWith("try_", StringComparison.OrdinalIgnoreCase) => $"hearth_parse_{what}_strict",
        _ => $"hearth_parse_{what}",
    };

    private static string Policy(FunctionCall call) => call.Binder.Binder.Session.Conf("spark.sql.legacy.timeParserPolicy")?.ToUpperInvariant() ?? "EXCEPTION";

    public static BoundExpr Format(FunctionCall call, BoundExpr value, BoundExpr pattern)
    {
        if (pattern is BoundLiteral { Value: string text })
        {
            Formatting.DatePattern known = Formatting.DatePattern.Of(text);
            if (Policy(call) == "LEGACY" && !known.SameInLegacy)
            {
                throw call.Unsupported($"with the pattern '{text}' under spark.sql.legacy.timeParserPolicy=LEGACY");
            }
        }

        bool plain = value.Type == SparkType.TimestampNtz || ReferenceEquals(call.Binder.Binder.Session.Zone, TimeZoneInfo.Utc);
        if (plain && pattern is BoundLiteral { Value: string java } && Formatting.DatePattern.Strftime(java) is { } format)
        {
            return FunctionCall.Make($"strftime(make_timestamp(epoch_us({{0}})), {DuckTypes.Literal(format)})", SparkType.String, value);
        }

        string zone = value.Type == SparkType.TimestampNtz ? "''" : "{2}";
        return FunctionCall.Make($"hearth_date_format(epoch_us({{0}}), {{1}}, {zone})", SparkType.String, value, pattern, SessionZone(call));
    }

    private static BoundExpr Seconds(FunctionCall call)
    {
        if (call.Count == 0)
        {
            return new BoundCall("CAST(floor(epoch(now())) AS BIGINT)", [], SparkType.Long, false);
        }

        if (call.Type(0) != SparkType.String)
        {
            return FunctionCall.Make("CAST(floor(epoch({0})) AS BIGINT)", SparkType.Long, call.As(0, Timestamp));
        }

        BoundExpr pattern = call.Has(1) ? call.Text(1) : new BoundLiteral("yyyy-MM-dd HH:mm:ss", SparkType.String);
        CheckPattern(call, 1);
        return call.Required(FunctionCall.MakeNullable($"CAST(floor(epoch({Reader(call, "instant")}({{0}}, {{1}}, {{2}}))) AS BIGINT)", SparkType.Long, call.Text(0), pattern, SessionZone(call)), 0, Unreadable);
    }

    private static BoundExpr MakeTimestamp(FunctionCall call, SparkType type)
    {
        if (call.Ansi && !call.Name.StartsWith("try_", StringComparison.OrdinalIgnoreCase))
        {
            return StrictTimestamp(call, type);
        }

        const string Local = "TRY(CASE WHEN {3} BETWEEN 0 AND 23 AND {4} BETWEEN 0 AND 59 AND {5} >= 0 AND {5} <= 60 THEN CAST(make_date({0}, {1}, {2}) AS TIMESTAMP) + to_hours({3}) + to_minutes({4}) + to_microseconds(CAST({5} * 1000000 AS BIGINT)) END)";
        BoundExpr[] args = [call.Int(0), call.Int(1), call.Int(2), call.Int(3), call.Int(4), call.As(5, new DecimalType(18, 6)), call.Has(6) ? call.Text(6) : SessionZone(call)];
        return FunctionCall.MakeNullable(type == Timestamp ? $"hearth_instant(epoch_us({Local}), {{6}})" : Local, type, args);
    }

    private static BoundExpr StrictTimestamp(FunctionCall call, SparkType type)
    {
        const string Present = "{0} IS NOT NULL AND {1} IS NOT NULL AND {2} IS NOT NULL AND {3} IS NOT NULL AND {4} IS NOT NULL AND {5} IS NOT NULL";
        const string Checked = "CASE WHEN " + Present + " AND {5} > 60 AND {5} < 61 THEN error('[INVALID_FRACTION_OF_SECOND] Valid range for seconds is [0, 60] (inclusive), but the provided value is ' || {5} || '. To avoid this error, use `try_make_timestamp`, which returns NULL on error.') "
            + "WHEN " + Present + " AND ({3} NOT BETWEEN 0 AND 23 OR {4} NOT BETWEEN 0 AND 59 OR {5} < 0 OR {5} > 60 OR TRY(make_date({0}, {1}, {2})) IS NULL) THEN error('[DATETIME_FIELD_OUT_OF_BOUNDS] Invalid date or time. If necessary set \"spark.sql.ansi.enabled\" to \"false\" to bypass this error.') "
            + "ELSE CAST(make_date({0}, {1}, {2}) AS TIMESTAMP) + to_hours({3}) + to_minutes({4}) + to_microseconds(CAST({5} * 1000000 AS BIGINT)) END";
        BoundExpr[] args = [call.Int(0), call.Int(1), call.Int(2), call.Int(3), call.Int(4), call.As(5, new DecimalType(18, 6)), call.Has(6) ? call.Text(6) : SessionZone(call)];
        return FunctionCall.MakeNullable(type == Timestamp ? $"hearth_instant(epoch_us({Checked}), {{6}})" : Checked, type, args);
    }

    // One window a row; several of a sliding one come through hearth_windows.
    private static BoundExpr TimeWindow(FunctionCall call)
    {
        if (call.Count > 2)
        {
            throw call.Unsupported("with a slide or start outside GROUP BY");
        }

        string width = call.ConstantText(1) ?? throw call.Unsupported("with a width that is not constant");
        string interval = $"CAST({DuckTypes.Literal(width)} AS INTERVAL)";
        string start = $"time_bucket({interval}, {{0}}, TIMESTAMPTZ '1970-01-01 00:00:00Z')";
        return FunctionCall.Make($"{{'start': {start}, 'end': {start} + {interval}}}", WindowType, call.As(0, Timestamp));
    }

    private static readonly StructType WindowType = new([new StructField("start", Timestamp), new StructField("end", Timestamp)]);

    // Every window that the time lies in: those that begin at the last multiple of the slide, one slide earlier, and so on.
    private static BoundExpr AllWindows(FunctionCall call)
    {
        long width = Micros(call, 1), slide = Micros(call, 2), offset = call.Has(3) ? Micros(call, 3) : 0;
        if (slide <= 0 || width < slide || Math.Abs(offset) >= slide)
        {
            throw new EngineException("DATATYPE_MISMATCH.PARAMETER_CONSTRAINT_VIOLATION", "The slide of a window must be positive, not longer than the window, and longer than the start offset.", position: call.At);
        }

        string last = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"(epoch_us({{0}}) - (((epoch_us({{0}}) - {offset}) % {slide}) + {slide}) % {slide})");
        string starts = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"list_filter(list_transform(range({(width + slide - 1) / slide}), lambda k: {last} - k * {slide}), lambda s: s + {width} > epoch_us({{0}}))");
        string body = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"list_transform(list_reverse({starts}), lambda s: struct_pack(\"start\" := make_timestamptz(CAST(s AS BIGINT)), \"end\" := make_timestamptz(CAST(s + {width} AS BIGINT))))");
        return FunctionCall.Make($"CASE WHEN {{0}} IS NOT NULL THEN {body} END", new ArrayType(WindowType, false), call.As(0, Timestamp));
    }

    private static long Micros(FunctionCall call, int index)
    {
        object? value = call.ConstantText(index) is { } text && Sql.SqlParser.ParseExpression($"INTERVAL '{text.Replace("'", "", StringComparison.Ordinal)}'") is Sql.LiteralExpr literal ? literal.Value : (call.Arg(index) as BoundLiteral)?.Value;
        return value is SparkInterval { Months: 0 } interval ? (interval.Days * 86_400_000_000) + interval.Micros : throw call.Unsupported("with an interval that is not constant, or of months");
    }
}
