using System.Globalization;
using Hearth.Jobs.Emr;
using Hearth.Jobs.Resources;
using Hearth.Kube.Core;
using Hearth.Scheduling.Karpenter;

namespace Hearth.Jobs.Controllers;

/// <summary>Keeps the list of pods of a run: adds new ones, notes ends, never forgets. Pure.</summary>
internal static class PodLedger
{
    /// <summary>The list after another look.</summary>
    /// <param name="known">The list so far.</param>
    /// <param name="live">Pods that exist.</param>
    /// <param name="nodes">Their nodes by name, as far as known; they say the prices.</param>
    /// <param name="now">The moment.</param>
    public static IReadOnlyList<PodUse> Merge(IReadOnlyList<PodUse> known, IReadOnlyList<Pod> live, IReadOnlyDictionary<string, Node> nodes, DateTimeOffset now)
    {
        var byUid = live.ToDictionary(p => p.Metadata.Uid!, StringComparer.Ordinal);
        var old = known.Select(k => byUid.TryGetValue(k.Uid, out var pod) ? Update(k, pod, nodes, now) : Gone(k, now));
        var names = known.Select(k => k.Uid).ToHashSet(StringComparer.Ordinal);
        var fresh = live.Where(p => !names.Contains(p.Metadata.Uid!))
            .OrderBy(p => p.Metadata.CreationTimestamp)
            .ThenBy(p => Role(p), StringComparer.Ordinal)
            .ThenBy(p => p.Metadata.Name!.Length)
            .ThenBy(p => p.Metadata.Name, StringComparer.Ordinal)
            .Select(p => Update(New(p), p, nodes, now));
        return [.. old, .. fresh];
    }

    /// <summary>Counts executors.</summary>
    public static ExecutorStatus Executors(IReadOnlyList<PodUse> pods, int requested)
    {
        int Count(string phase) => pods.Count(p => p.Role == "executor" && p.Phase == phase);
        var running = Count("Running");
        return new ExecutorStatus
        {
            Requested = requested,
            Pending = Count("Pending"),
            Running = running,
            Succeeded = Count("Succeeded"),
            Failed = Count("Failed"),
            Summary = string.Create(CultureInfo.InvariantCulture, $"{running}/{requested}"),
        };
    }

    private static string Role(Pod pod) => pod.Metadata.Label(EmrNames.ComponentLabel) ?? pod.Metadata.Label("spark-role") ?? "executor";

    private static PodUse New(Pod pod)
    {
        var requests = (pod.Spec?.Containers ?? []).Select(c => c.Resources?.Requests).OfType<IReadOnlyDictionary<string, Hearth.Kube.Quantities.Quantity>>().ToArray();
        return new PodUse
        {
            Name = pod.Metadata.Name!,
            Uid = pod.Metadata.Uid!,
            Role = Role(pod),
            MilliCpu = requests.Sum(r => r.TryGetValue("cpu", out var cpu) ? cpu.MilliValue : 0),
            MemoryMib = requests.Sum(r => r.TryGetValue("memory", out var memory) ? memory.Value >> 20 : 0),
        };
    }

    private static PodUse Update(PodUse use, Pod pod, IReadOnlyDictionary<string, Node> nodes, DateTimeOffset now)
    {
        var phase = SparkContainer.Status(pod)?.State?.Terminated is { } ended ? ended.ExitCode == 0 ? "Succeeded" : "Failed" : pod.Status?.Phase;
        var node = pod.Spec?.NodeName;
        var from = use.From ?? (node is null ? null : Bound(pod) ?? now);
        return use with
        {
            Phase = phase,
            NodeName = node ?? use.NodeName,
            From = from,
            To = use.To ?? (from is not null && phase is "Succeeded" or "Failed" ? End(pod) ?? now : null),
            UsdPerHour = use.UsdPerHour ?? (node is not null && nodes.TryGetValue(node, out var host) ? Share(use, host) : null),
        };
    }

    private static PodUse Gone(PodUse use, DateTimeOffset now) => use with
    {
        Phase = use.Phase is "Succeeded" or "Failed" ? use.Phase : "Deleted",
        To = use.To ?? (use.From is null ? null : now),
    };

    private static DateTimeOffset? Bound(Pod pod) =>
        pod.Status?.Conditions?.FirstOrDefault(c => c is { Type: "PodScheduled", Status: "True" })?.LastTransitionTime ?? pod.Status?.StartTime;

    private static DateTimeOffset? End(Pod pod) => SparkContainer.Status(pod)?.State?.Terminated?.FinishedAt;

    // The larger of the shares of CPU and memory, as the platform splits the price of a node.
    private static string? Share(PodUse use, Node node)
    {
        if (!decimal.TryParse(node.Metadata.Annotation(KarpenterLabels.PricePerHour), NumberStyles.Float, CultureInfo.InvariantCulture, out var price)
            || node.Status?.Allocatable is not { } allocatable)
        {
            return null;
        }

        var cpu = allocatable.TryGetValue("cpu", out var c) && c.MilliValue > 0 ? (decimal)use.MilliCpu / c.MilliValue : 0;
        var memory = allocatable.TryGetValue("memory", out var m) && m.Value > 0 ? (decimal)use.MemoryMib * 1024 * 1024 / m.Value : 0;
        return (price * Math.Min(1m, Math.Max(cpu, memory))).ToString("0.########", CultureInfo.InvariantCulture);
    }
}
