using Hearth.Engine.Plans;
using Hearth.Engine.Types;

namespace Hearth.Engine.Functions;

/// <summary>Structs in Spark's order: inside a struct NULL is the smallest value, for DuckDB it is the greatest. A struct is compared as
/// a wider one that says of each field first whether it is there.</summary>
internal static class StructOrder
{
    /// <summary>Whether values of the type need the wider form.</summary>
    public static bool Needed(SparkType type) => type is StructType s && s.Fields.All(f => f.Type.IsAtomic);

    /// <summary>The wider form of <c>{0}</c>.</summary>
    public static string Wrap(StructType type) =>
        "CASE WHEN {0} IS NOT NULL THEN {" + string.Join(", ", type.Fields.Select((f, i) => $"'n{i}': struct_extract({{0}}, {DuckTypes.Literal(f.Name)}) IS NOT NULL, 'v{i}': struct_extract({{0}}, {DuckTypes.Literal(f.Name)})")) + "} END";

    /// <summary>The struct of the wider form <c>{0}</c>.</summary>
    public static string Unwrap(StructType type) =>
        "CASE WHEN {0} IS NOT NULL THEN {" + string.Join(", ", type.Fields.Select((f, i) => $"{DuckTypes.Literal(f.Name)}: struct_extract({{0}}, 'v{i}')")) + "} END";

    /// <summary>min or max.</summary>
    public static BoundExpr Extreme(string function, BoundExpr value)
    {
        if (!Needed(value.Type))
        {
            return new BoundAggregate(function, [value], value.Type);
        }

        StructType type = (StructType)value.Type;
        BoundExpr wide = new BoundCall(Wrap(type), [value], type, true);
        return new BoundCall(Unwrap(type), [new BoundAggregate(function, [wide], type)], type, true);
    }

    /// <summary>A sort of a list of structs, by a template over the list <c>{0}</c>.</summary>
    public static BoundExpr Sort(BoundExpr list, string template)
    {
        ArrayType array = (ArrayType)list.Type;
        if (!Needed(array.Element))
        {
            return FunctionCall.Make(template, array, list);
        }

        StructType type = (StructType)array.Element;
        string wide = $"list_transform({{0}}, lambda w: {Wrap(type).Replace("{0}", "w", StringComparison.Ordinal)})";
        return FunctionCall.Make($"list_transform({template.Replace("{0}", wide, StringComparison.Ordinal)}, lambda w: {Unwrap(type).Replace("{0}", "w", StringComparison.Ordinal)})", array, list);
    }
}
