using System.Globalization;
using Hearth.Engine.Binding;
using Hearth.Engine.Plans;
using Hearth.Engine.Types;

namespace Hearth.Engine.Functions;

/// <summary>
/// histogram_numeric(value, bins): bins of unequal width, the two nearest merged whenever there is one too many (Ben-Haim and Tom-Tov, "A streaming parallel decision tree algorithm").
/// With more values than bins the result depends on the order of the rows, in Spark too.
/// </summary>
internal static class Histograms
{
    // Ties between equally near bins are broken by java.util.Random with this seed. Source: Spark's NumericHistogram.
    private const long TieSeed = 31183;

    /// <summary>Types a call.</summary>
    public static BoundExpr Bind(FunctionCall call)
    {
        SparkType type = call.Type(0) == SparkType.Void ? SparkType.Double : call.Type(0);
        if (!type.IsNumeric)
        {
            throw call.Unsupported($"of {type.SimpleName} values");
        }

        if (call.Arg(1) is not BoundLiteral { Value: long bins })
        {
            throw Errors.Mismatch("NON_FOLDABLE_INPUT", "Cannot resolve \"histogram_numeric\" due to data type mismatch: the input `nb` should be a foldable \"INT\" expression.", call.At);
        }

        if (bins < 2)
        {
            throw Errors.Mismatch("VALUE_OUT_OF_RANGE", $"Cannot resolve \"histogram_numeric\" due to data type mismatch: the `nb` must be between [2, 2147483647] (current value = {bins}).", call.At);
        }

        BoundExpr value = call.Double(0);
        BoundAggregate items = new("list", [value], new ArrayType(SparkType.Double, false)) { Filter = value.Nullable ? FunctionCall.Make("({0} IS NOT NULL)", SparkType.Boolean, value) : null };
        StructType bin = new([new StructField("x", type), new StructField("y", SparkType.Double)]);
        string x = type.IsIntegral ? $"CAST(trunc(CAST(split_part(b, ':', 1) AS DOUBLE)) AS {DuckTypes.NameOf(type)})" : $"CAST(split_part(b, ':', 1) AS {DuckTypes.NameOf(type)})";
        return FunctionCall.MakeNullable(
            $"CASE WHEN {{0}} IS NOT NULL THEN list_transform(hearth_histogram(array_to_string(list_transform({{0}}, lambda v: hearth_double_text(v)), ','), '{bins.ToString(CultureInfo.InvariantCulture)}'), lambda b: struct_pack(x := {x}, y := CAST(split_part(b, ':', 2) AS DOUBLE))) END",
            new ArrayType(bin),
            items);
    }

    /// <summary>Bins as <c>x:y</c> of numbers separated by commas.</summary>
    public static IReadOnlyList<string>? Of(string[] arguments)
    {
        int most = int.Parse(arguments[1], CultureInfo.InvariantCulture);
        List<(double X, double Y)> bins = [];
        JavaRandom ties = new(TieSeed);
        foreach (string text in arguments[0].Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            Add(bins, double.Parse(text, CultureInfo.InvariantCulture), most, ties);
        }

        return [.. bins.Select(b => string.Create(CultureInfo.InvariantCulture, $"{b.X:R}:{b.Y:R}"))];
    }

    private static void Add(List<(double X, double Y)> bins, double value, int most, JavaRandom ties)
    {
        int at = bins.FindIndex(b => b.X >= value);
        at = at < 0 ? bins.Count : at;
        if (at < bins.Count && bins[at].X == value)
        {
            bins[at] = (value, bins[at].Y + 1);
            return;
        }

        bins.Insert(at, (value, 1));
        while (bins.Count > most)
        {
            Merge(bins, Nearest(bins, ties));
        }
    }

    private static int Nearest(List<(double X, double Y)> bins, JavaRandom ties)
    {
        double least = bins[1].X - bins[0].X;
        int place = 0, equal = 1;
        for (int i = 1; i < bins.Count - 1; i++)
        {
            double distance = bins[i + 1].X - bins[i].X;
            if (distance < least)
            {
                (least, place, equal) = (distance, i, 1);
            }
            else if (distance == least && ties.NextDouble() <= 1.0 / ++equal)
            {
                place = i;
            }
        }

        return place;
    }

    private static void Merge(List<(double X, double Y)> bins, int place)
    {
        ((double x, double y), (double nextX, double nextY)) = (bins[place], bins[place + 1]);
        double total = y + nextY;
        bins[place] = ((x * (y / total)) + (nextX / total * nextY), total);
        bins.RemoveAt(place + 1);
    }

    /// <summary>The linear congruential generator of java.util.Random.</summary>
    private sealed class JavaRandom(long seed)
    {
        private const long Mask = (1L << 48) - 1;
        private long _state = (seed ^ 0x5DEECE66DL) & Mask;

        public double NextDouble() => (((long)Bits(26) << 27) + Bits(27)) * (1.0 / (1L << 53));

        private int Bits(int count)
        {
            _state = ((_state * 0x5DEECE66DL) + 0xBL) & Mask;
            return (int)(_state >> (48 - count));
        }
    }
}
