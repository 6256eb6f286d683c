using Hearth.Scheduling.Resources;
using Hearth.Scheduling.YuniKorn.Gangs;
using Hearth.Scheduling.YuniKorn.Queues;

namespace Hearth.Scheduling.YuniKorn.Core;

/// <summary>States of an application (yunikorn-core, pkg/scheduler/objects/application_state.go).</summary>
public enum ApplicationState
{
    New,
    Accepted,
    Running,
    Rejected,
    Completing,
    Completed,
    Failing,
    Failed,
    Resuming,
    Expired,
}

/// <summary>When an application came into a state.</summary>
public sealed record StateChange(DateTimeOffset Time, ApplicationState State);

/// <summary>How the placeholders of one group fared.</summary>
public sealed class PlaceholderCount(TaskGroup group)
{
    public TaskGroup Group => group;

    /// <summary>How many were asked for.</summary>
    public int Count { get; internal set; }

    /// <summary>How many gave their place to a real pod.</summary>
    public int Replaced { get; internal set; }

    /// <summary>How many were given up.</summary>
    public int TimedOut { get; internal set; }
}

/// <summary>An application with what it asks for and has. Only the partition changes it.</summary>
public sealed class Application
{
    private readonly List<StateChange> _log = [];

    internal Application(ApplicationRequest request, QueueNode queue, DateTimeOffset now)
    {
        Request = request;
        Queue = queue;
        Submitted = now;
        PlaceholderAsk = request.PlaceholderAsk;
        CountedGroup = UserUsage.GroupOf(queue, request.Groups);
        Placeholders = request.Gang.GroupBy(g => g.Name, StringComparer.Ordinal).ToDictionary(g => g.Key, g => new PlaceholderCount(g.Last()), StringComparer.Ordinal);
        Enter(ApplicationState.New, now);
    }

    public string Id => Request.Id;
    public ApplicationRequest Request { get; }
    public QueueNode Queue { get; }
    public string User => Request.User;

    /// <summary>The group that limits count it for, or null.</summary>
    public string? CountedGroup { get; }
    public DateTimeOffset Submitted { get; }
    public DateTimeOffset? Started { get; internal set; }
    public DateTimeOffset? Finished { get; internal set; }
    public ApplicationState State { get; private set; }
    public IReadOnlyList<StateChange> Log => _log;

    /// <summary>Why it was rejected or failed.</summary>
    public string Message { get; internal set; } = "";

    /// <summary>What its placeholders take together; zero once it goes on without a gang.</summary>
    public ResourceVector PlaceholderAsk { get; internal set; }

    /// <summary>Of its pods and placeholders.</summary>
    public ResourceVector Allocated { get; private set; }

    /// <summary>Of its placeholders alone.</summary>
    public ResourceVector AllocatedPlaceholders { get; private set; }
    public ResourceVector Pending { get; private set; }

    /// <summary>The most it has had of each resource.</summary>
    public ResourceVector MaxUsed { get; private set; }

    /// <summary>When its placeholders are given up; null before the first one is placed, and afterwards.</summary>
    public DateTimeOffset? PlaceholderDeadline { get; internal set; }

    /// <summary>When it counts as completed unless it asks again.</summary>
    public DateTimeOffset? CompletesAt { get; internal set; }

    /// <summary>By group.</summary>
    public IReadOnlyDictionary<string, PlaceholderCount> Placeholders { get; }

    /// <summary>What waits, in the order in which it is tried: higher priority first, then older.</summary>
    public SortedSet<Ask> Asks { get; } = new(AskOrder.Instance);

    /// <summary>What it has, by key.</summary>
    public Dictionary<string, Allocation> Allocations { get; } = new(StringComparer.Ordinal);

    /// <summary>It holds or held something: it counts as running in its queues.</summary>
    internal bool Counted { get; set; }

    /// <summary>Ended, one way or other.</summary>
    public bool IsOver => State is ApplicationState.Completed or ApplicationState.Failed or ApplicationState.Rejected or ApplicationState.Expired;

    internal void Enter(ApplicationState state, DateTimeOffset now)
    {
        State = state;
        _log.Add(new StateChange(now, state));
    }

    internal void Waits(Ask ask)
    {
        if (Asks.Add(ask))
        {
            Pending += ask.Requests;
            Queue.Account(default, ask.Requests);
        }
    }

    internal bool WaitsNoMore(Ask ask)
    {
        if (!Asks.Remove(ask))
        {
            return false;
        }

        Pending -= ask.Requests;
        Queue.Account(default, default(ResourceVector) - ask.Requests);
        return true;
    }

    internal void Gets(Allocation allocation)
    {
        var size = allocation.Ask.Requests;
        Allocations.Add(allocation.Key, allocation);
        Allocated += size;
        MaxUsed = ResourceVector.Max(MaxUsed, Allocated);
        AllocatedPlaceholders += allocation.Ask.IsPlaceholder ? size : default;
        Queue.Account(size, default);
    }

    internal void Loses(Allocation allocation)
    {
        var none = default(ResourceVector);
        var size = allocation.Ask.Requests;
        Allocations.Remove(allocation.Key);
        Allocated -= size;
        AllocatedPlaceholders -= allocation.Ask.IsPlaceholder ? size : none;
        Queue.Account(none - size, none);
        if (allocation.Release == ReleaseReason.Preempted)
        {
            Queue.AccountPreempting(none - size);
        }
    }

    private sealed class AskOrder : IComparer<Ask>
    {
        public static readonly AskOrder Instance = new();

        public int Compare(Ask? x, Ask? y)
        {
            var order = y!.Priority.CompareTo(x!.Priority);
            order = order != 0 ? order : x.Created.CompareTo(y.Created);
            return order != 0 ? order : x.Sequence.CompareTo(y.Sequence);
        }
    }
}
