using System.Text.Json.Nodes;

namespace Hearth.Scheduling.Karpenter.Versions;

/// <summary>How the older versions are served: v1beta1 beside v1 in the same definitions, v1alpha5 in definitions of its own.</summary>
internal static class OlderCrds
{
    /// <summary>Adds v1beta1 to a definition, with v1's schema where the two agree.</summary>
    public static JsonObject WithV1Beta1(JsonObject crd)
    {
        var kind = (string)crd["spec"]!["names"]!["kind"]!;
        var version = crd["spec"]!["versions"]![0]!.DeepClone().AsObject();
        (version["name"], version["storage"], version["deprecated"]) = (V1Beta1.Version, false, true);
        var spec = version["schema"]!["openAPIV3Schema"]!["properties"]!["spec"]!.AsObject();
        switch (kind)
        {
            case "NodePool":
                Claim(spec["properties"]!["template"]!["properties"]!["spec"]!.AsObject());
                Disruption(spec["properties"]!["disruption"]!.AsObject());
                spec.Remove("x-kubernetes-validations");
                break;
            case "NodeClaim":
                Claim(spec);
                break;
            default:
                Class(spec);
                break;
        }

        crd["spec"]!["versions"]!.AsArray().Add(version);
        crd["spec"]!["conversion"] = new JsonObject
        {
            ["strategy"] = "Webhook",
            ["webhook"] = new JsonObject
            {
                ["clientConfig"] = new JsonObject { ["service"] = new JsonObject { ["name"] = "karpenter", ["namespace"] = "kube-system", ["path"] = $"/conversion/{crd["spec"]!["group"]}" } },
                ["conversionReviewVersions"] = new JsonArray("v1"),
            },
        };
        return crd;
    }

    /// <summary>Provisioner and AWSNodeTemplate.</summary>
    public static IEnumerable<JsonObject> V1Alpha5() =>
    [
        Definition("karpenter.sh", "v1alpha5", "provisioners", "Provisioner", ["Template:.spec.providerRef.name", "Ready:.status.conditions[?(@.type==\"Active\")].status"]),
        Definition("karpenter.k8s.aws", "v1alpha1", "awsnodetemplates", "AWSNodeTemplate", []),
    ];

    private static void Claim(JsonObject spec)
    {
        var properties = spec["properties"]!.AsObject();
        properties["nodeClassRef"] = new JsonObject
        {
            ["type"] = "object",
            ["required"] = new JsonArray("name"),
            ["properties"] = new JsonObject { ["apiVersion"] = Text(), ["kind"] = Text(), ["name"] = Text() },
        };
        properties["kubelet"] = Anything();
        properties["resources"] = Anything();
        properties["expireAfter"]?.AsObject().Remove("default");
        spec.Remove("x-kubernetes-validations");
    }

    private static void Disruption(JsonObject disruption)
    {
        var properties = disruption["properties"]!.AsObject();
        properties["consolidationPolicy"] = new JsonObject { ["type"] = "string", ["enum"] = new JsonArray("WhenEmpty", "WhenUnderutilized", "Balanced"), ["default"] = "WhenUnderutilized" };
        properties["consolidateAfter"]?.AsObject().Remove("default");
        properties["expireAfter"] = new JsonObject { ["type"] = "string", ["pattern"] = "^(([0-9]+(s|m|h))+|Never)$", ["default"] = "720h" };
        disruption.Remove("x-kubernetes-validations");
        disruption.Remove("required");
        disruption["default"] = new JsonObject { ["consolidationPolicy"] = "WhenUnderutilized", ["expireAfter"] = "720h" };
    }

    private static void Class(JsonObject spec)
    {
        var properties = spec["properties"]!.AsObject();
        properties["amiFamily"] = new JsonObject { ["type"] = "string", ["enum"] = new JsonArray("AL2", "AL2023", "Bottlerocket", "Ubuntu", "Custom", "Windows2019", "Windows2022", "Windows2025") };
        if (properties["metadataOptions"]?["properties"]?["httpPutResponseHopLimit"] is JsonObject hops)
        {
            hops["default"] = 2;
        }

        properties["metadataOptions"]!.AsObject()["default"] = new JsonObject { ["httpPutResponseHopLimit"] = 2 };
        spec["required"] = new JsonArray("subnetSelectorTerms", "securityGroupSelectorTerms");
        spec.Remove("x-kubernetes-validations");
    }

    private static JsonObject Definition(string group, string version, string plural, string kind, string[] columns)
    {
        var printed = columns.Select(c => c.Split(':', 2)).Select(c => (JsonNode)new JsonObject { ["name"] = c[0], ["type"] = "string", ["jsonPath"] = c[1] });
        return new JsonObject
        {
            ["apiVersion"] = "apiextensions.k8s.io/v1",
            ["kind"] = "CustomResourceDefinition",
            ["metadata"] = new JsonObject { ["name"] = $"{plural}.{group}" },
            ["spec"] = new JsonObject
            {
                ["group"] = group,
                ["scope"] = "Cluster",
                ["names"] = new JsonObject { ["plural"] = plural, ["singular"] = kind.ToLowerInvariant(), ["kind"] = kind, ["listKind"] = kind + "List", ["categories"] = new JsonArray("karpenter") },
                ["versions"] = new JsonArray(new JsonObject
                {
                    ["name"] = version, ["served"] = true, ["storage"] = true, ["deprecated"] = true, ["subresources"] = new JsonObject { ["status"] = new JsonObject() },
                    ["additionalPrinterColumns"] = new JsonArray([.. printed, new JsonObject { ["name"] = "Age", ["type"] = "date", ["jsonPath"] = ".metadata.creationTimestamp" }]),
                    ["schema"] = new JsonObject
                    {
                        ["openAPIV3Schema"] = new JsonObject
                        {
                            ["type"] = "object",
                            ["properties"] = new JsonObject { ["apiVersion"] = Text(), ["kind"] = Text(), ["metadata"] = new JsonObject { ["type"] = "object" }, ["spec"] = Anything(), ["status"] = Anything() },
                        },
                    },
                }),
            },
        };
    }

    private static JsonObject Text() => new() { ["type"] = "string" };

    private static JsonObject Anything() => new() { ["type"] = "object", ["x-kubernetes-preserve-unknown-fields"] = true };
}
