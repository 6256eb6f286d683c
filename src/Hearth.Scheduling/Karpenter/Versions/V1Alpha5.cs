using System.Globalization;
using System.Text.Json.Nodes;

namespace Hearth.Scheduling.Karpenter.Versions;

/// <summary>
/// What a v1alpha5 Provisioner and a v1alpha1 AWSNodeTemplate mean in v1 (karpenter v0.31.5, apis/v1alpha5; karpenter-provider-aws, upgrading/v1beta1-migration.md), with
/// the defaults spelled out that v1alpha5 added by itself.
/// </summary>
public static class V1Alpha5
{
    /// <summary>Label of nodes that pods of that time select.</summary>
    public const string ProvisionerName = "karpenter.sh/provisioner-name";

    private static readonly string[] TypeKeys =
    [
        KarpenterLabels.InstanceType, KarpenterLabels.InstancePrefix + "family", KarpenterLabels.InstancePrefix + "category", KarpenterLabels.InstancePrefix + "generation",
    ];

    /// <summary>The NodePool of a Provisioner: same name; metadata only has that.</summary>
    public static JsonObject NodePool(JsonObject provisioner)
    {
        var name = (string?)provisioner["metadata"]?["name"];
        var spec = provisioner["spec"] as JsonObject ?? [];
        var className = (string?)spec["providerRef"]?["name"] ?? name;
        var labels = Map(spec["labels"]);
        labels[ProvisionerName] = name;
        var pool = new JsonObject
        {
            ["template"] = new JsonObject
            {
                ["metadata"] = new JsonObject { ["labels"] = labels, ["annotations"] = Map(spec["annotations"]) },
                ["spec"] = new JsonObject
                {
                    ["requirements"] = Requirements(spec["requirements"] as JsonArray ?? []),
                    ["taints"] = List(spec["taints"]),
                    ["startupTaints"] = List(spec["startupTaints"]),
                    ["nodeClassRef"] = new JsonObject { ["group"] = Ec2NodeClass.Type.Group, ["kind"] = Ec2NodeClass.Type.Kind, ["name"] = className },
                    ["expireAfter"] = Seconds(spec["ttlSecondsUntilExpired"]) ?? KarpenterDuration.Never,
                },
            },
            ["disruption"] = Disruption(spec),
        };
        if (spec["limits"]?["resources"] is JsonObject limits)
        {
            pool["limits"] = limits.DeepClone();
        }

        if (spec["weight"] is { } weight)
        {
            pool["weight"] = weight.DeepClone();
        }

        var metadata = new JsonObject { ["name"] = name };
        if (spec["kubeletConfiguration"] is JsonObject kubelet)
        {
            var kept = kubelet.DeepClone().AsObject();
            kept.Remove("containerRuntime");
            metadata["annotations"] = new JsonObject { [V1Beta1.Kubelet] = kept.ToJsonString() };
        }

        return new JsonObject { ["metadata"] = metadata, ["spec"] = pool };
    }

    /// <summary>The EC2NodeClass of a Provisioner with an inline provider, or null when it refers to a template.</summary>
    public static JsonObject? InlineClass(JsonObject provisioner) => provisioner["spec"]?["provider"] is JsonObject provider
        ? NodeClass(new JsonObject { ["metadata"] = new JsonObject { ["name"] = (string?)provisioner["metadata"]?["name"] }, ["spec"] = provider.DeepClone() })
        : null;

    /// <summary>The EC2NodeClass of an AWSNodeTemplate: same name; metadata only has that.</summary>
    public static JsonObject NodeClass(JsonObject template)
    {
        var from = template["spec"] as JsonObject ?? [];
        var family = (string?)from["amiFamily"] ?? "AL2";
        var spec = new JsonObject
        {
            ["subnetSelectorTerms"] = Terms(from["subnetSelector"]),
            ["securityGroupSelectorTerms"] = Terms(from["securityGroupSelector"]),
        };
        if (from["amiSelector"] is JsonObject { Count: > 0 } images)
        {
            (spec["amiFamily"], spec["amiSelectorTerms"]) = (family, Terms(images));
        }
        else
        {
            spec["amiSelectorTerms"] = new JsonArray(new JsonObject { ["alias"] = $"{family.ToLowerInvariant()}@latest" });
        }

        foreach (var same in (string[])["instanceProfile", "blockDeviceMappings", "userData", "tags", "detailedMonitoring", "context"])
        {
            if (from[same] is { } value)
            {
                spec[same] = value.DeepClone();
            }
        }

        spec["instanceProfile"] ??= "karpenter-default-instance-profile"; // the controller's setting, which is not part of the object
        var metadata = from["metadataOptions"] as JsonObject is { } given ? given.DeepClone().AsObject() : [];
        metadata["httpPutResponseHopLimit"] ??= 2; // v1 has 1
        spec["metadataOptions"] = metadata;
        return new JsonObject { ["metadata"] = new JsonObject { ["name"] = (string?)template["metadata"]?["name"] }, ["spec"] = spec };
    }

    /// <summary>What of a Provisioner or template has no v1 form, one sentence each.</summary>
    public static IReadOnlyList<string> Lost(JsonObject source)
    {
        var lost = new List<string>();
        if (source["spec"]?["launchTemplate"] is not null || source["spec"]?["provider"]?["launchTemplate"] is not null)
        {
            lost.Add("launchTemplate has no equivalent in v1 and is left out: write AMI terms, userData, security groups and block devices instead");
        }

        if (source["spec"]?["kubeletConfiguration"]?["containerRuntime"] is not null)
        {
            lost.Add("kubeletConfiguration.containerRuntime is left out: it is always containerd");
        }

        return lost;
    }

    private static JsonObject Disruption(JsonObject spec)
    {
        var budgets = new JsonArray(new JsonObject { ["nodes"] = "10%" });
        if (Seconds(spec["ttlSecondsAfterEmpty"]) is { } empty)
        {
            return new JsonObject { ["consolidationPolicy"] = "WhenEmpty", ["consolidateAfter"] = empty, ["budgets"] = budgets };
        }

        var consolidates = (bool?)spec["consolidation"]?["enabled"] == true;
        return new JsonObject
        {
            ["consolidationPolicy"] = "WhenEmptyOrUnderutilized", ["consolidateAfter"] = consolidates ? "0s" : KarpenterDuration.Never, ["budgets"] = budgets,
        };
    }

    /// <summary>Those given, without repeated values, and v1alpha5's defaults for what is not given.</summary>
    private static JsonArray Requirements(JsonArray given)
    {
        var list = new JsonArray();
        var keys = new HashSet<string>(StringComparer.Ordinal);
        foreach (var requirement in given.OfType<JsonObject>())
        {
            var copy = requirement.DeepClone().AsObject();
            var key = KarpenterLabels.Normalize((string?)copy["key"] ?? "");
            (copy["key"], _) = (key, keys.Add(key));
            if (copy["values"] is JsonArray values)
            {
                copy["values"] = new JsonArray([.. values.Select(v => (string?)v).Distinct(StringComparer.Ordinal).Select(v => (JsonNode?)v)]);
            }

            list.Add(copy);
        }

        Default(KarpenterLabels.Os, "In", "linux");
        Default(KarpenterLabels.Arch, "In", "amd64");
        Default(KarpenterLabels.CapacityType, "In", KarpenterLabels.OnDemand);
        if (!TypeKeys.Any(keys.Contains))
        {
            Default(TypeKeys[2], "In", "c", "m", "r");
            Default(TypeKeys[3], "Gt", "2");
        }

        return list;

        void Default(string key, string op, params string[] values)
        {
            if (!keys.Contains(key))
            {
                list.Add(new JsonObject { ["key"] = key, ["operator"] = op, ["values"] = new JsonArray([.. values.Select(v => (JsonNode?)v)]) });
            }
        }
    }

    /// <summary>
    /// Selector terms of a map of tags: a comma list gives one term a value, several of them one a combination; <c>aws-ids</c> gives one term an id;
    /// <c>aws::name</c> and <c>aws::owners</c> (images) are fields of the term.
    /// </summary>
    private static JsonArray Terms(JsonNode? selector)
    {
        var terms = new List<JsonObject> { new() };
        foreach (var (key, value) in selector as JsonObject ?? [])
        {
            var values = ((string?)value ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            terms = [.. terms.SelectMany(t => values.Select(v => With(t, key, v)))];
        }

        return new JsonArray([.. terms.Where(t => t.Count > 0)]);
    }

    private static JsonObject With(JsonObject term, string key, string value)
    {
        var copy = term.DeepClone().AsObject();
        var field = key switch { "aws-ids" or "aws::ids" => "id", "aws::name" => "name", "aws::owners" => "owner", _ => null };
        if (field is not null)
        {
            copy[field] = value;
            return copy;
        }

        var tags = copy["tags"] as JsonObject ?? (JsonObject)(copy["tags"] = new JsonObject());
        tags[key] = value;
        return copy;
    }

    private static string? Seconds(JsonNode? number) => number is null ? null : string.Create(CultureInfo.InvariantCulture, $"{(long)number}s");

    private static JsonObject Map(JsonNode? node) => node as JsonObject is { } map ? map.DeepClone().AsObject() : [];

    private static JsonArray List(JsonNode? node) => node as JsonArray is { } list ? list.DeepClone().AsArray() : [];
}
