using System.Text.Json.Nodes;
using Hearth.Engine.Delta.Log;
using Hearth.Engine.Session;
using Hearth.Engine.Types;

namespace Hearth.Engine.Delta.Commands;

/// <summary>DESCRIBE HISTORY and DESCRIBE DETAIL.</summary>
internal sealed class HistoryCommand(DeltaTable table)
{
    private static readonly MapType Strings = new(SparkType.String, SparkType.String);

    private static readonly (string, SparkType)[] HistoryColumns =
    [
        ("version", SparkType.Long), ("timestamp", SparkType.Timestamp), ("userId", SparkType.String), ("userName", SparkType.String), ("operation", SparkType.String), ("operationParameters", Strings),
        ("job", new StructType([new("jobId", SparkType.String), new("jobName", SparkType.String), new("jobRunId", SparkType.String), new("runId", SparkType.String), new("jobOwnerId", SparkType.String), new("triggerType", SparkType.String)])),
        ("notebook", new StructType([new("notebookId", SparkType.String)])), ("clusterId", SparkType.String), ("readVersion", SparkType.Long), ("isolationLevel", SparkType.String), ("isBlindAppend", SparkType.Boolean),
        ("operationMetrics", Strings), ("userMetadata", SparkType.String), ("engineInfo", SparkType.String),
    ];

    /// <summary>One row a commit, newest first.</summary>
    public StatementResult History(long? limit)
    {
        _ = table.Log.Latest() ?? throw DeltaErrors.Missing(table.Location.Uri);
        IEnumerable<VersionTime> versions = table.Log.Versions().Reverse();
        return StatementResult.Rows([.. (limit is { } n ? versions.Take((int)Math.Min(n, int.MaxValue)) : versions).Select(Row)], HistoryColumns);
    }

    private object?[] Row(VersionTime version)
    {
        JsonObject? info = table.Log.Store.ReadCommit(version.Version)?.OfType<CommitInfo>().FirstOrDefault()?.Fields;
        return
        [
            version.Version, new SparkTimestamp(version.Timestamp * 1000), Text(info, "userId"), Text(info, "userName"), Text(info, "operation"), Map(info, "operationParameters"), null, null, Text(info, "clusterId"),
            info?["readVersion"] is JsonValue read && read.TryGetValue(out long at) ? at : null, Text(info, "isolationLevel"), info?["isBlindAppend"] is JsonValue blind && blind.TryGetValue(out bool only) ? only : null,
            Map(info, "operationMetrics"), Text(info, "userMetadata"), Text(info, "engineInfo"),
        ];
    }

    private static string? Text(JsonObject? info, string name) => info?[name] is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    private static MapValue? Map(JsonObject? info, string name) => info?[name] is JsonObject map
        ? new MapValue([.. map.Select(p => KeyValuePair.Create((object)p.Key, (object?)(p.Value is JsonValue v && v.TryGetValue(out string? text) ? text : p.Value?.ToJsonString())))])
        : null;

    /// <summary>One row about the table.</summary>
    /// <param name="name">Name in the catalog, or null.</param>
    public StatementResult Detail(string? name)
    {
        Snapshot state = table.Log.Latest() ?? throw DeltaErrors.Missing(table.Location.Uri);
        ArrayType names = new(SparkType.String);
        Metadata metadata = state.Metadata;
        string location = table.Location.UriOf("");
        object?[] row =
        [
            "delta", metadata.Id, name, metadata.Description, location.TrimEnd('/'), metadata.CreatedTime is { } created ? new SparkTimestamp(created * 1000) : null,
            new SparkTimestamp(table.Log.Versions().Select(v => v.Timestamp).DefaultIfEmpty(0).Last() * 1000), new ArrayValue([.. metadata.PartitionColumns]), new ArrayValue([]), (long)state.Files.Count, state.Files.Values.Sum(f => f.Size),
            new MapValue([.. metadata.Configuration.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => KeyValuePair.Create((object)p.Key, (object?)p.Value))]),
            (long)state.Protocol.MinReader, (long)state.Protocol.MinWriter, new ArrayValue([.. Features(state.Protocol)]),
        ];
        return StatementResult.Rows(
            [row],
            ("format", SparkType.String), ("id", SparkType.String), ("name", SparkType.String), ("description", SparkType.String), ("location", SparkType.String), ("createdAt", SparkType.Timestamp), ("lastModified", SparkType.Timestamp),
            ("partitionColumns", names), ("clusteringColumns", names), ("numFiles", SparkType.Long), ("sizeInBytes", SparkType.Long), ("properties", Strings), ("minReaderVersion", SparkType.Int), ("minWriterVersion", SparkType.Int), ("tableFeatures", names));
    }

    private static IEnumerable<object?> Features(TableProtocol protocol) => protocol.MinWriter >= 7
        ? protocol.ReaderFeatures.Concat(protocol.WriterFeatures).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
        : Log.Features.Legacy(protocol.MinWriter).Order(StringComparer.Ordinal);
}
