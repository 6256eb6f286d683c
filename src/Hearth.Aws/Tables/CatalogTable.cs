using System.Text.Json.Nodes;

namespace Hearth.Aws.Tables;

/// <summary>A column.</summary>
/// <param name="Name">Name.</param>
/// <param name="Type">Type as Hive writes it, for example <c>array&lt;int&gt;</c>.</param>
/// <param name="Comment">Comment, or null.</param>
public sealed record CatalogColumn(string Name, string Type, string? Comment = null);

/// <summary>A database.</summary>
/// <param name="Name">Name, lower case.</param>
/// <param name="Location">Where its managed tables are, as a URI.</param>
/// <param name="Comment">Comment, or null.</param>
/// <param name="Properties">Its properties.</param>
/// <param name="Created">When it was made; null where that is not known.</param>
public sealed record CatalogDatabase(string Name, string? Location, string? Comment, IReadOnlyDictionary<string, string> Properties, DateTimeOffset? Created);

/// <summary>A table or view.</summary>
public sealed record CatalogTable
{
    /// <summary>Database, lower case.</summary>
    public required string Database { get; init; }

    /// <summary>Name, lower case.</summary>
    public required string Name { get; init; }

    /// <summary>MANAGED, EXTERNAL or VIEW.</summary>
    public required string Kind { get; init; }

    /// <summary>Spark's name of the data source, for example <c>parquet</c> or <c>delta</c>; empty for views.</summary>
    public required string Format { get; init; }

    /// <summary>Columns without the partition columns.</summary>
    public required IReadOnlyList<CatalogColumn> Columns { get; init; }

    /// <summary>Partition columns.</summary>
    public IReadOnlyList<CatalogColumn> PartitionKeys { get; init; } = [];

    /// <summary>URI of the data; empty for views.</summary>
    public string Location { get; init; } = "";

    /// <summary>Comment, or null.</summary>
    public string? Comment { get; init; }

    /// <summary>Reader options of the data source, for example <c>sep</c>.</summary>
    public IReadOnlyDictionary<string, string> Options { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Table properties.</summary>
    public IReadOnlyDictionary<string, string> Properties { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Query of a view, or null.</summary>
    public string? ViewText { get; init; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset Created { get; init; }

    /// <summary>When its entry was last changed.</summary>
    public DateTimeOffset Updated { get; init; }

    /// <summary>What a client said of the table beyond this record; null for tables that Spark made.</summary>
    public JsonObject? Storage { get; init; }

    /// <summary>Whether its location holds manifests with the paths of the data (Hive's SymlinkTextInputFormat).</summary>
    public bool IsSymlink => Options.TryGetValue(SymlinkOption, out var flag) && flag is "true";

    /// <summary>The option that says so to the engine.</summary>
    public const string SymlinkOption = "hearth.symlink";
}

/// <summary>A catalog cannot do what was asked of it; the message says what and how to go on.</summary>
public sealed class CatalogException(string message) : Exception(message);
