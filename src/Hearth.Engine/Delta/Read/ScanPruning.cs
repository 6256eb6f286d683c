using Hearth.Engine.Plans;
using Hearth.Engine.Sql;
using Hearth.Engine.Types;

namespace Hearth.Engine.Delta.Read;

/// <summary>Carries the conditions of a plan down to its scans, so that they can leave files out. Rows never change: filters stay where they are.</summary>
internal static class ScanPruning
{
    public static BoundPlan Apply(BoundPlan plan) => Down(plan, []);

    private static BoundPlan Down(BoundPlan plan, IReadOnlyList<BoundExpr> conditions) => plan switch
    {
        BoundScan { Narrow: { } narrow } scan when conditions.Count > 0 => narrow(scan, conditions),
        BoundFilter f => f with { In = Down(f.In, [.. conditions, .. FilePruning.Split(f.Condition)]) },
        BoundProject p => p with { In = Down(p.In, Through(p, conditions)) },
        BoundJoin j => Join(j, conditions),
        BoundSort s => s with { In = Down(s.In, conditions) },
        BoundRepartition r => r with { In = Down(r.In, conditions) },
        BoundLimit l => l with { In = Down(l.In, []) },
        BoundGroup g => g with { In = Down(g.In, []) },
        BoundDistinct d => d with { In = Down(d.In, d.Keys is null ? conditions : []) },
        BoundGenerate g => g with { In = Down(g.In, conditions) },
        BoundSample s => s with { In = Down(s.In, []) },
        BoundSetOperation o => o with { Left = Down(o.Left, []), Right = Down(o.Right, []) },
        _ => plan,
    };

    // Conditions over columns that a projection only passes on.
    private static List<BoundExpr> Through(BoundProject project, IReadOnlyList<BoundExpr> conditions)
    {
        Dictionary<long, BoundExpr> items = [];
        for (int i = 0; i < project.Output.Count; i++)
        {
            items[project.Output[i].Id] = project.Items[i];
        }

        List<BoundExpr> passed = [];
        foreach (BoundExpr condition in conditions)
        {
            if (condition.Walk().OfType<BoundColumn>().All(c => !items.TryGetValue(c.Attribute.Id, out BoundExpr? item) || item is BoundColumn))
            {
                passed.Add(Replace(condition, items));
            }
        }

        return passed;
    }

    private static BoundExpr Replace(BoundExpr node, Dictionary<long, BoundExpr> items) =>
        node is BoundColumn column ? items.GetValueOrDefault(column.Attribute.Id, node) : node.MapChildren(child => Replace(child, items));

    private static BoundJoin Join(BoundJoin join, IReadOnlyList<BoundExpr> conditions)
    {
        BoundExpr[] on = join.On is null ? [] : [.. FilePruning.Split(join.On)];
        bool left = join.Kind is JoinKind.Inner or JoinKind.Cross or JoinKind.Left or JoinKind.LeftSemi or JoinKind.LeftAnti;
        bool right = join.Kind is JoinKind.Inner or JoinKind.Cross or JoinKind.Right;
        IEnumerable<BoundExpr> forLeft = (left ? conditions : []).Concat(join.Kind is JoinKind.Inner or JoinKind.Right or JoinKind.LeftSemi ? on : []);
        IEnumerable<BoundExpr> forRight = (right ? conditions : []).Concat(join.Kind is JoinKind.Inner or JoinKind.Left or JoinKind.LeftSemi or JoinKind.LeftAnti ? on : []);
        return join with { Left = Down(join.Left, [.. forLeft.Where(c => Within(c, join.Left.Output))]), Right = Down(join.Right, [.. forRight.Where(c => Within(c, join.Right.Output))]) };
    }

    private static bool Within(BoundExpr condition, Seq<BoundAttribute> columns) => condition.Walk().OfType<BoundColumn>().All(c => columns.Contains(c.Attribute));
}
