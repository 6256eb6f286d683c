using Hearth.Engine.Types;

namespace Hearth.Engine.Sql;

/// <summary>A relation as written, before names are resolved. The same nodes come out of SQL text and of DataFrame plans.</summary>
public abstract record Relation
{
    /// <summary>Where it stands in the SQL text, if it came from one.</summary>
    public SourcePosition? At { get; init; }

    /// <summary>Identity that <see cref="ColumnName.PlanId"/> refers to, or null.</summary>
    public string? PlanId { get; init; }
}

/// <summary>One row without columns: a SELECT without FROM.</summary>
public sealed record OneRow : Relation;

/// <summary>A table or view, or <c>format.`path`</c>.</summary>
public sealed record TableName(Seq<string> Parts) : Relation;

/// <summary>A table at a version or a time: <c>VERSION AS OF</c>, <c>TIMESTAMP AS OF</c>; one of the two is given.</summary>
public sealed record TimeTravel(TableName Table, Expr? Version, Expr? Timestamp) : Relation;

/// <summary>Files of a format.</summary>
public sealed record FileRelation(string Format, Seq<string> Paths, StructType? Schema, Options Options) : Relation;

/// <summary>Integers from start to before end.</summary>
public sealed record RangeRelation(long Start, long End, long Step) : Relation;

/// <summary>Rows that the client sent; values as <see cref="Types"/> keeps them.</summary>
public sealed record LocalRelation(StructType Schema, IReadOnlyList<object?[]> Rows) : Relation;

/// <summary>VALUES (..), (..).</summary>
public sealed record InlineValues(Seq<Seq<Expr>> Rows) : Relation;

/// <summary>A table-valued function in FROM.</summary>
public sealed record TableFunction(string Name, Seq<Expr> Args) : Relation;

/// <summary><c>relation AS name(columns)</c>.</summary>
public sealed record Aliased(Relation In, string Name, Seq<string> Columns) : Relation;

/// <summary>WITH.</summary>
public sealed record WithQueries(Seq<NamedQuery> Queries, Relation Body) : Relation;

/// <summary>One common table expression.</summary>
public sealed record NamedQuery(string Name, Seq<string> Columns, Relation Query)
{
    /// <summary>A temporary view that was fixed when a DataFrame was made: nobody wrote WITH.</summary>
    public bool IsView { get; init; }
}

/// <summary>A SELECT with its clauses up to HAVING.</summary>
public sealed record Select(Seq<Expr> Items, Relation From, Expr? Where, GroupBy? GroupBy, Expr? Having, bool Distinct, Seq<NamedWindow> Windows) : Relation
{
    /// <summary>Behind <c>|&gt;</c>: no aggregate may stand in it.</summary>
    public bool Pipe { get; init; }

    /// <summary>Behind <c>|&gt; AGGREGATE</c>: how many of the last items must aggregate.</summary>
    public int Computed { get; init; }

    /// <summary>Behind <c>|&gt; AGGREGATE</c> without GROUP BY: one row.</summary>
    public bool Aggregates { get; init; }
}

/// <summary>WINDOW name AS (..).</summary>
public sealed record NamedWindow(string Name, WindowSpec Spec);

/// <summary>How grouping keys combine.</summary>
public enum GroupingKind
{
    GroupBy,
    Rollup,
    Cube,
    Sets,
    All,
}

/// <summary>GROUP BY.</summary>
/// <param name="Keys">All keys.</param>
/// <param name="Kind">How they combine.</param>
/// <param name="Sets">With <see cref="GroupingKind.Sets"/>: each set as expressions.</param>
public sealed record GroupBy(Seq<Expr> Keys, GroupingKind Kind = GroupingKind.GroupBy, Seq<Seq<Expr>>? Sets = null);

/// <summary>DataFrame select.</summary>
public sealed record Project(Relation In, Seq<Expr> Items) : Relation;

/// <summary>DataFrame withColumn(s): adds or replaces.</summary>
public sealed record WithColumns(Relation In, Seq<AliasExpr> Items) : Relation;

/// <summary>WHERE.</summary>
public sealed record Filter(Relation In, Expr Condition) : Relation;

/// <summary>DataFrame groupBy().agg().</summary>
public sealed record Aggregate(Relation In, GroupBy Keys, Seq<Expr> Items, PivotClause? Pivot = null) : Relation;

/// <summary>Turns values of columns into columns.</summary>
public sealed record PivotClause(Seq<Expr> Columns, Seq<PivotValue> Values);

/// <summary>A pivot value with its name.</summary>
public sealed record PivotValue(Expr Value, string? Name);

/// <summary>SQL PIVOT.</summary>
public sealed record PivotRelation(Relation In, Seq<Expr> Aggregates, PivotClause Pivot) : Relation;

/// <summary>SQL UNPIVOT and DataFrame unpivot.</summary>
public sealed record Unpivot(Relation In, Seq<Expr>? Ids, Seq<Expr> Values, Seq<string?> Names, string VariableName, string ValueName, bool IncludeNulls) : Relation;

/// <summary>SQL UNPIVOT into several value columns.</summary>
public sealed record UnpivotGroups(Relation In, Seq<Seq<Expr>> Groups, Seq<string?> Names, string VariableName, Seq<string> ValueNames, bool IncludeNulls) : Relation;

/// <summary>Kinds of join.</summary>
public enum JoinKind
{
    Inner,
    Left,
    Right,
    Full,
    Cross,
    LeftSemi,
    LeftAnti,
}

/// <summary>A join.</summary>
public sealed record Join(Relation Left, Relation Right, JoinKind Kind, Expr? On, Seq<string>? Using, bool Natural, bool Lateral) : Relation;

/// <summary>LATERAL VIEW [OUTER] f(..) table AS columns.</summary>
public sealed record LateralView(Relation In, CallExpr Generator, bool Outer, string Name, Seq<string> Columns) : Relation;

/// <summary>ORDER BY.</summary>
public sealed record Sort(Relation In, Seq<SortKey> Keys) : Relation;

/// <summary>LIMIT and OFFSET.</summary>
public sealed record Limit(Relation In, Expr? Count, Expr? Offset) : Relation;

/// <summary>UNION, INTERSECT, EXCEPT.</summary>
public enum SetOperator
{
    Union,
    Intersect,
    Except,
}

/// <summary>A set operation.</summary>
public sealed record SetOperation(SetOperator Operator, bool All, Relation Left, Relation Right, bool ByName = false, bool AllowMissing = false) : Relation;

/// <summary>DISTINCT, or dropDuplicates over columns.</summary>
public sealed record Distinct(Relation In, Seq<string>? Columns) : Relation;

/// <summary>DataFrame drop.</summary>
public sealed record DropColumns(Relation In, Seq<Expr> Columns) : Relation
{
    /// <summary>Names: every column that is called so goes.</summary>
    public Seq<string> Names { get; init; } = [];
}

/// <summary>DataFrame withColumnRenamed.</summary>
public sealed record RenameColumns(Relation In, Seq<KeyValuePair<string, string>> Names) : Relation;

/// <summary>DataFrame toDF(names).</summary>
public sealed record NameColumns(Relation In, Seq<string> Names) : Relation;

/// <summary>TABLESAMPLE and DataFrame sample; a fraction or a number of rows.</summary>
public sealed record Sample(Relation In, double? Fraction, long? Rows, long? Seed) : Relation;

/// <summary>DataFrame na.fill.</summary>
public sealed record FillNulls(Relation In, Seq<KeyValuePair<string?, LiteralExpr>> Values, Seq<string>? Columns) : Relation;

/// <summary>DataFrame na.drop: keeps rows with at least <paramref name="AtLeast"/> values (null: all).</summary>
public sealed record DropNulls(Relation In, int? AtLeast, Seq<string>? Columns) : Relation;

/// <summary>Rows kept by a cache request.</summary>
public sealed record CachedRelation(string Id) : Relation;

/// <summary>repartition, coalesce: no row changes; a write makes so many files.</summary>
public sealed record Repartition(Relation In, int? Partitions) : Relation;

/// <summary>SQL text inside a DataFrame plan.</summary>
public sealed record SqlRelation(string Text, SqlParameters? Parameters = null) : Relation;

/// <summary>Options of a reader or writer: names in any case.</summary>
public sealed class Options(IEnumerable<KeyValuePair<string, string>> values)
{
    private readonly Dictionary<string, string> _values = Fill(values);

    /// <summary>No options.</summary>
    public static readonly Options None = new([]);

    public IEnumerable<KeyValuePair<string, string>> All => _values;

    /// <summary>The value, or null.</summary>
    public string? Get(string name) => _values.GetValueOrDefault(name);

    /// <summary>A boolean option.</summary>
    public bool Flag(string name, bool otherwise = false) => Get(name) is { } text ? string.Equals(text, "true", StringComparison.OrdinalIgnoreCase) : otherwise;

    private static Dictionary<string, string> Fill(IEnumerable<KeyValuePair<string, string>> values)
    {
        Dictionary<string, string> map = new(StringComparer.OrdinalIgnoreCase);
        foreach ((string key, string value) in values)
        {
            map[key] = value;
        }

        return map;
    }
}
