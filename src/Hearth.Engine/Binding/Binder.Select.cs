using Hearth.Engine.Plans;
using Hearth.Engine.Sql;
using Hearth.Engine.Types;

namespace Hearth.Engine.Binding;

/// <summary>SELECT: projection, aggregation, HAVING, windows, generators, and ORDER BY over all of them.</summary>
internal sealed partial class Binder
{
    /// <summary>A select item after binding.</summary>
    private sealed record Item(string Name, BoundExpr Value, Seq<string> GeneratorNames);

    private BoundPlan BindSelect(Select select, Seq<SortKey> order, Scope? outer)
    {
        Select expanded = TimeWindows.Expand(SessionWindows.Expand(select));
        return OverFiles(Bind(expanded.From, outer), input => BindSelect(input, expanded, order, outer));
    }

    private BoundPlan BindSelect(BoundPlan input, Select select, Seq<SortKey> order, Scope? outer)
    {
        if (select.Where is not null)
        {
            input = BindFilter(input, select.Where, outer, "WHERE");
        }

        Scope scope = new(input, outer) { LateralAliases = new(StringComparer.OrdinalIgnoreCase), Windows = select.Windows };
        ExpressionBinder binder = new(this, scope);
        GroupingPlan? grouping = select.GroupBy is null ? null : BindGrouping(select.GroupBy, select.Items, binder);
        if (grouping is not null)
        {
            NameTimeWindow(select.GroupBy!, grouping, scope);
            scope = new Scope(input, outer) { LateralAliases = scope.LateralAliases, Windows = select.Windows, GroupingKeys = grouping.Keys };
            binder = new ExpressionBinder(this, scope);
        }

        List<Item> items = BindItems(select.Items, binder);
        CheckPipe(select, items);
        BoundExpr? having = select.Having is null ? null : BindHaving(select.Having, items, input, scope);
        List<BoundSortKey> keys = BindOrder(order, items, input, scope);
        bool aggregates = grouping is not null || select.Aggregates || items.Any(i => i.Value.HasAggregate()) || having is not null;
        BoundPlan plan = input;
        if (aggregates)
        {
            GroupedExpressions grouped = Group(input, grouping ?? new GroupingPlan([], null), [.. items.Select(i => i.Value), .. having is null ? Array.Empty<BoundExpr>() : [having], .. keys.Select(k => k.Value)]);
            plan = grouped.Plan;
            items = [.. items.Select((item, i) => item with { Value = grouped.Rewritten[i] })];
            if (having is not null)
            {
                plan = new BoundFilter(plan, grouped.Rewritten[items.Count]);
            }

            int first = items.Count + (having is null ? 0 : 1);
            keys = [.. keys.Select((key, i) => key with { Value = grouped.Rewritten[first + i] })];
        }

        return Finish(plan, items, keys, select.Distinct);
    }

    private static void CheckPipe(Select select, List<Item> items)
    {
        if (select.Computed > 0 && items.TakeLast(select.Computed).FirstOrDefault(i => !i.Value.HasAggregate()) is { } plain)
        {
            throw new EngineException("PIPE_OPERATOR_AGGREGATE_EXPRESSION_CONTAINS_NO_AGGREGATE_FUNCTION", $"Non-grouping expression `{plain.Name}` is provided as an argument to the |> AGGREGATE pipe operator but does not contain any aggregate function.", hint: "move it to GROUP BY", position: select.At);
        }

        if (select.Pipe && items.Any(i => i.Value.HasAggregate()))
        {
            throw new EngineException("PIPE_OPERATOR_CONTAINS_AGGREGATE_FUNCTION", "Non-grouping expression is provided as an argument to the |> SELECT pipe operator but contains an aggregate function.", hint: "use |> AGGREGATE", position: select.At);
        }
    }

    // GROUP BY window(..) makes a column called window.
    private static void NameTimeWindow(GroupBy groupBy, GroupingPlan grouping, Scope scope)
    {
        for (int i = 0; i < groupBy.Keys.Count && groupBy.Keys.Count == grouping.Keys.Count; i++)
        {
            if (groupBy.Keys[i] is CallExpr call && call.Name.Equals("window", StringComparison.OrdinalIgnoreCase))
            {
                scope.LateralAliases!.TryAdd("window", grouping.Keys[i]);
            }
        }
    }

    /// <summary>Projects, removes duplicates, sorts.</summary>
    private BoundPlan Finish(BoundPlan plan, List<Item> items, List<BoundSortKey> keys, bool distinct)
    {
        (plan, items) = ExpandGenerator(plan, items);
        List<BoundExpr> values = [.. items.Select(i => i.Value)];
        List<BoundAttribute> output = [.. items.Select(i => OutputOf(i, plan))];
        int visible = output.Count;
        List<BoundSortKey> sort = [];
        foreach (BoundSortKey key in keys)
        {
            int index = values.IndexOf(key.Value);
            if (index < 0)
            {
                if (distinct)
                {
                    throw new EngineException("UNRESOLVED_COLUMN.WITHOUT_SUGGESTION", "With SELECT DISTINCT, ORDER BY can only use columns of the select list.");
                }

                index = values.Count;
                values.Add(key.Value);
                output.Add(NewAttribute("_sort", key.Value.Type, key.Value.Nullable));
            }

            sort.Add(key with { Value = new BoundColumn(output[index]) });
        }

        BoundPlan result = new BoundProject(plan, values.ToSeq(), output.ToSeq());
        result = distinct ? new BoundDistinct(result, null) : result;
        result = sort.Count > 0 ? new BoundSort(result, sort.ToSeq()) : result;
        return output.Count == visible ? result : new BoundProject(result, output.Take(visible).Select(a => (BoundExpr)new BoundColumn(a)).ToSeq(), output.Take(visible).ToSeq());
    }

    // A plain column keeps its identity, so that later references by DataFrame still find it.
    private BoundAttribute OutputOf(Item item, BoundPlan plan) => item.Value is BoundColumn column && (plan.Output.Contains(column.Attribute) || plan.Hidden.Contains(column.Attribute)) && string.Equals(column.Attribute.Name, item.Name, StringComparison.OrdinalIgnoreCase)
        ? column.Attribute with { Name = item.Name }
        : NewAttribute(item.Name, item.Value.Type, item.Value.Nullable);

    private static List<Item> BindItems(IEnumerable<Expr> items, ExpressionBinder binder)
    {
        List<Item> bound = [];
        foreach (Expr expr in items)
        {
            if (expr is StarExpr star)
            {
                bound.AddRange(Star(star, binder));
                continue;
            }

            if (expr is AliasExpr alias)
            {
                BoundExpr value = binder.Bind(alias.Value);
                bound.Add(new Item(alias.Names[0], value, alias.Names));
                binder.Scope.LateralAliases?.TryAdd(alias.Names[0], value);
            }
            else
            {
                BoundExpr value = binder.Bind(expr);
                bound.Add(new Item(value is BoundGenerator ? "col" : binder.Pretty(expr, top: true), value, []));
            }
        }

        return bound;
    }

    private static IEnumerable<Item> Star(StarExpr star, ExpressionBinder binder)
    {
        BoundAttribute[] columns = [.. binder.Scope.Star(star.Qualifier)];
        if (columns.Length > 0)
        {
            columns = star.Except.Count == 0 ? columns : [.. LeftOut(star, columns, binder)];
            return columns.Select(c => new Item(c.Name, new BoundColumn(c), []));
        }

        if (star.Qualifier.Count == 0)
        {
            throw new EngineException("INVALID_USAGE_OF_STAR_OR_REGEX", "Cannot expand '*': there is no FROM clause or it has no columns.", position: star.At);
        }

        if (star.Except.Count > 0)
        {
            throw Errors.Unsupported("* EXCEPT (..) of the fields of a struct", star.At);
        }

        // `s.*` over a struct column.
        BoundExpr value = binder.Bind(new ColumnName(star.Qualifier) { At = star.At });
        return value.Type is StructType type
            ? type.Fields.Select(f => new Item(f.Name, Access.Field(value, f.Name, star.At), []))
            : throw Errors.UnresolvedColumn([.. star.Qualifier, "*"], [], star.At);
    }

    private static IEnumerable<BoundAttribute> LeftOut(StarExpr star, BoundAttribute[] columns, ExpressionBinder binder)
    {
        if (binder.Binder.Session.Release.Major < 4)
        {
            throw new EngineException("PARSE_SYNTAX_ERROR", "Syntax error at or near 'EXCEPT': * EXCEPT (..) is Spark 4's.", ErrorKind.ParseException, "choose an emr-8 release, or name the columns", star.At);
        }

        List<BoundAttribute> gone = [];
        foreach (Seq<string> name in star.Except)
        {
            (BoundAttribute Column, int Used) found = binder.Scope.Find(name, star.At) is { } some && columns.Contains(some.Column) ? some : throw Errors.UnresolvedColumn(name, columns.Select(c => c.Name), star.At);
            if (found.Used < name.Count)
            {
                throw Errors.Unsupported("* EXCEPT of a field of a struct", star.At);
            }

            gone.Add(gone.Contains(found.Column) ? throw new EngineException("EXCEPT_OVERLAPPING_COLUMNS", "Columns in an EXCEPT list must be distinct and non-overlapping.", position: star.At) : found.Column);
        }

        return columns.Where(c => !gone.Contains(c));
    }

    private BoundExpr BindHaving(Expr having, List<Item> items, BoundPlan input, Scope scope)
    {
        // Select aliases count in HAVING where no input column has the name.
        Dictionary<string, BoundExpr> aliases = new(StringComparer.OrdinalIgnoreCase);
        foreach (Item item in items)
        {
            aliases.TryAdd(item.Name, item.Value);
        }

        Scope wide = new(input, scope.Outer) { LateralAliases = aliases, Windows = scope.Windows, GroupingKeys = scope.GroupingKeys };
        return new ExpressionBinder(this, wide).BindCondition(having, "HAVING");
    }

    private List<BoundSortKey> BindOrder(Seq<SortKey> order, List<Item> items, BoundPlan input, Scope scope)
    {
        List<BoundSortKey> keys = [];
        if (order.Count == 0)
        {
            return keys;
        }

        // Output names win over input columns in ORDER BY.
        ILookup<string, BoundExpr> outputs = items.ToLookup(i => i.Name, i => i.Value, StringComparer.OrdinalIgnoreCase);
        Dictionary<string, BoundExpr> aliases = items.GroupBy(i => i.Name, StringComparer.OrdinalIgnoreCase).ToDictionary(g => g.Key, g => g.First().Value, StringComparer.OrdinalIgnoreCase);
        Scope wide = new(input, scope.Outer) { LateralAliases = aliases, Windows = scope.Windows, GroupingKeys = scope.GroupingKeys };
        ExpressionBinder binder = new(this, wide);
        IEnumerable<SortKey> all = order is [{ Value: StarExpr } each] ? items.Select((_, i) => each with { Value = new LiteralExpr((long)i + 1, SparkType.Int) }) : order;
        foreach (SortKey key in all)
        {
            bool nullsFirst = key.NullsFirst ?? key.Ascending;
            BoundExpr value;
            if (key.Value is LiteralExpr { Value: long ordinal, Type: var type } && type.IsIntegral)
            {
                value = ordinal >= 1 && ordinal <= items.Count
                    ? items[(int)ordinal - 1].Value
                    : throw new EngineException("ORDER_BY_POS_OUT_OF_RANGE", $"ORDER BY position {ordinal} is not in select list (valid range is [1, {items.Count}]).", position: key.Value.At);
            }
            else if (key.Value is ColumnName { Parts.Count: 1, PlanId: null } name && outputs[name.Parts[0]].Distinct().ToArray() is { Length: > 0 } found)
            {
                value = found.Length == 1 ? found[0] : throw Errors.Ambiguous(name.Parts, found.Select(_ => $"`{name.Parts[0]}`"), name.At);
            }
            else
            {
                value = binder.Bind(key.Value);
            }

            keys.Add(new BoundSortKey(value, key.Ascending, nullsFirst));
        }

        return keys;
    }

    private (BoundPlan Plan, List<Item> Items) ExpandGenerator(BoundPlan plan, List<Item> items)
    {
        Item[] generators = [.. items.Where(i => i.Value is BoundGenerator)];
        if (generators.Length == 0)
        {
            return items.Any(i => i.Value.Has<BoundGenerator>())
                ? throw new EngineException("UNSUPPORTED_GENERATOR.NESTED_IN_EXPRESSIONS", "The generator is not supported: nested in expressions.")
                : (plan, items);
        }

        if (generators.Length > 1)
        {
            throw new EngineException("UNSUPPORTED_GENERATOR.MULTI_GENERATOR", $"The generator is not supported: only one generator allowed per select clause but found {generators.Length}.");
        }

        BoundGenerator generator = (BoundGenerator)generators[0].Value;
        Seq<string> names = generators[0].GeneratorNames;
        if (names.Count > 0 && names.Count != generator.Fields.Count)
        {
            throw new EngineException("UDTF_ALIAS_NUMBER_MISMATCH", $"The number of aliases supplied in the AS clause does not match the number of columns output by the UDTF. Expected {generator.Fields.Count} aliases, but got {string.Join(", ", names)}.");
        }

        Seq<BoundAttribute> generated = generator.Fields.Select((f, i) => NewAttribute(names.Count > 0 ? names[i] : f.Name, f.Type, f.Nullable || generator.Outer)).ToSeq();
        List<Item> expanded = [];
        foreach (Item item in items)
        {
            if (ReferenceEquals(item, generators[0]))
            {
                expanded.AddRange(generated.Select(a => new Item(a.Name, new BoundColumn(a), [])));
            }
            else
            {
                expanded.Add(item);
            }
        }

        return (new BoundGenerate(plan, generator, generated), expanded);
    }

    private BoundPlan BindProject(BoundPlan input, Seq<Expr> items, Scope? outer)
    {
        ExpressionBinder binder = new(this, new Scope(input, outer) { LateralAliases = new(StringComparer.OrdinalIgnoreCase) });
        List<Item> bound = BindItems(items, binder);
        if (!bound.Any(i => i.Value.HasAggregate()))
        {
            return Finish(input, bound, [], distinct: false);
        }

        GroupedExpressions grouped = Group(input, new GroupingPlan([], null), [.. bound.Select(i => i.Value)]);
        return Finish(grouped.Plan, [.. bound.Select((item, i) => item with { Value = grouped.Rewritten[i] })], [], distinct: false);
    }
}
