using System.Numerics;
using Hearth.Engine.Functions;

namespace Hearth.Engine.Tests;

/// <summary>Decimal operations in 128 bits give what they give in numbers without a limit.</summary>
public sealed class DecimalTests
{
    [Fact]
    public void Results_are_those_of_unlimited_numbers()
    {
        Random random = new(20240229);
        for (int i = 0; i < 5000; i++)
        {
            (int xs, int ys, int scale, int kind) = (random.Next(7), random.Next(7), random.Next(13), 1 + random.Next(4));
            Int128 x = (Int128)random.NextInt64(long.MinValue, long.MaxValue) << random.Next(60), y = (Int128)random.NextInt64(long.MinValue, long.MaxValue) >> random.Next(64);
            y = kind == ManagedDecimals.Divide && y == 0 ? 1 : y;
            ManagedDecimals.Apply(x, xs, y, ys, kind, 38, scale).ShouldBe(Model(x, xs, y, ys, kind, scale), $"{x} ({xs}) {kind} {y} ({ys}) to {scale}");
        }
    }

    [Fact]
    public void Strict_operations_raise_what_others_make_NULL()
    {
        ManagedDecimals.Apply(1, 0, 0, 0, ManagedDecimals.Divide, 38, 6).ShouldBeNull();
        ManagedDecimals.Apply(99, 0, 99, 0, ManagedDecimals.Multiply, 3, 0).ShouldBeNull();
        Should.Throw<EngineException>(() => ManagedDecimals.Apply(1, 0, 0, 0, ManagedDecimals.Divide + ManagedDecimals.Strict, 38, 6)).ErrorClass.ShouldBe("DIVIDE_BY_ZERO");
        Should.Throw<EngineException>(() => ManagedDecimals.Apply(99, 0, 99, 0, ManagedDecimals.Multiply + ManagedDecimals.Strict, 3, 0)).ErrorClass.ShouldBe("NUMERIC_VALUE_OUT_OF_RANGE");
    }

    private static Int128? Model(BigInteger x, int xs, BigInteger y, int ys, int kind, int scale)
    {
        // As fractions: numerator over denominator, times 10^scale, rounded half away from zero.
        (BigInteger up, BigInteger down) = (BigInteger.Pow(10, xs), BigInteger.Pow(10, ys));
        (BigInteger numerator, BigInteger denominator) = kind switch
        {
            ManagedDecimals.Multiply => (x * y, up * down),
            ManagedDecimals.Divide => (x * down, up * y),
            ManagedDecimals.Add => ((x * down) + (y * up), up * down),
            _ => ((x * down) - (y * up), up * down),
        };
        numerator *= BigInteger.Pow(10, scale);
        BigInteger magnitude = ((BigInteger.Abs(numerator) * 2) + BigInteger.Abs(denominator)) / (BigInteger.Abs(denominator) * 2);
        return magnitude < BigInteger.Pow(10, 38) ? (Int128)(magnitude * numerator.Sign * denominator.Sign) : null;
    }
}
