using Hearth.Engine.Functions;
using Hearth.Engine.Plans;
using Hearth.Engine.Sql;
using Hearth.Engine.Types;

namespace Hearth.Engine.Binding;

/// <summary>Functions written in SQL: a call is its body with the arguments in the place of the parameters.</summary>
internal static class SqlFunctions
{
    /// <summary>The function that a statement makes.</summary>
    public static FunctionDefinition Define(CreateFunction function) => new(
        function.Name[^1],
        function.Parameters.Count(p => p.Default is null),
        function.Parameters.Count,
        call => function.Table is null
            ? BindCall(function, call)
            : throw new EngineException("NOT_A_SCALAR_FUNCTION", $"`{function.Name[^1]}` appears as a scalar expression here, but the function was defined as a table function.", hint: "use it in FROM", position: call.At))
    {
        Parameters = [.. function.Parameters.Select(p => p.Name)],
        ShownName = function.Name[^1].ToLowerInvariant(),
        Table = function.Table is null ? null : function,
    };

    /// <summary>Binds the body once with NULL arguments: what is wrong with it is said when the function is made.</summary>
    public static void Check(IBindingEnvironment session, CreateFunction function)
    {
        Binder binder = new(session);
        ExpressionBinder none = new(binder, new Scope([]));
        foreach (FunctionParameter parameter in function.Parameters)
        {
            _ = parameter.Default is null ? null : Argument(none, parameter, parameter.Default);
        }

        Dictionary<string, BoundExpr> nulls = function.Parameters.ToDictionary(p => p.Name, p => (BoundExpr)new BoundLiteral(null, p.Type), StringComparer.OrdinalIgnoreCase);
        if (function.Table is not null)
        {
            _ = Body(binder, function, nulls);
            return;
        }

        _ = Scalar(binder, function, nulls);
    }

    private static BoundExpr BindCall(CreateFunction function, FunctionCall call)
    {
        Dictionary<string, BoundExpr> values = new(StringComparer.OrdinalIgnoreCase);
        for (int i = 0; i < function.Parameters.Count; i++)
        {
            FunctionParameter parameter = function.Parameters[i];
            values[parameter.Name] = call.Has(i) ? call.As(i, parameter.Type) : Argument(new ExpressionBinder(call.Binder.Binder, new Scope([])), parameter, parameter.Default!);
        }

        return Scalar(call.Binder.Binder, function, values);
    }

    private static BoundExpr Scalar(Binder binder, CreateFunction function, Dictionary<string, BoundExpr> values)
    {
        BoundExpr body = binder.Apart(() => new ExpressionBinder(binder, new Scope([]) { Arguments = values, FunctionName = function.Name[^1] }).Bind(function.Body));
        if (body.HasAggregate() && !values.Values.Any(v => v.HasAggregate()))
        {
            throw new EngineException("USER_DEFINED_FUNCTIONS.CANNOT_CONTAIN_COMPLEX_FUNCTIONS", $"SQL scalar function cannot contain aggregate, window or generate functions: `{function.Name[^1]}`.", hint: "put them into a subquery: RETURN (SELECT ..)");
        }

        return function.Returns is null ? body : Cast(binder, body, function.Returns);
    }

    private static BoundExpr Argument(ExpressionBinder binder, FunctionParameter parameter, Expr value) => value is ScalarQueryExpr or ExistsExpr
        ? throw new EngineException("USER_DEFINED_FUNCTIONS.NOT_A_VALID_DEFAULT_EXPRESSION", $"The default of the parameter `{parameter.Name}` must not be a subquery.")
        : Cast(binder.Binder, binder.Bind(value), parameter.Type);

    private static BoundExpr Cast(Binder binder, BoundExpr value, SparkType type) => Casts.Allowed(value.Type, type, binder.Ansi)
        ? binder.Cast(value, type)
        : throw Errors.Mismatch("CAST_WITHOUT_SUGGESTION", $"Cannot resolve the cast: cannot cast {Errors.TypeOf(value.Type)} to {Errors.TypeOf(type)}.", null);

    /// <summary>A call in FROM.</summary>
    public static BoundPlan BindTable(Binder binder, CreateFunction function, FunctionDefinition definition, TableFunction call, Scope? outer)
    {
        CallExpr ordered = NamedArguments.InOrder(new CallExpr(call.Name, call.Args) { At = call.At }, definition);
        if (ordered.Args.Count < definition.Min || ordered.Args.Count > definition.Max)
        {
            throw Errors.WrongArguments(call.Name, definition.Min == definition.Max ? $"{definition.Min}" : $"[{definition.Min}, {definition.Max}]", ordered.Args.Count, call.At);
        }

        ExpressionBinder around = new(binder, new Scope([], outer));
        Dictionary<string, BoundExpr> values = new(StringComparer.OrdinalIgnoreCase);
        for (int i = 0; i < function.Parameters.Count; i++)
        {
            values[function.Parameters[i].Name] = i < ordered.Args.Count ? Argument(around, function.Parameters[i], ordered.Args[i]) : Argument(new ExpressionBinder(binder, new Scope([])), function.Parameters[i], function.Parameters[i].Default!);
        }

        return Body(binder, function, values);
    }

    private static BoundProject Body(Binder binder, CreateFunction function, Dictionary<string, BoundExpr> values)
    {
        Relation query = function.Body is ScalarQueryExpr body ? body.Query : throw new EngineException("USER_DEFINED_FUNCTIONS.SQL_TABLE_UDF_BODY_MUST_BE_A_QUERY", $"SQL table function `{function.Name[^1]}` body must be a query.");
        BoundPlan plan = binder.Apart(() => binder.BindSubquery(query, new Scope([]) { Arguments = values, FunctionName = function.Name[^1] }));
        Seq<StructField> columns = function.Table!.Fields;
        if (columns.Count > 0 && columns.Count != plan.Output.Count)
        {
            throw new EngineException("USER_DEFINED_FUNCTIONS.RETURN_COLUMN_COUNT_MISMATCH", $"The number of columns produced by the RETURN clause (num: `{plan.Output.Count}`) does not match the number of column names specified by the RETURNS clause (num: `{columns.Count}`) of `{function.Name[^1]}`.");
        }

        Seq<BoundExpr> items = plan.Output.Select((a, i) => columns.Count == 0 ? new BoundColumn(a) : Cast(binder, new BoundColumn(a), columns[i].Type)).ToSeq();
        return new BoundProject(plan, items, plan.Output.Select((a, i) => binder.NewAttribute(columns.Count == 0 ? a.Name : columns[i].Name, items[i].Type, nullable: true, [function.Name[^1]])).ToSeq());
    }
}
