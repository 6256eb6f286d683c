using Hearth.Scheduling.Fit;
using Hearth.Scheduling.Provisioning;
using Hearth.Scheduling.Resources;
using Hearth.Scheduling.YuniKorn.Configuration;
using Hearth.Scheduling.YuniKorn.Queues;

namespace Hearth.Scheduling.YuniKorn.Core;

/// <summary>
/// YuniKorn's core: applications, queues, and who gets the next place. It knows no Kubernetes and no clock: pods come in as asks, time is told, and what follows
/// comes out as effects, in order (yunikorn-core, pkg/scheduler). Places it hands out count in the cluster at once. Not thread-safe: one decision at a time.
/// Reservations of nodes are not part of it: an ask that fits nowhere waits for room like all others.
/// </summary>
public sealed partial class Partition
{
    /// <summary>How long an application without pods may still ask again.</summary>
    public static readonly TimeSpan CompletingTime = TimeSpan.FromSeconds(30);

    /// <summary>How long ended applications are kept to be looked at.</summary>
    public static readonly TimeSpan KeptTime = TimeSpan.FromDays(3);

    private const int KeptApplications = 1000;
    private readonly ClusterState _cluster;
    private readonly Dictionary<string, Application> _applications = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Ask> _asks = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Application> _owners = new(StringComparer.Ordinal);
    private readonly List<Application> _ended = [];
    private readonly PodClasses _classes = new();
    private List<CoreEffect> _effects = [];
    private long _sequence;

    /// <summary>A partition over a cluster.</summary>
    public Partition(ClusterState cluster, PartitionConfig config)
    {
        _cluster = cluster;
        Config = config;
        Queues = new QueueTree(config.Root);
    }

    public PartitionConfig Config { get; private set; }
    public QueueTree Queues { get; }
    public UserUsage Users { get; } = new();

    /// <summary>Applications that have not ended, by id.</summary>
    public IReadOnlyDictionary<string, Application> Applications => _applications;

    /// <summary>Those that have, oldest first.</summary>
    public IReadOnlyList<Application> Ended => _ended;

    /// <summary>What happened since the last call, in order.</summary>
    public IReadOnlyList<CoreEffect> TakeEffects()
    {
        var effects = _effects;
        _effects = [];
        return effects;
    }

    /// <summary>Takes a new configuration; what runs goes on.</summary>
    public void Reconfigure(PartitionConfig config)
    {
        Config = config;
        Queues.Reconfigure(config.Root);
    }

    /// <summary>Takes an application into a queue; the answer is why not, or null.</summary>
    public string? Submit(ApplicationRequest request, DateTimeOffset now)
    {
        if (_applications.ContainsKey(request.Id))
        {
            return $"adding application {request.Id} to partition, but application already existed";
        }

        var (queue, rejection) = QueuePlacement.Place(Queues, Config.PlacementRules, request);
        if (queue is null && request.Recovered)
        {
            queue = Queues.Create($"{QueueConfig.RootName}.{QueueTree.Recovery}");
        }

        rejection = queue is null ? rejection : request.Recovered ? null : Refuse(request, queue);
        if (rejection is not null)
        {
            var rejected = new Application(request, queue ?? Queues.Root, now) { Message = rejection, Finished = now };
            rejected.Enter(ApplicationState.Rejected, now);
            Keep(rejected);
            Queues.Clean();
            return rejection;
        }

        var application = new Application(request, queue!, now);
        _applications.Add(request.Id, application);
        queue!.Applications.Add(request.Id, application);
        return null;
    }

    private static string? Refuse(ApplicationRequest request, QueueNode queue)
    {
        if (request.Gang.Count == 0)
        {
            return null;
        }

        if (queue.Settings.Sort != SortPolicy.Fifo)
        {
            return $"queue {queue.Path} cannot run application {request.Id} with task group request: unsupported sort type";
        }

        var most = queue.MaxOnPath();
        return most.Holds(request.PlaceholderAsk)
            ? null
            : $"queue {queue.Path} cannot fit application {request.Id}: task group request {QueueAmounts.From(request.PlaceholderAsk)} larger than max queue allocation {most}";
    }

    /// <summary>A pod of an application wants a place.</summary>
    public void Add(Ask ask, DateTimeOffset now)
    {
        if (!_applications.TryGetValue(ask.ApplicationId, out var application) || _owners.ContainsKey(ask.Key))
        {
            return;
        }

        ask.Created = now;
        ask.Sequence = _sequence++;
        ask.Class = ask.HasVolumes || HasTopology(ask.Pod) ? -1 : _classes.Of(ask.Pod);
        _asks[ask.Key] = ask;
        _owners[ask.Key] = application;
        if (ask.IsPlaceholder && application.Placeholders.TryGetValue(ask.TaskGroup ?? "", out var count))
        {
            count.Count++;
        }

        application.Waits(ask);
        if (application.State is ApplicationState.New)
        {
            Enter(application, ApplicationState.Accepted, now);
        }
        else if (application.State is ApplicationState.Completing)
        {
            application.CompletesAt = null;
            Enter(application, ApplicationState.Running, now);
        }
    }

    /// <summary>Takes over a pod that has its place already, after a restart.</summary>
    public void Recover(Ask ask, string node, DateTimeOffset now)
    {
        if (_applications.TryGetValue(ask.ApplicationId, out var application) && !_owners.ContainsKey(ask.Key))
        {
            ask.Created = now;
            ask.Sequence = _sequence++;
            _owners[ask.Key] = application;
            if (ask.IsPlaceholder && application.Placeholders.TryGetValue(ask.TaskGroup ?? "", out var count))
            {
                count.Count++;
            }

            if (application.State is ApplicationState.New)
            {
                Enter(application, ApplicationState.Accepted, now);
            }

            Give(application, ask, node, now);
        }
    }

    /// <summary>A pod is gone, or has ended: what it waited for is withdrawn, what it had is free. A successor gets its place now.</summary>
    public void Gone(string key, DateTimeOffset now)
    {
        if (!_owners.Remove(key, out var application))
        {
            return;
        }

        if (_asks.Remove(key, out var ask))
        {
            application.WaitsNoMore(ask);
            Forsake(ask);
        }
        else if (application.Allocations.TryGetValue(key, out var allocation))
        {
            Take(application, allocation, now);
        }

        Settle(application, now);
    }

    /// <summary>A pod that was placed could not be bound: it waits again.</summary>
    public void NotBound(string key, DateTimeOffset now)
    {
        if (_owners.TryGetValue(key, out var application) && application.Allocations.TryGetValue(key, out var allocation) && allocation.Release == ReleaseReason.None)
        {
            _cluster.RemovePod(key);
            application.Loses(allocation);
            Users.Remove(application, allocation.Ask.Requests, ended: false);
            _owners.Remove(key);
            Add(allocation.Ask, now);
        }
    }

    /// <summary>The next time at which something happens by itself, or null.</summary>
    public DateTimeOffset? NextDeadline() =>
        _applications.Values.SelectMany(a => new[] { a.PlaceholderDeadline, a.CompletesAt }).Where(t => t is not null).Min();

    private static bool HasTopology(PodInfo pod) => pod.PodAffinity.Count + pod.PodAntiAffinity.Count + pod.Spread.Count > 0;

    private void Enter(Application application, ApplicationState state, DateTimeOffset now)
    {
        application.Enter(state, now);
        if (state == ApplicationState.Running)
        {
            application.Started ??= now;
        }

        _effects.Add(new Changed(application, state));
    }

    /// <summary>A real pod no longer waits for the placeholder that was on its way out for it.</summary>
    private void Forsake(Ask ask)
    {
        if (ask.Replaces is { } placeholder)
        {
            if (placeholder.SuccessorNode != placeholder.Node)
            {
                _cluster.RemovePod(ask.Key);
            }

            (placeholder.Successor, placeholder.SuccessorNode, ask.Replaces) = (null, null, null);
        }
    }

    private void Give(Application application, Ask ask, string node, DateTimeOffset now)
    {
        var allocation = new Allocation(ask, node) { Created = now };
        application.Gets(allocation);
        Users.Add(application, ask.Requests);
        if (!application.Counted)
        {
            application.Counted = true;
            application.Queue.AccountRunning(1);
        }

        if (ask.IsPlaceholder)
        {
            // The clock of the gang starts with the first placeholder that is placed.
            application.PlaceholderDeadline ??= application.State == ApplicationState.Accepted ? now + application.Request.Policy.PlaceholderTimeout : null;
            if (application.State == ApplicationState.Accepted && application.AllocatedPlaceholders == application.PlaceholderAsk)
            {
                Enter(application, ApplicationState.Running, now);
            }
        }
        else if (application.State == ApplicationState.Accepted)
        {
            Enter(application, ApplicationState.Running, now);
        }
    }

    private void Take(Application application, Allocation allocation, DateTimeOffset now)
    {
        application.Loses(allocation);
        Users.Remove(application, allocation.Ask.Requests, ended: false);
        if (allocation.Successor is { } successor && application.WaitsNoMore(successor))
        {
            _asks.Remove(successor.Key);
            successor.Replaces = null;
            _cluster.AddPod(successor.Pod, allocation.SuccessorNode!);
            Give(application, successor, allocation.SuccessorNode!, now);
            _effects.Add(new Placed(successor, allocation.SuccessorNode!));
        }
    }

    /// <summary>What follows when an application has lost something.</summary>
    private void Settle(Application application, DateTimeOffset now)
    {
        if (application.Allocations.Count > 0)
        {
            return;
        }

        switch (application.State)
        {
            case ApplicationState.Resuming:
                Enter(application, ApplicationState.Accepted, now);
                break;
            case ApplicationState.Failing:
                End(application, ApplicationState.Failed, now);
                break;
            case ApplicationState.Accepted or ApplicationState.Running when application.Asks.Count == 0:
                application.CompletesAt = now + CompletingTime;
                Enter(application, ApplicationState.Completing, now);
                break;
            default:
                break;
        }
    }

    private void End(Application application, ApplicationState state, DateTimeOffset now)
    {
        application.Finished = now;
        (application.PlaceholderDeadline, application.CompletesAt) = (null, null);
        _applications.Remove(application.Id);
        application.Queue.Applications.Remove(application.Id);
        if (application.Counted)
        {
            application.Queue.AccountRunning(-1);
            Users.Remove(application, default, ended: true);
        }

        Enter(application, state, now);
        Keep(application);
        Queues.Clean();
    }

    private void Keep(Application application)
    {
        _ended.Add(application);
        if (_ended.Count > KeptApplications)
        {
            _ended.RemoveAt(0);
        }
    }
}
