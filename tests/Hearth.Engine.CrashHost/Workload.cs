using Hearth.Engine.Session;

namespace Hearth.Engine.CrashHost;

/// <summary>What the steps do. Each changes one table so that its rows say which step they are of; nothing else may be seen of them.</summary>
public static class Workload
{
    /// <summary>Kinds of steps, in turn.</summary>
    public static IReadOnlyList<string> Kinds { get; } = ["overwrite", "dynamic", "append", "delta-append", "delta-merge", "delta-optimize", "delta-vacuum", "property", "view"];

    /// <summary>Kind of a step.</summary>
    public static string KindOf(int step) => Kinds[step % Kinds.Count];

    /// <summary>Options of a session over a warehouse.</summary>
    public static EngineOptions Options(string warehouse) => new()
    {
        Conf = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [EngineOptions.WarehouseKey] = warehouse, [EngineOptions.ThreadsKey] = "1", ["spark.databricks.delta.retentionDurationCheck.enabled"] = "false",
        },
    };

    /// <summary>The tables before the first step: step -1.</summary>
    public static void Prepare(EngineSession session)
    {
        foreach (var table in (string[])["overwritten", "dynamically", "appended"])
        {
            session.Execute($"CREATE TABLE {table} (id BIGINT, v INT, part INT) USING parquet PARTITIONED BY (part)");
        }

        session.Execute("INSERT INTO overwritten SELECT id, -1, CAST(id % 3 AS INT) FROM range(60)");
        session.Execute("INSERT INTO dynamically SELECT id, -1, CAST(id % 5 AS INT) FROM range(100)");
        session.Execute("CREATE TABLE delta (id BIGINT, v INT) USING delta TBLPROPERTIES ('delta.checkpointInterval' = '3', 'delta.compatibility.symlinkFormatManifest.enabled' = 'true')");
        session.Execute("INSERT INTO delta SELECT id, -1 FROM range(100)");
        session.Execute("ALTER TABLE appended SET TBLPROPERTIES ('step' = '-1')");
        session.Execute("CREATE VIEW seen AS SELECT -1 AS v");
    }

    /// <summary>Runs a step.</summary>
    public static void Run(EngineSession session, int step)
    {
        FormattableString statement = KindOf(step) switch
        {
            "overwrite" => $"INSERT OVERWRITE overwritten SELECT id, {step}, CAST(id % 3 AS INT) FROM range(60)",
            "dynamic" => $"INSERT OVERWRITE dynamically SELECT id, {step}, CAST(id % 3 AS INT) FROM range(60)",
            "append" => $"INSERT INTO appended SELECT id, {step}, CAST(id % 3 AS INT) FROM range(30)",
            "delta-append" => $"INSERT INTO delta SELECT id + 1000, {step} FROM range(10)",
            "delta-merge" => $"MERGE INTO delta t USING (SELECT id, {step} AS v FROM range(100)) s ON t.id = s.id WHEN MATCHED THEN UPDATE SET v = s.v",
            "delta-optimize" => $"OPTIMIZE delta",
            "delta-vacuum" => $"VACUUM delta RETAIN 0 HOURS",
            "property" => $"ALTER TABLE appended SET TBLPROPERTIES ('step' = '{step}')",
            _ => $"CREATE OR REPLACE VIEW seen AS SELECT {step} AS v",
        };
        session.Conf.Set("spark.sql.sources.partitionOverwriteMode", KindOf(step) == "dynamic" ? "dynamic" : "static");
        session.Execute(FormattableString.Invariant(statement));
    }
}
