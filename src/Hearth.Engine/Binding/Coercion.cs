using Hearth.Engine.Plans;
using Hearth.Engine.Types;

namespace Hearth.Engine.Binding;

/// <summary>Spark's implicit casts: TypeCoercion with ANSI mode off, AnsiTypeCoercion with it.</summary>
internal static class Coercion
{
    private static readonly SparkType[] Widening = [SparkType.Byte, SparkType.Short, SparkType.Int, SparkType.Long, SparkType.Float, SparkType.Double];

    /// <summary>The expression as the type; nothing is added when it has it.</summary>
    public static BoundExpr To(this BoundExpr value, SparkType type)
    {
        if (SameLayout(value.Type, type))
        {
            return value;
        }

        if (value is BoundLiteral { Value: null })
        {
            return new BoundLiteral(null, type);
        }

        if (value is BoundLiteral { Value: long number })
        {
            if (type == SparkType.Long || (type == SparkType.Int && value.Type.IsIntegral && number is >= int.MinValue and <= int.MaxValue))
            {
                return new BoundLiteral(number, type);
            }

            if (type == SparkType.Double)
            {
                return new BoundLiteral((double)number, type);
            }
        }

        if (value is BoundLiteral { Value: SparkDecimal exact } && type == SparkType.Double)
        {
            return new BoundLiteral(double.Parse(exact.ToString(), System.Globalization.CultureInfo.InvariantCulture), type);
        }

        return new BoundCast(value, type) { Nullable = value.Nullable || !IsUpCast(value.Type, type) };
    }

    /// <summary>Equal apart from nullability.</summary>
    public static bool SameLayout(SparkType a, SparkType b) => (a, b) switch
    {
        (ArrayType x, ArrayType y) => SameLayout(x.Element, y.Element),
        (MapType x, MapType y) => SameLayout(x.Key, y.Key) && SameLayout(x.Value, y.Value),
        (StructType x, StructType y) => x.Fields.Count == y.Fields.Count && x.Fields.Zip(y.Fields).All(p => p.First.Name == p.Second.Name && SameLayout(p.First.Type, p.Second.Type)),
        _ => a == b,
    };

    /// <summary>Whether no value is lost and none becomes NULL.</summary>
    public static bool IsUpCast(SparkType from, SparkType to)
    {
        int a = Array.IndexOf(Widening, from), b = Array.IndexOf(Widening, to);
        return (a >= 0 && b >= a) || (to == SparkType.String && from.IsAtomic) || (from == SparkType.Date && to.IsTimestamp)
            || (from is DecimalType f && to is DecimalType t && t.Scale >= f.Scale && t.Precision - t.Scale >= f.Precision - f.Scale)
            || (from.IsIntegral && to is DecimalType d && d.Precision - d.Scale >= DecimalType.ForIntegral(from).Precision);
    }

    /// <summary>The wider of two numeric types, as arithmetic and comparison need it; null when one is not numeric.</summary>
    public static SparkType? WiderNumeric(SparkType a, SparkType b, bool ansi = false)
    {
        int x = Array.IndexOf(Widening, a), y = Array.IndexOf(Widening, b);
        if (x >= 0 && y >= 0)
        {
            // A whole number with float is float, and double in ANSI mode, which loses no digits.
            SparkType wider = Widening[Math.Max(x, y)];
            return ansi && wider == SparkType.Float && a != b ? SparkType.Double : wider;
        }

        if (a is DecimalType p && b is DecimalType q)
        {
            return WiderDecimal(p, q);
        }

        return (a, b) switch
        {
            (DecimalType d, _) when b.IsIntegral => WiderDecimal(d, DecimalType.ForIntegral(b)),
            (_, DecimalType d) when a.IsIntegral => WiderDecimal(d, DecimalType.ForIntegral(a)),
            (DecimalType, _) when b.IsFractional => SparkType.Double,
            (_, DecimalType) when a.IsFractional => SparkType.Double,
            _ => null,
        };
    }

    /// <summary>The decimal that holds both.</summary>
    public static DecimalType WiderDecimal(DecimalType a, DecimalType b)
    {
        int scale = Math.Max(a.Scale, b.Scale), range = Math.Max(a.Precision - a.Scale, b.Precision - b.Scale);
        return DecimalType.Bounded(range + scale, scale);
    }

    /// <summary>The common type of CASE branches, coalesce arguments, array elements and UNION columns; null when there is none.</summary>
    public static SparkType? Common(SparkType a, SparkType b, bool ansi = false)
    {
        if (SameLayout(a, b))
        {
            return a;
        }

        if (a == SparkType.Void || b == SparkType.Void)
        {
            return a == SparkType.Void ? b : a;
        }

        return WiderNumeric(a, b, ansi) ?? CommonDateTime(a, b) ?? CommonNested(a, b, ansi) ?? (ansi ? AnsiString(a, b) : CommonString(a, b)) ?? CommonInterval(a, b);
    }

    /// <summary>The common type of several.</summary>
    public static SparkType? Common(IEnumerable<SparkType> types, bool ansi = false)
    {
        SparkType? common = SparkType.Void;
        // Strings last, as Spark does: (1, '2', 1.5) is string, whatever the order.
        foreach (SparkType type in types.OrderBy(t => t == SparkType.String ? 1 : 0))
        {
            common = common is null ? null : Common(common, type, ansi);
        }

        return common;
    }

    // ANSI mode: a string beside another atomic type becomes that type (a whole number becomes BIGINT, others DOUBLE).
    private static SparkType? AnsiString(SparkType a, SparkType b)
    {
        SparkType? other = a == SparkType.String ? b : b == SparkType.String ? a : null;
        return other is null || !other.IsAtomic || other.IsInterval ? null
            : other.IsIntegral ? SparkType.Long
            : other.IsNumeric ? SparkType.Double
            : other;
    }

    private static SparkType? CommonDateTime(SparkType a, SparkType b)
    {
        bool dates = (a == SparkType.Date || a.IsTimestamp) && (b == SparkType.Date || b.IsTimestamp);
        return !dates ? null : a == SparkType.Timestamp || b == SparkType.Timestamp ? SparkType.Timestamp : SparkType.TimestampNtz;
    }

    private static SparkType? CommonInterval(SparkType a, SparkType b) => (a, b) switch
    {
        (YearMonthType x, YearMonthType y) => new YearMonthType(Math.Min(x.Start, y.Start), Math.Max(x.End, y.End)),
        (DayTimeType x, DayTimeType y) => new DayTimeType(Math.Min(x.Start, y.Start), Math.Max(x.End, y.End)),
        _ => null,
    };

    // Strings take up every atomic type but binary and boolean.
    private static SparkType? CommonString(SparkType a, SparkType b)
    {
        SparkType? other = a == SparkType.String ? b : b == SparkType.String ? a : null;
        return other is not null && other.IsAtomic && other != SparkType.Binary && other != SparkType.Boolean ? SparkType.String : null;
    }

    private static SparkType? CommonNested(SparkType a, SparkType b, bool ansi)
    {
        switch (a, b)
        {
            case (ArrayType x, ArrayType y):
                return Common(x.Element, y.Element, ansi) is { } element ? new ArrayType(element, x.ContainsNull || y.ContainsNull) : null;
            case (MapType x, MapType y):
                return Common(x.Key, y.Key, ansi) is { } key && Common(x.Value, y.Value, ansi) is { } value ? new MapType(key, value, x.ValueContainsNull || y.ValueContainsNull) : null;
            case (StructType x, StructType y) when x.Fields.Count == y.Fields.Count:
                List<StructField> fields = [];
                foreach ((StructField f, StructField g) in x.Fields.Zip(y.Fields))
                {
                    if (!string.Equals(f.Name, g.Name, StringComparison.OrdinalIgnoreCase) || Common(f.Type, g.Type, ansi) is not { } type)
                    {
                        return null;
                    }

                    fields.Add(new StructField(f.Name, type, f.Nullable || g.Nullable));
                }

                return new StructType(fields.ToSeq());
            default:
                return null;
        }
    }

    /// <summary>The type both sides of <c>=</c>, <c>&lt;</c> and the like are cast to; null when they cannot be compared.</summary>
    public static SparkType? ForComparison(SparkType a, SparkType b, bool ansi = false)
    {
        if (SameLayout(a, b))
        {
            return a;
        }

        if (ansi)
        {
            return Common(a, b, ansi);
        }

        if (a == SparkType.String || b == SparkType.String)
        {
            SparkType other = a == SparkType.String ? b : a;
            return other == SparkType.Void ? SparkType.String
                : other.IsInterval ? null
                : other.IsIntegral ? (other == SparkType.Long ? SparkType.Long : SparkType.Int)
                : other is DecimalType ? SparkType.Double
                : other.IsAtomic ? other
                : null;
        }

        if (a == SparkType.Boolean && b.IsNumeric)
        {
            return b;
        }

        return b == SparkType.Boolean && a.IsNumeric ? a : Common(a, b);
    }
}
