using System.Text.Json;
using Hearth.Jobs.Logs;
using Hearth.Jobs.Model;
using Hearth.Jobs.Resources;
using Hearth.Kube.Client;
using Hearth.Kube.Core;

namespace Hearth.Jobs.Controllers;

/// <summary>Completes a status with what the pods of the run tell: driver, executors, nodes, progress, cost, places of logs.</summary>
internal sealed class JobObserver(IKubeClient client, TimeProvider time)
{
    /// <summary>The completed status.</summary>
    public async Task<JobRunStatus> CompleteAsync(JobRun run, JobRunStatus status, Pod? driver, IReadOnlyList<Pod> pods, CancellationToken ct)
    {
        var known = status.Pods ?? [];
        var uses = PodLedger.Merge(known, pods, await NodesAsync(known, pods, ct).ConfigureAwait(false), time.GetUtcNow());
        var progress = Progress(driver) ?? status.Progress;
        var seen = DriverObservation.Of(driver);
        return status with
        {
            Pods = uses.Count == 0 ? null : uses,
            Nodes = uses.Select(u => u.NodeName).OfType<string>().Distinct(StringComparer.Ordinal).ToArray() is { Length: > 0 } nodes ? nodes : null,
            Driver = driver is null || status.Driver is null ? status.Driver : status.Driver with
            {
                Phase = seen.Phase is DriverPhase.Succeeded or DriverPhase.Failed ? seen.Phase.ToString() : driver.Status?.Phase,
                NodeName = driver.Spec?.NodeName,
                ExitCode = seen.ExitCode,
            },
            Executors = status.Driver is null ? null : PodLedger.Executors(uses, progress?.ExecutorsRequested ?? status.Executors?.Requested ?? 0),
            Progress = progress,
            Cost = JobCost.Of(uses, status.FinishedAt is { } end && uses.All(u => u.To is not null || u.From is null) ? end : time.GetUtcNow()) ?? status.Cost,
            Logs = Places(run),
        };
    }

    private static LogStatus? Places(JobRun run)
    {
        var s3 = LogPlaces.S3Root(run);
        var group = LogPlaces.Group(run);
        return s3 is null && group is null
            ? null
            : new LogStatus { S3Uri = s3, CloudWatchLogGroup = group, CloudWatchLogStreamPrefix = group is null ? null : LogPlaces.StreamRoot(run) };
    }

    private static ProgressStatus? Progress(Pod? driver)
    {
        if (driver?.Metadata.Annotation(EmrGroup.ProgressAnnotation) is not { } text)
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize(text, JobsJson.Default.ProgressStatus);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private async Task<IReadOnlyDictionary<string, Node>> NodesAsync(IReadOnlyList<PodUse> known, IReadOnlyList<Pod> pods, CancellationToken ct)
    {
        // A price is read once for each pod: when its node is first seen.
        var priced = known.Where(k => k.UsdPerHour is not null).Select(k => k.Uid).ToHashSet(StringComparer.Ordinal);
        var names = pods.Where(p => !priced.Contains(p.Metadata.Uid!)).Select(p => p.Spec?.NodeName).OfType<string>().Distinct(StringComparer.Ordinal);
        var nodes = new Dictionary<string, Node>(StringComparer.Ordinal);
        foreach (var name in names)
        {
            if (await client.FindAsync<Node>(null, name, ct).ConfigureAwait(false) is { } node)
            {
                nodes[name] = node;
            }
        }

        return nodes;
    }
}
