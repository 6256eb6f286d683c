using Hearth.Engine.Types;

namespace Hearth.Engine.Sql;

/// <summary>DECLARE [OR REPLACE] VARIABLE.</summary>
/// <param name="Names">One or more names, possibly qualified with <c>session</c> or <c>system.session</c>.</param>
/// <param name="Type">Null: that of the default.</param>
/// <param name="Default">First value, and what SET .. = DEFAULT goes back to; null is NULL.</param>
/// <param name="Replace">OR REPLACE.</param>
public sealed record DeclareVariable(Seq<Seq<string>> Names, SparkType? Type, Expr? Default, bool Replace) : Statement;

/// <summary>A variable and its new value; null is DEFAULT.</summary>
public sealed record VariableValue(Seq<string> Name, Expr? Value);

/// <summary>SET VARIABLE a = .., b = ..</summary>
public sealed record SetVariables(Seq<VariableValue> Values) : Statement;

/// <summary>SET VARIABLE (a, b) = (query).</summary>
public sealed record SetVariablesFrom(Seq<Seq<string>> Names, Relation Query) : Statement;

/// <summary>DROP TEMPORARY VARIABLE.</summary>
public sealed record DropVariable(Seq<string> Name, bool IfExists) : Statement;

/// <summary>EXECUTE IMMEDIATE text [INTO variables] [USING values].</summary>
public sealed record ExecuteImmediate(Expr Text, Seq<Seq<string>> Into, Seq<Expr> Using) : Statement;

/// <summary>A parameter of a SQL function.</summary>
public sealed record FunctionParameter(string Name, SparkType Type, Expr? Default);

/// <summary>CREATE [TEMPORARY] FUNCTION .. RETURN ..</summary>
/// <param name="Name">Name.</param>
/// <param name="Parameters">Parameters.</param>
/// <param name="Returns">Result type; null: that of the body, or a table.</param>
/// <param name="Table">RETURNS TABLE: its columns, none when they are those of the query. Null for a scalar function.</param>
/// <param name="Body">What RETURN gives: an expression; a query is a <see cref="ScalarQueryExpr"/>.</param>
/// <param name="Text">The whole statement, as the catalog keeps it.</param>
public sealed record CreateFunction(Seq<string> Name, Seq<FunctionParameter> Parameters, SparkType? Returns, StructType? Table, Expr Body, string Text) : Statement
{
    public bool Replace { get; init; }

    public bool IfNotExists { get; init; }

    public bool Temporary { get; init; }
}

/// <summary>DROP [TEMPORARY] FUNCTION.</summary>
public sealed record DropFunction(Seq<string> Name, bool IfExists, bool Temporary) : Statement;

/// <summary>A view of the catalog: it keeps the columns it was made with. Source: Spark's view schema binding (COMPENSATION in Spark 4).</summary>
public sealed record StoredView(Relation In, StructType Schema, string Name) : Relation;

/// <summary>What stands left of the first <c>|&gt;</c>: the pipe syntax is Spark 4's.</summary>
public sealed record PipeInput(Relation In) : Relation;

/// <summary><c>|&gt; SET column = value</c>: the column must be there.</summary>
public sealed record PipeSet(Relation In, string Column, Expr Value) : Relation;

/// <summary><c>|&gt; DROP a, b</c>: the columns must be there.</summary>
public sealed record PipeDrop(Relation In, Seq<string> Columns) : Relation;
