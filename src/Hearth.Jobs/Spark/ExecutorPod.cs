using System.Globalization;
using System.Text.Json.Nodes;

namespace Hearth.Jobs.Spark;

/// <summary>What an executor pod is built from.</summary>
public sealed record ExecutorPodRequest
{
    /// <summary>Its name is the one inside the running application.</summary>
    public required SparkApplication Application { get; init; }

    /// <summary>See <see cref="SparkNames.ExecutorPrefix"/>.</summary>
    public required string Prefix { get; init; }

    /// <summary>Counts from 1.</summary>
    public required int Id { get; init; }
    public PodTemplate Template { get; init; } = PodTemplate.Empty;

    /// <summary>The driver pod: name and uid; null when nothing owns executors.</summary>
    public (string Name, string Uid)? Driver { get; init; }

    /// <summary><c>spark://CoarseGrainedScheduler@host:port</c>.</summary>
    public required string DriverUrl { get; init; }

    /// <summary>Address of the driver pod, for executors.</summary>
    public string? DriverIp { get; init; }

    /// <summary><c>SPARK_LOCAL_DIRS</c> of the driver's container, which executors inherit.</summary>
    public string? DriverLocalDirs { get; init; }

    /// <summary>Service account of the driver, used when nothing else is said.</summary>
    public string? DriverServiceAccount { get; init; }

    /// <summary>Name of the config map with executor settings; null when there is none.</summary>
    public string? ConfigMap { get; init; }
}

/// <summary>An executor pod.</summary>
/// <param name="Pod">The pod.</param>
/// <param name="Claims">Volume claims to create after it.</param>
public sealed record ExecutorPodObjects(JsonObject Pod, IReadOnlyList<JsonObject> Claims);

/// <summary>Builds executor pods as the driver of Spark 3.5.3 does.</summary>
public static class ExecutorPod
{
    private const int BlockManagerPort = 7079;

    /// <summary>Builds one.</summary>
    /// <exception cref="SparkConfException">A setting is wrong.</exception>
    public static ExecutorPodObjects Build(ExecutorPodRequest request)
    {
        var app = request.Application;
        var id = request.Id.ToString(CultureInfo.InvariantCulture);
        var name = SparkNames.ExecutorPod(request.Prefix, request.Id);
        var memory = SparkMemory.OfExecutor(app.Conf, app.IsPython);
        var draft = new PodDraft(request.Template.Pod, app.Conf.Get("spark.kubernetes.executor.podTemplateContainerName", SparkNames.ExecutorContainer));
        Identity(draft, request, name, id);
        PodFeatures.Placement(draft, app.Conf, SparkRole.Executor);
        PodFeatures.Resources(draft, app.Conf, SparkRole.Executor, memory);
        Env(draft, request, id, memory);
        draft.Args(["executor"]);
        if (app.Conf.Int("spark.blockManager.port", BlockManagerPort) is var port && port != 0)
        {
            draft.Port("blockmanager", port);
        }

        if (app.Conf.Flag("spark.decommission.enabled", false))
        {
            draft.Container["lifecycle"] = new JsonObject
            {
                ["preStop"] = new JsonObject { ["exec"] = new JsonObject { ["command"] = new JsonArray(app.Conf.Get("spark.kubernetes.decommission.script", "/opt/decom.sh")) } },
            };
        }

        PodFeatures.Secrets(draft, app.Conf, SparkRole.Executor);
        var claims = VolumeSpecs.Mount(draft, VolumeSpecs.Of(app.Conf, SparkRole.Executor), name, id);
        LocalDirs.Apply(draft, app.Conf, request.DriverLocalDirs, $"/var/data/{app.Id}");
        ConfVolume(draft, request.ConfigMap);
        var pod = draft.Finish();
        return new ExecutorPodObjects(pod, [.. claims.Select(c => Placed(c, request))]);
    }

    private static void Identity(PodDraft draft, ExecutorPodRequest request, string name, string id)
    {
        var app = request.Application;
        draft.Metadata.Remove("generateName");
        draft.Metadata["name"] = name;
        draft.Metadata["namespace"] = app.Namespace;
        PodFeatures.Metadata(draft, app, SparkRole.Executor, id);
        draft.Label("spark-exec-id", id);
        draft.Label("spark-exec-resourceprofile-id", "0");
        if (request.Driver is { } driver)
        {
            draft.Own(PodFeatures.Owner("v1", "Pod", driver.Name, driver.Uid));
        }

        draft.Spec["hostname"] = SparkNames.ExecutorHostname(name);
        var account = app.Conf.Get("spark.kubernetes.authenticate.executor.serviceAccountName") ?? request.DriverServiceAccount;
        if (draft.Spec["serviceAccountName"] is null && draft.Spec["serviceAccount"] is null && account is not null)
        {
            draft.Spec["serviceAccountName"] = account;
            draft.Spec["serviceAccount"] = account;
        }
    }

    private static void Env(PodDraft draft, ExecutorPodRequest request, string id, SparkMemory memory)
    {
        var app = request.Application;
        draft.Env("SPARK_USER", app.User);
        draft.Env("SPARK_DRIVER_URL", request.DriverUrl);
        draft.Env("SPARK_EXECUTOR_CORES", app.Conf.Get("spark.executor.cores", "1"));
        draft.Env("SPARK_EXECUTOR_MEMORY", FormattableString.Invariant($"{memory.Heap}m"));
        draft.Env("SPARK_APPLICATION_ID", app.Id);
        draft.Env("SPARK_CONF_DIR", DriverPod.ConfDirectory);
        draft.Env("SPARK_EXECUTOR_ID", id);
        draft.Env("SPARK_RESOURCE_PROFILE_ID", "0");
        if (request.DriverIp is { } ip)
        {
            draft.Env("SPARK_DRIVER_POD_IP", ip);
        }

        foreach (var (name, value) in app.Conf.Below("spark.executorEnv."))
        {
            draft.Env(name, value);
        }

        draft.EnvFromField("SPARK_EXECUTOR_POD_IP", "status.podIP");
        draft.EnvFromField("SPARK_EXECUTOR_POD_NAME", "metadata.name");
    }

    private static void ConfVolume(PodDraft draft, string? configMap)
    {
        if (configMap is null)
        {
            return;
        }

        draft.Volume("spark-conf-volume-exec", "configMap", new JsonObject { ["name"] = configMap });
        draft.Mount("spark-conf-volume-exec", DriverPod.ConfDirectory);
    }

    private static JsonObject Placed(JsonObject claim, ExecutorPodRequest request)
    {
        var metadata = claim["metadata"]!.AsObject();
        metadata["namespace"] = request.Application.Namespace;
        metadata["labels"] = new JsonObject { ["spark-app-selector"] = request.Application.Id };
        if (request.Driver is { } driver && request.Application.Conf.Flag("spark.kubernetes.driver.ownPersistentVolumeClaim", true))
        {
            metadata["ownerReferences"] = new JsonArray(PodFeatures.Owner("v1", "Pod", driver.Name, driver.Uid));
        }

        return claim;
    }
}
