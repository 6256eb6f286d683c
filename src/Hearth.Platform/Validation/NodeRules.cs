using System.Globalization;
using Hearth.Platform.Schema;

namespace Hearth.Platform.Validation;

/// <summary>Node groups and node pools: sizes that fit each other, zones and subnets that exist, requirements that make sense.</summary>
internal static class NodeRules
{
    private const string ZoneLabel = "topology.kubernetes.io/zone";

    public static void Check(PlatformDeclaration platform, Faults faults)
    {
        for (var i = 0; i < platform.NodeGroups.Count; i++)
        {
            CheckGroup(platform, platform.NodeGroups[i], FieldPath.Item("spec.nodeGroups", i), faults);
        }

        for (var i = 0; i < platform.NodePools.Count; i++)
        {
            CheckPool(platform, platform.NodePools[i], FieldPath.Item("spec.nodePools", i), faults);
        }

        Rules.Unique(platform.NodeGroups, "spec.nodeGroups", faults, g => g.Name);
        Rules.Unique(platform.NodePools, "spec.nodePools", faults, p => p.Name);
        if (platform.NodePools.Count > 0 && !platform.IsEnabled("karpenter"))
        {
            faults.Add("spec.nodePools", "node pools need the add-on karpenter, which is off");
        }
    }

    private static void CheckGroup(PlatformDeclaration platform, NodeGroup group, string path, Faults faults)
    {
        if (group.DesiredSize < group.MinSize || group.DesiredSize > group.MaxSize)
        {
            faults.Add($"{path}.desiredSize", $"{group.DesiredSize} is not between minSize {group.MinSize} and maxSize {group.MaxSize}");
        }

        Rules.AllDeclared(group.Zones, platform.Network.Zones, $"{path}.zones", faults, "zone");
        CheckSubnets(platform, group.Subnets, path, faults);
    }

    private static void CheckPool(PlatformDeclaration platform, NodePool pool, string path, Faults faults)
    {
        for (var i = 0; i < pool.Requirements.Count; i++)
        {
            CheckRequirement(platform, pool.Requirements[i], FieldPath.Item($"{path}.requirements", i), faults);
        }

        for (var i = 0; i < pool.Disruption.Budgets.Count; i++)
        {
            var budget = pool.Disruption.Budgets[i];
            if (budget.Schedule.Length > 0 != budget.Duration.Length > 0)
            {
                faults.Add(FieldPath.Item($"{path}.disruption.budgets", i), "schedule and duration are given together or not at all");
            }
        }

        Rules.AllDeclared(pool.NodeClass.Zones, platform.Network.Zones, $"{path}.nodeClass.zones", faults, "zone");
        CheckSubnets(platform, pool.NodeClass.Subnets, $"{path}.nodeClass", faults);
    }

    /// <summary>A platform that declares no subnets at all leaves them to the deployment.</summary>
    private static void CheckSubnets(PlatformDeclaration platform, string kind, string path, Faults faults)
    {
        var subnets = platform.Network.Subnets;
        if (subnets.Count > 0 && !subnets.Any(s => string.Equals(s.Kind, kind, StringComparison.Ordinal)))
        {
            faults.Add($"{path}.subnets", $"no subnet of kind {kind} is declared in spec.network.subnets");
        }
    }

    private static void CheckRequirement(PlatformDeclaration platform, Requirement requirement, string path, Faults faults)
    {
        var values = requirement.Values;
        switch (requirement.Operator)
        {
            case "In" or "NotIn" when values.Count == 0:
                faults.Add($"{path}.values", $"operator {requirement.Operator} needs at least one value");
                break;
            case "Exists" or "DoesNotExist" when values.Count > 0:
                faults.Add($"{path}.values", $"operator {requirement.Operator} takes no values");
                break;
            case "Gt" or "Lt" when values.Count != 1 || !int.TryParse(values[0], NumberStyles.None, CultureInfo.InvariantCulture, out _):
                faults.Add($"{path}.values", $"operator {requirement.Operator} takes exactly one whole number");
                break;
        }

        if (requirement is { MinValues: { } least, Operator: "In" } && least > values.Count)
        {
            faults.Add($"{path}.minValues", $"{least} different values are asked for, but only {values.Count} can be had");
        }

        if (requirement is { Key: ZoneLabel, Operator: "In" })
        {
            Rules.AllDeclared(values, platform.Network.Zones, $"{path}.values", faults, "zone");
        }
    }
}
