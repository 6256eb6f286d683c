using System.Text.Json.Nodes;
using Hearth.Jobs.Emr;
using Hearth.Jobs.Spark;
using Hearth.Kube.Client;
using Hearth.Kube.Core;

namespace Hearth.Jobs.Driver;

/// <summary>What a driver reads from its settings and its pod before it can ask for executors.</summary>
internal static class DriverApplication
{
    /// <summary>The application as <c>spark.properties</c> describes it.</summary>
    public static SparkApplication Of(SparkConf conf, bool isPython, string user) => new()
    {
        Conf = conf,
        Namespace = conf.Get("spark.kubernetes.namespace", "default"),
        Id = conf.Get("spark.app.id") ?? throw new DriverException("spark.app.id is not in the properties file: this container was not made by a submission"),
        Name = conf.Get("spark.app.name", "spark"),
        Version = conf.Get(Releases.SparkVersionKey, Releases.DefaultSpark),
        IsPython = isPython,
        User = user,
    };

    /// <summary>What executors are built from; creates their config map.</summary>
    public static async Task<ExecutorPodRequest> ExecutorsAsync(SparkApplication app, IKubeClient client, DriverHost host, CancellationToken ct)
    {
        var podName = app.Conf.Get("spark.kubernetes.driver.pod.name") ?? throw new DriverException("spark.kubernetes.driver.pod.name is not in the properties file");
        var pod = await client.GetAsync<Pod>(app.Namespace, podName, ct).ConfigureAwait(false);
        var request = new ExecutorPodRequest
        {
            Application = app with { Version = pod.Metadata.Label("spark-version") ?? app.Version },
            Prefix = SparkNames.ExecutorPrefix(app.Conf, app.Name, host.Time),
            Id = 0,
            Template = Template(app.Conf),
            Driver = (podName, pod.Metadata.Uid!),
            DriverUrl = $"spark://CoarseGrainedScheduler@{app.Conf.Get("spark.driver.host", podName)}:{app.Conf.Get("spark.driver.port", "7078")}",
            DriverIp = host.Variable("SPARK_DRIVER_BIND_ADDRESS"),
            DriverLocalDirs = host.Variable("SPARK_LOCAL_DIRS"),
            DriverServiceAccount = pod.Spec?.ServiceAccountName,
            ConfigMap = SparkNames.ExecutorConfigMap(SparkNames.UniqueId(host.Time)),
        };
        await client.CreateAsync(ConfigMap.Type, app.Namespace, Settings(request), ct).ConfigureAwait(false);
        return request;
    }

    private static PodTemplate Template(SparkConf conf)
    {
        if (conf.Get("spark.kubernetes.executor.podTemplateFile") is not { } path)
        {
            return PodTemplate.Empty;
        }

        try
        {
            return PodTemplate.Parse(File.ReadAllText(path), SparkRole.Executor, PodTemplateRules.Emr);
        }
        catch (Exception e) when (e is PodTemplateException or IOException)
        {
            throw new DriverException($"Executor pod template {path}: {e.Message}");
        }
    }

    private static JsonObject Settings(ExecutorPodRequest request) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "ConfigMap",
        ["metadata"] = new JsonObject
        {
            ["name"] = request.ConfigMap,
            ["namespace"] = request.Application.Namespace,
            ["labels"] = new JsonObject { ["spark-app-selector"] = request.Application.Id, ["spark-role"] = "executor" },
            ["ownerReferences"] = new JsonArray(PodFeatures.Owner("v1", "Pod", request.Driver!.Value.Name, request.Driver.Value.Uid)),
        },
        ["immutable"] = true,
        ["data"] = new JsonObject
        {
            ["spark.kubernetes.namespace"] = request.Application.Namespace,
            ["spark.properties"] = PropertiesText.Write(request.Application.Conf.Values),
        },
    };
}
