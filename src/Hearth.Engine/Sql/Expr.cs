using Hearth.Engine.Types;

namespace Hearth.Engine.Sql;

/// <summary>An expression as written: names and types are not resolved yet. The SQL parser and the DataFrame plan reader both make these.</summary>
public abstract record Expr
{
    /// <summary>Where it stands in the SQL text, if it came from one.</summary>
    public SourcePosition? At { get; init; }
}

/// <summary>A column, possibly qualified, possibly with struct fields: <c>t.a.b</c>.</summary>
/// <param name="Parts">Name parts.</param>
/// <param name="PlanId">The relation a DataFrame column belongs to, or null.</param>
public sealed record ColumnName(Seq<string> Parts, string? PlanId = null) : Expr;

/// <summary><c>*</c>, <c>t.*</c>.</summary>
public sealed record StarExpr(Seq<string> Qualifier) : Expr
{
    /// <summary>EXCEPT: columns that are left out.</summary>
    public Seq<Seq<string>> Except { get; init; } = [];
}

/// <summary>A constant; NULL has type void unless typed.</summary>
public sealed record LiteralExpr(object? Value, SparkType Type) : Expr;

/// <summary>A function or an operator (<c>+</c>, <c>and</c>, <c>like</c>, ..).</summary>
/// <param name="Name">As written.</param>
/// <param name="Args">Arguments.</param>
/// <param name="Distinct">DISTINCT before the arguments.</param>
/// <param name="Filter">FILTER (WHERE ..).</param>
/// <param name="IgnoreNulls">IGNORE NULLS.</param>
/// <param name="Within">WITHIN GROUP (ORDER BY ..).</param>
public sealed record CallExpr(string Name, Seq<Expr> Args, bool Distinct = false, Expr? Filter = null, bool IgnoreNulls = false, Seq<SortKey>? Within = null) : Expr;

/// <summary>A function written without parentheses (<c>current_date</c>): a column of the name comes first.</summary>
public sealed record BareCall(string Name, CallExpr Call) : Expr;

/// <summary><c>name =&gt; value</c> in an argument list.</summary>
public sealed record NamedArgument(string Name, Expr Value) : Expr;

/// <summary>CAST or TRY_CAST.</summary>
public sealed record CastExpr(Expr Value, SparkType Type, bool Try) : Expr;

/// <summary>Searched CASE; the simple form is rewritten by the parser.</summary>
public sealed record CaseExpr(Seq<CaseBranch> Branches, Expr? Else) : Expr;

/// <summary>WHEN .. THEN ..</summary>
public sealed record CaseBranch(Expr When, Expr Then);

/// <summary><c>e AS name</c> or <c>e AS (a, b)</c>.</summary>
public sealed record AliasExpr(Expr Value, Seq<string> Names) : Expr;

/// <summary><c>base[key]</c>.</summary>
public sealed record IndexExpr(Expr Base, Expr Key) : Expr;

/// <summary><c>base.field</c> where base is not a plain name.</summary>
public sealed record FieldExpr(Expr Base, string Field) : Expr;

/// <summary><c>e IN (a, b)</c>.</summary>
public sealed record InExpr(Expr Value, Seq<Expr> Items) : Expr;

/// <summary><c>e IN (query)</c>.</summary>
public sealed record InQueryExpr(Expr Value, Relation Query) : Expr;

/// <summary><c>EXISTS (query)</c>.</summary>
public sealed record ExistsExpr(Relation Query) : Expr;

/// <summary><c>(query)</c> as a value.</summary>
public sealed record ScalarQueryExpr(Relation Query) : Expr;

/// <summary><c>x -&gt; body</c>.</summary>
public sealed record LambdaExpr(Seq<string> Parameters, Expr Body) : Expr;

/// <summary><c>f(..) OVER ..</c>.</summary>
public sealed record WindowExpr(Expr Function, WindowSpec Spec) : Expr;

/// <summary>A window: either a name or its parts.</summary>
public sealed record WindowSpec(string? Name, Seq<Expr> Partition, Seq<SortKey> Order, WindowFrame? Frame)
{
    /// <summary>OVER ().</summary>
    public static readonly WindowSpec Whole = new(null, [], [], null);
}

/// <summary>ROWS or RANGE BETWEEN start AND end.</summary>
public sealed record WindowFrame(bool Rows, FrameBound Start, FrameBound End);

/// <summary>Which edge of a frame.</summary>
public enum FrameBoundKind
{
    UnboundedPreceding,
    Preceding,
    CurrentRow,
    Following,
    UnboundedFollowing,
}

/// <summary>An edge of a frame; <paramref name="Offset"/> with PRECEDING and FOLLOWING.</summary>
public sealed record FrameBound(FrameBoundKind Kind, Expr? Offset = null);

/// <summary>A key of ORDER BY.</summary>
/// <param name="Value">What to sort by.</param>
/// <param name="Ascending">ASC.</param>
/// <param name="NullsFirst">Null: Spark's default (first when ascending).</param>
public sealed record SortKey(Expr Value, bool Ascending = true, bool? NullsFirst = null);

/// <summary>A sort key where a column stands (<c>col.desc()</c> given to a function that sorts).</summary>
public sealed record SortKeyExpr(SortKey Key) : Expr;
