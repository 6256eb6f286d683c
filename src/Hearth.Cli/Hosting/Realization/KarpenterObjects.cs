using System.Text.Json.Nodes;
using Hearth.Platform;

namespace Hearth.Cli.Hosting.Realization;

/// <summary>NodePools and EC2NodeClasses (Karpenter v1) as a declaration means them. Pure.</summary>
internal static class KarpenterObjects
{
    public static IEnumerable<JsonObject> Of(PlatformDeclaration platform) =>
        platform.NodePools.SelectMany(pool => new[] { NodeClass(platform, pool), NodePool(pool) });

    private static JsonObject NodePool(NodePool pool) => new()
    {
        ["apiVersion"] = "karpenter.sh/v1",
        ["kind"] = "NodePool",
        ["metadata"] = new JsonObject { ["name"] = pool.Name },
        ["spec"] = new JsonObject
        {
            ["weight"] = pool.Weight > 0 ? pool.Weight : null,
            ["limits"] = Limits(pool.Limits),
            ["disruption"] = Disruption(pool.Disruption),
            ["template"] = new JsonObject
            {
                ["metadata"] = new JsonObject { ["labels"] = Json.Map(pool.Labels), ["annotations"] = Json.Map(pool.Annotations) },
                ["spec"] = new JsonObject
                {
                    ["nodeClassRef"] = new JsonObject { ["group"] = "karpenter.k8s.aws", ["kind"] = "EC2NodeClass", ["name"] = pool.Name },
                    ["requirements"] = Json.List(pool.Requirements, Requirement),
                    ["taints"] = Json.List(pool.Taints, Taint),
                    ["startupTaints"] = Json.List(pool.StartupTaints, Taint),
                    ["expireAfter"] = Json.Text(pool.Disruption.ExpireAfter),
                    ["terminationGracePeriod"] = Json.Text(pool.Disruption.TerminationGracePeriod),
                },
            },
        },
    };

    private static JsonObject NodeClass(PlatformDeclaration platform, NodePool pool)
    {
        var nodeClass = pool.NodeClass;
        return new JsonObject
        {
            ["apiVersion"] = "karpenter.k8s.aws/v1",
            ["kind"] = "EC2NodeClass",
            ["metadata"] = new JsonObject { ["name"] = pool.Name },
            ["spec"] = new JsonObject
            {
                ["amiFamily"] = nodeClass.AmiFamily,
                ["amiSelectorTerms"] = new JsonArray(new JsonObject { ["alias"] = nodeClass.AmiAlias }),
                ["role"] = nodeClass.Role,
                ["subnetSelectorTerms"] = Discovery(platform),
                ["securityGroupSelectorTerms"] = Discovery(platform),
                ["instanceStorePolicy"] = nodeClass.InstanceStorePolicy == "None" ? null : nodeClass.InstanceStorePolicy,
                ["detailedMonitoring"] = nodeClass.DetailedMonitoring,
                ["userData"] = Json.Text(nodeClass.UserData),
                ["tags"] = Json.Map(nodeClass.Tags),
                ["blockDeviceMappings"] = Json.List(nodeClass.BlockDevices, BlockDevice),
            },
        };
    }

    private static JsonArray Discovery(PlatformDeclaration platform) =>
        new(new JsonObject { ["tags"] = new JsonObject { ["karpenter.sh/discovery"] = platform.Name } });

    private static JsonObject BlockDevice(BlockDevice device) => new()
    {
        ["deviceName"] = device.DeviceName,
        ["ebs"] = new JsonObject
        {
            ["volumeSize"] = device.Size,
            ["volumeType"] = device.Type,
            ["encrypted"] = device.Encrypted,
            ["deleteOnTermination"] = device.DeleteOnTermination,
            ["iops"] = device.Iops > 0 ? device.Iops : null,
            ["throughput"] = device.Throughput > 0 ? device.Throughput : null,
        },
    };

    private static JsonObject Requirement(Requirement requirement) => new()
    {
        ["key"] = requirement.Key,
        ["operator"] = requirement.Operator,
        ["values"] = requirement.Values.Count > 0 ? Json.Strings(requirement.Values) : null,
        ["minValues"] = requirement.MinValues,
    };

    private static JsonObject Taint(Taint taint) => new()
    {
        ["key"] = taint.Key, ["value"] = Json.Text(taint.Value), ["effect"] = taint.Effect,
    };

    private static JsonObject? Limits(PoolLimits limits) => limits is { Cpu: "", Memory: "" }
        ? null
        : new JsonObject { ["cpu"] = Json.Text(limits.Cpu), ["memory"] = Json.Text(limits.Memory) };

    private static JsonObject Disruption(Disruption disruption) => new()
    {
        ["consolidationPolicy"] = disruption.ConsolidationPolicy,
        ["consolidateAfter"] = disruption.ConsolidateAfter,
        ["budgets"] = Json.List(disruption.Budgets, b => new JsonObject
        {
            ["nodes"] = b.Nodes,
            ["schedule"] = Json.Text(b.Schedule),
            ["duration"] = Json.Text(b.Duration),
            ["reasons"] = b.Reasons.Count > 0 ? Json.Strings(b.Reasons) : null,
        }),
    };
}
