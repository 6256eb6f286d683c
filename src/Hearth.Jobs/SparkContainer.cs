using Hearth.Jobs.Spark;
using Hearth.Kube.Core;

namespace Hearth.Jobs;

/// <summary>Finds the container of a pod that runs Spark, and its state.</summary>
public static class SparkContainer
{
    /// <summary>Its name: the usual one, else that of the last container, where Spark puts its own. Null for a pod without containers.</summary>
    public static string? Of(Pod pod)
    {
        var names = (pod.Spec?.Containers ?? []).Select(c => c.Name).ToArray();
        return names.FirstOrDefault(n => n is SparkNames.DriverContainer or SparkNames.ExecutorContainer) ?? names.LastOrDefault();
    }

    /// <summary>Its status, or null before there is one.</summary>
    public static ContainerStatus? Status(Pod pod)
    {
        var name = Of(pod);
        return pod.Status?.ContainerStatuses?.FirstOrDefault(s => s.Name == name);
    }

    /// <summary>Whether it runs or has run.</summary>
    public static bool HasStarted(Pod pod) => Status(pod)?.State is { Running: not null } or { Terminated: not null };
}
