using Hearth.Engine.Plans;
using Hearth.Engine.Sql;
using Hearth.Engine.Types;

namespace Hearth.Engine.Binding;

/// <summary>Turns a relation as written into a typed plan. One instance binds one statement.</summary>
internal sealed partial class Binder(IBindingEnvironment session)
{
    private const int MaxViewDepth = 100;

    private readonly Dictionary<string, Seq<BoundAttribute>> _outputs = new(StringComparer.Ordinal);
    private WithScope? _with;
    private long _nextId;
    private int _viewDepth;

    /// <summary>A common table expression; it is bound when it is first named, and sees only those before it.</summary>
    private sealed record WithScope(NamedQuery Definition, Scope? Around, WithScope? Outer)
    {
        public BoundWithQuery? Bound { get; set; }
    }

    public IBindingEnvironment Session { get; } = session;

    /// <summary>Whether values that do not fit raise errors (<c>spark.sql.ansi.enabled</c>).</summary>
    public bool Ansi { get; } = string.Equals(session.Conf("spark.sql.ansi.enabled"), "true", StringComparison.OrdinalIgnoreCase);

    /// <summary>The value as a type, an error where it does not fit in ANSI mode.</summary>
    public BoundExpr Cast(BoundExpr value, SparkType type) => Ansi ? ExpressionBinder.Strict(value.To(type)) : value.To(type);

    /// <summary>Set when an expression asks for the names of files that its input does not carry yet.</summary>
    public bool FileNameWanted { get; set; }

    /// <summary>Whether something bound so far asked for more than one partition: the engine has one, so the number of a row's partition is not known.</summary>
    public bool IsPartitioned { get; private set; }

    public long NextId() => ++_nextId;

    public BoundAttribute NewAttribute(string name, SparkType type, bool nullable, Seq<string>? qualifier = null) => new(NextId(), name, type, nullable, qualifier ?? []);

    public Seq<BoundAttribute>? OutputOf(string planId) => _outputs.GetValueOrDefault(planId);

    /// <summary>Binds a whole query.</summary>
    /// <exception cref="EngineException">Analysis fails.</exception>
    public BoundPlan Bind(Relation relation) => Bind(relation, null);

    /// <summary>Binds a query that may use columns of the scope around it.</summary>
    public BoundPlan BindSubquery(Relation relation, Scope outer)
    {
        CheckNested(relation, _with);
        return Bind(relation, outer);
    }

    private BoundPlan Bind(Relation relation, Scope? outer)
    {
        BoundPlan plan;
        try
        {
            plan = BindCore(relation, outer);
        }
        catch (EngineException error) when (error.Position is null && relation.At is not null)
        {
            throw error.At(relation.At);
        }

        if (relation.PlanId is { } id)
        {
            _outputs[id] = plan.Output;
        }

        return plan;
    }

    private BoundPlan BindCore(Relation relation, Scope? outer) => relation switch
    {
        OneRow => new BoundOneRow(),
        TableName name => BindTable(name, outer),
        TimeTravel travel => BindTravel(travel),
        FileRelation files => Session.ScanFiles(files, this),
        RangeRelation range => BindRange(range.Start, range.End, range.Step),
        LocalRelation rows => Session.ScanRows(rows, this),
        InlineValues values => BindValues(values, outer),
        TableFunction function => BindTableFunction(function, outer),
        Aliased alias => BindAliased(alias, outer),
        WithQueries with => BindWith(with, outer),
        Select select => BindSelect(select, [], outer),
        Sort { In: Select select } sort => BindSelect(select, sort.Keys, outer),
        Sort sort => BindSort(sort, outer),
        Filter filter => OverFiles(Bind(filter.In, outer), input => BindFilterOver(input, filter.Condition, outer)),
        Join join => BindJoin(join, outer),
        LateralView view => BindLateralView(view, outer),
        Limit limit => BindLimit(limit, outer),
        SetOperation operation => BindSetOperation(operation, outer),
        PivotRelation pivot => BindPivot(pivot, outer),
        Unpivot unpivot => BindUnpivot(unpivot, outer),
        UnpivotGroups groups => BindUnpivotGroups(groups, outer),
        Project project => OverFiles(Bind(project.In, outer), input => BindProject(input, project.Items, outer)),
        Aggregate aggregate => BindAggregate(aggregate, outer),
        SqlRelation sql => BindSql(sql, outer),
        CachedRelation cached => Session.ScanCache(cached.Id, this),
        Sample sample => BindSample(sample, outer),
        Repartition repartition => BindRepartition(repartition, outer),
        StoredView view => BindStored(view),
        PipeInput or PipeSet or PipeDrop => BindPipe(relation, outer),
        _ => BindShape(relation, outer),
    };

    private BoundRepartition BindRepartition(Repartition repartition, Scope? outer)
    {
        BoundPlan input = Bind(repartition.In, outer);
        IsPartitioned |= repartition.Partitions > 1;
        return new BoundRepartition(input, repartition.Partitions);
    }

    // Binds over an input; once more over one that carries the names of its files when an expression wants them.
    private BoundPlan OverFiles(BoundPlan input, Func<BoundPlan, BoundPlan> bind)
    {
        bool wanted = FileNameWanted;
        FileNameWanted = false;
        try
        {
            return bind(input);
        }
        catch (EngineException) when (FileNameWanted && FileNames.Reach(input, this) is not null)
        {
            BoundPlan bound = bind(FileNames.Reach(input, this)!);
            return bound.Hidden.Count == 0 ? bound : new BoundProject(bound, bound.Output.Map(a => (BoundExpr)new BoundColumn(a)), bound.Output);
        }
        finally
        {
            FileNameWanted = wanted;
        }
    }

    private BoundPlan BindSql(SqlRelation sql, Scope? outer) => SqlParser.ParseStatement(sql.Text, sql.Parameters) is QueryStatement query
        ? Bind(query.Query, outer)
        : throw Errors.Unsupported("a command inside a DataFrame plan");

    private BoundPlan BindTable(TableName name, Scope? outer)
    {
        if (name.Parts.Count == 1)
        {
            for (WithScope? with = _with; with is not null; with = with.Outer)
            {
                if (string.Equals(with.Definition.Name, name.Parts[0], StringComparison.OrdinalIgnoreCase))
                {
                    BoundWithQuery query = with.Bound ??= BindNamed(with);
                    Seq<BoundAttribute> output = query.Plan.Output.Map(a => NewAttribute(a.Name, a.Type, a.Nullable, [with.Definition.Name]));
                    return new BoundWithReference(query, output);
                }
            }
        }

        if (Session.FindView(name.Parts) is { } view)
        {
            return Qualify(BindView(view), [name.Parts[^1]]);
        }

        if (Session.ScanTable(name.Parts, this) is { } table)
        {
            return table;
        }

        if (name.Parts.Count == 2 && name.Parts[0].ToLowerInvariant() is "parquet" or "csv" or "json" or "text" or "delta" or "orc" or "avro")
        {
            if (name.Parts[1].Length == 0)
            {
                throw new EngineException("INVALID_EMPTY_LOCATION", "The location name cannot be empty string, but `` was given.", position: name.At);
            }

            return Session.ScanFiles(new FileRelation(name.Parts[0].ToLowerInvariant(), [name.Parts[1]], null, Options.None), this);
        }

        throw Errors.TableNotFound(name.Parts, Session.RelationNames, name.At);
    }

    private BoundPlan BindTravel(TimeTravel travel)
    {
        ExpressionBinder binder = new(this, new Scope([]));
        return Session.ScanVersion(travel.Table.Parts, travel.Version is { } v ? binder.Bind(v).To(SparkType.Long) : null, travel.Timestamp is { } t ? binder.Bind(t).To(SparkType.Timestamp) : null, this)
            ?? throw Errors.TableNotFound(travel.Table.Parts, Session.RelationNames, travel.At);
    }

    // A view is bound with nothing of the statement that names it.
    private BoundPlan BindView(Relation view)
    {
        return Apart(() => Bind(view, null));
    }

    /// <summary>Binds the body of a function with nothing of the statement that calls it.</summary>
    public T Apart<T>(Func<T> bind)
    {
        WithScope? saved = _with;
        _with = null;
        if (++_viewDepth > MaxViewDepth)
        {
            throw new EngineException("VIEW_EXCEED_MAX_NESTED_DEPTH", "The depth of nested views and functions exceeds 100.");
        }

        try
        {
            return bind();
        }
        finally
        {
            _with = saved;
            _viewDepth--;
        }
    }

    private static BoundPlan Requalify(BoundPlan plan, Seq<BoundAttribute> output) => plan switch
    {
        BoundScan p => p with { Output = output },
        { Hidden.Count: > 0 } => new BoundProject(plan, plan.Output.Map(a => (BoundExpr)new BoundColumn(a)), output),
        BoundProject p => p with { Output = output },
        BoundValues p => p with { Output = output },
        BoundWithReference p => p with { Output = output },
        BoundJoin p => p with { Output = output },
        BoundGroup p => p with { Output = output },
        BoundSetOperation p => p with { Output = output },
        _ => new BoundProject(plan, plan.Output.Map(a => (BoundExpr)new BoundColumn(a)), output),
    };

    /// <summary>The same relation under an alias: same columns, other qualifier.</summary>
    private static BoundPlan Qualify(BoundPlan plan, Seq<string> qualifier) => Requalify(plan, plan.Output.Map(a => a with { Qualifier = qualifier }));

    private BoundPlan BindAliased(Aliased alias, Scope? outer)
    {
        BoundPlan plan = Bind(alias.In, outer);
        if (alias.Columns.Count == 0)
        {
            return Qualify(plan, [alias.Name]);
        }

        return Rename(plan, alias.Columns, [alias.Name]);
    }

    private BoundProject Rename(BoundPlan plan, Seq<string> names, Seq<string> qualifier)
    {
        if (names.Count != plan.Output.Count)
        {
            throw new EngineException("ASSIGNMENT_ARITY_MISMATCH", $"Number of column aliases does not match number of columns. Number of column aliases: {names.Count}; number of columns: {plan.Output.Count}.");
        }

        Seq<BoundAttribute> output = plan.Output.Zip(names, (a, name) => NewAttribute(name, a.Type, a.Nullable, qualifier)).ToSeq();
        return new BoundProject(plan, plan.Output.Map(a => (BoundExpr)new BoundColumn(a)), output);
    }

    private BoundPlan BindWith(WithQueries with, Scope? outer)
    {
        WithScope? saved = _with;
        try
        {
            if (with.Queries.Where(q => !q.IsView).GroupBy(q => q.Name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Count() > 1) is { } twice)
            {
                throw new EngineException("DUPLICATED_CTE_NAMES", $"CTE definition can't have duplicate names: `{twice.Key}`.", ErrorKind.ParseException, position: with.At);
            }

            List<WithScope> written = [];
            foreach (NamedQuery query in with.Queries)
            {
                _with = new WithScope(query, outer, _with);
                written.Add(_with);
            }

            BoundPlan body = Bind(with.Body, outer);
            foreach (WithScope unused in written.Where(w => w.Bound is null && !w.Definition.IsView))
            {
                _ = BindNamed(unused);
            }

            return body;
        }
        finally
        {
            _with = saved;
        }
    }

    // Spark 3 does not guess which of two queries of one name a WITH at the start of an inner query means. Source: CTESubstitution, spark.sql.legacy.ctePrecedencePolicy.
    private void CheckNested(Relation inner, WithScope? around)
    {
        if (inner is not WithQueries with || (Session.Conf("spark.sql.legacy.ctePrecedencePolicy") ?? (Session.Release.Major >= 4 ? "CORRECTED" : "EXCEPTION")) != "EXCEPTION")
        {
            return;
        }

        for (WithScope? outer = around; outer is not null; outer = outer.Outer)
        {
            if (!outer.Definition.IsView && with.Queries.FirstOrDefault(q => !q.IsView && string.Equals(outer.Definition.Name, q.Name, StringComparison.OrdinalIgnoreCase)) is { } same)
            {
                throw new EngineException("AMBIGUOUS_ALIAS_IN_NESTED_CTE", $"Name `{same.Name}` is ambiguous in nested CTE. Please set \"spark.sql.legacy.ctePrecedencePolicy\" to \"CORRECTED\" so that name defined in inner CTE takes precedence.");
            }
        }
    }

    private BoundWithQuery BindNamed(WithScope with)
    {
        WithScope? saved = _with;
        _with = with.Outer;
        try
        {
            CheckNested(with.Definition.Query, _with);
            BoundPlan plan = Bind(with.Definition.Query, with.Around);
            plan = with.Definition.Columns.Count == 0 ? plan : Rename(plan, with.Definition.Columns, []);
            return new BoundWithQuery($"{with.Definition.Name}#{NextId()}", plan);
        }
        finally
        {
            _with = saved;
        }
    }

    private BoundScan BindRange(long start, long end, long step)
    {
        if (step == 0)
        {
            throw new EngineException("DATATYPE_MISMATCH.SEQUENCE_WRONG_INPUT_TYPES", "The step of range cannot be 0.");
        }

        return new BoundScan(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"range({start}, {end}, {step}) r(id)"), ["r.id"], [NewAttribute("id", SparkType.Long, nullable: false)])
        {
            Label = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"Range ({start}, {end}, step={step})"),
        };
    }

    private BoundPlan BindTableFunction(TableFunction function, Scope? outer)
    {
        if (Session.FindFunction(function.Name) is { Table: { } table } definition)
        {
            return SqlFunctions.BindTable(this, table, definition, function, outer);
        }

        if (function.Name.Equals("range", StringComparison.OrdinalIgnoreCase))
        {
            ExpressionBinder binder = new(this, new Scope([], outer));
            long[] args = [.. function.Args.Select(a => binder.Bind(a).To(SparkType.Long) is BoundLiteral { Value: long n } ? n : throw Errors.Unsupported("range() with arguments that are not constants", a.At))];
            return args.Length switch
            {
                1 => BindRange(0, args[0], 1),
                2 => BindRange(args[0], args[1], 1),
                3 or 4 => BindRange(args[0], args[1], args[2]),
                _ => throw Errors.WrongArguments("range", "[1, 4]", args.Length, function.At),
            };
        }

        // explode(..), inline(..), stack(..) in FROM.
        return BindSelect(new Select([new CallExpr(function.Name, function.Args) { At = function.At }], new OneRow(), null, null, null, Distinct: false, []), [], outer);
    }

    private BoundValues BindValues(InlineValues values, Scope? outer)
    {
        ExpressionBinder binder = new(this, new Scope([], outer));
        int width = values.Rows[0].Count;
        Seq<Seq<BoundExpr>> rows = values.Rows.Map(row => row.Count == width
            ? row.Map(binder.Bind)
            : throw new EngineException("INVALID_INLINE_TABLE.NUM_COLUMNS_MISMATCH", $"Inline table expected {width} columns but found {row.Count} columns in a row."));
        SparkType[] types = new SparkType[width];
        for (int i = 0; i < width; i++)
        {
            int column = i;
            types[i] = Coercion.Common(rows.Select(r => r[column].Type), Ansi)
                ?? throw new EngineException("INVALID_INLINE_TABLE.INCOMPATIBLE_TYPES_IN_INLINE_TABLE", $"Found incompatible types in column {i + 1} of the inline table.");
        }

        Seq<Seq<BoundExpr>> typed = rows.Map(row => row.Select((value, i) => Cast(value, types[i])).ToSeq());
        Seq<BoundAttribute> output = types.Select((type, i) => NewAttribute($"col{i + 1}", type, rows.Any(r => r[i].Nullable))).ToSeq();
        return new BoundValues(typed, output);
    }

    private BoundFilter BindFilter(BoundPlan input, Expr condition, Scope? outer, string clause)
    {
        BoundExpr bound = new ExpressionBinder(this, new Scope(input, outer)).BindCondition(condition, clause);
        if (bound.HasAggregate() || bound.Has<BoundWindow>())
        {
            throw new EngineException("INVALID_WHERE_CONDITION", $"The {clause} condition contains an aggregate or window function.", position: condition.At);
        }

        return new BoundFilter(input, bound);
    }

    // A DataFrame filter may use columns that the projection below it left out.
    private BoundPlan BindFilterOver(BoundPlan input, Expr condition, Scope? outer)
    {
        try
        {
            return BindFilter(input, condition, outer, "WHERE");
        }
        catch (EngineException error) when (error.ErrorClass.StartsWith("UNRESOLVED_COLUMN", StringComparison.Ordinal) && input is BoundProject)
        {
            BoundProject project = (BoundProject)input;
            BoundAttribute[] hidden = [.. project.In.Output.Where(a => !project.Output.Contains(a))];
            BoundProject wide = new(project.In, [.. project.Items, .. hidden.Select(a => new BoundColumn(a))], [.. project.Output, .. hidden]);
            BoundFilter filter = BindFilter(wide, condition, outer, "WHERE");
            return new BoundProject(filter, project.Output.Map(a => (BoundExpr)new BoundColumn(a)), project.Output);
        }
    }

    private BoundLimit BindLimit(Limit limit, Scope? outer) => new(Bind(limit.In, outer), Constant(limit.Count, "limit"), Constant(limit.Offset, "offset"));

    // Whole numbers of constants: LIMIT 2 + 1.
    private static BoundExpr Folded(BoundExpr value) => Functions.JavaArithmetic.Native(value) is BoundCall { Args.Count: 2 } call && Folded(call.Args[0]) is BoundLiteral { Value: long a } && Folded(call.Args[1]) is BoundLiteral { Value: long b }
        ? call.Template switch
        {
            "({0} + {1})" => new BoundLiteral(a + b, call.Type),
            "({0} - {1})" => new BoundLiteral(a - b, call.Type),
            "({0} * {1})" => new BoundLiteral(a * b, call.Type),
            _ => value,
        }
        : value;

    private long? Constant(Expr? expr, string name)
    {
        if (expr is null)
        {
            return null;
        }

        return Folded(new ExpressionBinder(this, new Scope([])).Bind(expr)) switch
        {
            BoundLiteral { Value: long n and >= 0 } => n,
            BoundLiteral { Value: long } => throw new EngineException("INVALID_LIMIT_LIKE_EXPRESSION.IS_NEGATIVE", $"The {name} expression must be equal to or greater than 0.", position: expr.At),
            _ => throw new EngineException("INVALID_LIMIT_LIKE_EXPRESSION.DATA_TYPE", $"The {name} expression must be an integer constant.", position: expr.At),
        };
    }

    private BoundPlan BindSort(Sort sort, Scope? outer)
    {
        BoundPlan input = Bind(sort.In, outer);
        return sort.Keys is [{ Value: StarExpr } each]
            ? new BoundSort(input, input.Output.Map(a => new BoundSortKey(new BoundColumn(a), each.Ascending, each.NullsFirst ?? each.Ascending)))
            : SortOver(input, sort.Keys, outer);
    }

    /// <summary>Sorts; keys that the output lacks are taken from the input of a projection.</summary>
    private BoundPlan SortOver(BoundPlan input, Seq<SortKey> keys, Scope? outer)
    {
        List<BoundSortKey> bound = [];
        List<BoundExpr> hidden = [];
        List<BoundAttribute> hiddenColumns = [];
        foreach (SortKey key in keys)
        {
            SortKey plain = key.Value is SortKeyExpr inner ? inner.Key : key;
            BoundSortKey item = BindKey(input, plain, outer, hidden, hiddenColumns);
            bound.Add(item);
        }

        if (hidden.Count == 0)
        {
            return new BoundSort(input, bound.ToSeq());
        }

        BoundProject project = (BoundProject)input;
        BoundProject wide = new(project.In, [.. project.Items, .. hidden], [.. project.Output, .. hiddenColumns]);
        return new BoundProject(new BoundSort(wide, bound.ToSeq()), input.Output.Map(a => (BoundExpr)new BoundColumn(a)), input.Output);
    }

    private BoundSortKey BindKey(BoundPlan input, SortKey key, Scope? outer, List<BoundExpr> hidden, List<BoundAttribute> hiddenColumns)
    {
        bool nullsFirst = key.NullsFirst ?? key.Ascending;
        if (key.Value is LiteralExpr { Value: long ordinal })
        {
            return ordinal >= 1 && ordinal <= input.Output.Count
                ? new BoundSortKey(new BoundColumn(input.Output[(int)ordinal - 1]), key.Ascending, nullsFirst)
                : throw new EngineException("ORDER_BY_POS_OUT_OF_RANGE", $"ORDER BY position {ordinal} is not in select list (valid range is [1, {input.Output.Count}]).", position: key.Value.At);
        }

        try
        {
            BoundExpr value = new ExpressionBinder(this, new Scope(input, outer)).Bind(key.Value);
            return new BoundSortKey(value, key.Ascending, nullsFirst);
        }
        catch (EngineException) when (input is BoundProject)
        {
            BoundExpr value = new ExpressionBinder(this, new Scope(((BoundProject)input).In.Output, outer)).Bind(key.Value);
            BoundAttribute column = NewAttribute("_sort", value.Type, value.Nullable);
            hidden.Add(value);
            hiddenColumns.Add(column);
            return new BoundSortKey(new BoundColumn(column), key.Ascending, nullsFirst);
        }
    }

    private BoundPlan BindSample(Sample sample, Scope? outer)
    {
        BoundPlan input = Bind(sample.In, outer);
        return sample.Rows is { } rows ? new BoundLimit(input, rows, null) : new BoundSample(input, sample.Fraction!.Value, sample.Seed);
    }
}
