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
public sealed record CreateView(Seq<string> Name, Seq<string> Columns, Relation Query, string Text, bool Replace, bool IfNotExists, bool Temporary, bool Global) : Statement
{
    /// <summary>ALTER VIEW.</summary>
    public bool MustExist { get; init; }
}

public sealed record DropRelation(Seq<string> Name, bool View, bool IfExists) : Statement;

/// <summary>CREATE TABLE, with columns or AS a query.</summary>
public sealed record CreateTable(Seq<string> Name, StructType? Columns, string? Format, Seq<string> PartitionedBy, string? Location, string? Comment, Options Options, Options Properties, Relation? Query, bool Replace, bool IfNotExists) : Statement
{
    /// <summary>REPLACE TABLE without CREATE OR.</summary>
    public bool MustExist { get; init; }

    /// <summary>The table whose columns and format it gets (CREATE TABLE .. LIKE), or null.</summary>
    public Seq<string>? Like { get; init; }
}

/// <summary>FROM .. INSERT .. INSERT ..: one source, several tables.</summary>
public sealed record MultiInsert(Seq<InsertInto> Inserts) : Statement;

/// <summary>COMMENT ON TABLE .. IS.</summary>
public sealed record CommentOn(Seq<string> Table, string? Text) : Statement;

/// <summary>DESCRIBE DATABASE.</summary>
public sealed record DescribeDatabase(string Name, bool Extended) : Statement;

/// <summary>INSERT INTO / OVERWRITE.</summary>
public sealed record InsertInto(Seq<string> Table, Seq<string> Columns, Seq<KeyValuePair<string, Expr?>> Partition, Relation Query, bool Overwrite, bool ByName) : Statement
{
    /// <summary>Whether columns, and the fields of structs in them, go by position.</summary>
    public bool IsByPosition => Columns.Count == 0 && !ByName;

    /// <summary>REPLACE WHERE, or null.</summary>
    public Expr? ReplaceWhere { get; init; }
}

/// <summary>A column and its new value.</summary>
public sealed record Assignment(Seq<string> Column, Expr Value);

/// <summary>UPDATE .. SET .. WHERE.</summary>
public sealed record UpdateTable(Seq<string> Table, string? Alias, Seq<Assignment> Assignments, Expr? Where) : Statement;

/// <summary>DELETE FROM.</summary>
public sealed record DeleteFrom(Seq<string> Table, string? Alias, Expr? Where) : Statement;

/// <summary>Rows that a clause of MERGE is for.</summary>
public enum MergeWhen
{
    Matched,
    NotMatched,
    NotMatchedBySource,
}

/// <summary>What a clause of MERGE does.</summary>
public enum MergeAction
{
    Update,
    Delete,
    Insert,
}

/// <summary>WHEN .. THEN ..</summary>
/// <param name="When">Rows.</param>
/// <param name="Condition">AND condition, or null.</param>
/// <param name="Action">What happens.</param>
/// <param name="Assignments">Columns and values.</param>
/// <param name="Star">UPDATE SET * or INSERT *.</param>
public sealed record MergeClause(MergeWhen When, Expr? Condition, MergeAction Action, Seq<Assignment> Assignments, bool Star);

/// <summary>MERGE [WITH SCHEMA EVOLUTION] INTO .. USING .. ON ..</summary>
public sealed record MergeInto(Seq<string> Table, string? Alias, Relation Source, Expr On, Seq<MergeClause> Clauses, bool SchemaEvolution) : Statement;

/// <summary>DESCRIBE HISTORY.</summary>
public sealed record DescribeHistory(Seq<string> Table, long? Limit) : Statement;

/// <summary>DESCRIBE DETAIL.</summary>
public sealed record DescribeDetail(Seq<string> Table) : Statement;

/// <summary>RESTORE TABLE .. TO VERSION | TIMESTAMP AS OF.</summary>
public sealed record RestoreTable(Seq<string> Table, Expr? Version, Expr? Timestamp) : Statement;

/// <summary>OPTIMIZE [WHERE] [ZORDER BY].</summary>
public sealed record OptimizeTable(Seq<string> Table, Expr? Where, Seq<string> ZOrder) : Statement;

/// <summary>VACUUM [RETAIN n HOURS] [DRY RUN].</summary>
public sealed record VacuumTable(Seq<string> Table, double? Hours, bool DryRun) : Statement;

/// <summary>CONVERT TO DELTA.</summary>
public sealed record ConvertToDelta(Seq<string> Table, StructType? PartitionedBy, bool NoStatistics) : Statement;

/// <summary>GENERATE mode FOR TABLE.</summary>
public sealed record GenerateFor(string Mode, Seq<string> Table) : Statement;

/// <summary>ALTER TABLE.</summary>
public sealed record AlterTable(Seq<string> Table, Alteration Change) : Statement;

/// <summary>A change of a table.</summary>
public abstract record Alteration;

/// <summary>A column to add.</summary>
/// <param name="Field">Name, type, comment.</param>
/// <param name="First">FIRST.</param>
/// <param name="After">AFTER this column, or null.</param>
public sealed record AddedColumn(StructField Field, bool First, string? After);

/// <summary>ADD COLUMNS.</summary>
public sealed record AddColumns(Seq<AddedColumn> Columns) : Alteration;

/// <summary>ALTER COLUMN: what is null stays.</summary>
public sealed record AlterColumn(string Name, SparkType? Type, string? Comment, bool? Nullable, bool First, string? After) : Alteration;

/// <summary>RENAME TO.</summary>
public sealed record RenameTable(Seq<string> Name) : Alteration;

/// <summary>SET TBLPROPERTIES.</summary>
public sealed record SetProperties(Options Properties) : Alteration;

/// <summary>UNSET TBLPROPERTIES.</summary>
public sealed record UnsetProperties(Seq<string> Keys, bool IfExists) : Alteration;

/// <summary>ADD PARTITION; each as names and values.</summary>
public sealed record AddPartitions(Seq<Seq<KeyValuePair<string, string>>> Partitions, bool IfNotExists) : Alteration;

/// <summary>DROP PARTITION.</summary>
public sealed record DropPartitions(Seq<Seq<KeyValuePair<string, string>>> Partitions, bool IfExists) : Alteration;

/// <summary>SET LOCATION.</summary>
public sealed record SetLocation(string Location) : Alteration;

/// <summary>RECOVER PARTITIONS: partitions are found in the directories anyway.</summary>
public sealed record RecoverPartitions : Alteration;

/// <summary>ADD CONSTRAINT name CHECK (condition).</summary>
public sealed record AddConstraint(string Name, Expr Condition, string Text) : Alteration;

/// <summary>DROP CONSTRAINT.</summary>
public sealed record DropConstraint(string Name, bool IfExists) : Alteration;

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
    TableDetails,
    CurrentNamespace,
    UserFunctions,
}

/// <summary>SHOW.</summary>
/// <param name="Kind">What.</param>
/// <param name="Name">Of or in what.</param>
/// <param name="Pattern">A pattern, or the key of a table property.</param>
public sealed record Show(ShowKind Kind, Seq<string> Name, string? Pattern) : Statement
{
    /// <summary>Partition values to keep: <c>name=value</c>.</summary>
    public Seq<KeyValuePair<string, string>> Partition { get; init; } = [];
}

/// <summary>DESCRIBE TABLE.</summary>
public sealed record DescribeTable(Seq<string> Name, bool Extended) : Statement
{
    /// <summary>The only column to describe, or null.</summary>
    public string? Column { get; init; }
}

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
