using System.Globalization;
using System.Text.Json.Nodes;
using Hearth.Kube.Core;
using Hearth.Kube.Objects;
using Hearth.Scheduling.Karpenter;

namespace Hearth.Cluster.Controllers.Workloads;

/// <summary>Pods made from templates, and what tells one template from another.</summary>
internal static class PodTemplates
{
    public const string HashLabel = "pod-template-hash";
    private const string Letters = "bcdfghjklmnpqrstvwxz2456789";

    /// <summary>A pod of a template with a name and its owner.</summary>
    public static JsonObject Pod(JsonObject? template, ResourceType owner, ObjectMeta of, string name)
    {
        var pod = (JsonObject?)template?.DeepClone() ?? [];
        var metadata = Metadata(pod);
        metadata["name"] = name;
        metadata["namespace"] = of.Namespace;
        metadata["ownerReferences"] = new JsonArray(Owner(owner, of));
        pod["apiVersion"] = "v1";
        pod["kind"] = "Pod";
        return pod;
    }

    /// <summary>A controlling owner.</summary>
    public static JsonObject Owner(ResourceType type, ObjectMeta of) => new()
    {
        ["apiVersion"] = type.ApiVersion, ["kind"] = type.Kind, ["name"] = of.Name, ["uid"] = of.Uid, ["controller"] = true, ["blockOwnerDeletion"] = true,
    };

    /// <summary>Metadata of a template or object, made when absent.</summary>
    public static JsonObject Metadata(JsonObject of)
    {
        if (of["metadata"] is not JsonObject metadata)
        {
            of["metadata"] = metadata = [];
        }

        return metadata;
    }

    /// <summary>Sets a label of a template or object.</summary>
    public static void Label(JsonObject of, string key, string value)
    {
        var metadata = Metadata(of);
        if (metadata["labels"] is not JsonObject labels)
        {
            metadata["labels"] = labels = [];
        }

        labels[key] = value;
    }

    /// <summary>A template without the label that tells revisions apart.</summary>
    public static JsonObject Plain(JsonObject? template)
    {
        var plain = (JsonObject?)template?.DeepClone() ?? [];
        (plain["metadata"]?["labels"] as JsonObject)?.Remove(HashLabel);
        return plain;
    }

    /// <summary>Ten characters that a template always gets, in the letters of Kubernetes' names.</summary>
    public static string Hash(JsonObject? template)
    {
        var number = ObjectHash.Fnv(Plain(template).ToJsonString());
        return string.Create(10, number, static (span, value) =>
        {
            for (var i = 0; i < span.Length; i++, value /= (ulong)Letters.Length)
            {
                span[i] = Letters[(int)(value % (ulong)Letters.Length)];
            }
        });
    }

    /// <summary>A number, or a share of a whole.</summary>
    /// <param name="value">As written; null is 0.</param>
    /// <param name="whole">What a percentage is of.</param>
    /// <param name="up">Round up.</param>
    public static int Amount(IntOrString? value, int whole, bool up)
    {
        if (value is not { } text || string.IsNullOrEmpty(text.Text))
        {
            return 0;
        }

        if (!text.Text.EndsWith('%'))
        {
            return int.TryParse(text.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
        }

        var share = int.TryParse(text.Text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var percent) ? percent * whole : 0;
        return up ? (share + 99) / 100 : share / 100;
    }

    /// <summary>Ready, and for so long.</summary>
    public static bool IsAvailable(Pod pod, int minReadySeconds, DateTimeOffset now) =>
        IsReady(pod) && (minReadySeconds == 0 || ReadySince(pod) + TimeSpan.FromSeconds(minReadySeconds) <= now);

    /// <summary>Its condition Ready is true.</summary>
    public static bool IsReady(Pod pod) => pod.Status?.Conditions.IsTrue("Ready") ?? false;

    /// <summary>When it became ready.</summary>
    public static DateTimeOffset? ReadySince(Pod pod) => pod.Status?.Conditions.Find("Ready")?.LastTransitionTime;
}
