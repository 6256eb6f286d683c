using Hearth.Engine.Types;

namespace Hearth.Engine.Binding;

/// <summary>Which casts Spark allows with ANSI mode off.</summary>
internal static class Casts
{
    /// <summary>Whether a type casts to another; ANSI mode refuses some more.</summary>
    public static bool Allowed(SparkType from, SparkType to, bool ansi) => Allowed(from, to)
        && !(ansi && ((to.IsNumeric && from == SparkType.Date) || (to == SparkType.Boolean && (from.IsTimestamp || from == SparkType.Date)) || (to == SparkType.Timestamp && from == SparkType.Boolean) || (to == SparkType.Binary && from.IsIntegral)));

    /// <summary>Whether a type casts to another with ANSI mode off.</summary>
    public static bool Allowed(SparkType from, SparkType to)
    {
        if (from == to || from == SparkType.Void || to == SparkType.String)
        {
            return true;
        }

        return (from, to) switch
        {
            (ArrayType a, ArrayType b) => Allowed(a.Element, b.Element),
            (MapType a, MapType b) => Allowed(a.Key, b.Key) && Allowed(a.Value, b.Value),
            (StructType a, StructType b) => a.Fields.Count == b.Fields.Count && a.Fields.Zip(b.Fields).All(p => Allowed(p.First.Type, p.Second.Type)),
            _ when !from.IsAtomic || !to.IsAtomic => false,
            _ when from == SparkType.String => true,
            _ when to == SparkType.Binary => from.IsIntegral,
            _ when to == SparkType.Boolean => from.IsNumeric || from.IsTimestamp || from == SparkType.Date,
            _ when to.IsNumeric => from.IsNumeric || from == SparkType.Boolean || from == SparkType.Date || from == SparkType.Timestamp || (from.IsInterval && from != SparkType.CalendarInterval && (to.IsIntegral || to is DecimalType)),
            _ when to == SparkType.Date => from.IsTimestamp,
            _ when to == SparkType.Timestamp => from.IsNumeric || from == SparkType.Boolean || from == SparkType.Date || from == SparkType.TimestampNtz,
            _ when to == SparkType.TimestampNtz => from == SparkType.Date || from == SparkType.Timestamp,
            _ when to.IsInterval => (from.IsInterval && (from == SparkType.CalendarInterval) == (to == SparkType.CalendarInterval) && (from is YearMonthType) == (to is YearMonthType)) || (to != SparkType.CalendarInterval && (from.IsIntegral || from is DecimalType)),
            _ => false,
        };
    }
}
