using System.Text.Json.Nodes;
using Hearth.Cli.Commands.Lint.Reading;
using Hearth.Jobs.Spark;

namespace Hearth.Cli.Commands.Lint.Rules;

/// <summary>EMR's own rules about what a pod template may say.</summary>
internal static class TemplateFieldRules
{
    private static readonly PodTemplateRules Emr = PodTemplateRules.Emr;

    /// <summary>A field of the pod that EMR does not allow.</summary>
    public static LintRule PodField { get; } = new(
        "pod-field",
        Severity.Error,
        "A pod template has a field of `spec` that EMR on EKS does not allow, for example `securityContext` or `serviceAccountName`.",
        "The run fails: `Field spec.X not allowed but specified.`",
        "Leave the field out.",
        subject => from t in subject.Templates
                   where t.Template.Problem is null
                   from field in t.Template.Spec
                   where !Emr.PodFields.Contains(field.Key)
                   select new Fault(t.Source.At("spec", field.Key), $"EMR on EKS does not allow spec.{field.Key} in a pod template"));

    /// <summary>A field of the Spark container that EMR does not allow.</summary>
    public static LintRule MainContainerField { get; } = new(
        "main-container-field",
        Severity.Error,
        "The Spark container of a pod template has a field that EMR on EKS decides alone: image, command, args, ports, securityContext and the like.",
        "The run fails: `Field container.X in Spark main container not allowed but specified.`",
        "Leave the field out; an image goes into spark.kubernetes.container.image.",
        subject => from t in subject.Templates
                   where t.Template.Problem is null
                   from field in t.Template.MainContainer
                   where !Emr.MainContainerFields.Contains(field.Key)
                   select new Fault(t.Source.At("spec", "containers", t.Template.Main, field.Key), $"EMR on EKS does not allow {field.Key} in the Spark container"));

    /// <summary>A volume name that EMR uses itself.</summary>
    public static LintRule ReservedVolume { get; } = new(
        "reserved-volume",
        Severity.Error,
        "A pod template defines a volume whose name EMR on EKS uses itself.",
        "The run fails: the pod would have two volumes of that name.",
        "Choose another name.",
        subject => from t in subject.Templates
                   from volume in Items(t.Template.Spec["volumes"])
                   where Emr.ReservedVolumes.Contains(Name(volume.Item))
                   select new Fault(t.Source.At("spec", "volumes", volume.Index), $"EMR on EKS uses the volume name {Name(volume.Item)} itself"));

    /// <summary>A path that EMR mounts itself.</summary>
    public static LintRule ReservedMount { get; } = new(
        "reserved-mount",
        Severity.Error,
        "The Spark container mounts a volume at a path that EMR on EKS mounts itself: /tmp, /mnt, /home/hadoop, /var/log/fluentd, /var/log/spark/user, /var/log/spark/apps.",
        "The run fails: `Defined volume mount path on main container must not overlap with reserved mount paths`.",
        "Mount it elsewhere, for example at /data1.",
        subject => from mount in Mounts(subject)
                   where Emr.ReservedMounts.Contains(mount.Path)
                   select new Fault(mount.Place, $"mount path {mount.Path} is one that EMR on EKS mounts itself"));

    /// <summary>A path inside or above one that EMR mounts itself.</summary>
    public static LintRule ReservedOverlap { get; } = new(
        "reserved-mount-overlap",
        Severity.Warning,
        "The Spark container mounts a volume inside or above a path that EMR on EKS mounts itself.",
        "EMR's rule speaks of overlap; whether it refuses paths such as /mnt/x is not documented.",
        "Mount it elsewhere, for example at /data1.",
        subject => from mount in Mounts(subject)
                   let reserved = Emr.ReservedMounts.FirstOrDefault(r => Overlap(mount.Path, r))
                   where reserved is not null
                   select new Fault(mount.Place, $"mount path {mount.Path} overlaps {reserved}, which EMR on EKS mounts itself"));

    /// <summary>A variable that EMR sets itself.</summary>
    public static LintRule ReservedVariable { get; } = new(
        "reserved-variable",
        Severity.Error,
        "The Spark container sets an environment variable that EMR on EKS sets itself.",
        "The run fails, or logs are lost.",
        "Choose another name.",
        subject => from t in subject.Templates
                   from variable in Items(t.Template.MainContainer["env"])
                   where Emr.ReservedEnv.Contains(Name(variable.Item))
                   select new Fault(t.Source.At("spec", "containers", t.Template.Main, "env", variable.Index), $"EMR on EKS sets {Name(variable.Item)} itself"));

    /// <summary>A pod template without the container that Spark looks for.</summary>
    public static LintRule MainContainerName { get; } = new(
        "main-container-name",
        Severity.Warning,
        "No container of a pod template has the name that EMR on EKS looks for; the plural `spark-kubernetes-executors`, which a guide prints, is wrong.",
        "Spark takes the first container in its place, whichever that is.",
        "Name it spark-kubernetes-driver, or spark-kubernetes-executor.",
        subject => from t in subject.Templates
                   where t.Template.Main >= 0 && t.Template.Problem is null && Name(t.Template.MainContainer) != t.Template.MainName
                   let all = t.Template.Containers.Select(c => Name(c)).ToArray()
                   select new Fault(t.Source.At("spec", "containers", t.Template.Main, "name"), $"no container is named {t.Template.MainName}, but there is {string.Join(", ", all)}"));

    /// <summary>The entries of a list that are objects.</summary>
    internal static IEnumerable<(JsonObject Item, int Index)> Items(JsonNode? list) =>
        (list as JsonArray ?? []).Select((item, i) => (item as JsonObject, i)).Where(p => p.Item1 is not null).Select(p => (p.Item1!, p.i));

    internal static string Name(JsonNode? item) => item?["name"]?.ToString() ?? "";

    private static IEnumerable<(string Path, SourcePlace Place)> Mounts(LintSubject subject) =>
        from t in subject.Templates
        from mount in Items(t.Template.MainContainer["volumeMounts"])
        select (Path(mount.Item), t.Source.At("spec", "containers", t.Template.Main, "volumeMounts", mount.Index));

    private static string Path(JsonObject mount) => mount["mountPath"]?.ToString() is { Length: > 1 } path ? path.TrimEnd('/') : "/";

    private static bool Overlap(string path, string reserved) =>
        path.StartsWith(reserved + "/", StringComparison.Ordinal) || reserved.StartsWith(path.TrimEnd('/') + "/", StringComparison.Ordinal);
}
