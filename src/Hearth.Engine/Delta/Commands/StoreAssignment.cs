using Hearth.Engine.Binding;
using Hearth.Engine.Plans;
using Hearth.Engine.Types;

namespace Hearth.Engine.Delta.Commands;

/// <summary>How values become values of a column.</summary>
internal static class StoreAssignment
{
    /// <summary>INSERT: numbers narrow with an error, everything becomes text, text becomes nothing else (ANSI store assignment).</summary>
    /// <param name="value">What is written.</param>
    /// <param name="field">The column.</param>
    /// <param name="table">The table, as an error names it.</param>
    /// <param name="byPosition">INSERT without a column list: the fields of structs too go by position, whatever they are called.</param>
    /// <exception cref="EngineException">INCOMPATIBLE_DATA_FOR_TABLE.</exception>
    public static BoundExpr Assign(BoundExpr value, StructField field, string table, bool byPosition = false)
    {
        value = byPosition ? value : ByName(value, field);
        SparkType from = value.Type, to = field.Type;
        return Allowed(from, to) ? Fit(Narrow(value, to), field)
            : throw new EngineException("INCOMPATIBLE_DATA_FOR_TABLE.CANNOT_SAFELY_CAST", $"Cannot write incompatible data for {table}: Cannot safely cast `{field.Name}` {Errors.TypeOf(from)} to {Errors.TypeOf(to)}.");
    }

    private static bool Allowed(SparkType from, SparkType to) => (from, to) switch
    {
        (StructType a, StructType b) => a.Fields.Count == b.Fields.Count && a.Fields.Zip(b.Fields).All(p => Allowed(p.First.Type, p.Second.Type)),
        (ArrayType a, ArrayType b) => Allowed(a.Element, b.Element),
        (MapType a, MapType b) => Allowed(a.Key, b.Key) && Allowed(a.Value, b.Value),
        _ => Coercion.SameLayout(from, to) || from == SparkType.Void || (from.IsNumeric && to.IsNumeric) || (to == SparkType.String && from.IsAtomic && from != SparkType.Binary)
            || ((from == SparkType.Date || from.IsTimestamp) && (to == SparkType.Date || to.IsTimestamp)),
    };

    /// <summary>Refuses structs with the table's fields in another order: whether Delta Lake takes them by name or by position depends on the names of the other columns.</summary>
    /// <exception cref="EngineException">UNSUPPORTED_FEATURE.</exception>
    public static void CheckOrder(SparkType from, StructField field)
    {
        if (Reordered(from, field.Type))
        {
            throw Errors.Unsupported($"INSERT of a struct into `{field.Name}` with the table's fields in another order", hint: $"give the fields in the table's order ({field.Type.SimpleName}), or use INSERT .. BY NAME");
        }
    }

    private static bool Reordered(SparkType from, SparkType to) => (from, to) switch
    {
        (StructType a, StructType b) => (a.Fields.Count == b.Fields.Count && !SameNames(a, b) && b.Fields.All(f => a.IndexOf(f.Name) >= 0)) || a.Fields.Zip(b.Fields).Any(p => Reordered(p.First.Type, p.Second.Type)),
        (ArrayType a, ArrayType b) => Reordered(a.Element, b.Element),
        (MapType a, MapType b) => Reordered(a.Key, b.Key) || Reordered(a.Value, b.Value),
        _ => false,
    };

    /// <summary>UPDATE and MERGE: any cast that exists; a value that does not fit is an error.</summary>
    public static BoundExpr Cast(BoundExpr value, StructField field)
    {
        value = ByName(value, field);
        SparkType from = value.Type, to = field.Type;
        if (!Casts.Allowed(from, to))
        {
            throw Errors.Mismatch("CAST_WITHOUT_SUGGESTION", $"Cannot resolve the assignment to `{field.Name}`: cannot cast {Errors.TypeOf(from)} to {Errors.TypeOf(to)}.", null);
        }

        if (from != SparkType.String || to == SparkType.String || value is BoundLiteral { Value: null })
        {
            return Fit(Narrow(value, to), field);
        }

        BoundLiteral message = new($"[CAST_INVALID_INPUT] A value of the type \"STRING\" for the column `{field.Name}` cannot be cast to {Errors.TypeOf(to)} because it is malformed: ", SparkType.String);
        return new BoundCall("CASE WHEN {0} IS NOT NULL AND {1} IS NULL THEN error({2} || {0}) ELSE {1} END", [value, value.To(to), message], to, true);
    }

    /// <summary>The text of a VARCHAR(n) column: blanks behind the n-th character are cut, anything else there is an error.</summary>
    public static BoundExpr Fit(BoundExpr value, StructField field) => field.Length is not { } n ? value : new BoundCall(
        $"CASE WHEN {{0}} IS NULL OR length({{0}}) <= {n} THEN {{0}} WHEN length(rtrim({{0}}, ' ')) <= {n} THEN substring({{0}}, 1, {n}) ELSE error('[EXCEED_LIMIT_LENGTH] Exceeds char/varchar type length limitation: {n}.') END", [value], SparkType.String, true);

    // Fields of structs are assigned by name: the same names in another order are put in order, other names are an error. A cast alone would
    // go by position and put values into the wrong fields.
    private static BoundExpr ByName(BoundExpr value, StructField field)
    {
        if (value.Type is StructType from && field.Type is StructType to && from.Fields.Count == to.Fields.Count && !SameNames(from, to) && to.Fields.All(f => from.IndexOf(f.Name) >= 0))
        {
            StructField[] ordered = [.. to.Fields.Select(f => from.Fields[from.IndexOf(f.Name)])];
            string members = string.Join(", ", to.Fields.Zip(ordered).Select(p => $"{DuckTypes.Literal(p.First.Name)}: struct_extract({{0}}, {DuckTypes.Literal(p.Second.Name)})"));
            value = new BoundCall($"CASE WHEN {{0}} IS NOT NULL THEN {{{members}}} END", [value], new StructType(to.Fields.Zip(ordered).Select(p => p.Second with { Name = p.First.Name }).ToSeq()), true);
        }

        return Differing(value.Type, field.Type, field.Name) is { } where
            ? throw new EngineException("INCOMPATIBLE_DATA_FOR_TABLE.STRUCT_MISSING_FIELDS", $"Cannot write incompatible data: the fields of the struct `{where}` have other names than the table's ({field.Type.SimpleName}; given {value.Type.SimpleName}).", hint: "name the fields as the table does, for example with named_struct(..)")
            : value;
    }

    private static bool SameNames(StructType a, StructType b) => a.Fields.Zip(b.Fields).All(p => string.Equals(p.First.Name, p.Second.Name, StringComparison.OrdinalIgnoreCase));

    // The path of a struct whose fields have other names; null when there is none.
    private static string? Differing(SparkType from, SparkType to, string path) => (from, to) switch
    {
        (StructType a, StructType b) when a.Fields.Count != b.Fields.Count || !SameNames(a, b) => path,
        (StructType a, StructType b) => a.Fields.Zip(b.Fields).Select(p => Differing(p.First.Type, p.Second.Type, $"{path}.{p.Second.Name}")).FirstOrDefault(d => d is not null),
        (ArrayType a, ArrayType b) => Differing(a.Element, b.Element, $"{path}.element"),
        (MapType a, MapType b) => Differing(a.Key, b.Key, $"{path}.key") ?? Differing(a.Value, b.Value, $"{path}.value"),
        _ => null,
    };

    private static BoundExpr Narrow(BoundExpr value, SparkType to)
    {
        bool narrows = value.Type.IsNumeric && to.IsNumeric && !Coercion.IsUpCast(value.Type, to) && value is not BoundLiteral { Value: null };
        return narrows ? new BoundCall($"CAST({{0}} AS {DuckTypes.NameOf(to)})", [value], to, true)
            : value.Type.IsAtomic ? value.To(to)
            : value.To(to) is BoundCast cast && !Coercion.SameLayout(value.Type, to) ? cast with { Strict = true } : value.To(to);
    }
}
