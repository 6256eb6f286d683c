using System.Globalization;
using Hearth.Cli.CommandLine;
using Hearth.Cli.Commands.Lint;
using Hearth.Cli.Commands.Lint.Reading;
using Hearth.Jobs.Driver.Scaling;
using Hearth.Jobs.Spark;
using Hearth.Kube.Core;
using Hearth.Kube.Objects;
using Hearth.Scheduling.Fit;
using Hearth.Scheduling.YuniKorn;
using Hearth.Scheduling.YuniKorn.Gangs;
using Hearth.Scheduling.YuniKorn.Shim;

namespace Hearth.Cli.Commands.Plan;

/// <summary>A job as a plan sees it.</summary>
/// <param name="Name">Of its request's file.</param>
/// <param name="Driver">Its driver pod.</param>
/// <param name="Executor">One executor pod.</param>
/// <param name="Executors">How many of them at most.</param>
/// <param name="Gang">Its gang; empty for none.</param>
/// <param name="Policy">Of the gang.</param>
internal sealed record PlanJob(string Name, Pod Driver, Pod Executor, int Executors, IReadOnlyList<TaskGroup> Gang, PolicyParameters Policy)
{
    /// <summary>Reads the job of a request.</summary>
    /// <exception cref="CliException">Its pods cannot be built: exit code 2.</exception>
    public static PlanJob Of(LintSubject subject, int? executors)
    {
        var pods = subject.Pods;
        if (pods.Driver is null || pods.Executor is null)
        {
            throw CliException.BadInput(
                $"{subject.Request.File}: {subject.Settings.Problem ?? pods.Problem ?? "its pods cannot be built: the request names a job template, which only a running platform knows"}",
                "`hearth lint` says more.");
        }

        var driver = JobPods.Typed(pods.Driver);
        return new PlanJob(
            subject.Request.File, Named(driver, "driver"), JobPods.Typed(pods.Executor), executors ?? Count(subject),
            Gangs(driver), PolicyParameters.Parse(driver.Metadata.Annotation(YuniKornNames.PolicyParameters)));
    }

    /// <summary>Its pods in the order in which they come: the driver, and when it runs, the executors.</summary>
    public IReadOnlyList<IReadOnlyList<PodInfo>> Waves(Func<Pod, Pod> change) =>
        Executors == 0 ? [[PodInfo.From(change(Driver))]] : [[PodInfo.From(change(Driver))], [.. Copies(change(Executor), "executor", Executors)]];

    /// <summary>The placeholders of its gang, which come together.</summary>
    public IReadOnlyList<PodInfo> Placeholders()
    {
        var pods = new List<PodInfo>();
        foreach (var group in Gang)
        {
            var placeholder = KubeJson.Read<Pod>(PlaceholderPod.Create(Driver, "plan", "", group, group.Name, "pause"));
            pods.AddRange(Copies(placeholder, group.Name, group.MinMember));
        }

        return pods;
    }

    /// <summary>Copies of a pod with names of their own.</summary>
    public static IEnumerable<PodInfo> Copies(Pod pod, string name, int count) =>
        Enumerable.Range(1, count).Select(i => PodInfo.From(Named(pod, string.Create(CultureInfo.InvariantCulture, $"{name}-{i}"))));

    private static Pod Named(Pod pod, string name) => pod with { Metadata = pod.Metadata with { Name = name, Uid = name } };

    private static IReadOnlyList<TaskGroup> Gangs(Pod driver)
    {
        try
        {
            return TaskGroupReader.Read(driver.Metadata.Annotation(YuniKornNames.TaskGroups));
        }
        catch (FormatException)
        {
            return []; // as YuniKorn: it goes on without a gang; `hearth lint` says so
        }
    }

    private static int Count(LintSubject subject)
    {
        try
        {
            var conf = subject.Settings.All;
            var settings = AllocationSettings.Of(conf);
            var most = conf.Flag("spark.dynamicAllocation.enabled", false) ? conf.Int("spark.dynamicAllocation.maxExecutors", settings.Instances) : settings.Instances;
            return settings.IsLocal ? 0 : Math.Max(settings.Instances, most);
        }
        catch (SparkConfException e)
        {
            throw CliException.BadInput($"{subject.Request.File}: {e.Message}");
        }
    }
}
