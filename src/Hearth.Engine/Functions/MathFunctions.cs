using Hearth.Engine.Binding;
using Hearth.Engine.Plans;
using Hearth.Engine.Types;

namespace Hearth.Engine.Functions;

/// <summary>Mathematical functions.</summary>
internal static class MathFunctions
{
    private static readonly SparkType Double = SparkType.Double;

    public static void AddTo(FunctionList list)
    {
        Elementary(list);
        Rounding(list);
        Integers(list);
    }

    private static void Elementary(FunctionList list)
    {
        foreach (string name in (ReadOnlySpan<string>)["atan", "cos", "cosh", "sin", "sinh", "tan", "tanh", "exp", "cot", "degrees", "radians"])
        {
            Upper(list, name, name + "({0})");
        }

        foreach (string name in (ReadOnlySpan<string>)["acos", "asin"])
        {
            Upper(list, name, $"CASE WHEN {{0}} BETWEEN -1 AND 1 THEN {name}({{0}}) WHEN {{0}} IS NOT NULL THEN CAST('NaN' AS DOUBLE) END");
        }

        // The formulas of Spark's own code: the last digit is theirs.
        Upper(list, "asinh", "CASE WHEN {0} = CAST('-Infinity' AS DOUBLE) THEN {0} ELSE ln({0} + sqrt({0} * {0} + 1.0::DOUBLE)) END");
        Upper(list, "acosh", "CASE WHEN {0} >= 1 THEN acosh({0}) WHEN {0} IS NOT NULL THEN CAST('NaN' AS DOUBLE) END");
        Upper(list, "atanh", "CASE WHEN abs({0}) > 1 THEN CAST('NaN' AS DOUBLE) ELSE atanh({0}) END");
        Upper(list, "sqrt", "CASE WHEN {0} < 0 THEN CAST('NaN' AS DOUBLE) ELSE sqrt({0}) END");
        Upper(list, "cbrt", "hearth_cbrt({0})");
        Upper(list, "expm1", "(exp({0}) - 1)");
        Upper(list, "sec", "(1 / cos({0}))");
        Upper(list, "csc", "(1 / sin({0}))");
        Logarithm(list, "ln", "ln({0})", "{0} > 0");
        Logarithm(list, "log2", "log2({0})", "{0} > 0");
        Logarithm(list, "log10", "log10({0})", "{0} > 0");
        Logarithm(list, "log1p", "ln(1 + {0})", "{0} > -1");
        list.Custom("log", 1, 2, c => c.Count == 1
            ? FunctionCall.MakeNullable("CASE WHEN {0} > 0 THEN ln({0}) END", Double, c.Double(0))
            : FunctionCall.MakeNullable("CASE WHEN {0} > 0 AND {1} > 0 THEN ln({1}) / ln({0}) END", Double, c.Double(0), c.Double(1)), pretty: a => $"{(a.Length == 1 ? "ln" : "LOG")}({string.Join(", ", a)})");
        list.Custom("atan2", 2, 2, c => FunctionCall.Make("atan2({0}, {1})", Double, c.Double(0), c.Double(1)), pretty: a => $"ATAN2({a[0]}, {a[1]})");
        list.Custom("hypot", 2, 2, c => FunctionCall.Make("sqrt({0} * {0} + {1} * {1})", Double, c.Double(0), c.Double(1)), pretty: a => $"HYPOT({a[0]}, {a[1]})");
        list.Custom("pow", 2, 2, c => FunctionCall.Make(JavaPower, Double, c.Double(0), c.Double(1)));
        list.Custom("power", 2, 2, c => FunctionCall.Make(JavaPower, Double, c.Double(0), c.Double(1)), pretty: a => $"POWER({a[0]}, {a[1]})");
        list.Custom("pi", 0, 0, _ => new BoundCall("pi()", [], Double, false), pretty: _ => "PI()");
        list.Custom("e", 0, 0, _ => new BoundCall("exp(1)", [], Double, false), pretty: _ => "E()");
        list.Custom("sign", 1, 1, c => Sign(c));
        list.Custom("signum", 1, 1, c => Sign(c), pretty: a => $"SIGNUM({a[0]})");
        list.Scalar("rint", Double, "round_even({0}, 0)", Double);
    }

    // Java has no number for 1 to the power of NaN or infinity.
    private const string JavaPower = "CASE WHEN abs({0}) = 1 AND (isnan({1}) OR isinf({1})) THEN CAST('NaN' AS DOUBLE) ELSE ({0} ** {1}) END";

    // Spark prints the names of Java's math functions in capitals.
    private static void Upper(FunctionList list, string name, string template) =>
        list.Custom(name, 1, 1, c => FunctionCall.Make(template, Double, c.Double(0)), pretty: a => $"{name.ToUpperInvariant()}({a[0]})");

    private static void Logarithm(FunctionList list, string name, string body, string domain) =>
        list.Custom(name, 1, 1, c => FunctionCall.MakeNullable($"CASE WHEN {domain} THEN {body} END", Double, c.Double(0)), pretty: a => $"{(name == "ln" ? "ln" : name.ToUpperInvariant())}({a[0]})");

    private static BoundExpr Sign(FunctionCall c) => FunctionCall.Make("CAST(sign({0}) AS DOUBLE)", Double, c.Amount(0));

    private static void Rounding(FunctionList list)
    {
        list.Custom("abs", 1, 1, c => c.Type(0).IsNumeric ? FunctionCall.Make("abs({0})", c.Type(0), c.Arg(0)) : c.Type(0).IsInterval
            ? FunctionCall.Make("CASE WHEN epoch({0}) < 0 THEN -{0} ELSE {0} END", c.Type(0), c.Arg(0))
            : FunctionCall.Make("abs({0})", Double, c.Double(0)));
        list.Custom("ceil", 1, 2, c => Whole(c, "ceil"), pretty: a => a.Length == 1 ? $"CEIL({a[0]})" : $"ceil({a[0]}, {a[1]})");
        list.Custom("ceiling", 1, 2, c => Whole(c, "ceil"), pretty: a => a.Length == 1 ? $"CEIL({a[0]})" : $"ceiling({a[0]}, {a[1]})");
        list.Custom("floor", 1, 2, c => Whole(c, "floor"), pretty: a => a.Length == 1 ? $"FLOOR({a[0]})" : $"floor({a[0]}, {a[1]})");
        list.Custom("round", 1, 2, c => Round(c, "round"), defaults: ["", "0"]);
        list.Custom("bround", 1, 2, c => Round(c, "round_even"), defaults: ["", "0"]);
    }

    private static BoundExpr Whole(FunctionCall call, string name)
    {
        if (call.Has(1))
        {
            long digits = call.ConstantLong(1) ?? throw call.Unsupported("with a scale that is not constant");
            BoundExpr value = call.Type(0) is DecimalType ? call.Arg(0) : call.Type(0).IsIntegral ? call.As(0, DecimalType.ForIntegral(call.Type(0))) : call.As(0, new DecimalType(30, 15));
            DecimalType from = (DecimalType)value.Type;
            DecimalType to = digits >= 0 ? new DecimalType(Math.Min(38, from.Precision - from.Scale + 1 + (int)digits), (int)digits) : new DecimalType(Math.Min(38, Math.Max(from.Precision - from.Scale + 1, 1 - (int)digits)), 0);
            string factor = "1" + new string('0', (int)Math.Abs(digits));
            string template = digits >= 0
                ? $"CAST({name}({{0}} * {factor}) AS DECIMAL(38,{digits})) * CAST('{(digits == 0 ? "1" : "0." + new string('0', (int)digits - 1) + "1")}' AS DECIMAL({Math.Max(1, digits + 1)},{digits}))"
                : $"({name}({{0}} / {factor}) * {factor})";
            return FunctionCall.MakeNullable($"CAST({template} AS {DuckTypes.NameOf(to)})", to, value);
        }

        if (call.Type(0) is DecimalType d)
        {
            DecimalType result = new(Math.Max(1, Math.Min(38, d.Precision - d.Scale + (d.Scale > 0 ? 1 : 0))), 0);
            return FunctionCall.Make($"CAST({name}({{0}}) AS {DuckTypes.NameOf(result)})", result, call.Arg(0));
        }

        return call.Type(0).IsIntegral
            ? FunctionCall.Make("CAST({0} AS BIGINT)", SparkType.Long, call.Arg(0))
            : new BoundCast(FunctionCall.Make($"{name}({{0}})", Double, call.Double(0)), SparkType.Long);
    }

    private static BoundExpr Round(FunctionCall call, string name)
    {
        long digits = !call.Has(1) ? 0 : call.ConstantLong(1) ?? (call.Arg(1) is BoundLiteral { Value: null } ? 0 : throw call.Unsupported("with a scale that is not constant"));
        SparkType type = call.Type(0) == SparkType.String ? Double : call.Type(0);
        BoundExpr value = call.As(0, type);
        if (type is DecimalType d)
        {
            int scale = (int)Math.Clamp(digits, 0, d.Scale);
            int integral = d.Precision - d.Scale + 1;
            DecimalType result = new(Math.Min(38, digits < 0 ? Math.Max(integral, 1 - (int)digits) : integral + scale), scale);
            return digits >= d.Scale
                ? value
                : Arithmetic.Exact(name == "round" ? "round" : "bround", value, new BoundLiteral(digits, SparkType.Int), result);
        }

        if (type.IsIntegral)
        {
            if (digits >= 0)
            {
                return value;
            }

            // In HUGEINT, where no whole number of 64 bits overflows: half away from zero, or to even.
            string unit = $"CAST(1{new string('0', (int)Math.Min(-digits, 20))} AS HUGEINT)", wide = "CAST({0} AS HUGEINT)", rest = $"(abs({wide}) % {unit}) * 2", down = $"(abs({wide}) // {unit})";
            string up = name == "round" ? $"{rest} >= {unit}" : $"{rest} > {unit} OR ({rest} = {unit} AND {down} % 2 = 1)";
            string rounded = $"CAST(sign({{0}}) AS HUGEINT) * ({down} + CASE WHEN {up} THEN 1 ELSE 0 END) * {unit}";
            return FunctionCall.Make(call.Ansi ? $"CAST(({rounded}) AS {DuckTypes.NameOf(type)})" : Printing.CastSql.Wrap($"({rounded})", type), type, value);
        }

        return type.IsFractional
            ? FunctionCall.Make($"CAST(hearth_round({{0}}, {digits}, {(name == "round" ? "true" : "false")}) AS {DuckTypes.NameOf(type)})", type, type == Double ? value : new BoundCall("CAST(CAST({0} AS VARCHAR) AS DOUBLE)", [value], Double, true))
            : throw call.Mismatch(0, "NUMERIC");
    }

    private static void Integers(FunctionList list)
    {
        list.Partial("factorial", SparkType.Long, "CASE WHEN {0} BETWEEN 0 AND 20 THEN CAST(factorial({0}) AS BIGINT) END", SparkType.Int);
        list.Scalar("bin", SparkType.String, "bin({0})", SparkType.Long);
        list.Custom("hex", 1, 1, c => c.Type(0).IsNumeric ? FunctionCall.Make("hex({0})", SparkType.String, c.Long(0)) : FunctionCall.Make("hex({0})", SparkType.String, c.Type(0) == SparkType.Binary ? c.Arg(0) : c.Text(0)));
        list.Partial("unhex", SparkType.Binary, "TRY(unhex(CASE WHEN length({0}) % 2 = 1 THEN '0' || {0} ELSE {0} END))", SparkType.String);
        list.Custom("conv", 3, 3, c => FunctionCall.MakeNullable($"hearth_conv({{0}}, CAST({{1}} AS VARCHAR), CAST({{2}} AS VARCHAR), '{(c.Ansi ? "strict" : "")}')", SparkType.String, c.Text(0), c.Int(1), c.Int(2)));
        list.Custom("shiftleft", 2, 2, c => Shift(c, "<<"));
        list.Custom("shiftright", 2, 2, c => Shift(c, ">>"));
        list.Custom("shiftrightunsigned", 2, 2, c => Shift(c, ">>>"));
        list.Custom("bit_count", 1, 1, c => FunctionCall.Make("CAST(bit_count({0}) AS INTEGER)", SparkType.Int, c.Long(0)));
        list.Custom("bit_get getbit", 2, 2, c => FunctionCall.Make("CASE WHEN {1} < 0 OR {1} >= " + (c.Type(0) == SparkType.Byte ? 8 : c.Type(0) == SparkType.Short ? 16 : c.Type(0) == SparkType.Int ? 32 : 64) + " THEN error('[INVALID_PARAMETER_VALUE.BIT_POSITION_RANGE] The bit position ' || {1} || ' is outside the type.') ELSE CAST(({0} >> {1}) & 1 AS TINYINT) END", SparkType.Byte, c.Type(0).IsIntegral ? c.Arg(0) : c.Long(0), c.Int(1)));
        list.Custom("width_bucket", 4, 4, c => FunctionCall.MakeNullable(
            "CASE WHEN {0} IS NULL OR {1} IS NULL OR {2} IS NULL OR {3} IS NULL OR {3} <= 0 OR {3} = 9223372036854775807 OR {1} = {2} OR isnan({0}) OR NOT isfinite({1}) OR NOT isfinite({2}) THEN NULL WHEN {1} < {2} THEN (CASE WHEN {0} < {1} THEN 0 WHEN {0} >= {2} THEN {3} + 1 ELSE CAST(floor(({0} - {1}) / ({2} - {1}) * {3}) AS BIGINT) + 1 END) ELSE (CASE WHEN {0} > {1} THEN 0 WHEN {0} <= {2} THEN {3} + 1 ELSE CAST(floor(({1} - {0}) / ({1} - {2}) * {3}) AS BIGINT) + 1 END) END",
            SparkType.Long, c.Amount(0), c.Amount(1), c.Amount(2), c.Long(3)));
    }

    // Java: the count is taken modulo the width.
    private static BoundExpr Shift(FunctionCall call, string symbol)
    {
        SparkType type = call.Type(0) == SparkType.Long ? SparkType.Long : SparkType.Int;
        return FunctionCall.Make($"CAST(hearth_shift({{0}}, {{1}}, '{symbol}{(type == SparkType.Long ? 64 : 32)}') AS {DuckTypes.NameOf(type)})", type, call.As(0, type).To(SparkType.Long), call.Int(1));
    }
}
