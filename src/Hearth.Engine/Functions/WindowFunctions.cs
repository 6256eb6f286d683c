using Hearth.Engine.Plans;
using Hearth.Engine.Types;

namespace Hearth.Engine.Functions;

/// <summary>Functions that only make sense over a window.</summary>
internal static class WindowFunctions
{
    public static void AddTo(FunctionList list)
    {
        foreach (string name in (ReadOnlySpan<string>)["row_number", "rank", "dense_rank"])
        {
            list.Aggregate(name, 0, FunctionDefinition.Any, c => AsInt(Ranked(name)), shown: name == "row_number" ? name : name.ToUpperInvariant(), defaults: []);
        }

        list.Aggregate("percent_rank", 0, FunctionDefinition.Any, c => Ranked("percent_rank"), shown: "PERCENT_RANK");
        list.Aggregate("cume_dist", 0, 0, c => Ranked("cume_dist"));
        list.Aggregate("ntile", 0, 1, c => AsInt(new BoundAggregate("ntile", [c.Has(0) ? c.Long(0) : new BoundLiteral(1L, SparkType.Long)], SparkType.Int, false) { WindowOnly = true, FixedFrame = true }), defaults: ["1"]);
        list.Aggregate("lag", 1, 4, c => Shift(c, "lag"), defaults: ["", "1", "NULL"]);
        list.Aggregate("lead", 1, 4, c => Shift(c, "lead"), defaults: ["", "1", "NULL"]);
        list.Aggregate("nth_value", 2, 3, c => new BoundAggregate("nth_value", [c.Arg(0), c.Int(1)], c.Type(0)) { WindowOnly = true, IgnoreNulls = c.Has(2) && c.Arg(2) is BoundLiteral { Value: true } });
    }

    private static BoundAggregate Ranked(string name) => new(name, [], name is "percent_rank" or "cume_dist" ? SparkType.Double : SparkType.Int, false) { WindowOnly = true, FixedFrame = true };

    private static BoundExpr AsInt(BoundExpr value) => new BoundCall("CAST({0} AS INTEGER)", [value], SparkType.Int, false);

    private static BoundAggregate Shift(FunctionCall call, string name)
    {
        List<BoundExpr> args = [call.Arg(0), call.Has(1) ? call.Int(1) : new BoundLiteral(1L, SparkType.Int)];
        if (call.Has(2))
        {
            args.Add(call.As(2, call.Type(0)));
        }

        return new BoundAggregate(name, args.ToSeq(), call.Type(0)) { WindowOnly = true, FixedFrame = true, IgnoreNulls = call.Has(3) && call.Arg(3) is BoundLiteral { Value: true } };
    }
}
