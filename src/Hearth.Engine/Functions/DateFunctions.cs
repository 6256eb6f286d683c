using Hearth.Engine.Binding;
using Hearth.Engine.Plans;
using Hearth.Engine.Types;

namespace Hearth.Engine.Functions;

/// <summary>Functions of dates and parts of dates and times.</summary>
internal static class DateFunctions
{
    private static readonly SparkType Int = SparkType.Int;

    public static void AddTo(FunctionList list)
    {
        Parts(list);
        list.Custom("current_date curdate", 0, 0, _ => new BoundCall("current_date", [], SparkType.Date, false), pretty: _ => "current_date()");
        list.Custom("date_add dateadd", 2, 2, c => FunctionCall.Make("({0} + {1})", SparkType.Date, c.Date(0), Days(c)), shown: "date_add");
        list.Custom("date_sub", 2, 2, c => FunctionCall.Make("({0} - {1})", SparkType.Date, c.Date(0), Days(c)));
        list.Custom("datediff date_diff", 2, 2, c => FunctionCall.Make("CAST({0} - {1} AS INTEGER)", Int, c.Date(0), c.Date(1)));
        list.Scalar("add_months", SparkType.Date, "CAST({0} + to_months({1}) AS DATE)", SparkType.Date, Int);
        list.Scalar("last_day", SparkType.Date, "last_day({0})", SparkType.Date);
        list.Custom("next_day", 2, 2, NextDay);
        list.Custom("months_between", 2, 3, MonthsBetween, defaults: ["", "", "true"]);
        list.Custom("trunc", 2, 2, Trunc);
        list.Custom("make_date", 3, 3, c => FunctionCall.MakeNullable(c.Ansi ? "CASE WHEN {0} IS NOT NULL AND {1} IS NOT NULL AND {2} IS NOT NULL AND TRY(make_date({0}, {1}, {2})) IS NULL THEN error('[DATETIME_FIELD_OUT_OF_BOUNDS] Invalid date. If necessary set \"spark.sql.ansi.enabled\" to \"false\" to bypass this error.') ELSE TRY(make_date({0}, {1}, {2})) END" : "TRY(make_date({0}, {1}, {2}))", SparkType.Date, c.Int(0), c.Int(1), c.Int(2)));
        list.Scalar("unix_date", Int, "CAST({0} - DATE '1970-01-01' AS INTEGER)", SparkType.Date);
        list.Scalar("date_from_unix_date", SparkType.Date, "(DATE '1970-01-01' + {0})", Int);
        list.Custom("date", 1, 1, c => c.Date(0), pretty: a => $"CAST({a[0]} AS DATE)");
        list.Custom("timestampadd", 3, 3, AddUnits);
        list.Custom("timestampdiff", 3, 3, DiffUnits);
        list.Custom("make_ym_interval", 0, 2, c => FunctionCall.Make("to_months({0} * 12 + {1})", new YearMonthType(), IntOr0(c, 0), IntOr0(c, 1)), defaults: ["0", "0"]);
        list.Custom("make_interval", 0, 7, c => MakeInterval(c, "{0}"), defaults: ["0", "0", "0", "0", "0", "0", "0.000000"]);
        list.Custom("try_make_interval", 0, 7, c => MakeInterval(c, "TRY({0})"), defaults: ["0", "0", "0", "0", "0", "0", "0.000000"]);
        list.Custom("make_dt_interval", 0, 4, c => FunctionCall.Make("to_microseconds(hearth_interval_micros(to_days({0}) + to_hours({1}) + to_minutes({2}) + to_microseconds(CAST({3} * 1000000 AS BIGINT))))", new DayTimeType(), IntOr0(c, 0), IntOr0(c, 1), IntOr0(c, 2), c.Has(3) ? c.As(3, new DecimalType(18, 6)) : new BoundLiteral(0L, new DecimalType(18, 6))), defaults: ["0", "0", "0", "0.000000"]);
    }

    // Spark takes INT, SMALLINT and TINYINT; text only as a whole number.
    private static BoundExpr Days(FunctionCall c)
    {
        SparkType type = c.Type(1);
        if (type == SparkType.String && !c.Ansi && c.Arg(1) is not BoundLiteral)
        {
            throw c.Mismatch(1, "INT\" or \"SMALLINT\" or \"TINYINT");
        }

        return type == SparkType.Long || (type.IsNumeric && !type.IsIntegral) ? throw c.Mismatch(1, "INT\" or \"SMALLINT\" or \"TINYINT") : type == SparkType.String ? new BoundCast(c.Arg(1), Int) { Strict = true } : c.Int(1);
    }

    // Years, months, weeks, days, hours, minutes, seconds.
    private static BoundExpr MakeInterval(FunctionCall c, string around) => FunctionCall.MakeNullable(
        around.Replace("{0}", "to_months(CAST(CAST({0} AS BIGINT) * 12 + {1} AS INTEGER)) + to_days(CAST(CAST({2} AS BIGINT) * 7 + {3} AS INTEGER)) + to_hours({4}) + to_minutes({5}) + to_microseconds(CAST({6} * 1000000 AS BIGINT))", StringComparison.Ordinal),
        SparkType.CalendarInterval, IntOr0(c, 0), IntOr0(c, 1), IntOr0(c, 2), IntOr0(c, 3), IntOr0(c, 4), IntOr0(c, 5), c.Has(6) ? c.As(6, new DecimalType(18, 6)) : new BoundLiteral(new SparkDecimal(0, 6), new DecimalType(18, 6)));

    private static BoundExpr IntOr0(FunctionCall c, int index) => c.Has(index) ? c.Int(index) : new BoundLiteral(0L, Int);

    private static void Parts(FunctionList list)
    {
        foreach (string name in (ReadOnlySpan<string>)["year", "quarter", "month", "day", "dayofyear", "weekofyear"])
        {
            list.Scalar(name, Int, $"CAST({name}({{0}}) AS INTEGER)", SparkType.Date);
        }

        list.Scalar("dayofmonth", Int, "CAST(day({0}) AS INTEGER)", SparkType.Date);
        list.Scalar("dayofweek", Int, "CAST(dayofweek({0}) + 1 AS INTEGER)", SparkType.Date);
        list.Scalar("weekday", Int, "CAST(isodow({0}) - 1 AS INTEGER)", SparkType.Date);
        list.Scalar("dayname", SparkType.String, "left(dayname({0}), 3)", SparkType.Date);
        list.Scalar("monthname", SparkType.String, "left(monthname({0}), 3)", SparkType.Date);
        foreach (string name in (ReadOnlySpan<string>)["hour", "minute", "second"])
        {
            list.Custom(name, 1, 1, c => FunctionCall.Make($"CAST({name}({(c.InUtc(0) ? "make_timestamp(epoch_us({0}))" : "{0}")}) AS INTEGER)", Int, c.Timestamp(0)));
        }

        list.Custom("extract", 2, 2, Extract);
        list.Custom("date_part", 2, 2, Extract);
        list.Custom("datepart", 2, 2, Extract, pretty: a => $"datepart({a[0]} FROM {a[1]})");
    }

    private static BoundExpr Extract(FunctionCall call)
    {
        string field = (call.ConstantText(0) ?? throw call.Unsupported("with a field that is not constant")).ToUpperInvariant();
        SparkType type = call.Type(1);
        if (type.IsInterval)
        {
            return ExtractInterval(call, field, type);
        }

        BoundExpr value = type == SparkType.Date || type.IsTimestamp ? call.Arg(1) : call.As(1, SparkType.Timestamp);
        string? template = field switch
        {
            "YEAR" or "Y" or "YEARS" or "YR" or "YRS" => "year({0})",
            "YEAROFWEEK" => "isoyear({0})",
            "QUARTER" or "QTR" => "quarter({0})",
            "MONTH" or "MON" or "MONS" or "MONTHS" => "month({0})",
            "WEEK" or "W" or "WEEKS" => "weekofyear({0})",
            "DAY" or "D" or "DAYS" => "day({0})",
            "DAYOFWEEK" or "DOW" => "dayofweek({0}) + 1",
            "DAYOFWEEK_ISO" or "DOW_ISO" => "isodow({0})",
            "DOY" => "dayofyear({0})",
            "HOUR" or "H" or "HOURS" or "HR" or "HRS" => "hour({0})",
            "MINUTE" or "M" or "MIN" or "MINS" or "MINUTES" => "minute({0})",
            _ => null,
        };
        if (template is not null)
        {
            return FunctionCall.Make($"CAST({template} AS INTEGER)", Int, value);
        }

        return field is "SECOND" or "S" or "SEC" or "SECONDS" or "SECS"
            ? FunctionCall.Make("CAST(extract(microseconds FROM {0}) / 1000000.0 AS DECIMAL(8,6))", new DecimalType(8, 6), value.To(type == SparkType.TimestampNtz ? type : SparkType.Timestamp))
            : throw new EngineException("INVALID_EXTRACT_FIELD", $"Cannot extract `{field}` on {call.Binder.Pretty(call.Raw(1))}.", position: call.At);
    }

    private static BoundExpr ExtractInterval(FunctionCall call, string field, SparkType type)
    {
        bool months = type is not DayTimeType, micros = type is not YearMonthType;
        (string template, SparkType result)? part = (field.TrimEnd('S'), type) switch
        {
            ("YEAR" or "MONTH", _) when !months => null,
            ("DAY" or "HOUR" or "MINUTE" or "SECOND", _) when !micros => null,
            ("YEAR", _) => ("extract(year FROM {0})", Int),
            ("MONTH", _) => ("extract(month FROM {0})", SparkType.Byte),
            ("DAY", _) => ("(epoch_us({0}) // 86400000000)", Int),
            ("HOUR", _) => ("(epoch_us({0}) // 3600000000) % 24", SparkType.Byte),
            ("MINUTE", _) => ("(epoch_us({0}) // 60000000) % 60", SparkType.Byte),
            ("SECOND", _) => ("(epoch_us({0}) % 60000000) / 1000000.0", new DecimalType(8, 6)),
            _ => null,
        };
        return part is { } found
            ? FunctionCall.Make($"CAST({found.template.Replace("epoch_us({0})", "CAST(round(epoch({0}) * 1000000) AS BIGINT)", StringComparison.Ordinal)} AS {DuckTypes.NameOf(found.result)})", found.result, call.Arg(1))
            : throw new EngineException("INVALID_EXTRACT_FIELD", $"Cannot extract `{field}` on an interval.", position: call.At);
    }

    private static BoundExpr NextDay(FunctionCall call)
    {
        const string Day = "CASE WHEN upper({1}) IN ('SU', 'SUN', 'SUNDAY') THEN 0 WHEN upper({1}) IN ('MO', 'MON', 'MONDAY') THEN 1 WHEN upper({1}) IN ('TU', 'TUE', 'TUESDAY') THEN 2 WHEN upper({1}) IN ('WE', 'WED', 'WEDNESDAY') THEN 3 WHEN upper({1}) IN ('TH', 'THU', 'THURSDAY') THEN 4 WHEN upper({1}) IN ('FR', 'FRI', 'FRIDAY') THEN 5 WHEN upper({1}) IN ('SA', 'SAT', 'SATURDAY') THEN 6 END";
        string day = call.Ansi ? $"CASE WHEN {{1}} IS NOT NULL AND ({Day}) IS NULL THEN error('[ILLEGAL_DAY_OF_WEEK] Illegal input for day of week: ' || {{1}} || '.') ELSE ({Day}) END" : Day;
        return FunctionCall.MakeNullable($"({{0}} + CAST((({day}) - dayofweek({{0}}) + 6) % 7 + 1 AS INTEGER))", SparkType.Date, call.Date(0), call.Text(1));
    }

    private static BoundExpr MonthsBetween(FunctionCall call)
    {
        const string Months = "((year({0}) - year({1})) * 12 + month({0}) - month({1}))";
        const string Seconds = "(epoch({0}) - epoch(date_trunc('day', {0})))";
        string other = Seconds.Replace("{0}", "{1}", StringComparison.Ordinal);
        string raw = $"CASE WHEN day({{0}}) = day({{1}}) OR (CAST({{0}} AS DATE) = last_day({{0}}) AND CAST({{1}} AS DATE) = last_day({{1}})) THEN CAST({Months} AS DOUBLE) ELSE {Months} + ((day({{0}}) - day({{1}})) * 86400 + {Seconds} - {other}) / 2678400.0 END";
        bool round = !call.Has(2) || call.Arg(2) is not BoundLiteral { Value: false };
        return FunctionCall.Make(round ? $"hearth_round(CAST({raw} AS DOUBLE), 8, true)" : $"CAST({raw} AS DOUBLE)", SparkType.Double, call.As(0, SparkType.Timestamp), call.As(1, SparkType.Timestamp));
    }

    private static BoundExpr Trunc(FunctionCall call)
    {
        string? format = call.ConstantText(1)?.ToUpperInvariant();
        string? unit = format switch { "YEAR" or "YYYY" or "YY" => "year", "QUARTER" => "quarter", "MONTH" or "MM" or "MON" => "month", "WEEK" => "week", _ => null };
        if (format is null && call.Arg(1) is not BoundLiteral)
        {
            throw call.Unsupported("with a unit that is not constant");
        }

        return unit is null ? new BoundLiteral(null, SparkType.Date) : FunctionCall.Make($"CAST(date_trunc('{unit}', {{0}}) AS DATE)", SparkType.Date, call.Date(0));
    }

    private static BoundExpr AddUnits(FunctionCall call)
    {
        string unit = call.ConstantText(0) ?? "";
        (string function, int factor) = unit.ToUpperInvariant() switch
        {
            "YEAR" => ("to_months", 12), "QUARTER" => ("to_months", 3), "MONTH" => ("to_months", 1), "WEEK" => ("to_days", 7), "DAY" or "DAYOFYEAR" => ("to_days", 1),
            "HOUR" => ("to_hours", 1), "MINUTE" => ("to_minutes", 1), "SECOND" => ("to_seconds", 1), "MILLISECOND" => ("to_milliseconds", 1), "MICROSECOND" => ("to_microseconds", 1),
            _ => throw call.Unsupported($"with the unit {unit}"),
        };
        BoundExpr value = call.Timestamp(2);
        return FunctionCall.Make($"({{1}} + {function}({{0}} * {factor}))", value.Type, call.Int(1), value);
    }

    private static BoundExpr DiffUnits(FunctionCall call)
    {
        string unit = (call.ConstantText(0) ?? "").ToLowerInvariant();
        string part = unit switch { "dayofyear" => "day", "year" or "quarter" or "month" or "week" or "day" or "hour" or "minute" or "second" or "millisecond" or "microsecond" => unit, _ => throw call.Unsupported($"with the unit {unit}") };
        return FunctionCall.Make($"CAST(date_sub('{part}', {{0}}, {{1}}) AS BIGINT)", SparkType.Long, call.As(1, SparkType.Timestamp), call.As(2, SparkType.Timestamp));
    }
}
