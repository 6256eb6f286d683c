using Hearth.Aws.Client;
using Hearth.Cli.Hosting.Simulation;
using Hearth.Delivery.Manifests;
using Hearth.Jobs.Emr;
using Hearth.Jobs.Model;
using Hearth.Jobs.Resources;
using Hearth.Kube.Client;
using Hearth.Kube.Core;
using Hearth.Kube.Objects;
using Hearth.Scheduling.Catalog;
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

    /// <summary>The driver of a failed run as it was asked for, when its pod may be gone; null when that cannot be told.</summary>
    public Pod? Driver { get; init; }

    /// <summary>Whom to ask why a pod has no node when no event says so; null when every pod has one.</summary>
    public ClusterAnswer? Cluster { get; init; }

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
        var pools = await ListAsync<NodePool>(kube, null, ct).ConfigureAwait(false);
        var cost = WorkCost.Of(records, p => p.Namespace == ns && p.Labels?.GetValueOrDefault(EmrNames.JobIdLabel) == run.Id, now);
        return new JobFacts
        {
            Run = run,
            Team = (await Teams.ReadAsync(kube, ct).ConfigureAwait(false)).Of(ns),
            Pods = pods,
            Driver = run.State == JobRunState.Failed ? await DriverPodReader.ReadAsync(platform.Aws, run, ct).ConfigureAwait(false) : null,
            Cluster = run.State == JobRunState.Failed || pods.Any(p => p.Spec?.NodeName is null) ? await ClusterAsync(platform, pools, ct).ConfigureAwait(false) : null,
            Events = [.. events.Where(e => e.InvolvedObject?.Kind == "Pod" && names.Contains(e.InvolvedObject.Name ?? "")).OrderBy(e => e.LastTimestamp)],
            Pools = pools,
            Cost = cost.Nodes.Count > 0 ? cost : null,
            Errors = run.State == JobRunState.Failed && run.Status?.Driver?.PodName is { } driver
                ? await new JobLogs(platform).TailAsync(run, driver, LogStream.Stderr, TailLines, ct).ConfigureAwait(false)
                : [],
            Now = now,
        };
    }

    private static async Task<ClusterAnswer> ClusterAsync(JobPlatform platform, IReadOnlyList<NodePool> pools, CancellationToken ct)
    {
        var nodes = await ListAsync<Node>(platform.Kube, null, ct).ConfigureAwait(false);
        var states = ClusterAnswer.PoolsOf(
            pools,
            await ListAsync<Ec2NodeClass>(platform.Kube, null, ct).ConfigureAwait(false),
            await ListAsync<NodeClaim>(platform.Kube, null, ct).ConfigureAwait(false),
            platform.Declaration is { } declared ? DeclaredSimulation.Catalog(declared) : RegionCatalog.For(platform.Region),
            platform.Declaration?.Network.Zones ?? [.. nodes.Select(n => n.Metadata.Label(KarpenterLabels.Zone)).OfType<string>().Distinct(StringComparer.Ordinal)]);
        return new ClusterAnswer(nodes, await ListAsync<Pod>(platform.Kube, null, ct).ConfigureAwait(false), states);
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
