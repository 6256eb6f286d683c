using System.Text.Json.Nodes;
using Hearth.Jobs.Emr;
using Hearth.Jobs.Spark;
using Hearth.Kube.Core;
using Hearth.Kube.Objects;

namespace Hearth.Cli.Commands.Lint.Reading;

/// <summary>The pods that a request would make, built as the platform builds them.</summary>
/// <param name="Driver">The driver; null when it cannot be built.</param>
/// <param name="Executor">One executor; null when it cannot be built.</param>
/// <param name="Problem">The setting that Spark refuses, or null.</param>
internal sealed record JobPods(JsonObject? Driver, JsonObject? Executor, string? Problem)
{
    private const string UniqueId = "0000000000000000";

    /// <summary>None.</summary>
    public static JobPods None { get; } = new(null, null, null);

    /// <summary>One of the two.</summary>
    public JsonObject? Of(SparkRole role) => role == SparkRole.Driver ? Driver : Executor;

    /// <summary>Builds both. A template that Kubernetes would not take counts as none.</summary>
    public static JobPods Build(Submission submission, TemplateFile? driver, TemplateFile? executor)
    {
        try
        {
            var prefix = SparkNames.ResourcePrefix(submission.Application.Name, UniqueId);
            var pod = DriverPod.Build(new DriverPodRequest
            {
                Application = submission.Application,
                PodName = submission.DriverPodName,
                Prefix = prefix,
                UniqueId = UniqueId,
                MainClass = submission.MainClass,
                Resource = submission.Resource,
                Arguments = submission.Arguments,
                Template = driver?.Parsed ?? PodTemplate.Empty,
                ServiceAccount = submission.DriverServiceAccount,
            }).Pod;
            EmrPod.Complete(pod, SparkRole.Driver);
            return new JobPods(pod, BuildExecutor(submission, executor?.Parsed ?? PodTemplate.Empty, prefix, LocalDirs(pod)), null);
        }
        catch (SparkConfException e)
        {
            return new JobPods(null, null, e.Message);
        }
    }

    /// <summary>A pod as the scheduler sees it.</summary>
    public static Pod Typed(JsonObject pod) => KubeJson.Read<Pod>(pod);

    private static JsonObject BuildExecutor(Submission submission, PodTemplate template, string prefix, string? localDirs)
    {
        var pod = ExecutorPod.Build(new ExecutorPodRequest
        {
            Application = submission.Application,
            Prefix = submission.Application.Conf.Get("spark.kubernetes.executor.podNamePrefix") is null ? prefix : SparkNames.ExecutorPrefix(submission.Application.Conf, submission.Application.Name, TimeProvider.System),
            Id = 1,
            Template = template,
            DriverUrl = "spark://CoarseGrainedScheduler@driver:7078",
            DriverLocalDirs = localDirs,
            DriverServiceAccount = submission.DriverServiceAccount,
        }).Pod;
        EmrPod.Complete(pod, SparkRole.Executor);
        return pod;
    }

    private static string? LocalDirs(JsonObject pod) =>
        pod["spec"]!["containers"]!.AsArray()[^1]!["env"]!.AsArray().FirstOrDefault(e => e!["name"]!.ToString() == "SPARK_LOCAL_DIRS")?["value"]?.ToString();
}
