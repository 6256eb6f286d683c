using System.Text.Json.Nodes;
using Hearth.Platform;

namespace Hearth.Delivery.Manifests;

/// <summary>NodePools and EC2NodeClasses (Karpenter v1) as a declaration means them. Pure.</summary>
public static class KarpenterObjects
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
                ["metadata"] = new JsonObject { ["labels"] = ManifestJson.Map(pool.Labels), ["annotations"] = ManifestJson.Map(pool.Annotations) },
                ["spec"] = new JsonObject
                {
                    ["nodeClassRef"] = new JsonObject { ["group"] = "karpenter.k8s.aws", ["kind"] = "EC2NodeClass", ["name"] = pool.Name },
                    ["requirements"] = ManifestJson.List(pool.Requirements, Requirement),
                    ["taints"] = ManifestJson.List(pool.Taints, Taint),
                    ["startupTaints"] = ManifestJson.List(pool.StartupTaints, Taint),
                    ["expireAfter"] = ManifestJson.Text(pool.Disruption.ExpireAfter),
                    ["terminationGracePeriod"] = ManifestJson.Text(pool.Disruption.TerminationGracePeriod),
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
                ["userData"] = ManifestJson.Text(nodeClass.UserData),
                ["tags"] = ManifestJson.Map(nodeClass.Tags),
                ["blockDeviceMappings"] = ManifestJson.List(nodeClass.BlockDevices, BlockDevice),
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
        ["values"] = requirement.Values.Count > 0 ? ManifestJson.Strings(requirement.Values) : null,
        ["minValues"] = requirement.MinValues,
    };

    private static JsonObject Taint(Taint taint) => new()
    {
        ["key"] = taint.Key, ["value"] = ManifestJson.Text(taint.Value), ["effect"] = taint.Effect,
    };

    private static JsonObject? Limits(PoolLimits limits) => limits is { Cpu: "", Memory: "" }
        ? null
        : new JsonObject { ["cpu"] = ManifestJson.Text(limits.Cpu), ["memory"] = ManifestJson.Text(limits.Memory) };

    private static JsonObject Disruption(Disruption disruption) => new()
    {
        ["consolidationPolicy"] = disruption.ConsolidationPolicy,
        ["consolidateAfter"] = disruption.ConsolidateAfter,
        ["budgets"] = ManifestJson.List(disruption.Budgets, b => new JsonObject
        {
            ["nodes"] = b.Nodes,
            ["schedule"] = ManifestJson.Text(b.Schedule),
            ["duration"] = ManifestJson.Text(b.Duration),
            ["reasons"] = b.Reasons.Count > 0 ? ManifestJson.Strings(b.Reasons) : null,
        }),
    };
}
