using Hearth.Engine.Sql;
using Hearth.Engine.Types;

namespace Hearth.Engine.Binding;

/// <summary>
/// GROUP BY window(time, width, slide[, start]): a row belongs to several windows, so the relation is first expanded by one row a window
/// (a lateral view with the column <c>window</c>), and the key is that column.
/// </summary>
internal static class TimeWindows
{
    private const string Column = "window";

    /// <summary>The function that gives all windows of a time.</summary>
    public const string Slices = "hearth_windows";

    private static bool Slides(Expr key) => Call(key) is { Args.Count: > 2 } call && call.Name.Equals(Column, StringComparison.OrdinalIgnoreCase);

    private static CallExpr? Call(Expr key) => key switch { CallExpr call => call, AliasExpr { Value: CallExpr call } => call, _ => null };

    /// <summary>A SELECT whose windows are expanded; the same one when it has none that slide.</summary>
    public static Select Expand(Select select) => select.GroupBy is { } groupBy && groupBy.Keys.FirstOrDefault(Slides) is { } key
        ? select with { From = View(select.From, key), GroupBy = groupBy with { Keys = Keys(groupBy.Keys, key) } }
        : select;

    /// <summary>An aggregation whose windows are expanded.</summary>
    public static Aggregate Expand(Aggregate aggregate) => aggregate.Keys.Keys.FirstOrDefault(Slides) is { } key
        ? aggregate with { In = View(aggregate.In, key), Keys = aggregate.Keys with { Keys = Keys(aggregate.Keys.Keys, key) } }
        : aggregate;

    private static LateralView View(Relation from, Expr key)
    {
        CallExpr call = Call(key)!;
        return new LateralView(from, new CallExpr("explode", [new CallExpr(Slices, call.Args) { At = call.At }]) { At = call.At }, false, "", [Column]) { At = call.At };
    }

    private static Seq<Expr> Keys(Seq<Expr> keys, Expr key) => keys.Map(k => ReferenceEquals(k, key) ? k is AliasExpr alias ? alias with { Value = new ColumnName([Column]) } : new ColumnName([Column]) { At = k.At } : k);
}
