using System.Text;
using Hearth.Engine.Plans;
using Hearth.Engine.Printing;

namespace Hearth.Engine.Session;

/// <summary>EXPLAIN: the typed plan as a tree and the DuckDB statement that runs it.</summary>
internal static class PlanText
{
    public static string Explain(BoundPlan plan, EngineSession session, string mode)
    {
        StringBuilder text = new();
        if (mode == "extended")
        {
            // The engine types a plan while it reads it: what is parsed is what is analysed.
            text.Append("== Parsed Logical Plan ==\n");
            Tree(text, plan, 0);
            text.Append('\n');
        }

        if (mode is "extended" or "formatted" or "cost")
        {
            text.Append("== Analyzed Logical Plan ==\n").AppendJoin(", ", plan.Output.Select(a => $"{a.Name}: {a.Type.SimpleName}")).Append('\n');
            Tree(text, plan, 0);
            text.Append('\n');
        }

        text.Append("== Physical Plan ==\n");
        if (mode == "simple")
        {
            Tree(text, plan, 0);
        }

        return text.Append("\n== DuckDB SQL ==\n").Append(SqlPrinter.PrintQuery(plan, session.Zone)).Append('\n').ToString();
    }

    private static void Tree(StringBuilder text, BoundPlan plan, int depth)
    {
        text.Append(depth == 0 ? "" : new string(' ', (depth - 1) * 3) + "+- ").Append(Label(plan)).Append('\n');
        foreach (BoundPlan child in Children(plan))
        {
            Tree(text, child, depth + 1);
        }
    }

    private static string Label(BoundPlan plan)
    {
        string name = plan.GetType().Name["Bound".Length..];
        return plan switch
        {
            BoundScan scan => scan.Label,
            BoundJoin join => $"Join {join.Kind}",
            BoundLimit limit => $"Limit {limit.Count}",
            BoundWithReference reference => $"With {reference.Query.Name}",
            _ => $"{name} [{string.Join(", ", plan.Output.Select(a => a.PhysicalName))}]",
        };
    }

    private static IEnumerable<BoundPlan> Children(BoundPlan plan) => plan switch
    {
        BoundProject p => [p.In],
        BoundFilter p => [p.In],
        BoundGroup p => [p.In],
        BoundJoin p => [p.Left, p.Right],
        BoundSort p => [p.In],
        BoundLimit p => [p.In],
        BoundSetOperation p => [p.Left, p.Right],
        BoundDistinct p => [p.In],
        BoundGenerate p => [p.In],
        BoundSample p => [p.In],
        BoundRepartition p => [p.In],
        BoundWithReference p => [p.Query.Plan],
        _ => [],
    };
}
