using Hearth.Engine.Plans;
using Hearth.Engine.Sql;
using Hearth.Engine.Types;

namespace Hearth.Engine.Binding;

/// <summary>DataFrame operations that change columns or drop rows.</summary>
internal sealed partial class Binder
{
    private BoundPlan BindShape(Relation relation, Scope? outer) => relation switch
    {
        WithColumns with => OverFiles(Bind(with.In, outer), input => BindWithColumns(input, with, outer)),
        Distinct distinct => BindDistinct(distinct, outer),
        DropColumns drop => BindDrop(drop, outer),
        RenameColumns rename => BindRename(rename, outer),
        NameColumns names => Rename(Bind(names.In, outer), names.Names, []),
        FillNulls fill => BindFill(fill, outer),
        DropNulls drop => BindDropNulls(drop, outer),
        _ => throw Errors.Unsupported(relation.GetType().Name, relation.At),
    };

    private BoundPlan BindWithColumns(BoundPlan input, WithColumns with, Scope? outer)
    {
        ExpressionBinder binder = new(this, new Scope(input, outer));
        List<Item> items = [.. input.Output.Select(a => new Item(a.Name, new BoundColumn(a), []))];
        foreach (AliasExpr alias in with.Items)
        {
            BoundExpr value = binder.Bind(alias.Value);
            Item item = new(alias.Names[0], value, alias.Names);
            if (!items.Any(i => Same(i.Name, item.Name)))
            {
                items.Add(item);
                continue;
            }

            items = [.. items.Select(i => Same(i.Name, item.Name) ? item : i)];
        }

        if (items.Any(i => i.Value.HasAggregate()))
        {
            throw new EngineException("MISSING_GROUP_BY", "withColumn cannot use an aggregate function without a window.");
        }

        return Finish(input, items, [], distinct: false);
    }

    private BoundPlan BindDistinct(Distinct distinct, Scope? outer)
    {
        BoundPlan input = Bind(distinct.In, outer);
        if (distinct.Columns is null)
        {
            return new BoundDistinct(input, null);
        }

        Scope scope = new(input, outer);
        return new BoundDistinct(input, distinct.Columns.SelectMany(name => scope.Named(name) is var found && found.Any() ? found : throw Errors.UnresolvedColumn([name], input.Output.Select(a => a.Name), null)).ToSeq());
    }

    // Dropping a column that is not there is no error in Spark; a column (not a name) that several are meant by is one.
    private BoundPlan BindDrop(DropColumns drop, Scope? outer)
    {
        BoundPlan input = Bind(drop.In, outer);
        HashSet<BoundAttribute> dropped = [.. input.Output.Where(a => drop.Names.Any(name => Same(a.Name, name)))];
        foreach (Expr expr in drop.Columns)
        {
            if (expr is ColumnName name && TryBind(name, input, outer) is BoundColumn column)
            {
                dropped.Add(column.Attribute);
            }
        }

        BoundAttribute[] kept = [.. input.Output.Where(a => !dropped.Contains(a))];
        return new BoundProject(input, kept.Select(a => (BoundExpr)new BoundColumn(a)).ToSeq(), kept.ToSeq());
    }

    private BoundExpr? TryBind(ColumnName name, BoundPlan input, Scope? outer)
    {
        try
        {
            return new ExpressionBinder(this, new Scope(input, outer)).Bind(name);
        }
        catch (EngineException error) when (error.ErrorClass.StartsWith("UNRESOLVED_COLUMN", StringComparison.Ordinal))
        {
            return null;
        }
    }

    private BoundProject BindRename(RenameColumns rename, Scope? outer)
    {
        BoundPlan input = Bind(rename.In, outer);
        Seq<BoundAttribute> output = input.Output.Map(a => rename.Names.FirstOrDefault(n => Same(n.Key, a.Name)) is { Key: not null } pair
            ? NewAttribute(pair.Value, a.Type, a.Nullable)
            : a);
        return new BoundProject(input, input.Output.Map(a => (BoundExpr)new BoundColumn(a)), output);
    }

    private BoundPlan BindFill(FillNulls fill, Scope? outer)
    {
        BoundPlan input = Bind(fill.In, outer);
        List<Item> items = [];
        foreach (BoundAttribute column in input.Output)
        {
            LiteralExpr? value = fill.Values.FirstOrDefault(v => v.Key is null ? Fills(v.Value.Type, column, fill.Columns) : Same(v.Key, column.Name)).Value;
            BoundExpr own = new BoundColumn(column);
            BoundExpr filled = value is null ? own : new BoundCall("coalesce({0}, {1})", [own, new BoundLiteral(value.Value, value.Type).To(column.Type)], column.Type, false);
            items.Add(new Item(column.Name, column.Type.IsFractional && value is not null ? NanAsNull(own, filled) : filled, []));
        }

        return Finish(input, items, [], distinct: false);
    }

    private static BoundExpr NanAsNull(BoundExpr own, BoundExpr filled) =>
        new BoundCall("coalesce(CASE WHEN isnan({0}) THEN NULL ELSE {0} END, {1})", [own, ((BoundCall)filled).Args[1]], own.Type, false);

    // A value fills only columns of its own family: numbers, strings, booleans.
    private static bool Fills(SparkType value, BoundAttribute column, Seq<string>? columns) =>
        (columns is null || columns.Any(c => Same(c, column.Name)))
        && ((value.IsNumeric && column.Type.IsNumeric) || (value == SparkType.String && column.Type == SparkType.String) || (value == SparkType.Boolean && column.Type == SparkType.Boolean));

    private BoundFilter BindDropNulls(DropNulls drop, Scope? outer)
    {
        BoundPlan input = Bind(drop.In, outer);
        BoundAttribute[] columns = drop.Columns is { } names
            ? [.. names.Select(n => input.Output.FirstOrDefault(a => Same(a.Name, n)) ?? throw Errors.UnresolvedColumn([n], input.Output.Select(a => a.Name), null))]
            : [.. input.Output];
        BoundExpr Present(BoundAttribute a) => a.Type.IsFractional
            ? new BoundCall("CAST(({0} IS NOT NULL AND NOT isnan({0})) AS INTEGER)", [new BoundColumn(a)], SparkType.Int, false)
            : new BoundCall("CAST(({0} IS NOT NULL) AS INTEGER)", [new BoundColumn(a)], SparkType.Int, false);
        int least = drop.AtLeast ?? columns.Length;
        BoundExpr sum = columns.Select(Present).Aggregate((BoundExpr)new BoundLiteral(0L, SparkType.Int), (a, b) => new BoundCall("({0} + {1})", [a, b], SparkType.Int, false));
        return new BoundFilter(input, new BoundCall("({0} >= {1})", [sum, new BoundLiteral((long)least, SparkType.Int)], SparkType.Boolean, false));
    }
}
