using System.Globalization;
using System.Text.Json.Nodes;
using Hearth.Engine.Delta.Log;

namespace Hearth.Engine.Delta.Write;

/// <summary>What a commit says about itself.</summary>
/// <param name="Name">Operation as Delta names it, for example <c>WRITE</c>.</param>
/// <param name="Parameters">Values as JSON text, or plain text.</param>
/// <param name="Metrics">Numbers as text.</param>
internal sealed record Operation(string Name, IReadOnlyDictionary<string, string> Parameters, IReadOnlyDictionary<string, string> Metrics)
{
    public static Operation Of(string name, IEnumerable<(string Key, string Value)> parameters, IEnumerable<(string Key, long Value)>? metrics = null) => new(
        name,
        parameters.ToDictionary(p => p.Key, p => p.Value, StringComparer.Ordinal),
        (metrics ?? []).ToDictionary(m => m.Key, m => m.Value.ToString(CultureInfo.InvariantCulture), StringComparer.Ordinal));

    /// <summary>A list of names as the log keeps it: JSON in a string.</summary>
    public static string List(IEnumerable<string> values) => new JsonArray([.. values.Select(v => (JsonNode?)JsonValue.Create(v))]).ToJsonString();
}

/// <summary>An optimistic transaction: it reads a state, and commits unless a commit since then changed what it read.</summary>
/// <param name="table">The table.</param>
/// <param name="read">The state it read; <see cref="Snapshot.Empty"/> for a new table.</param>
internal sealed class Transaction(DeltaTable table, Snapshot read)
{
    private const int DefaultInterval = 10;

    /// <summary>The state it read.</summary>
    public Snapshot State { get; } = read;

    /// <summary>Whether every file of the table was read.</summary>
    public bool ReadsAll { get; set; }

    /// <summary>Keys of the files that were read.</summary>
    public HashSet<string> ReadFiles { get; } = new(StringComparer.Ordinal);

    /// <summary>Of files that others add, those that would have been read; null when nothing was read by a condition.</summary>
    public Func<IReadOnlyList<AddFile>, IReadOnlyList<AddFile>>? Reads { get; set; }

    /// <summary>Rows are only rearranged: others may add files.</summary>
    public bool SnapshotIsolation { get; set; }

    /// <summary>Only adds files and read none of the table.</summary>
    public bool BlindAppend { get; set; }

    /// <summary>Note about the commit, or null.</summary>
    public string? UserMetadata { get; set; }

    /// <summary>Commits.</summary>
    /// <returns>The version.</returns>
    /// <exception cref="EngineException">DELTA_CONCURRENT_* when another commit is in the way.</exception>
    public long Commit(Operation operation, IReadOnlyList<DeltaAction> actions)
    {
        Check(actions);
        long version = State.Version + 1;
        using PendingCommit pending = table.Log.Store.Prepare([Info(operation), .. actions]);
        while (!pending.TryAs(version))
        {
            while (table.Log.Store.ReadCommit(version) is { } winner)
            {
                ConflictCheck.Against(this, actions, winner, table.Location.Uri);
                version++;
            }
        }

        After(version, actions);
        return version;
    }

    private void Check(IReadOnlyList<DeltaAction> actions)
    {
        Metadata metadata = actions.OfType<Metadata>().FirstOrDefault() ?? State.Metadata;
        TableProtocol protocol = actions.OfType<TableProtocol>().FirstOrDefault() ?? State.Protocol;
        Features.CheckWrite(protocol, metadata, table.Location.Uri);
        if (State.MetadataOrNull?.Flag("delta.appendOnly") == true && metadata.Flag("delta.appendOnly") && actions.OfType<RemoveFile>().Any(r => r.DataChange))
        {
            throw DeltaErrors.AppendOnly(table.Location.Uri);
        }
    }

    private CommitInfo Info(Operation operation)
    {
        JsonObject info = new()
        {
            ["timestamp"] = table.Session.Time.GetUtcNow().ToUnixTimeMilliseconds(),
            ["operation"] = operation.Name,
            ["operationParameters"] = Texts(operation.Parameters),
        };
        if (State.Version >= 0)
        {
            info["readVersion"] = State.Version;
        }

        info["isolationLevel"] = SnapshotIsolation ? "SnapshotIsolation" : Isolation;
        info["isBlindAppend"] = BlindAppend;
        info["operationMetrics"] = Texts(operation.Metrics);
        if ((UserMetadata ?? table.Session.Engine.Conf.Get("spark.databricks.delta.commitInfo.userMetadata")) is { } note)
        {
            info["userMetadata"] = note;
        }

        info["engineInfo"] = "Hearth Delta-Lake/3.2.0";
        info["txnId"] = Guid.NewGuid().ToString();
        return new CommitInfo(info);
    }

    /// <summary>Isolation level of the table.</summary>
    public string Isolation => State.MetadataOrNull?.Property("delta.isolationLevel") ?? "Serializable";

    private static JsonObject Texts(IReadOnlyDictionary<string, string> values) => new(values.Select(p => KeyValuePair.Create(p.Key, (JsonNode?)JsonValue.Create(p.Value))));

    // The commit counts whatever becomes of this.
    private void After(long version, IReadOnlyList<DeltaAction> actions)
    {
        try
        {
            Snapshot latest = table.Log.Latest()!;
            int interval = int.TryParse(latest.Metadata.Property("delta.checkpointInterval"), NumberStyles.None, CultureInfo.InvariantCulture, out int n) && n > 0 ? n : DefaultInterval;
            if (version > 0 && version % interval == 0 && !File.Exists(table.Log.Store.CheckpointPath(version)))
            {
                long retention = Retention.Tombstones(latest.Metadata);
                table.Log.Checkpoints.Write(latest.Version == version ? latest : table.Log.At(version), table.Session.Time.GetUtcNow().ToUnixTimeMilliseconds() - retention);
                LogCleanup.Run(table.Log, latest.Metadata, table.Session.Time.GetUtcNow());
            }

            if (latest.Metadata.Flag("delta.compatibility.symlinkFormatManifest.enabled"))
            {
                new Commands.Manifest(table).Update(latest, actions);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or EngineException)
        {
            System.Diagnostics.Trace.TraceWarning($"Delta table {table.Location.Uri}: version {version.ToString(CultureInfo.InvariantCulture)} is committed, but what follows a commit failed: {error.Message}");
        }
    }
}

/// <summary>Decides whether a commit that came first is in the way (Delta's ConflictChecker).</summary>
internal static class ConflictCheck
{
    /// <exception cref="EngineException">It is.</exception>
    public static void Against(Transaction ours, IReadOnlyList<DeltaAction> actions, IReadOnlyList<DeltaAction> winner, string table)
    {
        if (winner.OfType<TableProtocol>().Any())
        {
            throw DeltaErrors.Concurrent("DELTA_PROTOCOL_CHANGED", "ProtocolChangedException", $"The protocol version of the Delta table {table} has been changed by a concurrent update{(ours.State.Version < 0 ? ": it was created meanwhile" : "")}.");
        }

        if (winner.OfType<Metadata>().Any())
        {
            throw DeltaErrors.Concurrent("DELTA_METADATA_CHANGED", "MetadataChangedException", $"The metadata of the Delta table {table} has been changed by a concurrent update.");
        }

        if (winner.OfType<SetTransaction>().Any(w => actions.OfType<SetTransaction>().Any(o => o.AppId == w.AppId)))
        {
            throw DeltaErrors.Concurrent("DELTA_CONCURRENT_TRANSACTION", "ConcurrentTransactionException", $"This error occurs when multiple streaming queries are using the same checkpoint to write into the table {table}.");
        }

        AddFile[] added = [.. winner.OfType<AddFile>()];
        bool mayAppend = ours.SnapshotIsolation || ours.BlindAppend || added.Length == 0 || (ours.Isolation == "WriteSerializable" && IsBlindAppend(winner));
        if (!mayAppend && (ours.ReadsAll || (ours.Reads is { } reads && reads(added).Count > 0)))
        {
            throw DeltaErrors.Concurrent("DELTA_CONCURRENT_APPEND", "ConcurrentAppendException", $"Files were added to {Where(added[0], table)} by a concurrent update.");
        }

        RemoveFile[] removed = [.. winner.OfType<RemoveFile>()];
        HashSet<string> own = [.. actions.OfType<RemoveFile>().Select(r => r.Key)];
        if (removed.FirstOrDefault(r => own.Contains(r.Key)) is { } both)
        {
            throw DeltaErrors.Concurrent("DELTA_CONCURRENT_DELETE_DELETE", "ConcurrentDeleteDeleteException", $"This transaction attempted to delete one or more files that were deleted (for example {both.Path}) by a concurrent update of {table}.");
        }

        if (removed.FirstOrDefault(r => (ours.ReadsAll && !ours.SnapshotIsolation) || ours.ReadFiles.Contains(r.Key)) is { } gone)
        {
            throw DeltaErrors.Concurrent("DELTA_CONCURRENT_DELETE_READ", "ConcurrentDeleteReadException", $"This transaction attempted to read one or more files that were deleted (for example {gone.Path}) by a concurrent update of {table}.");
        }
    }

    private static bool IsBlindAppend(IReadOnlyList<DeltaAction> winner) => winner.OfType<CommitInfo>().FirstOrDefault()?.Fields["isBlindAppend"] is JsonValue flag && flag.TryGetValue(out bool blind) && blind;

    private static string Where(AddFile file, string table) => file.PartitionValues.Count == 0 ? $"the root of the table {table}" : $"partition [{string.Join(", ", file.PartitionValues.Select(p => $"{p.Key}={p.Value}"))}] of {table}";
}

/// <summary>How long removed files are kept.</summary>
internal static class Retention
{
    private const long Day = 24L * 3600 * 1000;
    private const long Week = 7 * Day;

    /// <summary>delta.deletedFileRetentionDuration in milliseconds.</summary>
    public static long Tombstones(Metadata metadata) => Parse(metadata.Property("delta.deletedFileRetentionDuration")) ?? Week;

    /// <summary>delta.logRetentionDuration in milliseconds.</summary>
    public static long Log(Metadata metadata) => Parse(metadata.Property("delta.logRetentionDuration")) ?? 30 * Day;

    // interval 30 days, interval 1 week, 12 hours
    private static long? Parse(string? text)
    {
        string[] words = (text ?? "").ToLowerInvariant().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        words = words.Length > 0 && words[0] == "interval" ? words[1..] : words;
        long total = 0;
        for (int i = 0; i + 1 < words.Length; i += 2)
        {
            long unit = words[i + 1].TrimEnd('s') switch { "week" => Week, "day" => Day, "hour" => 3_600_000, "minute" => 60_000, "second" => 1000, "millisecond" => 1, _ => 0 };
            if (unit == 0 || !long.TryParse(words[i], NumberStyles.None, CultureInfo.InvariantCulture, out long n))
            {
                return null;
            }

            total += n * unit;
        }

        return words.Length >= 2 ? total : null;
    }
}
