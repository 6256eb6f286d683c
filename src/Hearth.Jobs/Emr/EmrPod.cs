using System.Text.Json.Nodes;
using Hearth.Jobs.Spark;

namespace Hearth.Jobs.Emr;

/// <summary>What EMR adds to a pod that Spark has built: scratch directories, log settings, its reserved names. Source: pods of a live cluster.</summary>
public static class EmrPod
{
    /// <summary>Where a program leaves the reason of its failure; the container's termination message.</summary>
    public const string ErrorLog = "/var/log/spark/error.log";

    /// <summary>Touched by the main container every two seconds: sidecars end when it becomes stale.</summary>
    public const string SignalFile = "/var/log/fluentd/main-container-terminated";

    private static readonly (string Volume, string Path)[] Directories =
    [
        ("emr-container-communicate", "/var/log/fluentd"),
        ("emr-container-application-log-dir", "/var/log/spark/user"),
        ("emr-container-event-log-dir", "/var/log/spark/apps"),
        ("temp-data-dir", "/tmp"),
        ("mnt-dir", "/mnt"),
        ("home-dir", "/home/hadoop"),
    ];

    /// <summary>Adds it, in place. The Spark container is the last one.</summary>
    public static void Complete(JsonObject pod, SparkRole role)
    {
        var name = pod["metadata"]!["name"]!.ToString();
        var spec = pod["spec"]!.AsObject();
        var container = spec["containers"]!.AsArray()[^1]!.AsObject();
        foreach (var (volume, path) in Directories)
        {
            List(spec, "volumes").Add(new JsonObject { ["name"] = volume, ["emptyDir"] = new JsonObject() });
            List(container, "volumeMounts").Add(new JsonObject { ["name"] = volume, ["mountPath"] = path });
        }

        Env(container, "SPARK_CONTAINER_ID", name);
        Env(container, "SIDECAR_SIGNAL_FILE", SignalFile);
        Env(container, "K8S_SPARK_LOG_URL_STDOUT", "/var/log/spark/user/$(SPARK_CONTAINER_ID)/stdout");
        Env(container, "K8S_SPARK_LOG_URL_STDERR", "/var/log/spark/user/$(SPARK_CONTAINER_ID)/stderr");
        if (role == SparkRole.Driver)
        {
            Env(container, "K8S_SPARK_LOG_ERROR_REGEX", "(Error|Exception|Fail)");
            Env(container, "TERMINATION_ERROR_LOG_FILE_PATH", ErrorLog);
            container["terminationMessagePath"] ??= ErrorLog;
            container["terminationMessagePolicy"] ??= "FallbackToLogsOnError";
        }
    }

    private static void Env(JsonObject container, string name, string value) => List(container, "env").Add(new JsonObject { ["name"] = name, ["value"] = value });

    private static JsonArray List(JsonObject parent, string name)
    {
        if (parent[name] is not JsonArray list)
        {
            parent[name] = list = [];
        }

        return list;
    }
}
