using System.Globalization;
using System.Text.Json.Nodes;

namespace Hearth.Jobs.Spark;

/// <summary>Rules for pod templates beyond the fields that Kubernetes has. Empty sets mean no rule.</summary>
/// <param name="PodFields">Allowed fields of <c>spec</c>.</param>
/// <param name="MainContainerFields">Allowed fields of the Spark container.</param>
/// <param name="ReservedVolumes">Volume names that a template may not define.</param>
/// <param name="ReservedMounts">Mount paths that the Spark container may not use.</param>
/// <param name="ReservedEnv">Environment variables that the Spark container may not set.</param>
public sealed record PodTemplateRules(
    IReadOnlySet<string> PodFields,
    IReadOnlySet<string> MainContainerFields,
    IReadOnlySet<string> ReservedVolumes,
    IReadOnlySet<string> ReservedMounts,
    IReadOnlySet<string> ReservedEnv)
{
    /// <summary>Spark's own: none.</summary>
    public static PodTemplateRules Spark { get; } = new(Set(), Set(), Set(), Set(), Set());

    /// <summary>EMR on EKS'. Source: EMR on EKS Development Guide, pod templates.</summary>
    public static PodTemplateRules Emr { get; } = new(
        Set(
            "activeDeadlineSeconds", "affinity", "containers", "enableServiceLinks", "ephemeralContainers", "hostAliases", "hostname",
            "imagePullSecrets", "initContainers", "nodeName", "nodeSelector", "overhead", "preemptionPolicy", "priority", "priorityClassName",
            "readinessGates", "restartPolicy", "runtimeClassName", "schedulerName", "subdomain", "terminationGracePeriodSeconds", "tolerations",
            "topologySpreadConstraints", "volumes"),
        Set(
            "env", "envFrom", "name", "lifecycle", "livenessProbe", "readinessProbe", "resources", "startupProbe", "stdin", "stdinOnce",
            "terminationMessagePath", "terminationMessagePolicy", "tty", "volumeDevices", "volumeMounts", "workingDir"),
        Set(
            "emr-container-communicate", "config-volume", "emr-container-application-log-dir", "emr-container-event-log-dir", "temp-data-dir",
            "mnt-dir", "home-dir", "emr-container-s3"),
        Set("/var/log/fluentd", "/var/log/spark/user", "/var/log/spark/apps", "/tmp", "/mnt", "/home/hadoop"),
        Set("SPARK_CONTAINER_ID", "K8S_SPARK_LOG_URL_STDERR", "K8S_SPARK_LOG_URL_STDOUT", "SIDECAR_SIGNAL_FILE"));

    /// <summary>One sentence for each broken rule.</summary>
    public IEnumerable<string> Problems(JsonObject pod, SparkRole role)
    {
        var spec = pod["spec"] as JsonObject ?? [];
        var containers = spec["containers"] as JsonArray;
        var main = PodTemplate.MainContainer(containers, role == SparkRole.Driver ? SparkNames.DriverContainer : SparkNames.ExecutorContainer);
        var fields = spec
            .Where(f => PodFields.Count > 0 && !PodFields.Contains(f.Key))
            .Select(f => $"Field spec.{f.Key} not allowed but specified.");
        return fields
            .Concat(Names(spec["volumes"]).Where(ReservedVolumes.Contains).Select(v => $"Volume name {v} is reserved: choose another name."))
            .Concat(main < 0 ? [] : Main((JsonObject)containers![main]!));
    }

    private IEnumerable<string> Main(JsonObject container)
    {
        foreach (var field in container.Where(f => MainContainerFields.Count > 0 && !MainContainerFields.Contains(f.Key)))
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"Field container.{field.Key} in Spark main container not allowed but specified.");
        }

        var mounts = (container["volumeMounts"] as JsonArray ?? []).Select(m => m?["mountPath"]?.ToString().TrimEnd('/') ?? "");
        if (mounts.Where(ReservedMounts.Contains).ToArray() is { Length: > 0 } overlap)
        {
            yield return $"Defined volume mount path on main container must not overlap with reserved mount paths: [{string.Join(", ", overlap)}]";
        }

        foreach (var name in Names(container["env"]).Where(ReservedEnv.Contains))
        {
            yield return $"Environment variable {name} is reserved: choose another name.";
        }
    }

    private static IEnumerable<string> Names(JsonNode? list) => (list as JsonArray ?? []).Select(v => v?["name"]?.ToString() ?? "");

    private static HashSet<string> Set(params string[] values) => new(values, StringComparer.Ordinal);
}
