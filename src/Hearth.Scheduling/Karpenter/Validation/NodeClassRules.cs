using System.Globalization;
using System.Text.Json.Nodes;
using static Hearth.Scheduling.Karpenter.Validation.KarpenterRules;

namespace Hearth.Scheduling.Karpenter.Validation;

/// <summary>Rules of EC2NodeClasses.</summary>
internal static class NodeClassRules
{
    private static readonly string[] Families = ["al2", "al2023", "bottlerocket", "windows2019", "windows2022", "windows2025"];
    private static readonly string[] Reservable = ["cpu", "memory", "ephemeral-storage", "pid"];
    private static readonly string[] Signals = ["memory.available", "nodefs.available", "nodefs.inodesFree", "imagefs.available", "imagefs.inodesFree", "pid.available"];

    public static IEnumerable<FieldProblem> Of(JsonObject spec, JsonObject? old) =>
    [
        .. Terms(spec, "subnetSelectorTerms", "a subnet selector term", ["tags", "id"], ["id"]),
        .. Terms(spec, "securityGroupSelectorTerms", "a security group selector term", ["tags", "id", "name"], ["id", "name"]),
        .. Terms(spec, "amiSelectorTerms", "an AMI selector term", ["tags", "id", "name", "alias", "ssmParameter"], ["id", "alias", "ssmParameter"]),
        .. Aliases(spec), .. Identity(spec, old), .. Tags(spec), .. Disks(spec), .. Kubelet(spec["kubelet"] as JsonObject ?? []),
    ];

    private static IEnumerable<FieldProblem> Terms(JsonObject spec, string field, string what, string[] any, string[] alone)
    {
        var path = $"spec.{field}";
        if (spec[field] is not JsonArray list)
        {
            yield break;
        }

        var terms = list.OfType<JsonObject>().ToArray();
        if (terms.Length == 0)
        {
            yield return OfArray(path, $"{field} cannot be empty");
        }

        if (terms.Any(t => !any.Any(t.ContainsKey)))
        {
            yield return OfArray(path, $"expected at least one, got none, [{string.Join(", ", any.Select(a => $"'{a}'"))}]");
        }

        foreach (var key in alone.Where(a => terms.Any(t => t.ContainsKey(a) && t.Count > 1)))
        {
            yield return OfArray(path, $"'{key}' is mutually exclusive, cannot be set with a combination of other fields in {what}");
        }

        for (var i = 0; i < terms.Length; i++)
        {
            if (terms[i]["tags"] is JsonObject tags && tags.Any(t => t.Key.Length == 0 || t.Value is not JsonValue value || !value.TryGetValue<string>(out var text) || text.Length == 0))
            {
                yield return OfObject(string.Create(CultureInfo.InvariantCulture, $"{path}[{i}].tags"), "empty tag keys or values aren't supported");
            }
        }
    }

    private static IEnumerable<FieldProblem> Aliases(JsonObject spec)
    {
        const string Path = "spec.amiSelectorTerms";
        var terms = spec.Objects("amiSelectorTerms").ToArray();
        var alias = terms.Select(t => t.Text("alias")).FirstOrDefault(a => a is not null);
        if (alias is null)
        {
            if (spec["amiFamily"] is null && terms.Length > 0)
            {
                yield return OfObject("spec", "must specify amiFamily if amiSelectorTerms does not contain an alias");
            }

            yield break;
        }

        if (terms.Length > 1)
        {
            yield return OfArray(Path, "'alias' is mutually exclusive, cannot be set with a combination of other amiSelectorTerms");
        }

        var parts = alias.Split('@');
        var at = $"{Path}[{Array.FindIndex(terms, t => t.ContainsKey("alias"))}].alias";
        if (parts.Length != 2 || parts[0].Length == 0 || parts[1].Length == 0)
        {
            yield return OfString(at, "'alias' is improperly formatted, must match the format 'family@version'");
            yield break;
        }

        if (!Families.Contains(parts[0], StringComparer.Ordinal))
        {
            yield return OfString(at, $"family is not supported, must be one of the following: {string.Join(", ", Families.Select(f => $"'{f}'"))}");
        }
        else if (parts[0].StartsWith("windows", StringComparison.Ordinal) && parts[1] != "latest")
        {
            yield return OfString(at, "windows families may only specify version 'latest'");
        }
        else if (spec.Text("amiFamily") is { } family && family != "Custom" && !string.Equals(family, parts[0], StringComparison.OrdinalIgnoreCase))
        {
            var name = ((string[])["AL2", "AL2023", "Bottlerocket", "Windows2019", "Windows2022", "Windows2025"]).First(f => string.Equals(f, parts[0], StringComparison.OrdinalIgnoreCase));
            yield return OfObject("spec", $"if set, amiFamily must be '{name}' or 'Custom' when using {(name[0] is 'A' ? "an" : "a")} {name} alias");
        }
    }

    private static IEnumerable<FieldProblem> Identity(JsonObject spec, JsonObject? old)
    {
        if (spec["role"] is null == spec["instanceProfile"] is null)
        {
            yield return OfObject("spec", "must specify exactly one of ['role', 'instanceProfile']");
        }

        if (old is not null && old["instanceProfile"] is not null && old["role"] is null && spec["role"] is not null)
        {
            yield return OfObject("spec", "changing from 'instanceProfile' to 'role' is not supported. You must delete and recreate this node class if you want to change this.");
        }
    }

    private static IEnumerable<FieldProblem> Tags(JsonObject spec)
    {
        var keys = (spec["tags"] as JsonObject ?? []).Select(t => t.Key).ToArray();
        if (keys.Contains("", StringComparer.Ordinal))
        {
            yield return OfObject("spec.tags", "empty tag keys aren't supported");
        }

        foreach (var (restricted, whole) in ((string, bool)[])
            [("eks:eks-cluster-name", true), ("kubernetes.io/cluster/", false), ("karpenter.sh/nodepool", true), ("karpenter.sh/nodeclaim", true), ("karpenter.k8s.aws/ec2nodeclass", true)])
        {
            if (keys.Any(k => whole ? k == restricted : k.StartsWith(restricted, StringComparison.Ordinal)))
            {
                yield return OfObject("spec.tags", $"tag contains a restricted tag matching {restricted}");
            }
        }
    }

    private static IEnumerable<FieldProblem> Disks(JsonObject spec)
    {
        var mappings = spec.Objects("blockDeviceMappings").ToArray();
        if (mappings.Count(m => m["rootVolume"] is JsonValue value && value.TryGetValue<bool>(out var root) && root) > 1)
        {
            yield return OfArray("spec.blockDeviceMappings", "must have only one blockDeviceMappings with rootVolume");
        }

        for (var i = 0; i < mappings.Length; i++)
        {
            var path = string.Create(CultureInfo.InvariantCulture, $"spec.blockDeviceMappings[{i}].ebs");
            if (mappings[i]["ebs"] is JsonObject ebs)
            {
                if (ebs["snapshotID"] is null && ebs["volumeSize"] is null)
                {
                    yield return OfObject(path, "snapshotID or volumeSize must be defined");
                }

                if (ebs["volumeInitializationRate"] is not null && ebs["snapshotID"] is null)
                {
                    yield return OfObject(path, "snapshotID must be set when volumeInitializationRate is set");
                }
            }
        }
    }

    private static IEnumerable<FieldProblem> Kubelet(JsonObject kubelet)
    {
        foreach (var field in (string[])["kubeReserved", "systemReserved"])
        {
            var amounts = kubelet[field] as JsonObject ?? [];
            if (amounts.Any(a => !Reservable.Contains(a.Key, StringComparer.Ordinal)))
            {
                yield return OfObject($"spec.kubelet.{field}", $"valid keys for {field} are ['cpu','memory','ephemeral-storage','pid']");
            }

            if (amounts.Any(a => a.Value?.ToString().StartsWith('-') == true))
            {
                yield return OfObject($"spec.kubelet.{field}", $"{field} value cannot be a negative resource quantity");
            }
        }

        foreach (var field in (string[])["evictionHard", "evictionSoft", "evictionSoftGracePeriod"])
        {
            if ((kubelet[field] as JsonObject ?? []).Any(a => !Signals.Contains(a.Key, StringComparer.Ordinal)))
            {
                yield return OfObject($"spec.kubelet.{field}", $"valid keys for {field} are [{string.Join(",", Signals.Select(s => $"'{s}'"))}]");
            }
        }

        var (soft, grace) = (kubelet["evictionSoft"] as JsonObject ?? [], kubelet["evictionSoftGracePeriod"] as JsonObject ?? []);
        if (soft.Any(s => !grace.ContainsKey(s.Key)))
        {
            yield return OfObject("spec.kubelet", "evictionSoft OwnerKey does not have a matching evictionSoftGracePeriod");
        }

        if (grace.Any(g => !soft.ContainsKey(g.Key)))
        {
            yield return OfObject("spec.kubelet", "evictionSoftGracePeriod OwnerKey does not have a matching evictionSoft");
        }

        if (Percent(kubelet["imageGCHighThresholdPercent"]) <= Percent(kubelet["imageGCLowThresholdPercent"]))
        {
            yield return OfObject("spec.kubelet", "imageGCHighThresholdPercent must be greater than imageGCLowThresholdPercent");
        }
    }

    private static int? Percent(JsonNode? node) => node is JsonValue value && value.TryGetValue<int>(out var number) ? number : null;
}
