using System.Globalization;
using System.Text.Json.Nodes;
using Hearth.Jobs.Emr;
using Hearth.Jobs.Resources;
using Hearth.Jobs.Spark;

namespace Hearth.Jobs.Runner;

/// <summary>What a job runner is built from.</summary>
public sealed record RunnerJobRequest
{
    public required JobRun Run { get; init; }
    public required int Attempt { get; init; }

    /// <summary>EMR's defaults, the platform's, and the run's classifications, in this order.</summary>
    public required SparkConf Defaults { get; init; }
    public required SubmitterSettings Settings { get; init; }
    public required string ServiceAccount { get; init; }

    /// <summary>Account and Spark version that the runner falls back to.</summary>
    public required SubmissionOptions Options { get; init; }

    /// <summary>Text of the driver's pod template, or null.</summary>
    public string? DriverTemplate { get; init; }

    /// <summary>Text of the executors' pod template, or null.</summary>
    public string? ExecutorTemplate { get; init; }
}

/// <summary>
/// Builds the Kubernetes Job whose pod runs <c>spark-submit</c> for a job run, and the config maps that it reads. Names, labels, container and resources are those
/// of EMR on EKS. Source: dumps of a live cluster, EMR on EKS Development Guide. Pure.
/// </summary>
public static class RunnerJob
{
    /// <summary>The container.</summary>
    public const string Container = "job-runner";

    /// <summary>Label value of its pods.</summary>
    public const string Component = "job.submitter";

    /// <summary>Where the settings are mounted, as in Spark's image; EMR's <c>/usr/lib/spark</c> lies under the machine's own directories here.</summary>
    public const string ConfDirectory = "/opt/spark/conf";

    /// <summary>Where the pod templates are mounted.</summary>
    public const string TemplateDirectory = "/opt/spark/pod-template";

    /// <summary>Exit code for what trying again does not cure.</summary>
    public const int Hopeless = 2;

    /// <summary>Annotation of a runner pod: why it waits, one sentence.</summary>
    public const string WaitingAnnotation = "emr.hearth.dev/waiting";

    /// <summary>Annotation of a runner pod that failed for good: the failure reason in a line of its own, then the state details.</summary>
    public const string FailureAnnotation = "emr.hearth.dev/failure";

    /// <summary>Annotation of pods whose log is not kept.</summary>
    public const string NoLogAnnotation = "emr.hearth.dev/logging";

    // Source: EMR on EKS, the submitter is tried up to six times again.
    private const int Retries = 6;

    /// <summary>Name of the config map with the settings.</summary>
    public static string DefaultsMap(string jobId) => $"{jobId}-spark-defaults";

    /// <summary>Name of the config map with pod templates and their rules.</summary>
    public static string TemplateMap(string jobId) => $"podtemplate-{jobId}";

    /// <summary>The config maps of an attempt; those of all attempts are the same.</summary>
    public static IReadOnlyList<JsonObject> ConfigMaps(RunnerJobRequest request) =>
    [
        Map(request, DefaultsMap(request.Run.Id), "spark-defaults", new JsonObject { ["spark-defaults.conf"] = PropertiesText.Write(request.Defaults.Values) }),
        Map(request, TemplateMap(request.Run.Id), "pod-template", Templates(request)),
    ];

    /// <summary>The Job of an attempt.</summary>
    public static JsonObject Build(RunnerJobRequest request)
    {
        var run = request.Run;
        var job = new JsonObject
        {
            ["apiVersion"] = "batch/v1",
            ["kind"] = "Job",
            ["metadata"] = Metadata(request, EmrNames.RunnerJob(run, request.Attempt), new JsonObject()),
            ["spec"] = new JsonObject
            {
                ["backoffLimit"] = Retries,
                ["podFailurePolicy"] = new JsonObject
                {
                    ["rules"] = new JsonArray(new JsonObject
                    {
                        ["action"] = "FailJob",
                        ["onExitCodes"] = new JsonObject { ["containerName"] = Container, ["operator"] = "In", ["values"] = new JsonArray(Hopeless) },
                    }),
                },
                ["template"] = new JsonObject { ["metadata"] = PodMetadata(request), ["spec"] = PodSpec(request) },
            },
        };
        return job;
    }

    private static JsonObject PodMetadata(RunnerJobRequest request)
    {
        var labels = Pairs(request.Settings.Labels);
        foreach (var (key, value) in Submission.Labels(request.Run, Component))
        {
            labels[key] = value;
        }

        var metadata = new JsonObject { ["labels"] = labels };
        var annotations = Pairs(request.Settings.Annotations);
        if (!request.Settings.KeepsLog)
        {
            annotations[NoLogAnnotation] = "DISABLED";
        }

        if (annotations.Count > 0)
        {
            metadata["annotations"] = annotations;
        }

        return metadata;
    }

    private static JsonObject PodSpec(RunnerJobRequest request)
    {
        var settings = request.Settings;
        var spec = new JsonObject
        {
            ["restartPolicy"] = "Never",
            ["serviceAccountName"] = request.ServiceAccount,
            ["serviceAccount"] = request.ServiceAccount,
            ["containers"] = new JsonArray(ContainerOf(request)),
            ["volumes"] = new JsonArray(
                new JsonObject { ["name"] = "spark-defaults", ["configMap"] = new JsonObject { ["name"] = DefaultsMap(request.Run.Id) } },
                new JsonObject { ["name"] = "podtemplate", ["configMap"] = new JsonObject { ["name"] = TemplateMap(request.Run.Id) } },
                Empty("temp-data-dir"),
                Empty("home-dir"),
                Empty("mnt-dir")),
        };
        if (settings.NodeSelector.Count > 0)
        {
            spec["nodeSelector"] = Pairs(settings.NodeSelector);
        }

        if (settings.Tolerations.Count > 0)
        {
            spec["tolerations"] = new JsonArray([.. settings.Tolerations.Select(t => t.DeepClone())]);
        }

        if (settings.SchedulerName is { } scheduler)
        {
            spec["schedulerName"] = scheduler;
        }

        return spec;
    }

    private static JsonObject ContainerOf(RunnerJobRequest request) => new()
    {
        ["name"] = Container,
        ["image"] = request.Settings.Image ?? request.Defaults.Get("spark.kubernetes.container.image") ?? EmrNames.Image(request.Run.Spec.ReleaseLabel ?? ""),
        ["imagePullPolicy"] = request.Settings.ImagePullPolicy ?? "Always",
        ["args"] = new JsonArray(
            "job-runner", "--job-run", request.Run.Id, "--attempt", request.Attempt.ToString(CultureInfo.InvariantCulture),
            "--ends", (request.Settings.EndsEarly ?? Releases.EndsSubmitterEarly(request.Run.Spec.ReleaseLabel ?? "")) ? "when-driver-started" : "with-driver"),
        ["env"] = new JsonArray(
            new JsonObject { ["name"] = "SPARK_CONTAINER_ID", ["valueFrom"] = new JsonObject { ["fieldRef"] = new JsonObject { ["fieldPath"] = "metadata.name" } } },
            new JsonObject { ["name"] = "K8S_SPARK_LOG_ERROR_REGEX", ["value"] = "(Error|Exception|Fail)" },
            new JsonObject { ["name"] = "HEARTH_ACCOUNT_ID", ["value"] = request.Options.AccountId },
            new JsonObject { ["name"] = "HEARTH_SPARK_VERSION", ["value"] = request.Options.SparkVersion }),
        ["resources"] = new JsonObject
        {
            ["requests"] = new JsonObject { ["cpu"] = "800m", ["memory"] = "512Mi" },
            ["limits"] = new JsonObject { ["cpu"] = "1", ["memory"] = "1Gi" },
        },
        ["terminationMessagePolicy"] = "FallbackToLogsOnError",
        ["volumeMounts"] = new JsonArray(
            Mount("spark-defaults", ConfDirectory), Mount("podtemplate", TemplateDirectory), Mount("temp-data-dir", "/tmp"), Mount("home-dir", "/home/hadoop"), Mount("mnt-dir", "/mnt")),
    };

    private static JsonObject Templates(RunnerJobRequest request)
    {
        var data = new JsonObject();
        foreach (var role in (ReadOnlySpan<SparkRole>)[SparkRole.Driver, SparkRole.Executor])
        {
            var word = role == SparkRole.Driver ? "driver" : "executor";
            data[$"{word}-pod-allowlist"] = string.Join('\n', PodTemplateRules.Emr.PodFields.Order(StringComparer.Ordinal).Select(f => "spec." + f)) + "\n";
            data[$"{word}-container-allowlist"] = string.Join('\n', PodTemplateRules.Emr.MainContainerFields.Order(StringComparer.Ordinal).Select(f => "container." + f)) + "\n";
        }

        if (request.DriverTemplate is { } driver)
        {
            data["driver"] = driver;
        }

        if (request.ExecutorTemplate is { } executor)
        {
            data["executor"] = executor;
        }

        return data;
    }

    private static JsonObject Map(RunnerJobRequest request, string name, string what, JsonObject data) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "ConfigMap",
        ["metadata"] = Metadata(request, name, new JsonObject { [EmrNames.ConfigurationLabel] = what }),
        ["data"] = data,
    };

    private static JsonObject Metadata(RunnerJobRequest request, string name, JsonObject labels)
    {
        labels[EmrNames.JobIdLabel] = request.Run.Id;
        labels[EmrNames.VirtualClusterLabel] = request.Run.Spec.VirtualClusterId ?? "";
        return new JsonObject
        {
            ["name"] = name,
            ["namespace"] = request.Run.Metadata.Namespace,
            ["labels"] = labels,
            ["ownerReferences"] = new JsonArray(PodFeatures.Owner(JobRun.Type.ApiVersion, JobRun.Type.Kind, request.Run.Id, request.Run.Metadata.Uid!)),
        };
    }

    private static JsonObject Pairs(IReadOnlyDictionary<string, string> pairs) => new(pairs.Select(p => KeyValuePair.Create(p.Key, (JsonNode?)p.Value)));

    private static JsonObject Empty(string name) => new() { ["name"] = name, ["emptyDir"] = new JsonObject() };

    private static JsonObject Mount(string volume, string path) => new() { ["name"] = volume, ["mountPath"] = path };
}
