using System.Collections.Concurrent;
using Hearth.Cluster.Controllers.Provisioning;
using Hearth.Kube.Client;
using Hearth.Kube.Core;
using Hearth.Kube.Events;
using Hearth.Kube.Objects;
using Hearth.Scheduling.Disruption;
using Hearth.Scheduling.Karpenter;
using Hearth.Scheduling.Provisioning;
using Microsoft.Extensions.Logging;

namespace Hearth.Cluster.Controllers.Disruption;

/// <summary>
/// Carries out commands as Karpenter's orchestration queue: taint, condition, replacements; when all of those are initialised the candidates' claims are deleted,
/// and only then pods are evicted. A replacement that is lost or late ends the command and takes the taint off again.
/// </summary>
internal sealed partial class CommandExecution(
    IKubeClient client, ClusterInformers informers, Nominations nominations, NodeTermination termination, EventRecorder events, KarpenterMetrics metrics, DisruptionOptions options, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(100);
    private readonly ConcurrentDictionary<string, byte> _underWay = new(StringComparer.Ordinal);

    /// <summary>Names of the claims that commands are working on.</summary>
    public IReadOnlySet<string> UnderWay => _underWay.Keys.ToHashSet(StringComparer.Ordinal);

    /// <summary>Reserves the candidates of a command; until <see cref="RunAsync"/> is over they are nobody else's.</summary>
    public void Take(DisruptionCommand command)
    {
        foreach (var candidate in command.Candidates)
        {
            _underWay[candidate.ClaimName] = 0;
        }
    }

    /// <summary>Does it, and releases the candidates.</summary>
    public async Task RunAsync(DisruptionCommand command, CancellationToken ct)
    {
        try
        {
            var failure = await DoAsync(command, ct).ConfigureAwait(false);
            if (failure is not null)
            {
                metrics.Count("voluntary_disruption_queue_failures_total", ("decision", command.Decision), ("reason", command.Reason.ToLowerInvariant()), ("consolidation_type", command.Method));
                await UndoAsync(command, failure, ct).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is KubeException or HttpRequestException or IOException)
        {
            LogFailed(logger, string.Join(", ", command.Candidates.Select(c => c.NodeName)), e.Message); // the next pass takes stray taints off
        }
        finally
        {
            foreach (var candidate in command.Candidates)
            {
                _underWay.TryRemove(candidate.ClaimName, out _);
            }
        }
    }

    /// <summary>Null when the candidates' claims are deleted, else what went wrong.</summary>
    private async Task<string?> DoAsync(DisruptionCommand command, CancellationToken ct)
    {
        LogCommand(logger, command.Reason, command.Decision, string.Join(", ", command.Candidates.Select(c => c.NodeName)), command.Replacements.Count);
        var going = await MarkAsync(command, ct).ConfigureAwait(false);
        if (going.Count == 0)
        {
            return null;
        }

        var names = await LaunchAsync(command, going, ct).ConfigureAwait(false);
        if (await UntilInitializedAsync(names, ct).ConfigureAwait(false) is { } failure)
        {
            return failure;
        }

        foreach (var claim in going)
        {
            await TellAsync(claim, "DisruptionTerminating", $"Disrupting {{0}}: {command.Reason}/{Title(command.Decision)}", ct).ConfigureAwait(false);
            metrics.Disrupted(claim, command.Reason.ToLowerInvariant());
            await client.DeleteIfExistsAsync(claim.Ref(), DeleteOptions.Default, ct).ConfigureAwait(false);
        }

        return null;
    }

    /// <summary>Taints each node and says why; of an empty node that has just got a pod the taint is taken off again.</summary>
    private async Task<List<NodeClaim>> MarkAsync(DisruptionCommand command, CancellationToken ct)
    {
        var going = new List<NodeClaim>();
        foreach (var candidate in command.Candidates)
        {
            if (informers.Nodes.Find(null, candidate.NodeName) is not { } node || informers.NodeClaims.Find(null, candidate.ClaimName) is not { } claim)
            {
                continue;
            }

            await termination.TaintAsync(node, ct).ConfigureAwait(false);
            if (command.Replacements.Count == 0 && await HasNewPodsAsync(candidate, ct).ConfigureAwait(false))
            {
                await termination.UntaintAsync(await client.GetAsync<Node>(null, candidate.NodeName, ct).ConfigureAwait(false), ct).ConfigureAwait(false);
                await TellAsync(claim, "ConsolidationRejected", "a pod was bound to {0} while it was being disrupted", ct).ConfigureAwait(false);
                continue;
            }

            var live = await client.GetAsync<NodeClaim>(null, candidate.ClaimName, ct).ConfigureAwait(false);
            var status = NodeClaimPatches.ConditionStatus(live, time.GetUtcNow(), ClaimConditions.DisruptionReason, "True", command.Reason, command.Reason);
            status["lastPodEventTime"] = KubeTimeConverter.ToText(candidate.LastPodEvent);
            await client.PatchStatusAsync(live, status, ct).ConfigureAwait(false);
            going.Add(claim);
        }

        return going;
    }

    /// <summary>The local copy may lag behind the scheduler: what counts is what the server says after the taint.</summary>
    private async Task<bool> HasNewPodsAsync(DisruptionCandidate candidate, CancellationToken ct)
    {
        var known = candidate.Pods.Select(p => p.Uid).ToHashSet(StringComparer.Ordinal);
        var here = await client.ListAsync<Pod>(null, new ListOptions { FieldSelector = $"spec.nodeName={candidate.NodeName}" }, ct).ConfigureAwait(false);
        return here.Any(p => ClusterSnapshot.IsReschedulable(p) && !known.Contains(p.Metadata.Uid ?? ""));
    }

    private async Task<List<string>> LaunchAsync(DisruptionCommand command, List<NodeClaim> going, CancellationToken ct)
    {
        var names = new List<string>();
        foreach (var planned in command.Replacements)
        {
            foreach (var claim in going)
            {
                await TellAsync(claim, "DisruptionLaunching", $"Launching NodeClaim: {Title(command.Reason)}", ct).ConfigureAwait(false);
            }

            var created = await client.CreateAsync(NodeClaimBuilder.Build(planned), ct).ConfigureAwait(false);
            metrics.Count(
                "nodeclaims_created_total", ("reason", command.Reason.ToLowerInvariant()), ("nodepool", planned.Pool.Name), ("capacity_type", created.Metadata.Label(KarpenterLabels.CapacityType) ?? ""));
            names.Add(created.Metadata.Name!);
            nominations.Nominate(created.Metadata.Name!);
        }

        return names;
    }

    private async Task<string?> UntilInitializedAsync(List<string> names, CancellationToken ct)
    {
        var end = time.GetUtcNow() + options.Replacement;
        foreach (var name in names)
        {
            while (true)
            {
                nominations.Nominate(name); // nobody else may take it away as empty before the pods come
                var known = informers.NodeClaims.Find(null, name);
                if (known?.Status?.Conditions.IsTrue(NodeClaimPatches.Initialized) == true)
                {
                    break;
                }

                if (known is null && await client.FindAsync<NodeClaim>(null, name, ct).ConfigureAwait(false) is null)
                {
                    return $"replacement {name} could not be launched";
                }

                if (time.GetUtcNow() > end)
                {
                    return $"replacement {name} was not initialized in time";
                }

                await Task.Delay(LookAgain, time, ct).ConfigureAwait(false);
            }
        }

        return null;
    }

    private async Task UndoAsync(DisruptionCommand command, string why, CancellationToken ct)
    {
        LogGivenUp(logger, command.Reason, string.Join(", ", command.Candidates.Select(c => c.NodeName)), why);
        foreach (var candidate in command.Candidates)
        {
            await ReleaseAsync(candidate, ct).ConfigureAwait(false);
        }
    }

    /// <summary>Takes taint and condition off a node that stays after all.</summary>
    public async Task ReleaseAsync(DisruptionCandidate candidate, CancellationToken ct)
    {
        if (await client.FindAsync<Node>(null, candidate.NodeName, ct).ConfigureAwait(false) is { } node && !node.Metadata.IsDeleting())
        {
            await termination.UntaintAsync(node, ct).ConfigureAwait(false);
        }

        if (await client.FindAsync<NodeClaim>(null, candidate.ClaimName, ct).ConfigureAwait(false) is { } claim && claim.Status?.Conditions.Find(ClaimConditions.DisruptionReason) is not null)
        {
            var without = new System.Text.Json.Nodes.JsonObject { ["conditions"] = claim.Status.Conditions.Without(ClaimConditions.DisruptionReason).ToJson() };
            await client.PatchStatusAsync(claim, without, ct).ConfigureAwait(false);
        }
    }

    /// <summary>The same event on a node and its claim; <c>{0}</c> in the text is which of them it is.</summary>
    private async Task TellAsync(NodeClaim claim, string reason, string text, CancellationToken ct)
    {
        if (claim.Status?.NodeName is { } name && informers.Nodes.Find(null, name) is { } node)
        {
            await events.RecordAsync(node, new EventText(reason, text.Replace("{0}", "Node", StringComparison.Ordinal)), ct).ConfigureAwait(false);
        }

        await events.RecordAsync(claim, new EventText(reason, text.Replace("{0}", "NodeClaim", StringComparison.Ordinal)), ct).ConfigureAwait(false);
    }

    private static string Title(string word) => char.ToUpperInvariant(word[0]) + word[1..];

    [LoggerMessage(Level = LogLevel.Information, Message = "disrupting ({Reason}, {Decision}) {Nodes}, {Replacements} replacements")]
    private static partial void LogCommand(ILogger logger, string reason, string decision, string nodes, int replacements);

    [LoggerMessage(Level = LogLevel.Warning, Message = "disruption ({Reason}) of {Nodes} is given up: {Why}")]
    private static partial void LogGivenUp(ILogger logger, string reason, string nodes, string why);

    [LoggerMessage(Level = LogLevel.Warning, Message = "disruption of {Nodes} failed: {Problem}")]
    private static partial void LogFailed(ILogger logger, string nodes, string problem);
}
