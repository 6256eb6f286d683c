using Hearth.Engine.Sql;
using Hearth.Engine.Types;

namespace Hearth.Engine.Session;

/// <summary>What to do with what is there already.</summary>
public enum SaveMode
{
    ErrorIfExists,
    Append,
    Overwrite,
    Ignore,
}

/// <summary>Where a relation is written.</summary>
/// <param name="Format">parquet, csv, json or text; null: the default format, or that of the table.</param>
/// <param name="Mode">What to do with what is there.</param>
/// <param name="Path">Path, or null with a table.</param>
/// <param name="Table">Table name parts, or null with a path.</param>
/// <param name="PartitionBy">Partition columns.</param>
/// <param name="Options">Writer options.</param>
/// <param name="ByPosition">insertInto: columns by position.</param>
public sealed record WriteRequest(string? Format, SaveMode Mode, string? Path, Seq<string>? Table, Seq<string> PartitionBy, Options Options, bool ByPosition = false)
{
    /// <summary>Table properties of a new table (writeTo), or null.</summary>
    public IReadOnlyDictionary<string, string>? Properties { get; init; }

    /// <summary>writeTo(..).replace(): another table with the same history.</summary>
    public bool Replace { get; init; }

    /// <summary>writeTo(..).overwrite(condition): the rows to replace, or null for all.</summary>
    public Expr? ReplaceWhere { get; init; }

    /// <summary>Name of an empty file that comes together with the files; null for none.</summary>
    internal string? Mark { get; init; }
}
