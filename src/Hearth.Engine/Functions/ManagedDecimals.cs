using System.Numerics;
using Hearth.Engine.Duck;

namespace Hearth.Engine.Functions;

/// <summary>Decimal operations with Spark's result digits: exact, rounded half up. In 128 bits where the operands allow it, in wider numbers otherwise.</summary>
internal static class ManagedDecimals
{
    public const int Multiply = 1, Divide = 2, Add = 3, Subtract = 4, Strict = 10;

    private static readonly Int128[] Powers = [.. Enumerable.Range(0, 39).Select(n => (Int128)BigInteger.Pow(10, n))];

    public static void Register(ManagedFunctions f)
    {
        for (int scale = 0; scale <= 38; scale++)
        {
            int fraction = scale;
            f.AddDecimal(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"hearth_decimal_{scale}"), scale, (x, xs, y, ys, operation, precision) => Apply(x, xs, y, ys, operation, precision, fraction));
        }
    }

    /// <summary>The unscaled result, or null when it does not fit or divides by zero; strict operations raise an error instead.</summary>
    public static Int128? Apply(Int128 x, int xs, Int128 y, int ys, int operation, int precision, int scale)
    {
        bool strict = operation >= Strict;
        operation %= Strict;
        if (operation == Divide && y == 0)
        {
            return strict ? throw new EngineException("DIVIDE_BY_ZERO", "Division by zero. Use `try_divide` to tolerate divisor being 0 and return NULL instead.", ErrorKind.SparkRuntimeException) : null;
        }

        Int128? result = Narrow(x, xs, y, ys, operation, scale) ?? Wide(x, xs, y, ys, operation, scale);
        return result is { } value && Int128.Abs(value) < Powers[precision] ? value
            : strict ? throw new EngineException("NUMERIC_VALUE_OUT_OF_RANGE", $"The result of an arithmetic operation cannot be represented as Decimal({precision}, {scale}).", ErrorKind.SparkRuntimeException)
            : null;
    }

    private static Int128? Narrow(Int128 x, int xs, Int128 y, int ys, int operation, int scale)
    {
        switch (operation)
        {
            case Multiply:
                return Int128.Abs(x) <= long.MaxValue && Int128.Abs(y) <= long.MaxValue && xs + ys - scale is >= 0 and <= 37 and var drop ? Rounded(x * y, Powers[drop]) : null;
            case Divide:
                int up = scale + ys - xs;
                return up is >= 0 and <= 37 && Int128.Abs(x) <= Powers[38] / Powers[up] ? Rounded(x * Powers[up], y) : null;
            default:
                int common = Math.Max(xs, ys);
                Int128 a = Powers[common - xs], b = Powers[common - ys], half = Powers[38] / 2;
                if (common < scale || common - scale > 37 || Int128.Abs(x) > half / a || Int128.Abs(y) > half / b)
                {
                    return null;
                }

                return Rounded(operation == Add ? (x * a) + (y * b) : (x * a) - (y * b), Powers[common - scale]);
        }
    }

    private static Int128 Rounded(Int128 value, Int128 divisor)
    {
        if (divisor == 1)
        {
            return value;
        }

        (Int128 quotient, Int128 rest) = Int128.DivRem(value, divisor);
        Int128 size = Int128.Abs(divisor), left = Int128.Abs(rest);
        return left >= size - left ? quotient + (Int128.IsNegative(value) == Int128.IsNegative(divisor) ? 1 : -1) : quotient;
    }

    private static Int128? Wide(BigInteger x, int xs, BigInteger y, int ys, int operation, int scale)
    {
        int common = Math.Max(xs, ys);
        (BigInteger value, int from, BigInteger divisor) = operation switch
        {
            Multiply => (x * y, xs + ys, BigInteger.One),
            Divide => (x * BigInteger.Pow(10, Math.Max(0, scale + ys - xs)), scale, y * BigInteger.Pow(10, Math.Max(0, xs - ys - scale))),
            Add => ((x * BigInteger.Pow(10, common - xs)) + (y * BigInteger.Pow(10, common - ys)), common, BigInteger.One),
            _ => ((x * BigInteger.Pow(10, common - xs)) - (y * BigInteger.Pow(10, common - ys)), common, BigInteger.One),
        };
        value *= BigInteger.Pow(10, Math.Max(0, scale - from));
        divisor *= BigInteger.Pow(10, Math.Max(0, from - scale));
        BigInteger quotient = BigInteger.DivRem(value, divisor, out BigInteger rest);
        quotient += BigInteger.Abs(rest) * 2 >= BigInteger.Abs(divisor) ? value.Sign * divisor.Sign : 0;
        return BigInteger.Abs(quotient) <= (BigInteger)Int128.MaxValue ? (Int128)quotient : null;
    }
}
