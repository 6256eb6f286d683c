using System.Text.Json.Nodes;
using Hearth.Aws.Ec2;
using Hearth.Aws.Http;
using Hearth.Kube.Quantities;
using Hearth.Platform;

namespace Hearth.Aws.Eks;

/// <summary>Managed node groups as EKS describes them, from the declaration.</summary>
internal static class NodeGroups
{
    private const long Gibibyte = 1L << 30;

    public static JsonObject List(Estate estate) => new() { ["nodegroups"] = EksJson.List(estate.NodeGroups.Select(g => g.Name)) };

    public static JsonObject Describe(Estate estate, EksCluster cluster, string clusterArn, string name)
    {
        var group = estate.NodeGroups.FirstOrDefault(g => string.Equals(g.Name, name, StringComparison.Ordinal))
            ?? throw new AwsException(404, "ResourceNotFoundException", $"No node group found for name: {name}.");
        var subnets = estate.Subnets.Where(s => group.Zones.Contains(s.Declared.Zone, StringComparer.Ordinal) && string.Equals(s.Declared.Kind, group.Subnets, StringComparison.Ordinal));
        return new JsonObject
        {
            ["nodegroup"] = new JsonObject
            {
                ["nodegroupName"] = group.Name,
                ["nodegroupArn"] = $"{clusterArn.Replace(":cluster/", ":nodegroup/", StringComparison.Ordinal)}/{group.Name}/{estate.Uuid($"nodegroup/{group.Name}")}",
                ["clusterName"] = cluster.Name,
                ["version"] = cluster.Version,
                ["createdAt"] = cluster.CreatedAt.ToUnixTimeMilliseconds() / 1000.0,
                ["status"] = "ACTIVE",
                ["capacityType"] = group.CapacityType is "spot" ? "SPOT" : "ON_DEMAND",
                ["scalingConfig"] = new JsonObject { ["minSize"] = group.MinSize, ["maxSize"] = group.MaxSize, ["desiredSize"] = group.DesiredSize },
                ["instanceTypes"] = EksJson.List(group.InstanceTypes),
                ["subnets"] = EksJson.List(subnets.Select(s => s.Id)),
                ["amiType"] = AmiTypes.Of(group.AmiFamily, AmiTypes.ArchitectureOf(group.InstanceTypes[0])),
                ["nodeRole"] = $"arn:aws:iam::{estate.Platform.AccountId}:role/{cluster.Name}-{group.Name}",
                ["labels"] = EksJson.Map(group.Labels),
                ["taints"] = new JsonArray([.. group.Taints.Select(t => new JsonObject { ["key"] = t.Key, ["value"] = t.Value, ["effect"] = TaintEffect(t.Effect) })]),
                ["diskSize"] = Quantity.TryParse(group.Disk.Size, out var size) ? (int)(size.Value / Gibibyte) : null,
                ["health"] = new JsonObject { ["issues"] = new JsonArray() },
                ["tags"] = EksJson.Map(group.Tags),
            },
        };
    }

    private static string TaintEffect(string effect) => effect switch { "NoExecute" => "NO_EXECUTE", "PreferNoSchedule" => "PREFER_NO_SCHEDULE", _ => "NO_SCHEDULE" };
}
