using Hearth.Engine.Types;

namespace Hearth.Engine.Plans;

/// <summary>Walks over typed expressions.</summary>
internal static class Trees
{
    /// <summary>Rebuilds an expression from the results of <paramref name="map"/> on its children; subqueries stay.</summary>
    public static BoundExpr MapChildren(this BoundExpr node, Func<BoundExpr, BoundExpr> map) => node switch
    {
        BoundCast c => c with { Value = map(c.Value) },
        BoundCall c => c with { Args = c.Args.Map(map) },
        BoundCase c => c with { Branches = c.Branches.Map(b => new BoundBranch(map(b.When), map(b.Then))), Else = c.Else is null ? null : map(c.Else) },
        BoundIn i => i with { Value = map(i.Value), Items = i.Items.Map(map) },
        BoundInQuery q => q with { Values = q.Values.Map(map) },
        BoundLambda l => l with { Body = map(l.Body) },
        BoundAggregate a => a with { Args = a.Args.Map(map), Filter = a.Filter is null ? null : map(a.Filter), Order = a.Order.Map(k => k with { Value = map(k.Value) }) },
        BoundWindow w => w with { Function = (BoundAggregate)w.Function.MapChildren(map), Partition = w.Partition.Map(map), Order = w.Order.Map(k => k with { Value = map(k.Value) }) },
        BoundGenerator g => g with { Args = g.Args.Map(map) },
        BoundGrouping g => g with { Keys = g.Keys.Map(map) },
        _ => node,
    };

    /// <summary>The node and everything below it, outside subqueries.</summary>
    public static IEnumerable<BoundExpr> Walk(this BoundExpr node)
    {
        yield return node;
        foreach (BoundExpr child in Children(node))
        {
            foreach (BoundExpr below in child.Walk())
            {
                yield return below;
            }
        }
    }

    public static IEnumerable<BoundExpr> Children(BoundExpr node) => node switch
    {
        BoundCast c => [c.Value],
        BoundCall c => c.Args,
        BoundCase c => c.Branches.SelectMany(b => (BoundExpr[])[b.When, b.Then]).Concat(c.Else is null ? [] : [c.Else]),
        BoundIn i => [i.Value, .. i.Items],
        BoundInQuery q => q.Values,
        BoundLambda l => [l.Body],
        BoundAggregate a => [.. a.Args, .. a.Filter is null ? Array.Empty<BoundExpr>() : [a.Filter], .. a.Order.Select(k => k.Value)],
        BoundWindow w => [.. w.Function.Args, .. w.Partition, .. w.Order.Select(k => k.Value)],
        BoundGenerator g => g.Args,
        BoundGrouping g => g.Keys,
        _ => [],
    };

    public static bool Has<T>(this BoundExpr node)
        where T : BoundExpr => node.Walk().Any(n => n is T);

    /// <summary>Whether it aggregates rows (an aggregate inside a window does not count, unless below the window's function).</summary>
    public static bool HasAggregate(this BoundExpr node) => node switch
    {
        BoundAggregate => true,
        BoundGrouping => true,
        BoundWindow w => w.Function.Args.Any(HasAggregate) || w.Partition.Any(HasAggregate) || w.Order.Any(k => k.Value.HasAggregate()),
        _ => Children(node).Any(HasAggregate),
    };
}
