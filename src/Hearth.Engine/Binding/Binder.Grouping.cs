using Hearth.Engine.Plans;
using Hearth.Engine.Sql;
using Hearth.Engine.Types;

namespace Hearth.Engine.Binding;

/// <summary>GROUP BY and aggregation.</summary>
internal sealed partial class Binder
{
    /// <param name="Keys">Distinct grouping expressions.</param>
    /// <param name="Sets">Grouping sets as indexes into the keys, or null.</param>
    private sealed record GroupingPlan(Seq<BoundExpr> Keys, Seq<Seq<int>>? Sets);

    /// <param name="Plan">The aggregation.</param>
    /// <param name="Rewritten">The given expressions over its output.</param>
    private sealed record GroupedExpressions(BoundPlan Plan, IReadOnlyList<BoundExpr> Rewritten);

    private GroupingPlan BindGrouping(GroupBy groupBy, Seq<Expr> items, ExpressionBinder binder)
    {
        if (groupBy.Kind == GroupingKind.All)
        {
            Seq<BoundExpr> plain = items.Where(i => i is not StarExpr).Select(i => binder.Bind(i)).Where(e => !e.HasAggregate()).ToSeq();
            return new GroupingPlan(plain, null);
        }

        List<BoundExpr> keys = [];
        int Add(Expr expr)
        {
            BoundExpr key = BindGroupingKey(expr, items, binder);
            int index = keys.IndexOf(key);
            if (index < 0)
            {
                keys.Add(key);
                index = keys.Count - 1;
            }

            return index;
        }

        int[] order = [.. groupBy.Keys.Select(Add)];
        Seq<Seq<int>>? sets = groupBy.Kind switch
        {
            GroupingKind.Rollup => Enumerable.Range(0, order.Length + 1).Select(n => order[..(order.Length - n)].ToSeq()).ToSeq(),
            GroupingKind.Cube => Enumerable.Range(0, 1 << order.Length).Select(mask => order.Where((_, i) => (mask & (1 << (order.Length - 1 - i))) == 0).ToSeq()).ToSeq(),
            GroupingKind.Sets => groupBy.Sets!.Map(set => set.Select(Add).ToSeq()),
            _ => null,
        };
        return new GroupingPlan(keys.ToSeq(), sets);
    }

    private static BoundExpr BindGroupingKey(Expr expr, Seq<Expr> items, ExpressionBinder binder)
    {
        BoundExpr key;
        if (expr is LiteralExpr { Value: long ordinal, Type: var type } && type.IsIntegral)
        {
            if (ordinal < 1 || ordinal > items.Count || items[(int)ordinal - 1] is StarExpr)
            {
                throw new EngineException("GROUP_BY_POS_OUT_OF_RANGE", $"GROUP BY position {ordinal} is not in select list (valid range is [1, {items.Count}]).", position: expr.At);
            }

            key = binder.Bind(items[(int)ordinal - 1]);
        }
        else if (expr is ColumnName { Parts.Count: 1 } name && !binder.Scope.Named(name.Parts[0]).Any()
            && items.OfType<AliasExpr>().FirstOrDefault(a => string.Equals(a.Names[0], name.Parts[0], StringComparison.OrdinalIgnoreCase)) is { } alias)
        {
            key = binder.Bind(alias.Value);
        }
        else
        {
            key = binder.Bind(expr);
        }

        if (key.HasAggregate())
        {
            throw new EngineException("GROUP_BY_AGGREGATE", "Aggregate functions are not allowed in GROUP BY.", position: expr.At);
        }

        return key.Type.Holds(t => t is MapType)
            ? throw new EngineException("GROUP_EXPRESSION_TYPE_IS_NOT_ORDERABLE", $"The expression cannot be used as a grouping expression because its data type {Errors.TypeOf(key.Type)} is not an orderable data type.", position: expr.At)
            : key;
    }

    /// <summary>Builds the aggregation that <paramref name="expressions"/> need and rewrites them over its output.</summary>
    private GroupedExpressions Group(BoundPlan input, GroupingPlan grouping, IReadOnlyList<BoundExpr> expressions)
    {
        Dictionary<BoundExpr, BoundAttribute> columns = [];
        foreach (BoundExpr key in grouping.Keys)
        {
            columns[key] = key is BoundColumn c && grouping.Sets is null ? c.Attribute : NewAttribute(key is BoundColumn n ? n.Attribute.Name : "_key", key.Type, key.Nullable || grouping.Sets is not null);
        }

        List<BoundExpr> aggregates = [];
        List<BoundAttribute> outputs = [.. grouping.Keys.Select(k => columns[k])];
        BoundExpr Rewrite(BoundExpr node)
        {
            if (columns.TryGetValue(node, out BoundAttribute? known))
            {
                return new BoundColumn(known);
            }

            if (node is BoundGrouping && grouping.Sets is null)
            {
                throw new EngineException("UNSUPPORTED_GROUPING_EXPRESSION", "grouping()/grouping_id() can only be used with GroupingSets/Cube/Rollup.");
            }

            if (node is BoundAggregate or BoundGrouping)
            {
                if (node is BoundAggregate { WindowOnly: true } only)
                {
                    throw new EngineException("WINDOW_FUNCTION_WITHOUT_OVER_CLAUSE", $"Window function {only.Function} requires an OVER clause.");
                }

                if (Trees.Children(node).Any(Trees.HasAggregate))
                {
                    throw new EngineException("NESTED_AGGREGATE_FUNCTION", "It is not allowed to use an aggregate function in the argument of another aggregate function.");
                }

                BoundAttribute column = NewAttribute(node is BoundAggregate a ? a.Function : "grouping", node.Type, node.Nullable);
                columns[node] = column;
                aggregates.Add(node);
                outputs.Add(column);
                return new BoundColumn(column);
            }

            if (node is BoundColumn free && input.Output.Contains(free.Attribute))
            {
                throw grouping.Keys.Count == 0
                    ? new EngineException("MISSING_GROUP_BY", $"The query does not include a GROUP BY clause. Add GROUP BY or turn it into the window functions using OVER clauses. Column: `{free.Attribute.Name}`.")
                    : new EngineException("MISSING_AGGREGATION", $"The non-aggregating expression \"{free.Attribute.Name}\" is based on columns which are not participating in the GROUP BY clause. Add the columns or the expression to the GROUP BY, aggregate the expression, or use \"any_value({free.Attribute.Name})\" if you do not care which of the values within a group is returned.");
            }

            if (node is BoundWindow window)
            {
                // The window's own function is not an aggregate of the group; its arguments and keys may hold some.
                return window with
                {
                    Function = (BoundAggregate)window.Function.MapChildren(Rewrite),
                    Partition = window.Partition.Map(Rewrite),
                    Order = window.Order.Map(k => k with { Value = Rewrite(k.Value) }),
                };
            }

            return node.MapChildren(Rewrite);
        }

        List<BoundExpr> rewritten = [.. expressions.Select(Rewrite)];
        BoundGroup group = new(input, grouping.Keys, aggregates.ToSeq(), grouping.Sets, outputs.ToSeq());
        return new GroupedExpressions(group, rewritten);
    }

    private BoundPlan BindAggregate(Aggregate aggregate, Scope? outer)
    {
        Aggregate expanded = TimeWindows.Expand(SessionWindows.Expand(aggregate));
        return OverFiles(Bind(expanded.In, outer), input => BindAggregate(input, expanded, outer));
    }

    private BoundPlan BindAggregate(BoundPlan input, Aggregate aggregate, Scope? outer)
    {
        Scope scope = new(input, outer);
        ExpressionBinder binder = new(this, scope);
        GroupingPlan grouping = BindGrouping(aggregate.Keys, [], binder);
        Expr[] keys = [.. aggregate.Keys.Keys.DistinctBy(k => binder.Bind(k))];
        if (aggregate.Pivot is { } pivot)
        {
            return PivotOver(input, aggregate.Keys, aggregate.Items, pivot, outer);
        }

        ExpressionBinder items = new(this, new Scope(input, outer) { GroupingKeys = grouping.Keys });
        // A cast names a selected column, but not a key of a DataFrame's groups.
        List<Item> bound = BindItems([.. keys.Select(k => k is CastExpr ? new AliasExpr(k, [items.Pretty(k)]) : k), .. aggregate.Items], items);
        GroupedExpressions grouped = Group(input, grouping, [.. bound.Select(i => i.Value)]);
        return Finish(grouped.Plan, [.. bound.Select((item, i) => item with { Value = grouped.Rewritten[i] })], [], distinct: false);
    }
}
