using System.Text.Json.Nodes;

namespace Hearth.Scheduling.Karpenter.Versions;

/// <summary>
/// Karpenter's v1beta1 objects and their v1 forms, as its conversion webhooks had them (kubernetes-sigs/karpenter v1.0, nodepool_conversion.go; karpenter-provider-aws v1.0,
/// ec2nodeclass_conversion.go). Kubelet settings of a pool, which v1 has in the class, travel in an annotation.
/// </summary>
public static class V1Beta1
{
    /// <summary>Annotation of NodePools and NodeClaims: kubelet settings that a v1beta1 object had, as JSON; they win over those of the class.</summary>
    public const string Kubelet = "compatibility.karpenter.sh/v1beta1-kubelet-conversion";

    /// <summary>Name of the version.</summary>
    public const string Version = "v1beta1";

    private const string Underutilized = "WhenUnderutilized";
    private const string UnderutilizedNow = "WhenEmptyOrUnderutilized";
    private static readonly string[] Dropped = ["karpenter.sh/do-not-evict", "karpenter.sh/do-not-consolidate"];
    private static readonly string[] Families = ["AL2", "AL2023", "Bottlerocket", "Windows2019", "Windows2022", "Windows2025"];

    /// <summary>The v1 form; the input is changed.</summary>
    public static JsonObject ToV1(JsonObject tree, string kind)
    {
        foreach (var annotation in Dropped)
        {
            (tree["metadata"]?["annotations"] as JsonObject)?.Remove(annotation);
        }

        var spec = tree["spec"] as JsonObject ?? [];
        switch (kind)
        {
            case "NodePool":
                PoolToV1(tree, spec);
                break;
            case "NodeClaim":
                ClaimToV1(tree, spec);
                break;
            case "EC2NodeClass":
                ClassToV1(spec);
                break;
        }

        return tree;
    }

    /// <summary>The v1beta1 form of a v1 object; the input is changed.</summary>
    public static JsonObject FromV1(JsonObject tree, string kind)
    {
        var spec = tree["spec"] as JsonObject ?? [];
        switch (kind)
        {
            case "NodePool":
                PoolFromV1(tree, spec);
                break;
            case "NodeClaim":
                ClaimFromV1(tree, spec);
                break;
            case "EC2NodeClass":
                ClassFromV1(spec);
                break;
        }

        return tree;
    }

    private static void PoolToV1(JsonObject tree, JsonObject spec)
    {
        var disruption = spec["disruption"] as JsonObject;
        if (spec["template"]?["spec"] is JsonObject template)
        {
            ClaimToV1(tree, template);
            template.Remove("resources");
            if (Take(disruption, "expireAfter") is { } expire)
            {
                template["expireAfter"] = expire;
            }
        }

        if (disruption is not null && (string?)disruption["consolidationPolicy"] is null or Underutilized)
        {
            disruption["consolidationPolicy"] = UnderutilizedNow;
            disruption["consolidateAfter"] ??= "0s";
        }
    }

    private static void PoolFromV1(JsonObject tree, JsonObject spec)
    {
        var disruption = spec["disruption"] as JsonObject;
        if (spec["template"]?["spec"] is JsonObject template)
        {
            ClaimFromV1(tree, template);
            if (Take(template, "expireAfter") is { } expire)
            {
                spec["disruption"] = disruption ??= [];
                disruption["expireAfter"] = expire;
            }
        }

        if ((string?)disruption?["consolidationPolicy"] == UnderutilizedNow)
        {
            disruption!["consolidationPolicy"] = Underutilized;
            if ((string?)disruption["consolidateAfter"] == "0s")
            {
                disruption.Remove("consolidateAfter"); // v1beta1 did not allow it with this policy
            }
        }
    }

    private static void ClaimToV1(JsonObject tree, JsonObject spec)
    {
        if (spec["nodeClassRef"] is JsonObject reference)
        {
            var apiVersion = (string?)Take(reference, "apiVersion");
            reference["group"] ??= apiVersion is { Length: > 0 } ? apiVersion.Split('/')[0] : Ec2NodeClass.Type.Group;
            reference["kind"] ??= Ec2NodeClass.Type.Kind;
        }

        if (Take(spec, "kubelet") is { } kubelet)
        {
            Annotations(tree)[Kubelet] = kubelet.ToJsonString();
        }
    }

    private static void ClaimFromV1(JsonObject tree, JsonObject spec)
    {
        if (spec["nodeClassRef"] is JsonObject reference && Take(reference, "group") is { } group)
        {
            reference["apiVersion"] = $"{(string)group!}/{Version}";
        }

        if (Take(tree["metadata"]?["annotations"] as JsonObject, Kubelet) is { } kubelet && ReadObject((string)kubelet!) is { } settings)
        {
            spec["kubelet"] = settings;
        }
    }

    private static void ClassToV1(JsonObject spec)
    {
        var family = (string?)spec["amiFamily"];
        if (spec["amiSelectorTerms"] is not JsonArray { Count: > 0 } && family is not null && Families.Contains(family, StringComparer.Ordinal))
        {
            spec["amiSelectorTerms"] = new JsonArray(new JsonObject { ["alias"] = $"{family.ToLowerInvariant()}@latest" });
            spec.Remove("amiFamily");
        }
        else if (family == "Ubuntu")
        {
            spec["amiFamily"] = "AL2"; // its bootstrap is the same; the images are those of the terms
            spec["blockDeviceMappings"] ??= new JsonArray(new JsonObject
            {
                ["deviceName"] = "/dev/sda1", ["rootVolume"] = true, ["ebs"] = new JsonObject { ["volumeSize"] = "20Gi", ["volumeType"] = "gp3", ["encrypted"] = true },
            });
        }
    }

    private static void ClassFromV1(JsonObject spec)
    {
        if (spec["amiFamily"] is null && spec["amiSelectorTerms"] is JsonArray { Count: 1 } terms && ((string?)terms[0]?["alias"])?.Split('@') is [var name, "latest"]
            && Families.FirstOrDefault(f => string.Equals(f, name, StringComparison.OrdinalIgnoreCase)) is { } family)
        {
            spec["amiFamily"] = family;
            spec.Remove("amiSelectorTerms");
        }
    }

    private static JsonObject Annotations(JsonObject tree)
    {
        var metadata = tree["metadata"] as JsonObject ?? (JsonObject)(tree["metadata"] = new JsonObject());
        return metadata["annotations"] as JsonObject ?? (JsonObject)(metadata["annotations"] = new JsonObject());
    }

    private static JsonNode? Take(JsonObject? from, string name)
    {
        var value = from?[name];
        from?.Remove(name);
        return value;
    }

    private static JsonObject? ReadObject(string text)
    {
        try
        {
            return JsonNode.Parse(text) as JsonObject;
        }
        catch (System.Text.Json.JsonException)
        {
            return null; // somebody else wrote the annotation
        }
    }
}
