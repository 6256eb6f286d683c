using System.Text.Json.Nodes;
using Hearth.Cli.Commands.Lint.Reading;
using Hearth.Jobs.Spark;

namespace Hearth.Cli.Commands.Lint.Rules;

/// <summary>Volumes and mounts that do not go together.</summary>
internal static class MountRules
{
    /// <summary>Two volumes at one path.</summary>
    public static LintRule Twice { get; } = new(
        "mount-twice",
        Severity.Error,
        "Two volumes are mounted at the same path of one container, by the pod template, by `spark.kubernetes.*.volumes.*`, or by both.",
        "Kubernetes refuses the pod: `must be unique`.",
        "Mount one of them elsewhere.",
        MountedTwice);

    /// <summary>A mount without its volume.</summary>
    public static LintRule Undefined { get; } = new(
        "volume-undefined",
        Severity.Error,
        "A container mounts a volume that neither the pod template nor Spark defines.",
        "Kubernetes refuses the pod: `volumeMounts[0].name: Not found`.",
        "Define it under spec.volumes; only spark-local-dir-N is made by Spark when spark.local.dir names a path.",
        subject => from role in Roles
                   let pod = subject.Pods.Of(role)
                   where pod is not null
                   let defined = TemplateFieldRules.Items(pod["spec"]!["volumes"]).Select(v => TemplateFieldRules.Name(v.Item)).ToHashSet(StringComparer.Ordinal)
                   from container in Containers(pod)
                   from mount in TemplateFieldRules.Items(container.Item["volumeMounts"])
                   let name = TemplateFieldRules.Name(mount.Item)
                   where !defined.Contains(name)
                   select new Fault(Place(subject, role, TemplateFieldRules.Name(container.Item), m => TemplateFieldRules.Name(m) == name), $"container {TemplateFieldRules.Name(container.Item)} mounts volume {name}, which is not defined"));

    private static SparkRole[] Roles => [SparkRole.Driver, SparkRole.Executor];

    private static IEnumerable<Fault> MountedTwice(LintSubject subject)
    {
        foreach (var role in Roles)
        {
            var pod = subject.Pods.Of(role);
            foreach (var (container, _) in pod is null ? [] : Containers(pod))
            {
                foreach (var path in TemplateFieldRules.Items(container["volumeMounts"]).GroupBy(m => m.Item["mountPath"]?.ToString().TrimEnd('/') ?? "").Where(g => g.Count() > 1 && !IsReserved(g.Key)))
                {
                    var name = TemplateFieldRules.Name(container);
                    var volumes = string.Join(" and ", path.Select(m => TemplateFieldRules.Name(m.Item)));
                    yield return new Fault(Place(subject, role, name, m => m["mountPath"]?.ToString().TrimEnd('/') == path.Key), $"container {name} mounts {volumes} at {path.Key}");
                }
            }
        }
    }

    // The rule about EMR's own paths says so already.
    private static bool IsReserved(string path) => PodTemplateRules.Emr.ReservedMounts.Contains(path);

    private static IEnumerable<(JsonObject Item, int Index)> Containers(JsonObject pod) =>
        TemplateFieldRules.Items(pod["spec"]!["containers"]).Concat(TemplateFieldRules.Items(pod["spec"]!["initContainers"]));

    /// <summary>The last mount of the template that matches, else the settings that make volumes.</summary>
    private static SourcePlace Place(LintSubject subject, SparkRole role, string container, Func<JsonObject, bool> matches)
    {
        if (subject.Template(role) is { Source: { } source } template)
        {
            foreach (var list in (string[])["containers", "initContainers"])
            {
                foreach (var (item, i) in TemplateFieldRules.Items(template.Spec[list]).Where(c => TemplateFieldRules.Name(c.Item) == container))
                {
                    if (TemplateFieldRules.Items(item["volumeMounts"]).LastOrDefault(m => matches(m.Item)) is { Item: not null } mount)
                    {
                        return source.At("spec", list, i, "volumeMounts", mount.Index);
                    }
                }
            }
        }

        var word = role == SparkRole.Driver ? "driver" : "executor";
        var key = subject.Settings.User.Values.Keys.FirstOrDefault(k => k.StartsWith($"spark.kubernetes.{word}.volumes.", StringComparison.Ordinal));
        return key is null ? subject.Request.At("jobDriver") : subject.Setting(key);
    }
}
