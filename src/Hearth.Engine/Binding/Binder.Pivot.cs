using Hearth.Engine.Plans;
using Hearth.Engine.Sql;
using Hearth.Engine.Types;

namespace Hearth.Engine.Binding;

/// <summary>PIVOT as conditional aggregates, UNPIVOT as a generator.</summary>
internal sealed partial class Binder
{
    private BoundPlan BindPivot(PivotRelation pivot, Scope? outer)
    {
        BoundPlan input = Bind(pivot.In, outer);
        ExpressionBinder binder = new(this, new Scope(input, outer));
        HashSet<BoundAttribute> used = [.. pivot.Aggregates.Concat(pivot.Pivot.Columns).Select(binder.Bind).SelectMany(e => e.Walk()).OfType<BoundColumn>().Select(c => c.Attribute)];
        Seq<Expr> keys = input.Output.Where(a => !used.Contains(a)).Select(a => (Expr)new ColumnName([a.Name])).ToSeq();
        return PivotOver(input, new GroupBy(keys), pivot.Aggregates, pivot.Pivot, outer);
    }

    private BoundPlan PivotOver(BoundPlan input, GroupBy keys, Seq<Expr> aggregates, PivotClause pivot, Scope? outer)
    {
        ExpressionBinder binder = new(this, new Scope(input, outer));
        GroupingPlan grouping = BindGrouping(keys, [], binder);
        BoundExpr[] columns = [.. pivot.Columns.Select(binder.Bind)];
        List<Item> items = BindItems(keys.Keys, binder);
        foreach (PivotValue value in pivot.Values)
        {
            BoundExpr matches = Matches(columns, value, binder);
            foreach (Expr aggregate in aggregates)
            {
                string name = PivotName(value, aggregate, aggregates.Count, binder);
                BoundExpr bound = binder.Bind(aggregate is AliasExpr alias ? alias.Value : aggregate);
                items.Add(new Item(name, Conditional(bound, matches), []));
            }
        }

        GroupedExpressions grouped = Group(input, grouping, [.. items.Select(i => i.Value)]);
        return Finish(grouped.Plan, [.. items.Select((item, i) => item with { Value = grouped.Rewritten[i] })], [], distinct: false);
    }

    private static BoundExpr Matches(BoundExpr[] columns, PivotValue value, ExpressionBinder binder)
    {
        Expr[] parts = columns.Length == 1 ? [value.Value] : value.Value is CallExpr { Name: "struct" } tuple ? [.. tuple.Args] : [value.Value];
        if (parts.Length != columns.Length)
        {
            throw new EngineException("PIVOT_VALUE_DATA_TYPE_MISMATCH", "A pivot value must have as many parts as there are pivot columns.");
        }

        if (columns.FirstOrDefault(c => c.Type is MapType) is { } map)
        {
            throw new EngineException("INCOMPARABLE_PIVOT_COLUMN", $"Invalid pivot column: columns of type {Errors.TypeOf(map.Type)} cannot be compared.");
        }

        if (parts.Select(binder.Bind).Any(p => p.Has<BoundColumn>()))
        {
            throw new EngineException("NON_LITERAL_PIVOT_VALUES", $"Literal expressions required for pivot values, found \"{binder.Pretty(value.Value)}\".", position: value.Value.At);
        }

        return columns.Zip(parts, (column, part) => (BoundExpr)new BoundCall("({0} IS NOT DISTINCT FROM {1})", [column, binder.Bind(part).To(column.Type)], SparkType.Boolean, false))
            .Aggregate((a, b) => new BoundCall("({0} AND {1})", [a, b], SparkType.Boolean, false));
    }

    // An empty cell is NULL in Spark, also for count.
    private static BoundExpr Conditional(BoundExpr aggregate, BoundExpr matches)
    {
        BoundExpr Filtered(BoundExpr node) => node is BoundAggregate leaf
            ? leaf with { Filter = leaf.Filter is null ? matches : new BoundCall("({0} AND {1})", [leaf.Filter, matches], SparkType.Boolean, true) }
            : node.MapChildren(Filtered);
        BoundAggregate rows = new("count", [], SparkType.Long, Nullable: false) { Filter = matches };
        BoundExpr any = new BoundCall("({0} > 0)", [rows], SparkType.Boolean, false);
        return new BoundCase([new BoundBranch(any, Filtered(aggregate))], null, aggregate.Type);
    }

    private static string PivotName(PivotValue value, Expr aggregate, int aggregates, ExpressionBinder binder)
    {
        string name = value.Name ?? (value.Value is CallExpr { Name: "struct" } tuple
            ? "{" + string.Join(", ", tuple.Args.Select(a => binder.Pretty(a))) + "}"
            : value.Value is LiteralExpr { Value: null } ? "null" : binder.Pretty(value.Value));
        return aggregates == 1 ? name : $"{name}_{(aggregate is AliasExpr alias ? alias.Names[0] : binder.Pretty(aggregate))}";
    }

    private BoundPlan BindUnpivot(Unpivot unpivot, Scope? outer)
    {
        BoundPlan input = Bind(unpivot.In, outer);
        ExpressionBinder binder = new(this, new Scope(input, outer));
        BoundExpr[] values = [.. unpivot.Values.Select(binder.Bind)];
        SparkType type = Coercion.Common(values.Select(v => v.Type), Ansi)
            ?? throw new EngineException("UNPIVOT_VALUE_DATA_TYPE_MISMATCH", "Unpivot value columns must share a least common type.", position: unpivot.At);
        HashSet<BoundAttribute> moved = [.. values.OfType<BoundColumn>().Select(c => c.Attribute)];
        BoundAttribute[] ids = unpivot.Ids is { } wanted
            ? [.. wanted.Select(e => ((BoundColumn)binder.Bind(e)).Attribute)]
            : [.. input.Output.Where(a => !moved.Contains(a))];
        List<BoundExpr> rows = [new BoundLiteral((long)values.Length, SparkType.Int)];
        for (int i = 0; i < values.Length; i++)
        {
            rows.Add(new BoundLiteral(unpivot.Names[i] ?? binder.Pretty(unpivot.Values[i]), SparkType.String));
            rows.Add(values[i].To(type));
        }

        BoundGenerator stack = new(GeneratorKind.Stack, rows.ToSeq(), false, [new StructField(unpivot.VariableName, SparkType.String, false), new StructField(unpivot.ValueName, type)]);
        Seq<BoundAttribute> generated = stack.Fields.Map(f => NewAttribute(f.Name, f.Type, f.Nullable));
        BoundPlan plan = new BoundGenerate(input, stack, generated);
        if (!unpivot.IncludeNulls)
        {
            plan = new BoundFilter(plan, new BoundCall("({0} IS NOT NULL)", [new BoundColumn(generated[1])], SparkType.Boolean, false));
        }

        BoundAttribute[] output = [.. ids, .. generated];
        return new BoundProject(plan, output.Select(a => (BoundExpr)new BoundColumn(a)).ToSeq(), output.ToSeq());
    }

    private BoundProject BindUnpivotGroups(UnpivotGroups unpivot, Scope? outer)
    {
        BoundPlan input = Bind(unpivot.In, outer);
        ExpressionBinder binder = new(this, new Scope(input, outer));
        BoundExpr[][] groups = [.. unpivot.Groups.Select(g => g.Select(binder.Bind).ToArray())];
        SparkType[] types = [.. unpivot.ValueNames.Select((_, i) => Coercion.Common(groups.Select(g => g[i].Type), Ansi)
            ?? throw new EngineException("UNPIVOT_VALUE_DATA_TYPE_MISMATCH", "Unpivot value columns must share a least common type.", position: unpivot.At))];
        HashSet<BoundAttribute> moved = [.. groups.SelectMany(g => g).OfType<BoundColumn>().Select(c => c.Attribute)];
        List<BoundExpr> rows = [new BoundLiteral((long)groups.Length, SparkType.Int)];
        for (int i = 0; i < groups.Length; i++)
        {
            rows.Add(new BoundLiteral(unpivot.Names[i] ?? string.Join('_', unpivot.Groups[i].Select(e => binder.Pretty(e))), SparkType.String));
            rows.AddRange(groups[i].Select((v, at) => v.To(types[at])));
        }

        Seq<StructField> fields = [new StructField(unpivot.VariableName, SparkType.String, false), .. unpivot.ValueNames.Select((n, i) => new StructField(n, types[i]))];
        BoundGenerator stack = new(GeneratorKind.Stack, rows.ToSeq(), false, fields);
        Seq<BoundAttribute> generated = fields.Map(f => NewAttribute(f.Name, f.Type, f.Nullable));
        BoundPlan plan = new BoundGenerate(input, stack, generated);
        if (!unpivot.IncludeNulls)
        {
            // A row goes when all its values are NULL.
            string any = string.Join(" OR ", Enumerable.Range(0, types.Length).Select(i => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{{{i}}} IS NOT NULL")));
            plan = new BoundFilter(plan, new BoundCall($"({any})", generated.Skip(1).Select(a => (BoundExpr)new BoundColumn(a)).ToSeq(), SparkType.Boolean, false));
        }

        BoundAttribute[] output = [.. input.Output.Where(a => !moved.Contains(a)), .. generated];
        return new BoundProject(plan, output.Select(a => (BoundExpr)new BoundColumn(a)).ToSeq(), output.ToSeq());
    }
}
