using System.Globalization;
using Hearth.Engine.Binding;
using Hearth.Engine.Plans;
using Hearth.Engine.Types;

namespace Hearth.Engine.Functions;

/// <summary>
/// rand, randn, uniform, randstr. With a seed and without a table there is one row, the first of Spark's sequence. Over a table Spark's numbers depend on its partitions: these are others.
/// </summary>
internal static class RandomFunctions
{
    private const string Letters = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

    public static void AddTo(FunctionList list)
    {
        list.Custom("rand random", 0, 1, c => Random(c, "random()", r => r.NextDouble()), pretty: a => $"rand({string.Join(", ", a)})");
        list.Custom("randn", 0, 1, c => Random(c, "(sqrt(-2 * ln(1 - random())) * cos(2 * pi() * random()))", r => r.NextGaussian()));
        list.Custom("uniform", 2, 3, Uniform);
        list.Custom("randstr", 1, 2, Text);
    }

    private static BoundExpr Random(FunctionCall call, string template, Func<SparkRandom, double> first) =>
        Seeded(call, 0) is { } sequence ? new BoundLiteral(first(sequence), SparkType.Double) : new BoundCall(template, [], SparkType.Double, false);

    private static BoundExpr Uniform(FunctionCall call)
    {
        for (int i = 0; i < 2; i++)
        {
            _ = call.Type(i).IsNumeric || call.Type(i) == SparkType.Void ? Constant(call, i) : throw call.Mismatch(i, "integer or floating-point");
        }

        SparkType type = call.Type(0) == SparkType.Void || call.Type(1) == SparkType.Void
            ? SparkType.Double
            : call.Type(0) is DecimalType && call.Type(1).IsIntegral ? call.Type(0)
            : call.Type(1) is DecimalType && call.Type(0).IsIntegral ? call.Type(1)
            : Coercion.WiderNumeric(call.Type(0), call.Type(1))!;
        string random = Seeded(call, 2) is { } sequence ? $"{sequence.NextDouble().ToString("R", CultureInfo.InvariantCulture)}::DOUBLE" : "random()";
        string value = $"({{0}} + {random} * ({{1}} - {{0}}))";
        return new BoundCall($"CAST({(type.IsIntegral ? $"trunc{value}" : value)} AS {DuckTypes.NameOf(type)})", [call.As(0, SparkType.Double), call.As(1, SparkType.Double)], type, true);
    }

    private static BoundExpr Text(FunctionCall call)
    {
        if (!call.Type(0).IsNumeric && call.Type(0) != SparkType.Void)
        {
            throw call.Mismatch(0, "INT\" or \"SMALLINT");
        }

        BoundExpr wanted = Bare(Constant(call, 0));
        if (wanted is BoundLiteral { Value: long and < 0 and var length })
        {
            throw new EngineException("INVALID_PARAMETER_VALUE.LENGTH", $"The value of parameter(s) `length` in `randstr` is invalid: Expects `length` greater than or equal to 0, but got {length}.", position: call.At);
        }

        if (Seeded(call, 1) is { } sequence && wanted is BoundLiteral { Value: null or long or double or SparkDecimal } known)
        {
            return new BoundLiteral(string.Concat(Enumerable.Range(0, (int)Whole(known.Value)).Select(_ => Letters[Math.Abs(sequence.NextInt() % 62)])), SparkType.String);
        }

        return new BoundCall($"array_to_string(list_transform(range({{0}}), lambda i: substr('{Letters}', CAST(floor(random() * 62) AS INTEGER) + 1, 1)), '')", [call.Int(0)], SparkType.String, false);
    }

    // A sign before a constant, or a cast of one, leaves it constant.
    private static BoundExpr Constant(FunctionCall call, int index) => call.Arg(index).Has<BoundColumn>()
        ? throw Errors.Mismatch("NON_FOLDABLE_INPUT", $"Cannot resolve \"{call.Name}\" due to data type mismatch: argument {index + 1} should be a foldable expression.", call.At)
        : call.Arg(index);

    // CAST(10 AS BIGINT) is a constant too.
    private static BoundExpr Bare(BoundExpr value) => value is BoundCast { Value: BoundLiteral literal } ? literal : value;

    private static double Whole(object? value) => value switch
    {
        long whole => whole,
        double number => Math.Truncate(number),
        SparkDecimal digits => Math.Truncate(double.Parse(digits.ToString(), CultureInfo.InvariantCulture)),
        _ => 0,
    };

    /// <summary>The sequence of a seed where it is Spark's too; null otherwise.</summary>
    private static SparkRandom? Seeded(FunctionCall call, int index)
    {
        if (!call.Has(index))
        {
            return null;
        }

        if (!call.Type(index).IsIntegral && call.Type(index) != SparkType.Void)
        {
            throw call.Mismatch(index, "INT\" or \"BIGINT");
        }

        return Bare(Constant(call, index)) is BoundLiteral seed && call.Binder.Scope.Columns.Count == 0 && call.Binder.Scope.Outer is null ? new SparkRandom(seed.Value as long? ?? (long)Whole(seed.Value)) : null;
    }
}
