using Hearth.Engine.Plans;
using Hearth.Engine.Types;

namespace Hearth.Engine.Functions;

/// <summary>The rest: casts by name, session facts, ids.</summary>
internal static class MiscFunctions
{
    public static void AddTo(FunctionList list)
    {
        foreach ((string name, SparkType type) in (ReadOnlySpan<(string, SparkType)>)[("boolean", SparkType.Boolean), ("tinyint", SparkType.Byte), ("smallint", SparkType.Short), ("int", SparkType.Int), ("bigint", SparkType.Long), ("float", SparkType.Float), ("double", SparkType.Double), ("string", SparkType.String), ("binary", SparkType.Binary), ("decimal", SparkType.DefaultDecimal)])
        {
            list.Custom(name, 1, 1, c => c.As(0, type), pretty: a => $"CAST({a[0]} AS {type.SqlName})");
        }

        list.Custom("typeof", 1, 1, c => new BoundLiteral(c.Type(0).SimpleName, SparkType.String));
        list.Custom("uuid", 0, 0, _ => new BoundCall("CAST(uuid() AS VARCHAR)", [], SparkType.String, false));
        list.Custom("version", 0, 0, _ => new BoundLiteral($"{Session.EngineSession.SparkVersion} hearth", SparkType.String));
        list.Custom("current_catalog", 0, 0, _ => new BoundLiteral("spark_catalog", SparkType.String));
        list.Custom("current_database current_schema", 0, 0, c => new BoundLiteral(c.Binder.Binder.Session.CurrentDatabase, SparkType.String), pretty: _ => "current_database()");
        list.Custom("current_user user session_user", 0, 0, _ => new BoundLiteral(Environment.UserName, SparkType.String));
        list.Custom("monotonically_increasing_id", 0, 0, _ => new BoundCall("(row_number() OVER () - 1)", [], SparkType.Long, false));
        list.Custom("hash", 1, FunctionDefinition.Any, Hash);
        list.Custom("spark_partition_id", 0, 0, _ => new BoundLiteral(0L, SparkType.Int), pretty: _ => "SPARK_PARTITION_ID()");
    }

    // Murmur3 over the columns, each with the result before it as its seed; NULL leaves the seed.
    private static BoundExpr Hash(FunctionCall call)
    {
        BoundExpr seed = new BoundLiteral(42L, SparkType.Int);
        foreach (BoundExpr arg in call.Args)
        {
            (string function, string value) = arg.Type switch
            {
                _ when arg.Type == SparkType.Boolean => ("hearth_hash_int", "coalesce(CAST({0} AS BIGINT), 0)"),
                _ when arg.Type == SparkType.Date => ("hearth_hash_int", "coalesce(CAST({0} - DATE '1970-01-01' AS BIGINT), 0)"),
                _ when arg.Type == SparkType.Long => ("hearth_hash_long", "coalesce({0}, 0)"),
                _ when arg.Type.IsIntegral => ("hearth_hash_int", "coalesce(CAST({0} AS BIGINT), 0)"),
                _ when arg.Type.IsTimestamp => ("hearth_hash_long", "coalesce(epoch_us({0}), 0)"),
                _ when arg.Type == SparkType.Double => ("hearth_hash_double", "coalesce({0}, 0)"),
                _ when arg.Type == SparkType.String => ("hearth_hash_bytes", "coalesce(encode({0}), ''::BLOB)"),
                _ when arg.Type == SparkType.Binary => ("hearth_hash_bytes", "coalesce({0}, ''::BLOB)"),
                _ => throw call.Unsupported($"of {arg.Type.SimpleName}"),
            };
            seed = new BoundCall($"{function}({value}, {{0}} IS NULL, {{1}})", [arg, seed], SparkType.Int, false);
        }

        return seed;
    }
}
