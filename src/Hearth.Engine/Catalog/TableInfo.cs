using Hearth.Engine.Types;

namespace Hearth.Engine.Catalog;

/// <summary>A table or view of the catalog.</summary>
/// <param name="Database">Database, lower case.</param>
/// <param name="Name">Name, lower case.</param>
/// <param name="Kind">MANAGED, EXTERNAL or VIEW.</param>
/// <param name="Format">parquet, csv, ..; empty for views.</param>
/// <param name="Schema">Columns, partition columns last.</param>
/// <param name="PartitionedBy">Names of the partition columns.</param>
/// <param name="Location">Path or URI of the data; empty for views.</param>
/// <param name="Comment">Comment, or null.</param>
/// <param name="Options">Reader options.</param>
/// <param name="Properties">Table properties.</param>
/// <param name="ViewText">Query of a view, or null.</param>
/// <param name="Created">When it was created.</param>
public sealed record TableInfo(
    string Database,
    string Name,
    string Kind,
    string Format,
    StructType Schema,
    Seq<string> PartitionedBy,
    string Location,
    string? Comment,
    IReadOnlyDictionary<string, string> Options,
    IReadOnlyDictionary<string, string> Properties,
    string? ViewText,
    DateTimeOffset Created)
{
    /// <summary>What a catalog API says of the table beyond this record (input format, SerDe, owner), as JSON; null for tables that Spark made.</summary>
    public string? Storage { get; init; }
}

/// <summary>A database.</summary>
public sealed record DatabaseInfo(string Name, string? Location, string? Comment)
{
    /// <summary>Properties of the database.</summary>
    public IReadOnlyDictionary<string, string> Properties { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>When it was created; null where that was not written down.</summary>
    public DateTimeOffset? Created { get; init; }
}
