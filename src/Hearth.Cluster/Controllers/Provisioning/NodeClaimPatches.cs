using System.Text.Json.Nodes;
using Hearth.Cluster.Controllers.Simulation;
using Hearth.Kube.Core;
using Hearth.Kube.Objects;
using Hearth.Kube.Quantities;
using Hearth.Scheduling.Disruption;
using Hearth.Scheduling.Karpenter;
using Hearth.Scheduling.Requirements;
using Hearth.Scheduling.Resources;

namespace Hearth.Cluster.Controllers.Provisioning;

/// <summary>What the steps of a claim's life write into it. Pure.</summary>
internal static class NodeClaimPatches
{
    public const string Launched = "Launched";
    public const string Registered = "Registered";
    public const string Initialized = "Initialized";
    public const string Ready = "Ready";

    /// <summary>Labels of the instance that was launched, labels of requirements that have one value, the price, and what drift is told by.</summary>
    public static JsonObject LaunchedMetadata(NodeClaim claim, SimulatedInstance instance, Ec2NodeClass nodeClass, string region)
    {
        var annotations = instance.PriceAnnotations();
        foreach (var (key, value) in DriftDetection.Marks(nodeClass))
        {
            annotations[key] = value;
        }

        return new() { ["metadata"] = new JsonObject { ["labels"] = Map(Labels(claim, instance, region)), ["annotations"] = Map(annotations) } };
    }

    /// <summary>Status once the instance exists.</summary>
    public static JsonObject LaunchedStatus(NodeClaim claim, SimulatedInstance instance, Ec2NodeClass nodeClass, DateTimeOffset now)
    {
        var conditions = claim.Status?.Conditions
            .With(now, Launched, "True")
            .With(now, Registered, "Unknown", "NodeNotFound", "Node not registered with cluster")
            .With(now, Initialized, "Unknown", "NodeNotFound", "Node not registered with cluster")
            ?? Conditions.With(null, now, Launched, "True");
        return new JsonObject
        {
            ["providerID"] = instance.ProviderId,
            ["imageID"] = ObjectHash.Images(nodeClass)[0],
            ["capacity"] = Map(instance.Choice.Offer.Capacity),
            ["allocatable"] = Map(instance.Choice.Offer.Allocatable),
            ["conditions"] = WithReady(conditions, now).ToJson(),
        };
    }

    /// <summary>Status once the node is there; initialised when no startup taint is left.</summary>
    public static JsonObject RegisteredStatus(NodeClaim claim, Node node, bool initialized, DateTimeOffset now)
    {
        var conditions = (claim.Status?.Conditions).With(now, Registered, "True");
        conditions = initialized
            ? conditions.With(now, Initialized, "True")
            : conditions.With(now, Initialized, "Unknown", "StartupTaintsExist", "Startup taints are still on the node");
        return new JsonObject { ["nodeName"] = node.Metadata.Name, ["conditions"] = WithReady(conditions, now).ToJson() };
    }

    /// <summary>One condition set, the rest kept.</summary>
    public static JsonObject ConditionStatus(NodeClaim claim, DateTimeOffset now, string type, string status, string? reason = null, string? message = null) =>
        new() { ["conditions"] = (claim.Status?.Conditions).With(now, type, status, reason, message).ToJson() };

    /// <summary>Labels that the node gets: the claim's and those of the instance.</summary>
    public static Dictionary<string, string> Labels(NodeClaim claim, SimulatedInstance instance, string region)
    {
        var labels = new Dictionary<string, string>(claim.Metadata.Labels ?? new Dictionary<string, string>(), StringComparer.Ordinal);
        foreach (var requirement in RequirementSet.From(claim.Spec?.Requirements).Items)
        {
            if (requirement is { Complement: false, Values: [var only] })
            {
                labels[requirement.Key] = only;
            }
        }

        foreach (var (key, value) in instance.Labels(region))
        {
            labels[key] = value;
        }

        labels[KarpenterLabels.CapacityType] = instance.Choice.Offering.CapacityType;
        return labels;
    }

    public static JsonObject Map(IReadOnlyDictionary<string, string> map) => new(map.Select(p => new KeyValuePair<string, JsonNode?>(p.Key, p.Value)));

    public static JsonObject Map(ResourceVector vector) => Map(vector.ToQuantities());

    public static JsonObject Map(IReadOnlyDictionary<string, Quantity> quantities) =>
        new(quantities.Select(q => new KeyValuePair<string, JsonNode?>(q.Key, q.Value.ToString())));

    /// <summary>A node's status as a patch.</summary>
    public static JsonObject Of(NodeStatus status) => KubeJson.Write(new Node { Status = status })["status"]!.DeepClone().AsObject();

    private static List<Condition> WithReady(List<Condition> conditions, DateTimeOffset now)
    {
        var waiting = new[] { Launched, Registered, Initialized }.FirstOrDefault(t => !conditions.IsTrue(t));
        return waiting is null
            ? conditions.With(now, Ready, "True")
            : conditions.With(now, Ready, "Unknown", "ReconcilingDependents", $"{waiting}=Unknown");
    }
}
