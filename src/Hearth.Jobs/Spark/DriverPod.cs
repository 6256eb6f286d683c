using System.Globalization;
using System.Text.Json.Nodes;

namespace Hearth.Jobs.Spark;

/// <summary>What a driver pod is built from.</summary>
public sealed record DriverPodRequest
{
    public required SparkApplication Application { get; init; }
    public required string PodName { get; init; }

    /// <summary>Prefix of the names of the application's objects; see <see cref="SparkNames.ResourcePrefix"/>.</summary>
    public required string Prefix { get; init; }

    /// <summary>See <see cref="SparkNames.UniqueId"/>.</summary>
    public required string UniqueId { get; init; }

    /// <summary>Class given to <c>--class</c>.</summary>
    public required string MainClass { get; init; }

    /// <summary>The program: <c>s3://…</c>, <c>local:///…</c> or <c>spark-internal</c>.</summary>
    public required string Resource { get; init; }
    public IReadOnlyList<string> Arguments { get; init; } = [];
    public PodTemplate Template { get; init; } = PodTemplate.Empty;

    /// <summary>Text of the executors' pod template, or null.</summary>
    public string? ExecutorTemplate { get; init; }

    /// <summary>Null for what the template or the namespace says.</summary>
    public string? ServiceAccount { get; init; }

    /// <summary>Owner of everything that is made for the driver; null for none.</summary>
    public JsonObject? Owner { get; init; }
}

/// <summary>A driver pod and what it needs around it.</summary>
/// <param name="Pod">The pod.</param>
/// <param name="ConfigMaps">Settings, and the executors' template when there is one.</param>
/// <param name="Service">Headless service by which executors find the driver.</param>
/// <param name="Claims">Volume claims to create with the pod.</param>
/// <param name="Properties">What <c>spark.properties</c> holds.</param>
public sealed record DriverPodObjects(
    JsonObject Pod, IReadOnlyList<JsonObject> ConfigMaps, JsonObject Service, IReadOnlyList<JsonObject> Claims, SparkConf Properties);

/// <summary>Builds driver pods as the submission client of Spark 3.5.3 does in cluster mode.</summary>
public static class DriverPod
{
    /// <summary>Where the settings are mounted.</summary>
    public const string ConfDirectory = "/opt/spark/conf";

    /// <summary>Where the executors' template is mounted.</summary>
    public const string TemplateFile = "/opt/spark/pod-template/pod-spec-template.yml";

    private const int RpcPort = 7078;
    private const int BlockManagerPort = 7079;
    private const int UiPort = 4040;

    /// <summary>Builds everything.</summary>
    /// <exception cref="SparkConfException">A setting is wrong.</exception>
    public static DriverPodObjects Build(DriverPodRequest request)
    {
        var app = request.Application;
        foreach (var key in (ReadOnlySpan<string>)["spark.driver.host", "spark.driver.bindAddress"])
        {
            if (app.Conf.Get(key) is not null)
            {
                throw new SparkConfException($"{key} is not supported in Kubernetes mode, as the driver's address is managed: remove it");
            }
        }

        var draft = new PodDraft(request.Template.Pod, app.Conf.Get("spark.kubernetes.driver.podTemplateContainerName", SparkNames.DriverContainer));
        Basics(draft, request);
        PodFeatures.Secrets(draft, app.Conf, SparkRole.Driver);
        var claims = VolumeSpecs.Mount(draft, VolumeSpecs.Of(app.Conf, SparkRole.Driver), $"{request.Prefix}-driver", null);
        Command(draft, request);
        if (request.ExecutorTemplate is not null)
        {
            TemplateVolume(draft, request);
        }

        LocalDirs.Apply(draft, app.Conf, null, $"/var/data/spark-{request.UniqueId}");
        draft.Env("SPARK_CONF_DIR", ConfDirectory);
        ConfVolume(draft, SparkNames.DriverConfigMap(request.UniqueId));
        var properties = Properties(request);
        return new DriverPodObjects(
            draft.Finish(), ConfigMaps(request, properties), Service(request, draft.Metadata), [.. claims.Select(c => Placed(c, request))], properties);
    }

    private static void Basics(PodDraft draft, DriverPodRequest request)
    {
        var app = request.Application;
        draft.Metadata.Remove("generateName");
        draft.Metadata["name"] = request.PodName;
        draft.Metadata["namespace"] = app.Namespace;
        if (request.Owner is { } owner)
        {
            draft.Own((JsonObject)owner.DeepClone());
        }

        PodFeatures.Metadata(draft, app, SparkRole.Driver, null);
        PodFeatures.Placement(draft, app.Conf, SparkRole.Driver);
        PodFeatures.Resources(draft, app.Conf, SparkRole.Driver, SparkMemory.OfDriver(app.Conf, app.IsPython));
        if (request.ServiceAccount is { } account)
        {
            draft.Spec["serviceAccountName"] = account;
            draft.Spec["serviceAccount"] = account;
        }

        draft.Port("driver-rpc-port", app.Conf.Int("spark.driver.port", RpcPort));
        draft.Port("blockmanager", BlockManager(app.Conf));
        draft.Port("spark-ui", app.Conf.Int("spark.ui.port", UiPort));
        draft.Env("SPARK_USER", app.User);
        draft.Env("SPARK_APPLICATION_ID", app.Id);
        foreach (var (name, value) in app.Conf.Below("spark.kubernetes.driverEnv."))
        {
            draft.Env(name, value);
        }

        draft.EnvFromField("SPARK_DRIVER_BIND_ADDRESS", "status.podIP");
    }

    private static void Command(PodDraft draft, DriverPodRequest request)
    {
        if (request.Application.IsPython)
        {
            PythonEnv(draft, request.Application.Conf, "spark.pyspark.python", "PYSPARK_PYTHON");
            PythonEnv(draft, request.Application.Conf, "spark.pyspark.driver.python", "PYSPARK_DRIVER_PYTHON");
        }

        draft.Args(["driver", "--properties-file", $"{ConfDirectory}/spark.properties", "--class", request.MainClass, request.Resource, .. request.Arguments]);
    }

    private static void PythonEnv(PodDraft draft, SparkConf conf, string key, string variable)
    {
        if (conf.Get(key) is { } python)
        {
            draft.Env(variable, python);
        }
    }

    private static void TemplateVolume(PodDraft draft, DriverPodRequest request)
    {
        draft.Volume("pod-template-volume", "configMap", new JsonObject
        {
            ["name"] = SparkNames.TemplateConfigMap(request.Prefix),
            ["items"] = new JsonArray(new JsonObject { ["key"] = "podspec-configmap-key", ["path"] = "pod-spec-template.yml" }),
        });
        draft.Mount("pod-template-volume", "/opt/spark/pod-template");
    }

    private static void ConfVolume(PodDraft draft, string configMap)
    {
        draft.Volume("spark-conf-volume-driver", "configMap", new JsonObject
        {
            ["name"] = configMap,
            ["items"] = new JsonArray(new JsonObject { ["key"] = "spark.properties", ["path"] = "spark.properties", ["mode"] = 0b110_100_100 }),
        });
        draft.Mount("spark-conf-volume-driver", ConfDirectory);
    }

    private static SparkConf Properties(DriverPodRequest request)
    {
        var app = request.Application;
        var host = $"{SparkNames.DriverService(request.Prefix, request.UniqueId)}.{app.Namespace}.svc";
        var properties = app.Conf
            .With("spark.app.id", app.Id)
            .With("spark.app.name", app.Name)
            .With("spark.kubernetes.namespace", app.Namespace)
            .With("spark.kubernetes.driver.pod.name", request.PodName)
            .With("spark.kubernetes.submitInDriver", "true")
            .With("spark.kubernetes.resource.type", app.IsPython ? "python" : "java")
            .With("spark.kubernetes.memoryOverheadFactor", SparkMemory.DefaultFactor(app.Conf, app.IsPython).ToString(CultureInfo.InvariantCulture))
            .With("spark.driver.host", host)
            .WithDefault("spark.driver.port", Text(RpcPort))
            .With("spark.driver.blockManager.port", Text(BlockManager(app.Conf)));
        return request.ExecutorTemplate is null ? properties : properties.With("spark.kubernetes.executor.podTemplateFile", TemplateFile);
    }

    private static IReadOnlyList<JsonObject> ConfigMaps(DriverPodRequest request, SparkConf properties)
    {
        var settings = ConfigMap(request, SparkNames.DriverConfigMap(request.UniqueId), new JsonObject
        {
            ["spark.kubernetes.namespace"] = request.Application.Namespace,
            ["spark.properties"] = PropertiesText.Write(properties.Values, "Java properties built from Kubernetes config map with name: " + SparkNames.DriverConfigMap(request.UniqueId)),
        });
        settings["immutable"] = true;
        return request.ExecutorTemplate is { } template
            ? [settings, ConfigMap(request, SparkNames.TemplateConfigMap(request.Prefix), new JsonObject { ["podspec-configmap-key"] = template })]
            : [settings];
    }

    private static JsonObject ConfigMap(DriverPodRequest request, string name, JsonObject data) => Placed(
        new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "ConfigMap",
            ["metadata"] = new JsonObject { ["name"] = name },
            ["data"] = data,
        },
        request);

    private static JsonObject Service(DriverPodRequest request, JsonObject podMetadata)
    {
        var conf = request.Application.Conf;
        var service = Placed(
            new JsonObject
            {
                ["apiVersion"] = "v1",
                ["kind"] = "Service",
                ["metadata"] = new JsonObject { ["name"] = SparkNames.DriverService(request.Prefix, request.UniqueId) },
                ["spec"] = new JsonObject
                {
                    ["clusterIP"] = "None",
                    ["ipFamilyPolicy"] = conf.Get("spark.kubernetes.driver.service.ipFamilyPolicy", "SingleStack"),
                    ["selector"] = podMetadata["labels"]!.DeepClone(),
                    ["ports"] = new JsonArray(
                        Port("driver-rpc-port", conf.Int("spark.driver.port", RpcPort)),
                        Port("blockmanager", BlockManager(conf)),
                        Port("spark-ui", conf.Int("spark.ui.port", UiPort))),
                },
            },
            request);
        Copy(conf.Below("spark.kubernetes.driver.service.label."), service, "labels");
        Copy(conf.Below("spark.kubernetes.driver.service.annotation."), service, "annotations");
        return service;
    }

    private static void Copy(IEnumerable<KeyValuePair<string, string>> pairs, JsonObject target, string map)
    {
        foreach (var (key, value) in pairs)
        {
            var metadata = target["metadata"]!.AsObject();
            metadata[map] ??= new JsonObject();
            metadata[map]![key] = value;
        }
    }

    private static JsonObject Port(string name, int number) => new() { ["name"] = name, ["port"] = number, ["targetPort"] = number, ["protocol"] = "TCP" };

    private static JsonObject Placed(JsonObject value, DriverPodRequest request)
    {
        var metadata = value["metadata"]!.AsObject();
        metadata["namespace"] = request.Application.Namespace;
        metadata["labels"] = new JsonObject { ["spark-app-selector"] = request.Application.Id };
        if (request.Owner is { } owner)
        {
            metadata["ownerReferences"] = new JsonArray(owner.DeepClone());
        }

        return value;
    }

    private static int BlockManager(SparkConf conf) =>
        conf.Get("spark.driver.blockManager.port") is null ? conf.Int("spark.blockManager.port", BlockManagerPort) : conf.Int("spark.driver.blockManager.port", BlockManagerPort);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
