using System.Globalization;
using Hearth.Kube.Core;

namespace Hearth.Cluster.Controllers.Jobs;

/// <summary>What the failure policy of a job says about its pods. Pure.</summary>
internal static class PodFailures
{
    /// <summary>The action for a failed pod: that of the first rule that matches; <c>Count</c> without one.</summary>
    public static string Action(JobSpec spec, Pod pod) => Match(spec, pod)?.Rule.Action ?? "Count";

    /// <summary>Why the whole job fails because of one of its pods; null when it does not.</summary>
    public static string? FailJob(JobSpec spec, IReadOnlyList<Pod> pods)
    {
        foreach (var pod in pods.Where(p => p.Status?.Phase == "Failed"))
        {
            if (Match(spec, pod) is { Rule.Action: "FailJob" } match)
            {
                return string.Create(CultureInfo.InvariantCulture, $"{match.What} matching FailJob rule at index {match.Index}");
            }
        }

        return null;
    }

    /// <summary>When the last container of a finished pod ended.</summary>
    public static DateTimeOffset? FinishedAt(Pod pod) =>
        (pod.Status?.ContainerStatuses ?? []).Select(c => c.State?.Terminated?.FinishedAt).Max() ?? pod.Status?.Conditions?.Select(c => c.LastTransitionTime).Max() ?? pod.Metadata.CreationTimestamp;

    private static (PodFailureRule Rule, int Index, string What)? Match(JobSpec spec, Pod pod)
    {
        var rules = spec.PodFailurePolicy?.Rules ?? [];
        for (var i = 0; i < rules.Count; i++)
        {
            if (What(rules[i], pod) is { } what)
            {
                return (rules[i], i, what);
            }
        }

        return null;
    }

    private static string? What(PodFailureRule rule, Pod pod)
    {
        var name = pod.Metadata.Key();
        if (rule.OnExitCodes is { } codes)
        {
            var hit = (pod.Status?.InitContainerStatuses ?? []).Concat(pod.Status?.ContainerStatuses ?? []).FirstOrDefault(c => Matches(codes, c));
            return hit is null ? null : string.Create(CultureInfo.InvariantCulture, $"Container {hit.Name} for pod {name} failed with exit code {hit.State!.Terminated!.ExitCode}");
        }

        var condition = pod.Status?.Conditions?.FirstOrDefault(c => rule.OnPodConditions?.Any(p => p.Type == c.Type && (p.Status ?? "True") == c.Status) == true);
        return condition is null ? null : $"Pod {name} has condition {condition.Type}";
    }

    private static bool Matches(PodFailureExitCodes codes, ContainerStatus container) =>
        container.State?.Terminated?.ExitCode is { } code && code != 0
        && (codes.ContainerName is null || codes.ContainerName == container.Name)
        && (codes.Values?.Contains(code) == true) == (codes.Operator != "NotIn");
}
