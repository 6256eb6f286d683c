using Hearth.Engine.Types;

namespace Hearth.Engine.Sql;

/// <summary>A statement.</summary>
public abstract record Statement
{
    /// <summary>Where it starts.</summary>
    public SourcePosition? At { get; init; }
}

public sealed record QueryStatement(Relation Query) : Statement;

/// <summary>CREATE [OR REPLACE] [GLOBAL] [TEMPORARY] VIEW.</summary>
public sealed record CreateView(Seq<string> Name, Seq<string> Columns, Relation Query, string Text, bool Replace, bool IfNotExists, bool Temporary, bool Global) : Statement;

public sealed record DropRelation(Seq<string> Name, bool View, bool IfExists) : Statement;

/// <summary>CREATE TABLE, with columns or AS a query.</summary>
public sealed record CreateTable(Seq<string> Name, StructType? Columns, string? Format, Seq<string> PartitionedBy, string? Location, string? Comment, Options Options, Options Properties, Relation? Query, bool Replace, bool IfNotExists) : Statement;

/// <summary>INSERT INTO / OVERWRITE.</summary>
public sealed record InsertInto(Seq<string> Table, Seq<string> Columns, Seq<KeyValuePair<string, Expr?>> Partition, Relation Query, bool Overwrite, bool ByName) : Statement;

/// <summary>INSERT OVERWRITE DIRECTORY.</summary>
public sealed record InsertDirectory(string Path, string Format, Options Options, Relation Query) : Statement;

public sealed record TruncateTable(Seq<string> Name) : Statement;

public sealed record CreateDatabase(string Name, bool IfNotExists, string? Location, string? Comment) : Statement;

public sealed record DropDatabase(string Name, bool IfExists, bool Cascade) : Statement;

public sealed record UseDatabase(string Name) : Statement;

/// <summary>What SHOW lists.</summary>
public enum ShowKind
{
    Tables,
    Views,
    Databases,
    Columns,
    Partitions,
    Functions,
    CreateTable,
    TableProperties,
    Catalogs,
}

public sealed record Show(ShowKind Kind, Seq<string> Name, string? Pattern) : Statement;

public sealed record DescribeTable(Seq<string> Name, bool Extended) : Statement;

public sealed record DescribeQuery(Relation Query) : Statement;

public sealed record DescribeFunction(string Name) : Statement;

/// <summary>SET; no key lists all, no value shows one.</summary>
public sealed record SetConf(string? Key, string? Value) : Statement;

public sealed record ResetConf(string? Key) : Statement;

public sealed record Explain(string Mode, Statement Body) : Statement;

/// <summary>CACHE TABLE, UNCACHE TABLE, CLEAR CACHE, REFRESH TABLE, ANALYZE TABLE: they change no result.</summary>
public sealed record NoEffect(string Command) : Statement;

/// <summary>CACHE TABLE name AS query.</summary>
public sealed record CacheTableAs(string Name, Relation Query) : Statement;
