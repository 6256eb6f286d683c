using Hearth.Engine.Sql;
using Hearth.Engine.Types;

namespace Hearth.Engine.Plans;

/// <summary>A typed relation: names resolved, columns identified. Immutable.</summary>
/// <param name="Output">Columns in order.</param>
public abstract record BoundPlan(Seq<BoundAttribute> Output)
{
    /// <summary>Columns that only a qualified name reaches: the other side's keys of a join with USING.</summary>
    public virtual Seq<BoundAttribute> Hidden => [];

    /// <summary>The schema that Spark shows.</summary>
    public StructType Schema => new(Output.Map(a => new StructField(a.Name, a.Type, a.Nullable)));
}

/// <summary>A source that DuckDB reads.</summary>
/// <param name="FromSql">What stands after FROM.</param>
/// <param name="Columns">How each output column is computed from the source's columns.</param>
public sealed record BoundScan(string FromSql, Seq<string> Columns, Seq<BoundAttribute> Output) : BoundPlan(Output)
{
    /// <summary>What EXPLAIN shows.</summary>
    public string Label { get; init; } = "";

    /// <summary>The same scan without the files that cannot hold a row for which all given conditions are true; null when it has no such choice.</summary>
    public Func<BoundScan, IReadOnlyList<BoundExpr>, BoundScan>? Narrow { get; init; }

    /// <summary>The source with the names of its files, and the expression of a name as <c>input_file_name()</c> gives it; null for what is no file.</summary>
    public Func<(string FromSql, string Column)>? FileNames { get; init; }

    /// <summary>Gives <see cref="FromSql"/> when the plan is printed, so that no file is looked into that is left out before; null when it is known.</summary>
    public Func<string>? LateFrom { get; init; }

    /// <summary>Paths of the files that are read; null when it reads none.</summary>
    public Func<IReadOnlyList<string>>? Files { get; init; }

    /// <summary>Of Parquet files: the name in them of each output column, empty for one that is not stored; null for other formats.</summary>
    public Seq<string>? Stored { get; init; }
}

/// <summary>One row, no columns.</summary>
public sealed record BoundOneRow() : BoundPlan(Seq<BoundAttribute>.Empty);

/// <summary>No rows.</summary>
public sealed record BoundEmpty(Seq<BoundAttribute> Output) : BoundPlan(Output);

/// <summary>VALUES.</summary>
public sealed record BoundValues(Seq<Seq<BoundExpr>> Rows, Seq<BoundAttribute> Output) : BoundPlan(Output);

/// <summary>SELECT expressions.</summary>
public sealed record BoundProject(BoundPlan In, Seq<BoundExpr> Items, Seq<BoundAttribute> Output) : BoundPlan(Output)
{
    /// <summary>Columns of the input that stay reachable by qualified names.</summary>
    public Seq<BoundAttribute> Kept { get; init; } = [];

    /// <inheritdoc/>
    public override Seq<BoundAttribute> Hidden => Kept;
}

/// <summary>WHERE.</summary>
public sealed record BoundFilter(BoundPlan In, BoundExpr Condition) : BoundPlan(In.Output)
{
    /// <inheritdoc/>
    public override Seq<BoundAttribute> Hidden => In.Hidden;
}

/// <summary>GROUP BY: outputs are the keys, then the aggregates.</summary>
/// <param name="In">Input.</param>
/// <param name="Keys">Grouping expressions.</param>
/// <param name="Aggregates">Aggregates and grouping bits.</param>
/// <param name="Sets">Grouping sets as key indexes, or null for one set of all keys.</param>
/// <param name="Output">Keys, then aggregates.</param>
public sealed record BoundGroup(BoundPlan In, Seq<BoundExpr> Keys, Seq<BoundExpr> Aggregates, Seq<Seq<int>>? Sets, Seq<BoundAttribute> Output) : BoundPlan(Output);

/// <summary>A join; semi and anti joins have the left columns only.</summary>
public sealed record BoundJoin(BoundPlan Left, BoundPlan Right, JoinKind Kind, BoundExpr? On, bool Lateral, Seq<BoundAttribute> Output) : BoundPlan(Output)
{
    /// <inheritdoc/>
    public override Seq<BoundAttribute> Hidden => Kind is JoinKind.LeftSemi or JoinKind.LeftAnti ? Left.Hidden : [.. Left.Hidden, .. Right.Hidden];
}

/// <summary>ORDER BY.</summary>
public sealed record BoundSort(BoundPlan In, Seq<BoundSortKey> Keys) : BoundPlan(In.Output)
{
    /// <inheritdoc/>
    public override Seq<BoundAttribute> Hidden => In.Hidden;
}

/// <summary>LIMIT and OFFSET.</summary>
public sealed record BoundLimit(BoundPlan In, long? Count, long? Offset) : BoundPlan(In.Output);

/// <summary>A set operation over inputs of the same column types, by position.</summary>
public sealed record BoundSetOperation(SetOperator Operator, bool All, BoundPlan Left, BoundPlan Right, Seq<BoundAttribute> Output) : BoundPlan(Output);

/// <summary>DISTINCT; with keys one row for each combination of them.</summary>
public sealed record BoundDistinct(BoundPlan In, Seq<BoundAttribute>? Keys) : BoundPlan(In.Output);

/// <summary>explode and its kin: input columns, then generated ones.</summary>
public sealed record BoundGenerate(BoundPlan In, BoundGenerator Generator, Seq<BoundAttribute> Generated) : BoundPlan([.. In.Output, .. Generated]);

/// <summary>A Bernoulli sample.</summary>
public sealed record BoundSample(BoundPlan In, double Fraction, long? Seed) : BoundPlan(In.Output);

/// <summary>A reference to a common table expression.</summary>
public sealed record BoundWithReference(BoundWithQuery Query, Seq<BoundAttribute> Output) : BoundPlan(Output);

/// <summary>A common table expression, printed once in front of the statement.</summary>
public sealed class BoundWithQuery(string name, BoundPlan plan)
{
    public string Name { get; } = name;

    public BoundPlan Plan { get; } = plan;
}

/// <summary>repartition(n): no row changes.</summary>
public sealed record BoundRepartition(BoundPlan In, int? Partitions) : BoundPlan(In.Output);
