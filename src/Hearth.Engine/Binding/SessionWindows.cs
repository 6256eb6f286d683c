using Hearth.Engine.Sql;
using Hearth.Engine.Types;

namespace Hearth.Engine.Binding;

/// <summary>
/// GROUP BY session_window(time, gap): rows whose times lie at most the gap apart belong together. The relation first gets a column <c>session_window</c>
/// (where a session begins, how many began so far, first and last time of each), and the key is that column. Source: Spark's MergingSessionsIterator.
/// </summary>
internal static class SessionWindows
{
    private const string Column = "session_window";
    private const string Starts = "__session_starts";
    private const string Number = "__session_number";

    /// <summary>A SELECT over rows with their sessions; the same one when it groups by none.</summary>
    public static Select Expand(Select select) => select.GroupBy is { } groupBy && Find(groupBy) is { } call
        ? select with { From = With(select.Where is { } where ? new Filter(select.From, where) : select.From, call, groupBy), Where = null, GroupBy = Keys(groupBy), Items = select.Items.Map(Replace), Having = select.Having is { } having ? Replace(having) : null }
        : select;

    /// <summary>An aggregation over rows with their sessions.</summary>
    public static Aggregate Expand(Aggregate aggregate) => Find(aggregate.Keys) is { } call
        ? aggregate with { In = With(aggregate.In, call, aggregate.Keys), Keys = Keys(aggregate.Keys), Items = aggregate.Items.Map(Replace) }
        : aggregate;

    private static bool Is(Expr expr) => expr is CallExpr call && call.Name.Equals(Column, StringComparison.OrdinalIgnoreCase);

    private static CallExpr? Find(GroupBy groupBy) => groupBy.Keys.Select(k => k is AliasExpr alias ? alias.Value : k).FirstOrDefault(Is) as CallExpr;

    private static GroupBy Keys(GroupBy groupBy) => groupBy.Kind == GroupingKind.GroupBy
        ? groupBy with { Keys = groupBy.Keys.Map(Replace) }
        : throw Errors.Unsupported("session_window() in ROLLUP, CUBE or GROUPING SETS");

    private static Expr Replace(Expr expr) => expr switch
    {
        _ when Is(expr) => new ColumnName([Column]) { At = expr.At },
        AliasExpr alias => alias with { Value = Replace(alias.Value) },
        FieldExpr field => field with { Base = Replace(field.Base) },
        CastExpr cast => cast with { Value = Replace(cast.Value) },
        CallExpr call => call with { Args = call.Args.Map(Replace) },
        _ => expr,
    };

    private static Relation With(Relation from, CallExpr call, GroupBy groupBy)
    {
        if (call.Args.Count != 2)
        {
            throw Errors.WrongArguments(Column, "2", call.Args.Count, call.At);
        }

        Seq<Expr> others = groupBy.Keys.Select(k => k is AliasExpr alias ? alias.Value : k).Where(k => !Is(k)).ToSeq();
        if (others.Any(k => k is LiteralExpr))
        {
            throw Errors.Unsupported("session_window() beside a position or a constant in GROUP BY", call.At, "name the columns");
        }

        Expr gap = Gap(call), time = new CastExpr(call.Args[0], SparkType.Timestamp, Try: false) { At = call.At };
        WindowSpec ordered = new(null, others, [new SortKey(time)], null), session = new(null, [.. others, new ColumnName([Number])], [], null);
        WindowFrame soFar = new(Rows: true, new FrameBound(FrameBoundKind.UnboundedPreceding), new FrameBound(FrameBoundKind.CurrentRow));
        Expr last = new CallExpr("+", [new WindowExpr(new CallExpr("lag", [time]), ordered), gap]);
        Expr starts = new CallExpr("if", [new CallExpr(">", [time, last]), new LiteralExpr(1L, SparkType.Int), new LiteralExpr(0L, SparkType.Int)]);
        Expr number = new WindowExpr(new CallExpr("sum", [new ColumnName([Starts])]), ordered with { Frame = soFar });
        Expr first = new WindowExpr(new CallExpr("min", [time]), session), end = new CallExpr("+", [new WindowExpr(new CallExpr("max", [time]), session), gap]);
        Expr window = new CallExpr("named_struct", [new LiteralExpr("start", SparkType.String), first, new LiteralExpr("end", SparkType.String), end]);
        Relation rows = new Filter(from, new CallExpr("isnotnull", [time]));
        return More(More(More(rows, starts, Starts), number, Number), window, Column);
    }

    private static Project More(Relation relation, Expr value, string name) => new(relation, [new StarExpr([]), new AliasExpr(value, [name])]);

    private static Expr Gap(CallExpr call) => call.Args[1] switch
    {
        LiteralExpr { Value: string text } => SqlParser.ParseExpression($"INTERVAL '{text.Replace("'", "", StringComparison.Ordinal)}'"),
        LiteralExpr { Value: SparkInterval } constant => constant,
        _ => throw Errors.Unsupported("session_window() with a gap that is not constant", call.At),
    };
}
