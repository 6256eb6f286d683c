using Hearth.Kube.Core;

namespace Hearth.Scheduling.Resources;

/// <summary>What a pod asks of a node, computed as kube-scheduler does (k8s.io/component-helpers, resource.PodRequests).</summary>
public static class PodRequests
{
    /// <summary>Millicores a container without a cpu request counts as when nodes are scored.</summary>
    public const long DefaultScoredMilliCpu = 100;

    /// <summary>Bytes a container without a memory request counts as when nodes are scored.</summary>
    public const long DefaultScoredMemory = 200L * 1024 * 1024;

    /// <summary>
    /// The larger of (containers and sidecars together) and (each init container with the sidecars started before it), plus the overhead, and one pod.
    /// Requests that are absent default to limits.
    /// </summary>
    public static ResourceVector Of(PodSpec? spec) => Sum(spec, static c => Requests(c)).With(ResourceNames.Pods, 1);

    /// <summary>The same with small defaults for absent cpu and memory requests, used for scores only.</summary>
    public static ResourceVector Scored(PodSpec? spec) => Sum(spec, static c =>
    {
        var requests = Requests(c);
        return new ResourceVector(
            requests.MilliCpu == 0 ? DefaultScoredMilliCpu : requests.MilliCpu,
            requests.Memory == 0 ? DefaultScoredMemory : requests.Memory);
    });

    private static ResourceVector Requests(Container container)
    {
        var requests = ResourceVector.From(container.Resources?.Requests);
        if (container.Resources?.Limits is { Count: > 0 } limits)
        {
            var given = container.Resources.Requests;
            var defaults = ResourceVector.From(limits);
            foreach (var name in limits.Keys)
            {
                if (given is null || !given.ContainsKey(name))
                {
                    requests = requests.With(name, defaults[name]);
                }
            }
        }

        return requests;
    }

    private static ResourceVector Sum(PodSpec? spec, Func<Container, ResourceVector> requests)
    {
        var total = default(ResourceVector);
        foreach (var container in spec?.Containers ?? [])
        {
            total += requests(container);
        }

        var sidecars = default(ResourceVector);
        var peak = default(ResourceVector);
        foreach (var container in spec?.InitContainers ?? [])
        {
            var own = requests(container);
            if (string.Equals(container.RestartPolicy, "Always", StringComparison.Ordinal))
            {
                total += own;
                sidecars += own;
                peak = ResourceVector.Max(peak, sidecars);
            }
            else
            {
                peak = ResourceVector.Max(peak, own + sidecars);
            }
        }

        return ResourceVector.Max(total, peak) + ResourceVector.From(spec?.Overhead);
    }
}
