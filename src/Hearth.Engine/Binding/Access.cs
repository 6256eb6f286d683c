using Hearth.Engine.Plans;
using Hearth.Engine.Types;

namespace Hearth.Engine.Binding;

/// <summary>Fields of structs, elements of arrays, values of maps.</summary>
internal static class Access
{
    /// <summary><c>value.name</c>.</summary>
    public static BoundExpr Field(BoundExpr value, string name, SourcePosition? at)
    {
        switch (value.Type)
        {
            case StructType type:
                StructField field = Find(type, name, at);
                return new BoundCall($"struct_extract({{0}}, {DuckTypes.Literal(field.Name)})", [value], field.Type, value.Nullable || field.Nullable);
            case ArrayType { Element: StructType type } array:
                StructField item = Find(type, name, at);
                BoundLambda lambda = new(["s"], new BoundCall($"struct_extract({{0}}, {DuckTypes.Literal(item.Name)})", [new BoundLambdaVariable("s", type)], item.Type, true));
                return new BoundCall("list_transform({0}, {1})", [value, lambda], new ArrayType(item.Type), value.Nullable || array.ContainsNull);
            case MapType map:
                return Index(value, new BoundLiteral(name, SparkType.String).To(map.Key));
            default:
                throw new EngineException("INVALID_EXTRACT_BASE_FIELD_TYPE", $"Can't extract a value from an expression of type {Errors.TypeOf(value.Type)}. Need a complex type [STRUCT, ARRAY, MAP].", position: at);
        }
    }

    /// <summary><c>value[key]</c>: NULL where there is none.</summary>
    public static BoundExpr Index(BoundExpr value, BoundExpr key, bool ansi = false)
    {
        switch (value.Type)
        {
            case ArrayType array when ansi && key.Type.IsIntegral:
                return new BoundCall("CASE WHEN {1} < 0 OR {1} >= len({0}) THEN error('[INVALID_ARRAY_INDEX] The index ' || {1} || ' is out of bounds. The array has ' || len({0}) || ' elements. Use the SQL function `get()` to tolerate accessing element at invalid index and return NULL instead.') ELSE list_extract({0}, {1} + 1) END", [value, key], array.Element, true);
            case ArrayType array when key.Type.IsIntegral:
                return key is BoundLiteral { Value: long n }
                    ? n < 0 ? new BoundLiteral(null, array.Element) : new BoundCall($"list_extract({{0}}, {n + 1})", [value], array.Element, true)
                    : new BoundCall("CASE WHEN {1} >= 0 THEN list_extract({0}, {1} + 1) END", [value, key], array.Element, true);
            case MapType map:
                return new BoundCall("map_extract_value({0}, {1})", [value, key.To(map.Key)], map.Value, true);
            case StructType when key is BoundLiteral { Value: string name }:
                return Field(value, name, null);
            case ArrayType { Element: StructType } when key is BoundLiteral { Value: string name }:
                return Field(value, name, null);
            case ArrayType:
                throw new EngineException("DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE", $"The index of an array must be an integer, but it is {Errors.TypeOf(key.Type)}.");
            default:
                throw new EngineException("INVALID_EXTRACT_BASE_FIELD_TYPE", $"Can't extract a value from an expression of type {Errors.TypeOf(value.Type)}. Need a complex type [STRUCT, ARRAY, MAP].");
        }
    }

    private static StructField Find(StructType type, string name, SourcePosition? at)
    {
        StructField[] found = [.. type.Fields.Where(f => string.Equals(f.Name, name, StringComparison.OrdinalIgnoreCase))];
        return found.Length switch
        {
            1 => found[0],
            0 => throw new EngineException("FIELD_NOT_FOUND", $"No such struct field `{name}` in {string.Join(", ", type.Fields.Select(f => $"`{f.Name}`"))}.", position: at),
            _ => throw new EngineException("AMBIGUOUS_REFERENCE_TO_FIELDS", $"Ambiguous reference to the field `{name}`. It appears {found.Length} times in the schema.", position: at),
        };
    }
}
