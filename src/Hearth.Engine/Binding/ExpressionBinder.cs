using Hearth.Engine.Formatting;
using Hearth.Engine.Functions;
using Hearth.Engine.Plans;
using Hearth.Engine.Sql;
using Hearth.Engine.Types;

namespace Hearth.Engine.Binding;

/// <summary>Resolves and types the expressions of one scope.</summary>
internal sealed partial class ExpressionBinder(Binder binder, Scope scope)
{
    private readonly List<(string Name, BoundLambdaVariable Variable)> _lambdas = [];
    private int _depth;

    public Binder Binder { get; } = binder;

    public Scope Scope { get; } = scope;

    /// <summary>Whether values that do not fit raise errors (<c>spark.sql.ansi.enabled</c>).</summary>
    public bool Ansi => Binder.Ansi;

    /// <summary>Types an expression.</summary>
    /// <exception cref="EngineException">A name, type or argument is wrong.</exception>
    public BoundExpr Bind(Expr expr)
    {
        _depth++;
        try
        {
            BoundExpr bound = BindCore(expr);
            return Ansi && _depth == 1 ? Strict(bound) : bound;
        }
        catch (EngineException error) when (error.Position is null && expr.At is not null)
        {
            throw error.At(expr.At);
        }
        finally
        {
            _depth--;
        }
    }

    // ANSI mode: every cast, also an implicit one, raises an error for what does not fit.
    public static BoundExpr Strict(BoundExpr node)
    {
        BoundExpr inner = node.MapChildren(Strict);
        return inner is BoundCast { Lenient: false } cast ? cast with { Strict = true } : inner;
    }

    /// <summary>Types a condition.</summary>
    public BoundExpr BindCondition(Expr expr, string clause)
    {
        BoundExpr bound = Bind(expr);
        return bound.Type == SparkType.Boolean || bound.Type == SparkType.Void || bound.Type == SparkType.String
            ? bound.To(SparkType.Boolean)
            : throw Errors.Mismatch("FILTER_NOT_BOOLEAN", $"The {clause} expression must be a boolean, but it is {Errors.TypeOf(bound.Type)}.", expr.At);
    }

    public BoundSortKey BindSortKey(SortKey key) => new(Bind(key.Value), key.Ascending, key.NullsFirst ?? key.Ascending);

    private BoundExpr BindCore(Expr expr) => expr switch
    {
        ColumnName name => BindName(name),
        LiteralExpr literal => BindLiteral(literal),
        AliasExpr alias => Bind(alias.Value),
        NamedArgument argument => Bind(argument.Value),
        CastExpr cast => BindCast(cast),
        CaseExpr choice => BindCase(choice),
        CallExpr call => BindCall(call),
        BareCall bare => Scope.Find([bare.Name], bare.At) is null ? BindCall(bare.Call) : BindName(new ColumnName([bare.Name]) { At = bare.At }),
        IndexExpr index => Access.Index(Bind(index.Base), Bind(index.Key), Ansi),
        FieldExpr field => Access.Field(Bind(field.Base), field.Field, field.At),
        InExpr choice => BindIn(choice),
        InQueryExpr query => BindInQuery(query),
        ExistsExpr exists => new BoundExists(Binder.BindSubquery(exists.Query, Scope)),
        ScalarQueryExpr query => BindScalarQuery(query),
        WindowExpr window => BindWindow(window),
        SortKeyExpr key => Bind(key.Key.Value),
        StarExpr => throw new EngineException("INVALID_USAGE_OF_STAR_OR_REGEX", "Invalid usage of '*' in expression.", position: expr.At),
        LambdaExpr => throw new EngineException("INVALID_LAMBDA_FUNCTION_CALL.NON_HIGHER_ORDER_FUNCTION", "A lambda function should only be used in a higher order function.", position: expr.At),
        _ => throw Errors.Unsupported(expr.GetType().Name, expr.At),
    };

    private BoundExpr BindName(ColumnName name)
    {
        if (name.PlanId is { } planId)
        {
            return BindPlanColumn(name, planId);
        }

        for (int i = _lambdas.Count - 1; i >= 0; i--)
        {
            if (string.Equals(_lambdas[i].Name, name.Parts[0], StringComparison.OrdinalIgnoreCase))
            {
                return Fields(_lambdas[i].Variable, name.Parts, 1, name.At);
            }
        }

        if (Scope.Find(name.Parts, name.At) is { } found)
        {
            return Fields(new BoundColumn(found.Column), name.Parts, found.Used, name.At);
        }

        if (Scope.LateralAliases is { } aliases && aliases.TryGetValue(name.Parts[0], out BoundExpr? alias))
        {
            return Fields(alias, name.Parts, 1, name.At);
        }

        if (Scope.Argument(name.Parts) is { } argument)
        {
            return Fields(argument.Value, name.Parts, argument.Used, name.At);
        }

        for (Scope? outer = Scope.Outer; outer is not null; outer = outer.Outer)
        {
            if (outer.Argument(name.Parts) is { } around)
            {
                return Fields(around.Value, name.Parts, around.Used, name.At);
            }

            if (outer.Find(name.Parts, name.At) is { } correlated)
            {
                return Fields(new BoundColumn(correlated.Column), name.Parts, correlated.Used, name.At);
            }
        }

        if (Binder.Session.FindVariable(name.Parts) is { } variable)
        {
            return Fields(variable.Value, name.Parts, variable.Used, name.At);
        }

        throw Errors.UnresolvedColumn(name.Parts, Scope.Columns.Select(c => c.Qualifier.Count == 0 ? c.Name : $"{c.Qualifier[^1]}.{c.Name}"), name.At);
    }

    private BoundExpr BindPlanColumn(ColumnName name, string planId)
    {
        Seq<BoundAttribute>? own = Binder.OutputOf(planId);
        if (own is not null && new Scope(own).Find(name.Parts, name.At) is { } found)
        {
            if (Scope.Columns.Contains(found.Column) || Scope.Hidden.Contains(found.Column))
            {
                return Fields(new BoundColumn(found.Column), name.Parts, found.Used, name.At);
            }
        }

        // The column was replaced on the way (withColumn, aggregation): Spark falls back to the name.
        return BindName(name with { PlanId = null });
    }

    private static BoundExpr Fields(BoundExpr value, Seq<string> parts, int used, SourcePosition? at)
    {
        for (int i = used; i < parts.Count; i++)
        {
            value = Access.Field(value, parts[i], at);
        }

        return value;
    }

    private BoundLiteral BindLiteral(LiteralExpr literal)
    {
        if (literal is { Value: SparkInterval, At: not null } && literal.Type == SparkType.CalendarInterval)
        {
            throw new EngineException("_LEGACY_ERROR_TEMP_0029", "Cannot mix year-month and day-time fields in an interval literal.", ErrorKind.ParseException, "write two literals, or use make_interval()", literal.At);
        }

        if (literal.Value is not LiteralText { Text: var text })
        {
            return new BoundLiteral(literal.Value, literal.Type);
        }

        object? value = literal.Type == SparkType.Date ? DateTimeReader.Date(text) is { } days ? new SparkDate(days) : null
            : literal.Type == SparkType.TimestampNtz ? DateTimeReader.LocalMicros(text) is { } local ? new SparkTimestampNtz(local) : null
            : DateTimeReader.Instant(text, Binder.Session.Zone) is { } instant ? new SparkTimestamp(instant) : null;
        return value is not null
            ? new BoundLiteral(value, literal.Type)
            : throw new EngineException("INVALID_TYPED_LITERAL", $"The value of the typed literal {Errors.TypeOf(literal.Type)} is invalid: '{text}'.", ErrorKind.ParseException, position: literal.At);
    }

    private BoundExpr BindCast(CastExpr cast)
    {
        BoundExpr value = Bind(cast.Value);
        if (!Casts.Allowed(value.Type, cast.Type, Ansi))
        {
            throw Errors.Mismatch("CAST_WITHOUT_SUGGESTION", $"Cannot resolve the cast: cannot cast {Errors.TypeOf(value.Type)} to {Errors.TypeOf(cast.Type)}.", cast.At);
        }

        return Coercion.SameLayout(value.Type, cast.Type) ? value
            : value is BoundLiteral { Value: null } ? new BoundLiteral(null, cast.Type)
            : new BoundCast(value, cast.Type) { Lenient = cast.Try, Nullable = value.Nullable || cast.Try || !Coercion.IsUpCast(value.Type, cast.Type) };
    }

    private BoundCase BindCase(CaseExpr choice)
    {
        BoundExpr[] conditions = [.. choice.Branches.Select(b => BindCondition(b.When, "WHEN"))];
        BoundExpr[] values = [.. choice.Branches.Select(b => Bind(b.Then))];
        BoundExpr? otherwise = choice.Else is null ? null : Bind(choice.Else);
        SparkType type = Unify(otherwise is null ? values : [.. values, otherwise], "CASE", choice.At);
        Seq<BoundBranch> branches = conditions.Zip(values, (when, then) => new BoundBranch(when, then.To(type))).ToSeq();
        return new BoundCase(branches, otherwise?.To(type), type) { Nullable = otherwise is null || otherwise.Nullable || values.Any(v => v.Nullable) };
    }

    /// <summary>The common type of several values.</summary>
    public SparkType Unify(IReadOnlyList<BoundExpr> values, string name, SourcePosition? at) =>
        Coercion.Common(values.Select(v => v.Type), Ansi) ?? throw Errors.Mismatch(
            "DATA_DIFF_TYPES",
            $"Cannot resolve \"{name}\" due to data type mismatch: Input to `{name.ToLowerInvariant()}` should all be the same type, but it's ({string.Join(" or ", values.Select(v => Errors.TypeOf(v.Type)))}).",
            at);

    private BoundExpr BindIn(InExpr choice)
    {
        BoundExpr value = Bind(choice.Value);
        BoundExpr[] items = [.. choice.Items.Select(Bind)];
        SparkType type = items.Length == 1
            ? Coercion.ForComparison(value.Type, items[0].Type, Ansi) ?? Unify([value, .. items], "IN", choice.At)
            : Unify([value, .. items], "IN", choice.At);
        return new BoundIn(value.To(type), items.Select(i => i.To(type)).ToSeq()) { Nullable = value.Nullable || items.Any(i => i.Nullable) };
    }

    private BoundInQuery BindInQuery(InQueryExpr choice)
    {
        BoundPlan query = Binder.BindSubquery(choice.Query, Scope);
        Seq<BoundExpr> values = choice.Value is CallExpr { Name: "struct", Args: { Count: > 1 } parts } && query.Output.Count == parts.Count
            ? parts.Map(Bind)
            : [Bind(choice.Value)];
        if (values.Count != query.Output.Count)
        {
            throw Errors.Mismatch("IN_SUBQUERY_LENGTH_MISMATCH", $"The number of columns in the left hand side of an IN subquery ({values.Count}) does not match the number of columns in the output of subquery ({query.Output.Count}).", choice.At);
        }

        List<BoundExpr> left = [], right = [];
        foreach ((BoundExpr value, BoundAttribute column) in values.Zip(query.Output))
        {
            SparkType type = Coercion.ForComparison(value.Type, column.Type, Ansi)
                ?? throw Errors.Mismatch("IN_SUBQUERY_DATA_TYPE_MISMATCH", $"The data type {Errors.TypeOf(value.Type)} cannot be compared with {Errors.TypeOf(column.Type)} of the subquery.", choice.At);
            left.Add(value.To(type));
            right.Add(Binder.Cast(new BoundColumn(column), type));
        }

        if (right.Any(r => r is not BoundColumn))
        {
            query = new BoundProject(query, right.ToSeq(), right.Select(r => Binder.NewAttribute("v", r.Type, true)).ToSeq());
        }

        return new BoundInQuery(left.ToSeq(), query);
    }

    private BoundScalarQuery BindScalarQuery(ScalarQueryExpr expr)
    {
        BoundPlan query = Binder.BindSubquery(expr.Query, Scope);
        return query.Output.Count == 1
            ? new BoundScalarQuery(query)
            : throw new EngineException("INVALID_SUBQUERY_EXPRESSION.SCALAR_SUBQUERY_RETURN_MORE_THAN_ONE_OUTPUT_COLUMN", $"Scalar subquery must return only one column, but got {query.Output.Count}.", position: expr.At);
    }

    private BoundExpr BindCall(CallExpr call)
    {
        FunctionDefinition definition = Binder.Session.FindFunction(call.Name) ?? FunctionTable.Find(call.Name) ?? throw Unknown(call);
        OrderedSets.Check(call);
        CheckCount(call);
        FunctionCall bound = new(NamedArguments.InOrder(ExpandStars(call), definition), this, definition);
        BoundExpr result = definition.Bind(bound);
        if (!definition.Aggregate)
        {
            return call.Distinct || call.Filter is not null || call.IgnoreNulls
                ? throw new EngineException("INVALID_SQL_SYNTAX.FUNCTION_WITH_UNSUPPORTED_SYNTAX", $"The function `{call.Name}` does not support DISTINCT, FILTER or IGNORE NULLS.", position: call.At)
                : result;
        }

        BoundExpr? filter = call.Filter is null ? null : BindCondition(call.Filter, "FILTER");
        return OnAggregates(result, leaf => leaf with { Distinct = leaf.Distinct || call.Distinct, Filter = And(leaf.Filter, filter), IgnoreNulls = leaf.IgnoreNulls || call.IgnoreNulls });
    }

    private static EngineException Unknown(CallExpr call) => UnsupportedFunctions.All.TryGetValue(call.Name, out string? why)
        ? Errors.Unsupported($"{call.Name.ToLowerInvariant()}() ({why})", call.At)
        : Errors.UnresolvedRoutine(call.Name, FunctionTable.Names, call.At);

    private static void CheckCount(CallExpr call)
    {
        if (call.Name.Equals("count", StringComparison.OrdinalIgnoreCase) && call.Args is [StarExpr { Qualifier.Count: > 0 } star])
        {
            throw new EngineException("_LEGACY_ERROR_TEMP_1021", $"count({string.Join('.', star.Qualifier)}.*) is not allowed. Please use count(*) or expand the columns manually, e.g. count(col1, col2).", position: call.At);
        }
    }

    // struct(*), hash(*), concat_ws('-', *): a star in a call is the columns; count(*) is not.
    private CallExpr ExpandStars(CallExpr call) =>
        !call.Args.Any(a => a is StarExpr) || (call is { Args: [StarExpr { Qualifier.Count: 0 }], Distinct: false } && call.Name.Equals("count", StringComparison.OrdinalIgnoreCase))
        ? call
        : call with { Args = call.Args.SelectMany(a => a is StarExpr star ? Expanded(star) : [a]).ToSeq() };

    private IEnumerable<Expr> Expanded(StarExpr star)
    {
        if (star.Except.Count > 0)
        {
            throw Errors.Unsupported("* EXCEPT (..) inside a function", star.At);
        }

        BoundAttribute[] columns = [.. Scope.Star(star.Qualifier)];
        if (columns.Length > 0 || star.Qualifier.Count == 0)
        {
            return columns.Select(c => (Expr)new ColumnName([.. c.Qualifier, c.Name]));
        }

        // s.* over a struct column.
        ColumnName name = new(star.Qualifier) { At = star.At };
        return Bind(name).Type is StructType type
            ? type.Fields.Select(f => (Expr)new FieldExpr(name, f.Name) { At = star.At })
            : throw Errors.UnresolvedColumn([.. star.Qualifier, "*"], [], star.At);
    }

    private static BoundExpr? And(BoundExpr? a, BoundExpr? b) => a is null ? b : b is null ? a : new BoundCall("({0} AND {1})", [a, b], SparkType.Boolean, true);

    // Stops at aggregates: their arguments are not aggregates of this call.
    private static BoundExpr OnAggregates(BoundExpr node, Func<BoundAggregate, BoundExpr> map) =>
        node is BoundAggregate leaf ? map(leaf) : node.MapChildren(child => OnAggregates(child, map));

    /// <summary>Types the body of a lambda with its parameters.</summary>
    public BoundLambda BindLambda(Expr expr, SourcePosition? at, params ReadOnlySpan<SparkType> types)
    {
        if (expr is not LambdaExpr lambda)
        {
            throw new EngineException("DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE", "A lambda function is required here.", position: at);
        }

        if (lambda.Parameters.Count > types.Length)
        {
            throw new EngineException("INVALID_LAMBDA_FUNCTION_CALL.NUM_ARGS_MISMATCH", $"A higher order function expects {types.Length} arguments, but got {lambda.Parameters.Count}.", position: at);
        }

        List<string> names = [];
        for (int i = 0; i < lambda.Parameters.Count; i++)
        {
            string physical = $"{lambda.Parameters[i]}#{Binder.NextId()}";
            names.Add(physical);
            _lambdas.Add((lambda.Parameters[i], new BoundLambdaVariable(physical, types[i])));
        }

        BoundExpr body = Bind(lambda.Body);
        _lambdas.RemoveRange(_lambdas.Count - lambda.Parameters.Count, lambda.Parameters.Count);
        return new BoundLambda(names.ToSeq(), body);
    }
}
