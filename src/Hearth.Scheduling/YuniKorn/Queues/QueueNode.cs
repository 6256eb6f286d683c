using Hearth.Scheduling.Resources;
using Hearth.Scheduling.YuniKorn.Configuration;
using Hearth.Scheduling.YuniKorn.Core;

namespace Hearth.Scheduling.YuniKorn.Queues;

/// <summary>Whether a queue takes applications.</summary>
public enum QueueState
{
    Active,

    /// <summary>It is no longer configured: what runs goes on, nothing new comes.</summary>
    Draining,
}

/// <summary>A queue with what it has handed out. Only <see cref="QueueTree"/> and the partition change it.</summary>
public sealed class QueueNode
{
    private readonly SortedDictionary<string, QueueNode> _children = new(StringComparer.Ordinal);

    internal QueueNode(string name, QueueNode? parent, QueueConfig config, bool managed)
    {
        Name = name;
        Parent = parent;
        Path = parent is null ? name : $"{parent.Path}.{name}";
        IsManaged = managed;
        Apply(config);
    }

    /// <summary>Last part of <see cref="Path"/>.</summary>
    public string Name { get; }

    /// <summary>As <c>root.prod</c>.</summary>
    public string Path { get; }
    public QueueNode? Parent { get; }

    /// <summary>Configured, as against made by a placement rule.</summary>
    public bool IsManaged { get; }

    /// <summary>Takes applications.</summary>
    public bool IsLeaf => !Config.Parent && _children.Count == 0;
    public QueueState State { get; internal set; }
    public QueueConfig Config { get; private set; } = null!;
    public QueueSettings Settings { get; private set; } = new();

    /// <summary>What it never exceeds.</summary>
    public QueueAmounts Max => Config.Max;

    /// <summary>What it can always have.</summary>
    public QueueAmounts Guaranteed => Config.Guaranteed;

    /// <summary>Queues below it, by name.</summary>
    public IReadOnlyCollection<QueueNode> Children => _children.Values;

    /// <summary>Of its pods, placeholders among them.</summary>
    public ResourceVector Allocated { get; private set; }

    /// <summary>Of pods that wait.</summary>
    public ResourceVector Pending { get; private set; }

    /// <summary>Of pods that are on their way out for others.</summary>
    public ResourceVector Preempting { get; private set; }

    /// <summary>Applications that hold or held something and have not ended.</summary>
    public int Running { get; private set; }

    internal Dictionary<string, Application> Applications { get; } = new(StringComparer.Ordinal);

    /// <summary>A child by name, or null.</summary>
    public QueueNode? Child(string name) => _children.GetValueOrDefault(name);

    /// <summary>Itself and all queues above it.</summary>
    public IEnumerable<QueueNode> Upward()
    {
        for (var queue = this; queue is not null; queue = queue.Parent)
        {
            yield return queue;
        }
    }

    /// <summary>Itself and all queues below it.</summary>
    public IEnumerable<QueueNode> Downward() => _children.Values.SelectMany(c => c.Downward()).Prepend(this);

    /// <summary>The first queue on the way up whose max this would pass, or null.</summary>
    public QueueNode? Exceeded(in ResourceVector more)
    {
        for (var queue = this; queue is not null; queue = queue.Parent)
        {
            if (!queue.Max.IsEmpty && !queue.Max.Holds(queue.Allocated + more))
            {
                return queue;
            }
        }

        return null;
    }

    /// <summary>The least that any queue on the way up leaves of each resource that is bounded.</summary>
    public QueueAmounts Headroom()
    {
        var left = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var queue in Upward())
        {
            foreach (var (name, most) in queue.Max.Items)
            {
                var free = Math.Max(0, most - QueueAmounts.Of(queue.Allocated, name));
                left[name] = left.TryGetValue(name, out var known) ? Math.Min(known, free) : free;
            }
        }

        return new QueueAmounts(left);
    }

    /// <summary>The tightest max on the way up, by name.</summary>
    public QueueAmounts MaxOnPath() =>
        new(Upward().SelectMany(q => q.Max.Items).GroupBy(i => i.Key, StringComparer.Ordinal).Select(g => new KeyValuePair<string, long>(g.Key, g.Min(i => i.Value))));

    internal void Apply(QueueConfig config)
    {
        Config = config;
        Settings = (Parent?.Settings.ForChild() ?? new QueueSettings()).With(config.Properties);
        State = QueueState.Active;
    }

    internal void Add(QueueNode child) => _children.Add(child.Name, child);

    internal void Remove(QueueNode child) => _children.Remove(child.Name);

    internal void Account(in ResourceVector allocated, in ResourceVector pending)
    {
        for (var queue = this; queue is not null; queue = queue.Parent)
        {
            queue.Allocated += allocated;
            queue.Pending += pending;
        }
    }

    internal void AccountPreempting(in ResourceVector more)
    {
        for (var queue = this; queue is not null; queue = queue.Parent)
        {
            queue.Preempting += more;
        }
    }

    internal void AccountRunning(int change)
    {
        for (var queue = this; queue is not null; queue = queue.Parent)
        {
            queue.Running += change;
        }
    }
}
