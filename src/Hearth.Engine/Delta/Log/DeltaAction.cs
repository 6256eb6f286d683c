using System.Text.Json;
using System.Text.Json.Nodes;
using Hearth.Engine.Types;

namespace Hearth.Engine.Delta.Log;

/// <summary>An action of a commit (Delta protocol, "Actions"). Unknown actions and fields are ignored, as the protocol asks.</summary>
internal abstract record DeltaAction;

/// <summary>Versions and features that a reader and a writer of the table must know.</summary>
internal sealed record TableProtocol(int MinReader, int MinWriter, Seq<string> ReaderFeatures, Seq<string> WriterFeatures) : DeltaAction
{
    /// <summary>What a plain table needs.</summary>
    public static readonly TableProtocol Plain = new(1, 2, [], []);
}

/// <summary>Schema, partitioning and properties.</summary>
/// <param name="Id">Identity of the table, a GUID.</param>
/// <param name="Name">Name, or null.</param>
/// <param name="Description">Comment, or null.</param>
/// <param name="SchemaText">The schema as Spark's JSON, with the metadata of its fields.</param>
/// <param name="PartitionColumns">Partition columns, in order.</param>
/// <param name="Configuration">Table properties.</param>
/// <param name="CreatedTime">Milliseconds since the epoch, or null.</param>
internal sealed record Metadata(string Id, string? Name, string? Description, string SchemaText, Seq<string> PartitionColumns, IReadOnlyDictionary<string, string> Configuration, long? CreatedTime) : DeltaAction
{
    private StructType? _schema;

    /// <summary>The columns.</summary>
    public StructType Schema => _schema ??= ReadSchema(SchemaText);

    /// <summary>A table property, or null.</summary>
    public string? Property(string key) => Configuration.GetValueOrDefault(key);

    /// <summary>A property that is on or off.</summary>
    public bool Flag(string key, bool otherwise = false) => Property(key) is { } text ? text.Equals("true", StringComparison.OrdinalIgnoreCase) : otherwise;

    public bool IsPartition(string column) => PartitionColumns.Any(p => string.Equals(p, column, StringComparison.OrdinalIgnoreCase));

    /// <summary>The same table with other columns.</summary>
    public Metadata WithSchema(string text) => this with { SchemaText = text, _schema = null };

    private static StructType ReadSchema(string text)
    {
        using JsonDocument document = JsonDocument.Parse(text);
        return (StructType)TypeJson.Read(document.RootElement);
    }
}

/// <summary>Which rows of a file are deleted.</summary>
internal sealed record VectorDescriptor(string StorageType, string PathOrInline, long? Offset, int SizeInBytes, long Cardinality)
{
    public string UniqueId => Offset is { } offset ? $"{StorageType}{PathOrInline}@{offset}" : StorageType + PathOrInline;
}

/// <summary>A data file that belongs to the table.</summary>
/// <param name="Path">As in the log: URI-encoded, relative to the table or absolute.</param>
/// <param name="PartitionValues">Text or null of every partition column.</param>
/// <param name="Size">Bytes.</param>
/// <param name="ModificationTime">Milliseconds since the epoch.</param>
/// <param name="DataChange">False when the commit only rearranges rows.</param>
/// <param name="Stats">Statistics as JSON text, or null.</param>
/// <param name="Vector">Deleted rows, or null.</param>
internal sealed record AddFile(string Path, IReadOnlyDictionary<string, string?> PartitionValues, long Size, long ModificationTime, bool DataChange, string? Stats, VectorDescriptor? Vector) : DeltaAction
{
    /// <summary>Identity of the logical file.</summary>
    public string Key => Vector is null ? Path : $"{Path}\n{Vector.UniqueId}";

    /// <summary>The action that removes this file.</summary>
    public RemoveFile Remove(long now, bool dataChange) => new(Path, now, dataChange, PartitionValues, Size, Vector);
}

/// <summary>A data file that belongs to the table no more.</summary>
internal sealed record RemoveFile(string Path, long? DeletionTimestamp, bool DataChange, IReadOnlyDictionary<string, string?>? PartitionValues, long? Size, VectorDescriptor? Vector) : DeltaAction
{
    public string Key => Vector is null ? Path : $"{Path}\n{Vector.UniqueId}";
}

/// <summary>The last version that an application wrote.</summary>
internal sealed record SetTransaction(string AppId, long Version, long? LastUpdated) : DeltaAction;

/// <summary>Configuration of a feature.</summary>
internal sealed record DomainMetadata(string Domain, string Configuration, bool Removed) : DeltaAction;

/// <summary>A part of a V2 checkpoint.</summary>
internal sealed record Sidecar(string Path) : DeltaAction;

/// <summary>Where a commit came from.</summary>
internal sealed record CommitInfo(JsonObject Fields) : DeltaAction;
