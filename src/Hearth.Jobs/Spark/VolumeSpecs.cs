using System.Text.Json.Nodes;

namespace Hearth.Jobs.Spark;

/// <summary>One volume asked for by <c>spark.kubernetes.{driver,executor}.volumes.TYPE.NAME.*</c>.</summary>
internal sealed record VolumeSpec(string Type, string Name, string MountPath, string? SubPath, bool ReadOnly, IReadOnlyDictionary<string, string> Options)
{
    /// <summary>Claim name that stands for a new claim.</summary>
    public const string OnDemand = "OnDemand";

    /// <summary>An option's value, or null.</summary>
    public string? Option(string key) => Options.GetValueOrDefault(key);

    /// <summary>Whether Spark itself creates the claim: only with both a class and a size.</summary>
    public bool CreatesClaim => Type == "persistentVolumeClaim" && Option("storageClass") is not null && Option("sizeLimit") is not null;
}

/// <summary>Reads volume settings and puts them into pods. Source: Spark 3.5.3, KubernetesVolumeUtils and MountVolumesFeatureStep.</summary>
internal static class VolumeSpecs
{
    private static readonly string[] Types = ["hostPath", "persistentVolumeClaim", "emptyDir", "nfs"];

    /// <summary>The volumes of a role, ordered by type and name.</summary>
    /// <exception cref="SparkConfException">A volume is incomplete, or two share a mount path.</exception>
    public static IReadOnlyList<VolumeSpec> Of(SparkConf conf, SparkRole role)
    {
        var prefix = $"spark.kubernetes.{Word(role)}.volumes.";
        var specs = conf.Below(prefix)
            .Select(p => (Parts: p.Key.Split('.', 3), p.Value))
            .GroupBy(p => (Type: p.Parts[0], Name: p.Parts.ElementAtOrDefault(1) ?? ""))
            .Select(g => Spec(prefix, g.Key.Type, g.Key.Name, g.ToDictionary(p => p.Parts.ElementAtOrDefault(2) ?? "", p => p.Value, StringComparer.Ordinal)))
            .OrderBy(v => v.Type, StringComparer.Ordinal)
            .ThenBy(v => v.Name, StringComparer.Ordinal)
            .ToArray();
        var twice = specs.GroupBy(v => v.MountPath, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1);
        return twice is null ? specs : throw new SparkConfException($"Found duplicated mountPath: `{twice.Key}`");
    }

    /// <summary>Adds volumes and mounts; returns the claims that must be created with the pod.</summary>
    /// <param name="draft">The pod.</param>
    /// <param name="specs">Volumes.</param>
    /// <param name="claimPrefix">Name of a new claim without <c>-pvc-N</c>.</param>
    /// <param name="executorId">Replaces <c>SPARK_EXECUTOR_ID</c> in claim names.</param>
    public static IReadOnlyList<JsonObject> Mount(PodDraft draft, IReadOnlyList<VolumeSpec> specs, string claimPrefix, string? executorId)
    {
        var claims = new List<JsonObject>();
        for (var i = 0; i < specs.Count; i++)
        {
            var spec = specs[i];
            var claim = spec.Option("claimName") == VolumeSpec.OnDemand
                ? FormattableString.Invariant($"{claimPrefix}-pvc-{i}")
                : spec.Option("claimName")?.Replace("SPARK_EXECUTOR_ID", executorId ?? "", StringComparison.Ordinal);
            draft.Volume(spec.Name, spec.Type, Source(spec, claim));
            draft.Mount(spec.Name, spec.MountPath, spec.SubPath, spec.ReadOnly);
            if (spec.CreatesClaim)
            {
                claims.Add(Claim(spec, claim!));
            }
        }

        return claims;
    }

    private static VolumeSpec Spec(string prefix, string type, string name, Dictionary<string, string> keys)
    {
        if (!Types.Contains(type, StringComparer.Ordinal))
        {
            throw new SparkConfException($"Unsupported volume type `{type}` in {prefix}{type}.{name}; use one of {string.Join(", ", Types)}");
        }

        var path = keys.GetValueOrDefault("mount.path") ?? throw new SparkConfException($"{prefix}{type}.{name}.mount.path is missing");
        var options = keys.Where(k => k.Key.StartsWith("options.", StringComparison.Ordinal))
            .ToDictionary(k => k.Key["options.".Length..], k => k.Value, StringComparer.Ordinal);
        foreach (var option in Required(type).Where(o => !options.ContainsKey(o)))
        {
            throw new SparkConfException($"{prefix}{type}.{name}.options.{option} is missing");
        }

        var readOnly = keys.GetValueOrDefault("mount.readOnly")?.Equals("true", StringComparison.OrdinalIgnoreCase) ?? false;
        return new VolumeSpec(type, name, path, keys.GetValueOrDefault("mount.subPath"), readOnly, options);
    }

    private static string[] Required(string type) => type switch
    {
        "hostPath" => ["path"],
        "persistentVolumeClaim" => ["claimName"],
        "nfs" => ["path", "server"],
        _ => [],
    };

    private static JsonObject Source(VolumeSpec spec, string? claim) => spec.Type switch
    {
        "hostPath" => new JsonObject { ["path"] = spec.Option("path"), ["type"] = "" },
        "persistentVolumeClaim" => Claimed(spec, claim!),
        "nfs" => new JsonObject { ["server"] = spec.Option("server"), ["path"] = spec.Option("path") },
        _ => EmptyDir(spec),
    };

    private static JsonObject Claimed(VolumeSpec spec, string claim)
    {
        var source = new JsonObject { ["claimName"] = claim };
        if (spec.ReadOnly)
        {
            source["readOnly"] = true;
        }

        return source;
    }

    private static JsonObject EmptyDir(VolumeSpec spec)
    {
        var source = new JsonObject();
        if (spec.Option("medium") is { } medium)
        {
            source["medium"] = medium;
        }

        if (spec.Option("sizeLimit") is { } limit)
        {
            source["sizeLimit"] = limit;
        }

        return source;
    }

    private static JsonObject Claim(VolumeSpec spec, string name) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "PersistentVolumeClaim",
        ["metadata"] = new JsonObject { ["name"] = name },
        ["spec"] = new JsonObject
        {
            ["storageClassName"] = spec.Option("storageClass"),
            ["accessModes"] = new JsonArray("ReadWriteOnce"),
            ["resources"] = new JsonObject { ["requests"] = new JsonObject { ["storage"] = spec.Option("sizeLimit") } },
        },
    };

    private static string Word(SparkRole role) => role == SparkRole.Driver ? "driver" : "executor";
}
