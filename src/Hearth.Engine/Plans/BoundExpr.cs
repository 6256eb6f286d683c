using Hearth.Engine.Types;

namespace Hearth.Engine.Plans;

/// <summary>A column of a bound relation. Its id is unique in a statement, so that every reference is exact.</summary>
/// <param name="Id">Identity.</param>
/// <param name="Name">Name as Spark shows it.</param>
/// <param name="Type">Type.</param>
/// <param name="Nullable">Whether NULL can occur.</param>
/// <param name="Qualifier">Alias or table name parts it can be qualified with.</param>
public sealed record BoundAttribute(long Id, string Name, SparkType Type, bool Nullable, Seq<string> Qualifier)
{
    /// <summary>Its name in the DuckDB statement.</summary>
    public string PhysicalName => $"{Name}#{Id}";

    /// <inheritdoc/>
    public bool Equals(BoundAttribute? other) => other is not null && other.Id == Id;

    /// <inheritdoc/>
    public override int GetHashCode() => Id.GetHashCode();
}

/// <summary>A typed expression over bound columns, with every implicit cast made explicit.</summary>
/// <param name="Type">Spark's result type.</param>
/// <param name="Nullable">Whether it can be NULL.</param>
public abstract record BoundExpr(SparkType Type, bool Nullable);

/// <summary>A column.</summary>
public sealed record BoundColumn(BoundAttribute Attribute) : BoundExpr(Attribute.Type, Attribute.Nullable);

/// <summary>A constant.</summary>
public sealed record BoundLiteral(object? Value, SparkType Type) : BoundExpr(Type, Value is null);

/// <summary>CAST: bad values give NULL, or raise an error when it is strict.</summary>
public sealed record BoundCast(BoundExpr Value, SparkType Type) : BoundExpr(Type, true)
{
    /// <summary>Bad values raise an error: ANSI mode.</summary>
    public bool Strict { get; init; }

    /// <summary>Bad values give NULL in ANSI mode too: try_cast.</summary>
    public bool Lenient { get; init; }
}

/// <summary>A scalar function or operator as a DuckDB template: <c>{0}</c> is the first argument, printed so that it can stand anywhere.</summary>
public sealed record BoundCall(string Template, Seq<BoundExpr> Args, SparkType Type, bool Nullable) : BoundExpr(Type, Nullable);

/// <summary>Searched CASE over branches of one type.</summary>
public sealed record BoundCase(Seq<BoundBranch> Branches, BoundExpr? Else, SparkType Type) : BoundExpr(Type, true);

/// <summary>A branch of CASE.</summary>
public sealed record BoundBranch(BoundExpr When, BoundExpr Then);

/// <summary>IN over values of one type.</summary>
public sealed record BoundIn(BoundExpr Value, Seq<BoundExpr> Items) : BoundExpr(SparkType.Boolean, true);

/// <summary>IN over a query of one column (or a struct of its columns).</summary>
public sealed record BoundInQuery(Seq<BoundExpr> Values, BoundPlan Query) : BoundExpr(SparkType.Boolean, true);

/// <summary>EXISTS.</summary>
public sealed record BoundExists(BoundPlan Query) : BoundExpr(SparkType.Boolean, false);

/// <summary>A query as a value.</summary>
public sealed record BoundScalarQuery(BoundPlan Query) : BoundExpr(Query.Output[0].Type, true);

/// <summary>A function of a higher-order function.</summary>
public sealed record BoundLambda(Seq<string> Parameters, BoundExpr Body) : BoundExpr(Body.Type, Body.Nullable);

/// <summary>A parameter of a lambda, by its name in the DuckDB statement.</summary>
public sealed record BoundLambdaVariable(string Name, SparkType Type) : BoundExpr(Type, true);

/// <summary>One DuckDB aggregate or window function. What Spark needs around it is in the expression that holds it.</summary>
/// <param name="Function">DuckDB's name.</param>
/// <param name="Args">Arguments.</param>
/// <param name="Type">Spark type of the raw result.</param>
/// <param name="Nullable">Whether it can be NULL.</param>
public sealed record BoundAggregate(string Function, Seq<BoundExpr> Args, SparkType Type, bool Nullable = true) : BoundExpr(Type, Nullable)
{
    public bool Distinct { get; init; }

    public BoundExpr? Filter { get; init; }

    public Seq<BoundSortKey> Order { get; init; } = [];

    public bool IgnoreNulls { get; init; }

    /// <summary>Only allowed with OVER.</summary>
    public bool WindowOnly { get; init; }

    /// <summary>Always the frame from the start to the current row (row_number, rank).</summary>
    public bool FixedFrame { get; init; }
}

/// <summary>A function over a window.</summary>
public sealed record BoundWindow(BoundAggregate Function, Seq<BoundExpr> Partition, Seq<BoundSortKey> Order, BoundFrame? Frame) : BoundExpr(Function.Type, Function.Nullable);

/// <summary>A frame; offsets are constants.</summary>
public sealed record BoundFrame(bool Rows, Sql.FrameBoundKind StartKind, BoundExpr? Start, Sql.FrameBoundKind EndKind, BoundExpr? End);

/// <summary>grouping(k) and grouping_id(k..): bits of the keys that a grouping set leaves out.</summary>
public sealed record BoundGrouping(Seq<BoundExpr> Keys, SparkType Type) : BoundExpr(Type, false);

/// <summary>explode and its kin in a select list.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Args">Arguments.</param>
/// <param name="Outer">One row of NULLs instead of none.</param>
/// <param name="Fields">Output columns.</param>
public sealed record BoundGenerator(GeneratorKind Kind, Seq<BoundExpr> Args, bool Outer, Seq<StructField> Fields) : BoundExpr(Fields.Count == 1 ? Fields[0].Type : new StructType(Fields), true);

/// <summary>Generators.</summary>
public enum GeneratorKind
{
    Explode,
    PosExplode,
    Inline,
    Stack,
}

/// <summary>A sort key.</summary>
public sealed record BoundSortKey(BoundExpr Value, bool Ascending, bool NullsFirst);
