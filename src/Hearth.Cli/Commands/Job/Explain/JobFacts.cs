using Hearth.Aws.Client;
using Hearth.Delivery.Manifests;
using Hearth.Jobs.Emr;
using Hearth.Jobs.Model;
using Hearth.Jobs.Resources;
using Hearth.Kube.Client;
using Hearth.Kube.Core;
using Hearth.Kube.Objects;
using Hearth.Scheduling.Karpenter;
using Hearth.Scheduling.Pricing;

namespace Hearth.Cli.Commands.Job.Explain;

/// <summary>Everything that an explanation is made of.</summary>
internal sealed record JobFacts
{
    public required JobRun Run { get; init; }

    /// <summary>The run's team, or null when its namespace is none's.</summary>
    public TeamPlace? Team { get; init; }

    /// <summary>Pods of the run that exist.</summary>
    public IReadOnlyList<Pod> Pods { get; init; } = [];

    /// <summary>Labels that the driver selects its node by, when its pod is gone.</summary>
    public IReadOnlyDictionary<string, string>? DriverSelector { get; init; }

    /// <summary>Events about pods of the run, oldest first.</summary>
    public IReadOnlyList<Event> Events { get; init; } = [];

    public IReadOnlyList<NodePool> Pools { get; init; } = [];

    /// <summary>From the ledger of nodes.</summary>
    public WorkCost? Cost { get; init; }

    /// <summary>Last lines of the driver's standard error, for a run that failed.</summary>
    public IReadOnlyList<string> Errors { get; init; } = [];

    public required DateTimeOffset Now { get; init; }
}

/// <summary>Gathers the facts.</summary>
internal static class JobFactsReader
{
    private const int TailLines = 20;

    public static async Task<JobFacts> ReadAsync(JobPlatform platform, JobRun run, DateTimeOffset now, CancellationToken ct)
    {
        var kube = platform.Kube;
        var ns = run.Metadata.Namespace;
        var pods = await kube.ListAsync<Pod>(ns, new ListOptions { LabelSelector = $"{EmrNames.JobIdLabel}={run.Id}" }, ct).ConfigureAwait(false);
        var names = pods.Select(p => p.Metadata.Name!).Concat((run.Status?.Pods ?? []).Select(p => p.Name)).Append(run.Status?.Driver?.PodName ?? "").ToHashSet(StringComparer.Ordinal);
        var events = await ListAsync<Event>(kube, ns, ct).ConfigureAwait(false);
        var records = await ListAsync<NodeRecord>(kube, null, ct).ConfigureAwait(false);
        var cost = WorkCost.Of(records, p => p.Namespace == ns && p.Labels?.GetValueOrDefault(EmrNames.JobIdLabel) == run.Id, now);
        return new JobFacts
        {
            Run = run,
            Team = (await Teams.ReadAsync(kube, ct).ConfigureAwait(false)).Of(ns),
            Pods = pods,
            DriverSelector = run.State == JobRunState.Failed ? await SelectorReader.ReadAsync(platform.Aws, run, ct).ConfigureAwait(false) : null,
            Events = [.. events.Where(e => e.InvolvedObject?.Kind == "Pod" && names.Contains(e.InvolvedObject.Name ?? "")).OrderBy(e => e.LastTimestamp)],
            Pools = await ListAsync<NodePool>(kube, null, ct).ConfigureAwait(false),
            Cost = cost.Nodes.Count > 0 ? cost : null,
            Errors = run.State == JobRunState.Failed && run.Status?.Driver?.PodName is { } driver
                ? await new JobLogs(platform).TailAsync(run, driver, LogStream.Stderr, TailLines, ct).ConfigureAwait(false)
                : [],
            Now = now,
        };
    }

    /// <summary>A cluster may not serve every kind: one without Karpenter has no pools.</summary>
    private static async Task<IReadOnlyList<T>> ListAsync<T>(IKubeClient kube, string? ns, CancellationToken ct) where T : class, IKubeObject<T>
    {
        try
        {
            return await kube.ListAsync<T>(ns, ListOptions.All, ct).ConfigureAwait(false);
        }
        catch (KubeException e) when (e.IsNotFound)
        {
            return [];
        }
    }
}
