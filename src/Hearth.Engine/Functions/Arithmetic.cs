using System.Globalization;
using Hearth.Engine.Binding;
using Hearth.Engine.Plans;
using Hearth.Engine.Types;

namespace Hearth.Engine.Functions;

/// <summary>Arithmetic with Spark's result types. Integers wrap as in Java; in ANSI mode, and below the try_ functions, overflow and division by zero are errors.</summary>
internal static class Arithmetic
{
    // Digits of DuckDB's decimals in 64 bits.
    private const int LongDigits = 18;

    // How a product begins that is tried in 64 bits first.
    private const string Narrow = "CAST(coalesce(TRY({0} * {1}), ";

    public static void AddTo(FunctionList list)
    {
        list.Custom("+", 2, 2, c => Add(c, c.Ansi));
        list.Custom("-", 2, 2, c => Subtract(c, c.Ansi));
        list.Custom("*", 2, 2, c => Multiply(c, c.Ansi));
        list.Custom("/", 2, 2, c => Divide(c, c.Ansi));
        list.Custom("% mod", 2, 2, c => Remainder(c, c.Ansi), pretty: a => $"({a[0]} % {a[1]})");
        list.Custom("div", 2, 2, IntegralDivide);
        list.Custom("negative", 1, 1, c => !c.Ansi && (c.Type(0) == SparkType.Int || c.Type(0) == SparkType.Long)
            ? JavaArithmetic.Of(new BoundLiteral(0L, c.Type(0)), c.Arg(0), c.Type(0), "-")
            : Unary(c, "(-{0})"));
        list.Custom("positive", 1, 1, c => Unary(c, "{0}"));
        list.Custom("pmod", 2, 2, Pmod);
        list.Custom("try_add", 2, 2, c => TryWhole(c, "+") ?? Try(Add(c, true)));
        list.Custom("try_subtract", 2, 2, c => TryWhole(c, "-") ?? Try(Subtract(c, true)));
        list.Custom("try_multiply", 2, 2, c => TryWhole(c, "*") ?? Try(Multiply(c, true)));
        list.Custom("try_divide", 2, 2, c => c.Type(0).IsInterval ? Try(Divide(c, true)) : Divide(c, false));
        list.Custom("try_mod", 2, 2, c => Remainder(c, false));
    }

    // Only what the operation itself does is forgiven: an error inside an operand stays one.
    private static BoundExpr? TryWhole(FunctionCall c, string symbol)
    {
        if (!c.Type(0).IsNumeric || !c.Type(1).IsNumeric)
        {
            return null;
        }

        (BoundExpr left, BoundExpr right, SparkType type) = Numeric(c);
        return type.IsIntegral ? FunctionCall.MakeNullable($"TRY_CAST((CAST({{0}} AS HUGEINT) {symbol} {{1}}) AS {DuckTypes.NameOf(type)})", type, left, right)
            : symbol == "*" ? Multiply(c, false)
            : Sum(c, symbol, false);
    }

    private static BoundExpr Try(BoundExpr value) => FunctionCall.MakeNullable("TRY({0})", value.Type, value);

    private static BoundExpr Unary(FunctionCall c, string template)
    {
        BoundExpr value = c.Type(0) == SparkType.String ? c.Double(0) : c.Arg(0);
        return value.Type.IsNumeric || value.Type.IsInterval || value.Type == SparkType.Void ? FunctionCall.Make(template, value.Type, value) : throw c.Mismatch(0, "NUMERIC");
    }

    /// <summary>Operands in the type that both need; strings count as doubles.</summary>
    private static (BoundExpr Left, BoundExpr Right, SparkType Type) Numeric(FunctionCall c)
    {
        BoundExpr a = c.Arg(0), b = c.Arg(1);
        if (c.Ansi && a.Type == SparkType.String && b.Type == SparkType.String)
        {
            throw Errors.Mismatch("BINARY_OP_WRONG_TYPE", $"Cannot resolve \"({c.Binder.Pretty(c.Raw(0))} {c.Name} {c.Binder.Pretty(c.Raw(1))})\" due to data type mismatch: the binary operator requires the input type \"NUMERIC\", not \"STRING\".", c.At);
        }

        if (a.Type.IsInterval || b.Type.IsInterval)
        {
            throw Errors.Mismatch("BINARY_OP_DIFF_TYPES", $"Cannot resolve \"({c.Binder.Pretty(c.Raw(0))} {c.Name} {c.Binder.Pretty(c.Raw(1))})\" due to data type mismatch: the left and right operands of the binary operator have incompatible types ({Errors.TypeOf(a.Type)} and {Errors.TypeOf(b.Type)}).", c.At);
        }

        a = a.Type == SparkType.String ? a.To(c.Ansi && b.Type.IsIntegral ? SparkType.Long : SparkType.Double) : a;
        b = b.Type == SparkType.String ? b.To(c.Ansi && a.Type.IsIntegral ? SparkType.Long : SparkType.Double) : b;
        if (a.Type == SparkType.Void || b.Type == SparkType.Void)
        {
            SparkType known = a.Type == SparkType.Void ? b.Type : a.Type;
            known = known == SparkType.Void ? SparkType.Double : known;
            return (a.To(known), b.To(known), known);
        }

        SparkType type = Coercion.WiderNumeric(a.Type, b.Type, c.Ansi) ?? throw Errors.Mismatch(
            "BINARY_OP_DIFF_TYPES",
            $"Cannot resolve \"({c.Binder.Pretty(c.Raw(0))} {c.Name} {c.Binder.Pretty(c.Raw(1))})\" due to data type mismatch: the left and right operands of the binary operator have incompatible types ({Errors.TypeOf(a.Type)} and {Errors.TypeOf(b.Type)}).",
            c.At);
        return type is DecimalType ? (a, b, type) : (a.To(type), b.To(type), type);
    }

    /// <summary>An integer beside a decimal: a constant keeps its own digits, another gets those of its type.</summary>
    private static (BoundExpr Value, DecimalType Type) AsDecimal(FunctionCall c, int index, BoundExpr value)
    {
        if (value.Type is DecimalType own)
        {
            return (value, own);
        }

        // A cast is no constant: CAST(1 AS INT) has the ten digits of an INT.
        DecimalType type = value is BoundLiteral { Value: long n } && c.Raw(index) is not (Sql.CastExpr or Sql.CallExpr { Name: not "negative" })
            ? new DecimalType(Math.Abs((decimal)n).ToString(CultureInfo.InvariantCulture).Length, 0)
            : DecimalType.ForIntegral(value.Type);
        return (value.To(type), type);
    }

    private static BoundExpr Add(FunctionCall c, bool strict) => DateArithmetic.Add(c.Arg(0), c.Arg(1)) ?? Sum(c, "+", strict);

    private static BoundExpr Subtract(FunctionCall c, bool strict) => DateArithmetic.Subtract(c.Arg(0), c.Arg(1), ReferenceEquals(c.Binder.Binder.Session.Zone, TimeZoneInfo.Utc), c.Ansi) ?? Sum(c, "-", strict);

    private static BoundExpr Whole(BoundExpr left, BoundExpr right, SparkType type, string symbol, bool strict) =>
        strict || !type.IsIntegral ? FunctionCall.Make($"({{0}} {symbol} {{1}})", type, left, right) : JavaArithmetic.Of(left, right, type, symbol);

    private static BoundExpr Sum(FunctionCall c, string symbol, bool strict)
    {
        (BoundExpr left, BoundExpr right, SparkType type) = Numeric(c);
        if (type is not DecimalType)
        {
            return Whole(left, right, type, symbol, strict);
        }

        (left, DecimalType p) = AsDecimal(c, 0, left);
        (right, DecimalType q) = AsDecimal(c, 1, right);
        int scale = Math.Max(p.Scale, q.Scale), precision = Math.Max(p.Precision - p.Scale, q.Precision - q.Scale) + scale + 1;
        DecimalType result = Sized(c, precision, scale);
        return precision > DecimalType.MaxPrecision ? Exact(symbol, left, right, result, strict)
            : precision > LongDigits && p.Precision <= LongDigits && q.Precision <= LongDigits ? FunctionCall.Make($"(CAST({{0}} AS {DuckTypes.NameOf(result)}) {symbol} {{1}})", result, left, right)
            : FunctionCall.Make($"({{0}} {symbol} {{1}})", result, left, right);
    }

    private static BoundExpr Multiply(FunctionCall c, bool strict)
    {
        if (DateArithmetic.Multiply(c.Arg(0), c.Arg(1)) is { } scaled)
        {
            return scaled;
        }

        (BoundExpr left, BoundExpr right, SparkType type) = Numeric(c);
        if (type is not DecimalType)
        {
            return Whole(left, right, type, "*", strict);
        }

        (left, DecimalType p) = AsDecimal(c, 0, left);
        (right, DecimalType q) = AsDecimal(c, 1, right);
        DecimalType result = Sized(c, p.Precision + q.Precision + 1, p.Scale + q.Scale);
        return DecimalMultiply(left, p, right, q, result, strict);
    }

    // DuckDB multiplies decimals of up to 18 digits each as 64-bit numbers, and fails where the product has more; 38 digits are the limit of its 128-bit ones.
    // What stands in two TRYs DuckDB may compute once and outside of both, so that it fails: no product is tried that is a part of another one that is.
    // TRY is free unless something fails; it must not stand around what has another value every time, nor around queries.
    private static BoundExpr DecimalMultiply(BoundExpr left, DecimalType p, BoundExpr right, DecimalType q, DecimalType result, bool strict)
    {
        bool plain = IsPlain(left) && IsPlain(right);
        string name = DuckTypes.NameOf(result);
        if (p.Precision + q.Precision >= DecimalType.MaxPrecision)
        {
            return plain && !strict && result.Scale == p.Scale + q.Scale ? FunctionCall.MakeNullable($"CAST(TRY({{0}} * {{1}}) AS {name})", result, left, right) : Exact("*", left, right, result, strict);
        }

        if (p.Precision + q.Precision <= LongDigits || p.Precision > LongDigits || q.Precision > LongDigits)
        {
            return FunctionCall.Make($"CAST({{0}} * {{1}} AS {name})", result, left, right);
        }

        string wide = string.Create(CultureInfo.InvariantCulture, $"CAST({{0}} AS DECIMAL({DecimalType.MaxPrecision - q.Precision},{p.Scale})) * {{1}}");
        return FunctionCall.Make(plain ? $"{Narrow}{wide}) AS {name})" : $"CAST({wide} AS {name})", result, left, right);
    }

    // Columns, constants, and sums and products of them: nothing in it fails but a product that is too long.
    private static bool IsPlain(BoundExpr expr) => expr.Walk().All(e => e is BoundColumn or BoundLiteral or BoundCast { Strict: false }
        || (e is BoundCall call && (call.Template is "({0} + {1})" or "({0} - {1})" || call.Template.StartsWith("CAST({0} * {1} AS ", StringComparison.Ordinal) || call.Template.StartsWith(Narrow, StringComparison.Ordinal))));

    private static BoundExpr Divide(FunctionCall c, bool strict)
    {
        if (c.Type(0).IsInterval && (c.Type(1).IsNumeric || c.Type(1) == SparkType.Void || c.Type(1) == SparkType.String))
        {
            return DateArithmetic.Divide(c.Arg(0), c.Arg(1), c.Name.StartsWith("try", StringComparison.OrdinalIgnoreCase), c.Ansi);
        }

        (BoundExpr left, BoundExpr right, SparkType type) = Numeric(c);
        if (type is not DecimalType)
        {
            return FunctionCall.MakeNullable("({0} / {1})", SparkType.Double, left.To(SparkType.Double), NotZero(right.To(SparkType.Double), strict));
        }

        (left, DecimalType p) = AsDecimal(c, 0, left);
        (right, DecimalType q) = AsDecimal(c, 1, right);
        return DecimalDivide(left, p, right, q, strict, Loses(c));
    }

    /// <summary>Exact division of decimals, rounded half up.</summary>
    public static BoundExpr DecimalDivide(BoundExpr left, DecimalType p, BoundExpr right, DecimalType q, bool strict = false, bool loses = true)
    {
        int scale = Math.Max(6, p.Scale + q.Precision + 1), whole = p.Precision - p.Scale + q.Scale;
        return Exact("/", left, right, loses ? DecimalType.Adjust(whole + scale, scale) : DecimalType.Quotient(whole, scale), strict);
    }

    // spark.sql.decimalOperations.allowPrecisionLoss: fraction digits are given up for whole ones, or the result is NULL (an error in ANSI mode).
    private static bool Loses(FunctionCall c) => !string.Equals(c.Binder.Binder.Session.Conf("spark.sql.decimalOperations.allowPrecisionLoss"), "false", StringComparison.OrdinalIgnoreCase);

    private static DecimalType Sized(FunctionCall c, int precision, int scale) => Loses(c) ? DecimalType.Adjust(precision, scale) : DecimalType.Bounded(precision, scale);

    /// <summary>An exact decimal operation in our own 128-bit and wider arithmetic; NULL when the result does not fit, an error when it is strict.</summary>
    public static BoundExpr Exact(string symbol, BoundExpr left, BoundExpr right, DecimalType result, bool strict = false)
    {
        int operation = symbol switch { "*" => ManagedDecimals.Multiply, "/" => ManagedDecimals.Divide, "+" => ManagedDecimals.Add, "-" => ManagedDecimals.Subtract, _ => 0 };
        return FunctionCall.MakeNullable(
            operation == 0
                ? string.Create(CultureInfo.InvariantCulture, $"CAST(hearth_decimal5('{symbol}', CAST({{0}} AS VARCHAR), CAST({{1}} AS VARCHAR), '{result.Precision}', '{result.Scale}') AS {DuckTypes.NameOf(result)})")
                : string.Create(CultureInfo.InvariantCulture, $"CAST(hearth_decimal_{result.Scale}({{0}}, {{1}}, {operation + (strict ? ManagedDecimals.Strict : 0)}, {result.Precision}) AS {DuckTypes.NameOf(result)})"),
            result, left, right);
    }

    private static BoundExpr NotZero(BoundExpr value, bool strict) => value switch
    {
        BoundLiteral { Value: long and not 0 } or BoundLiteral { Value: double and not 0 } => value,
        BoundLiteral { Value: SparkDecimal d } when d.Unscaled != 0 => value,
        _ => strict
            ? FunctionCall.MakeNullable("CASE WHEN {0} = 0 THEN error('[DIVIDE_BY_ZERO] Division by zero. Use `try_divide` to tolerate divisor being 0 and return NULL instead. If necessary set \"spark.sql.ansi.enabled\" to \"false\" to bypass this error.') ELSE {0} END", value.Type, value)
            : FunctionCall.MakeNullable("nullif({0}, 0)", value.Type, value),
    };

    private static BoundExpr Remainder(FunctionCall c, bool strict)
    {
        (BoundExpr left, BoundExpr right, SparkType type) = Numeric(c);
        if (type is DecimalType)
        {
            (left, DecimalType p) = AsDecimal(c, 0, left);
            (right, DecimalType q) = AsDecimal(c, 1, right);
            int scale = Math.Max(p.Scale, q.Scale);
            DecimalType result = Sized(c, Math.Min(p.Precision - p.Scale, q.Precision - q.Scale) + scale, scale);
            return FunctionCall.MakeNullable($"CAST({{0}} % {{1}} AS {DuckTypes.NameOf(result)})", result, left, NotZero(right, strict));
        }

        return FunctionCall.MakeNullable("({0} % {1})", type, left, NotZero(right, strict));
    }

    private static BoundExpr Pmod(FunctionCall c)
    {
        (BoundExpr left, BoundExpr right, SparkType type) = Numeric(c);
        BoundExpr divisor = NotZero(right.To(type), c.Ansi);
        // The divisor is added to a negative remainder only: pmod(7, -8) is 7.
        return FunctionCall.MakeNullable("CASE WHEN ({0} % {1}) < 0 THEN ((({0} % {1}) + {1}) % {1}) ELSE ({0} % {1}) END", type, left.To(type), divisor);
    }

    // Exact also beyond the digits of a double: what the remainder leaves divides evenly.
    private static BoundExpr IntegralQuotient(FunctionCall c, BoundExpr left, BoundExpr right, SparkType type) => type is DecimalType && left.Type is DecimalType or SparkType { IsIntegral: true }
        ? FunctionCall.MakeNullable("CAST(hearth_decimal_quotient(CAST({0} AS VARCHAR), CAST({1} AS VARCHAR)) AS BIGINT)", SparkType.Long, left, NotZero(right, c.Ansi))
        : FunctionCall.MakeNullable("CAST(trunc({0} / {1}) AS BIGINT)", SparkType.Long, left.To(type), NotZero(right.To(type), c.Ansi));

    private static BoundExpr IntegralDivide(FunctionCall c)
    {
        if (c.Type(0).IsInterval && c.Type(1).IsInterval && (c.Type(0) is YearMonthType) == (c.Type(1) is YearMonthType))
        {
            const string Zero = "error('[INTERVAL_DIVIDED_BY_ZERO] Division by zero. Use `try_divide` to tolerate divisor being 0 and return NULL instead.')";
            return c.Type(0) is YearMonthType
                ? FunctionCall.MakeNullable($"((extract(year FROM {{0}}) * 12 + extract(month FROM {{0}})) // (CASE WHEN {{1}} = INTERVAL '0' MONTH THEN {Zero} ELSE extract(year FROM {{1}}) * 12 + extract(month FROM {{1}}) END))", SparkType.Long, c.Arg(0), c.Arg(1))
                : FunctionCall.MakeNullable($"(hearth_interval_micros({{0}}) // (CASE WHEN {{1}} = INTERVAL '0' SECOND THEN {Zero} ELSE hearth_interval_micros({{1}}) END))", SparkType.Long, c.Arg(0), c.Arg(1));
        }

        (BoundExpr left, BoundExpr right, SparkType type) = Numeric(c);
        return type.IsIntegral
            ? FunctionCall.MakeNullable("CAST(({0} // {1}) AS BIGINT)", SparkType.Long, left.To(SparkType.Long), NotZero(right.To(SparkType.Long), c.Ansi))
            : IntegralQuotient(c, left, right, type);
    }
}
