using Hearth.Jobs.Emr;
using Hearth.Jobs.Resources;
using Hearth.Kube.Core;
using Hearth.Kube.Quantities;
using Hearth.Scheduling.Resources;

namespace Hearth.Cli.Commands.Job.Explain;

/// <summary>Why a pod has no node.</summary>
/// <param name="Asks">What it asks for, for example <c>cpu 1, memory 4506Mi</c>.</param>
/// <param name="Nodes">What the nodes there are have against it, or null when nobody has said.</param>
/// <param name="Pools">What each pool has against launching one.</param>
/// <param name="Coming">The claim of the node that is on its way, or null.</param>
/// <param name="Room">Where it could be now although it waits, for people, or null.</param>
internal sealed record PodWait(string Asks, NodesAnswer? Nodes, IReadOnlyList<PoolRefusal> Pools, string? Coming, string? Room = null);

/// <summary>What there is to say about one pod of a run.</summary>
internal sealed record PodStory
{
    public required string Name { get; init; }

    /// <summary><c>driver</c> or <c>executor</c>.</summary>
    public required string Role { get; init; }
    public required string Phase { get; init; }
    public string? Node { get; init; }

    /// <summary>False when the pod is no more.</summary>
    public bool Exists { get; init; }
    public IReadOnlyList<Condition> Conditions { get; init; } = [];

    /// <summary>States of containers that wait or have ended badly.</summary>
    public IReadOnlyList<string> Containers { get; init; } = [];

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<Event> Events { get; init; } = [];

    /// <summary>Set while it waits for a node, and for one that never got any.</summary>
    public PodWait? Wait { get; init; }

    /// <summary>The pods of a run: the driver first, executors by name.</summary>
    public static IReadOnlyList<PodStory> Of(JobFacts facts)
    {
        var live = facts.Pods.Select(p => OfLive(p, facts)).ToArray();
        var names = live.Select(p => p.Name).ToHashSet(StringComparer.Ordinal);
        var gone = (facts.Run.Status?.Pods ?? []).Where(p => !names.Contains(p.Name)).Select(p => OfGone(p, facts));
        return [.. live.Concat(gone).OrderBy(p => p.Role, StringComparer.Ordinal).ThenBy(p => p.Name.Length).ThenBy(p => p.Name, StringComparer.Ordinal)];
    }

    private static PodStory OfLive(Pod pod, JobFacts facts)
    {
        var events = EventsOf(pod.Metadata.Name!, facts);
        return new PodStory
        {
            Name = pod.Metadata.Name!,
            Role = pod.Metadata.Label(EmrNames.ComponentLabel) ?? pod.Metadata.Label("spark-role") ?? "pod",
            Phase = pod.Metadata.DeletionTimestamp is null ? pod.Status?.Phase ?? "Pending" : "Terminating",
            Node = pod.Spec?.NodeName,
            Exists = true,
            Conditions = pod.Status?.Conditions ?? [],
            Containers = [.. (pod.Status?.InitContainerStatuses ?? []).Concat(pod.Status?.ContainerStatuses ?? []).Select(ContainerText).OfType<string>()],
            Events = events,
            Wait = pod.Spec?.NodeName is null && pod.Status?.Phase is not ("Failed" or "Succeeded") // what has ended waits for nothing
                ? WaitOf(pod, Asks(pod), pod.Status?.Conditions?.FirstOrDefault(c => c is { Type: "PodScheduled", Status: "False" })?.Message, events, facts)
                : null,
        };
    }

    private static PodStory OfGone(PodUse use, JobFacts facts)
    {
        var events = EventsOf(use.Name, facts);
        return new PodStory
        {
            Name = use.Name,
            Role = use.Role,
            Phase = use.Phase ?? "Unknown",
            Node = use.NodeName,
            Events = events,
            Wait = use.NodeName is null ? WaitOf(use.Role == "driver" ? facts.Driver : null, $"cpu {Quantity.FromMilli(use.MilliCpu)}, memory {Quantity.FromMebibytes(use.MemoryMib)}", null, events, facts) : null,
        };
    }

    /// <summary>The driver of a failed run that nobody has seen: as the run asked for it. Null when that is not known.</summary>
    public static PodStory? OfAsked(JobFacts facts) => facts.Driver is not { } pod ? null : new PodStory
    {
        Name = pod.Metadata.Name ?? "the driver",
        Role = "driver",
        Phase = "Unknown",
        Wait = WaitOf(pod, Asks(pod), null, [], facts),
    };

    private static IReadOnlyList<Event> EventsOf(string pod, JobFacts facts) => [.. facts.Events.Where(e => e.InvolvedObject?.Name == pod)];

    private static PodWait? WaitOf(Pod? pod, string asks, string? scheduler, IReadOnlyList<Event> events, JobFacts facts)
    {
        var failed = events.Where(e => e.Reason == "FailedScheduling").ToArray();
        var pools = failed.LastOrDefault(e => SchedulingMessage.IsOfProvisioner(e.Message ?? ""));
        var coming = events.LastOrDefault(e => e.Reason == "Nominated");
        scheduler ??= failed.LastOrDefault(e => !SchedulingMessage.IsOfProvisioner(e.Message ?? ""))?.Message;
        var nodes = scheduler is null ? null : SchedulingMessage.Nodes(scheduler);

        // What was said before a node was on its way no longer holds.
        if (coming is not null && !(pools?.LastTimestamp > coming.LastTimestamp))
        {
            return new PodWait(asks, nodes, [], ClaimIn(coming.Message));
        }

        if (pools is not null)
        {
            return new PodWait(asks, nodes, [.. SchedulingMessage.Pools(pools.Message!).Select(p => PoolLimits.Complete(p, facts.Pools))], null);
        }

        var asked = pod is null ? null : facts.Cluster?.Of(pod);
        return asked is null && scheduler is null
            ? null
            : new PodWait(asks, nodes ?? asked?.Nodes, [.. (asked?.Pools ?? []).Select(p => PoolLimits.Complete(p, facts.Pools))], null, asked?.Room);
    }

    private static string ClaimIn(string? message) => message is null ? "" : message[(message.LastIndexOf(' ') + 1)..];

    private static string Asks(Pod pod)
    {
        var requests = PodRequests.Of(pod.Spec);
        return string.Join(", ", requests.Names().Where(n => n != ResourceNames.Pods).Select(n => $"{n} {requests.Quantity(n)}"));
    }

    private static string? ContainerText(ContainerStatus status) => status.State switch
    {
        { Waiting: { Reason: not "ContainerCreating" and not "PodInitializing" } waiting } => $"{status.Name} waits: {waiting.Reason}{(waiting.Message is { Length: > 0 } m ? $": {m}" : "")}",
        { Terminated: { } ended } when ended.ExitCode != 0 => FormattableString.Invariant($"{status.Name} ended with exit code {ended.ExitCode} ({ended.Reason})"),
        _ => null,
    };
}
