using Hearth.Engine.Plans;
using Hearth.Engine.Types;

namespace Hearth.Engine.Functions;

/// <summary>hash (Murmur3) and xxhash64: the columns are chained, each with the result before it as its seed; NULL leaves the seed.</summary>
internal static class HashFunctions
{
    public static void AddTo(FunctionList list)
    {
        list.Custom("hash", 1, FunctionDefinition.Any, c => Chain(c, "hearth_hash", SparkType.Int));
        list.Custom("xxhash64", 1, FunctionDefinition.Any, c => Chain(c, "hearth_xxhash", SparkType.Long));
        list.Custom("crc32", 1, 1, c => FunctionCall.Make("hearth_crc32({0})", SparkType.Long, c.Type(0) == SparkType.Binary ? c.Arg(0) : c.As(0, SparkType.Binary)));
    }

    private static BoundExpr Chain(FunctionCall call, string family, SparkType type)
    {
        BoundExpr seed = new BoundLiteral(42L, type);
        foreach (BoundExpr arg in call.Args)
        {
            seed = new BoundCall(Sql("{0}", arg.Type, "{1}", family, call, 0), [arg, seed], type, false);
        }

        return seed;
    }

    // Nested values fold: elements and fields in order, the result of one is the seed of the next.
    private static string Sql(string value, SparkType type, string seed, string family, FunctionCall call, int depth)
    {
        switch (type)
        {
            case ArrayType array:
                (string p, string q, string e) = ($"p{depth}", $"q{depth}", $"e{depth}");
                string accumulator = family == "hearth_hash" ? "INTEGER" : "BIGINT", element = DuckTypes.NameOf(array.Element);
                string body = Sql($"{q}.x", array.Element, $"{p}.acc", family, call, depth + 1);
                return $"CASE WHEN {value} IS NULL THEN {seed} ELSE list_reduce(list_prepend(struct_pack(acc := CAST({seed} AS {accumulator}), x := CAST(NULL AS {element})), list_transform({value}, lambda {e}: struct_pack(acc := CAST(NULL AS {accumulator}), x := CAST({e} AS {element})))), lambda {p}, {q}: struct_pack(acc := CAST({body} AS {accumulator}), x := CAST(NULL AS {element}))).acc END";
            case StructType row:
                string folded = seed;
                foreach (StructField field in row.Fields)
                {
                    folded = Sql($"struct_extract({value}, {DuckTypes.Literal(field.Name)})", field.Type, folded, family, call, depth + 1);
                }

                return $"CASE WHEN {value} IS NULL THEN {seed} ELSE {folded} END";
            case MapType:
                throw call.Mismatch(0, "a type other than MAP");
            default:
                (string kind, string text) = Atomic(value, type);
                return $"{family}_{kind}({text}, {value} IS NULL, {seed})";
        }
    }

    private static (string Kind, string Text) Atomic(string value, SparkType type) => type switch
    {
        _ when type == SparkType.Void => ("int", "CAST(0 AS BIGINT)"),
        _ when type == SparkType.Date => ("int", $"coalesce(CAST({value} - DATE '1970-01-01' AS BIGINT), 0)"),
        _ when type == SparkType.Long => ("long", $"coalesce({value}, 0)"),
        _ when type.IsIntegral || type == SparkType.Boolean => ("int", $"coalesce(CAST({value} AS BIGINT), 0)"),
        _ when type.IsTimestamp => ("long", $"coalesce(epoch_us({value}), 0)"),
        _ when type == SparkType.Double => ("double", $"coalesce({value}, 0)"),
        _ when type == SparkType.Float => ("float", $"coalesce({value}, 0)"),
        _ when type == SparkType.Binary => ("bytes", $"coalesce({value}, ''::BLOB)"),
        DecimalType { Precision: <= 18 } d => ("long", $"coalesce(CAST({value} * CAST(1{new string('0', d.Scale)} AS DECIMAL(19,0)) AS BIGINT), 0)"),
        DecimalType d => ("bytes", $"coalesce(hearth_decimal_bytes(CAST({value} AS VARCHAR), {d.Scale}), ''::BLOB)"),
        YearMonthType => ("int", $"coalesce(CAST(extract(year FROM {value}) * 12 + extract(month FROM {value}) AS BIGINT), 0)"),
        DayTimeType => ("long", $"coalesce(CAST(round(epoch({value}) * 1000000) AS BIGINT), 0)"),
        _ when type == SparkType.String => ("bytes", $"coalesce(encode({value}), ''::BLOB)"),
        _ => throw Binding.Errors.Unsupported($"hash() of {type.SimpleName}"),
    };
}
