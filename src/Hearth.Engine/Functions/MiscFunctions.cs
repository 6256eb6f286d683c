using Hearth.Engine.Binding;
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
        list.Custom("version", 0, 0, c => new BoundLiteral($"{c.Binder.Binder.Session.Release.Version} hearth", SparkType.String));
        list.Custom("current_catalog", 0, 0, _ => new BoundLiteral("spark_catalog", SparkType.String));
        list.Custom("current_database current_schema", 0, 0, c => new BoundLiteral(c.Binder.Binder.Session.CurrentDatabase, SparkType.String), pretty: _ => "current_database()");
        list.Custom("current_user user session_user", 0, 0, _ => new BoundLiteral(Environment.UserName, SparkType.String));
        list.Custom("monotonically_increasing_id", 0, 0, _ => new BoundCall("(row_number() OVER () - 1)", [], SparkType.Long, false));
        list.Custom("input_file_name", 0, 0, c => FileNames.In(c.Binder.Scope) is { } file ? new BoundColumn(file) : NoFile(c, "", SparkType.String));
        list.Custom("input_file_block_start", 0, 0, c => NoFile(c, -1L, SparkType.Long));
        list.Custom("input_file_block_length", 0, 0, c => NoFile(c, -1L, SparkType.Long));
        list.Custom("current_path", 0, 0, c => new BoundLiteral($"system.builtin,system.session,spark_catalog.{c.Binder.Binder.Session.CurrentDatabase}", SparkType.String));
        list.Custom("spark_partition_id", 0, 0, c => c.Binder.Binder.IsPartitioned
            ? throw Errors.Unsupported("spark_partition_id() over several partitions", c.At, "leave out repartition(n), or run the job with `--engine spark`")
            : new BoundLiteral(0L, SparkType.Int), pretty: _ => "SPARK_PARTITION_ID()");
    }

    // Without rows of files there is no file; after a join or an aggregation there is no single one.
    private static BoundLiteral NoFile(FunctionCall call, object value, SparkType type)
    {
        if (call.Binder.Scope.Columns.Count == 0)
        {
            return new BoundLiteral(value, type);
        }

        call.Binder.Binder.FileNameWanted |= type == SparkType.String;
        throw call.Unsupported(type == SparkType.String ? "over rows that are not read from files directly (after a join, an aggregation, or from a cache or a Delta table)" : "over rows of a relation");
    }
}
