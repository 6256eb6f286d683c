namespace Hearth.Scheduling.YuniKorn.Configuration;

/// <summary>The partition <c>default</c> of a queue text: the only one that Kubernetes knows.</summary>
public sealed record PartitionConfig
{
    /// <summary>Name of the one partition.</summary>
    public const string DefaultName = "default";

    /// <summary>What counts when nothing is configured: a queue for each namespace, and labels that name queues have no effect.</summary>
    public static PartitionConfig Default { get; } = new()
    {
        PlacementRules = [new PlacementRule { Name = PlacementRule.Tag, Value = "namespace", Create = true }],
        Root = new QueueConfig { Name = QueueConfig.RootName, SubmitAcl = "*" },
    };

    /// <summary>Tried in order.</summary>
    public IReadOnlyList<PlacementRule> PlacementRules { get; init; } = [];

    /// <summary>The queue <c>root</c> with all below it.</summary>
    public QueueConfig Root { get; init; } = new() { Name = QueueConfig.RootName };

    /// <summary>Most used nodes first, as against least used ones.</summary>
    public bool BinPacking { get; init; }

    /// <summary>How much each resource counts when nodes are ordered.</summary>
    public IReadOnlyDictionary<string, double> ResourceWeights { get; init; } = new Dictionary<string, double>(StringComparer.Ordinal) { [YuniKornNames.Vcore] = 1, ["memory"] = 1 };

    /// <summary>Whether pods may be evicted for queues that have less than their guaranteed share.</summary>
    public bool Preemption { get; init; } = true;
}

/// <summary>A queue and those below it.</summary>
public sealed record QueueConfig
{
    /// <summary>The queue that holds all others.</summary>
    public const string RootName = "root";

    /// <summary>Last part of its path, in lower case.</summary>
    public required string Name { get; init; }

    /// <summary>Holds queues and no applications, also while it has no children.</summary>
    public bool Parent { get; init; }
    public IReadOnlyList<QueueConfig> Queues { get; init; } = [];

    /// <summary>Applications at a time; 0 is unlimited.</summary>
    public long MaxApplications { get; init; }
    public IReadOnlyDictionary<string, string> Properties { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
    public string AdminAcl { get; init; } = "";
    public string SubmitAcl { get; init; } = "";
    public QueueAmounts Guaranteed { get; init; } = QueueAmounts.None;
    public QueueAmounts Max { get; init; } = QueueAmounts.None;
    public IReadOnlyList<LimitConfig> Limits { get; init; } = [];

    /// <summary>What queues get that a placement rule makes below this one.</summary>
    public QueueConfig? ChildTemplate { get; init; }
}

/// <summary>What users or groups may use of a queue.</summary>
public sealed record LimitConfig
{
    public string Name { get; init; } = "";
    public IReadOnlyList<string> Users { get; init; } = [];
    public IReadOnlyList<string> Groups { get; init; } = [];

    /// <summary>0 is unlimited.</summary>
    public long MaxApplications { get; init; }
    public QueueAmounts MaxResources { get; init; } = QueueAmounts.None;
}

/// <summary>One way to find the queue of an application.</summary>
public sealed record PlacementRule
{
    public const string Provided = "provided";
    public const string User = "user";
    public const string Fixed = "fixed";
    public const string Tag = "tag";

    public required string Name { get; init; }

    /// <summary>Makes the queue when it is not there.</summary>
    public bool Create { get; init; }

    /// <summary>The queue (fixed) or the name of the tag (tag).</summary>
    public string Value { get; init; } = "";

    /// <summary>Finds the parent of the queue; null is root.</summary>
    public PlacementRule? Parent { get; init; }

    /// <summary>For whom the rule holds; null is everyone.</summary>
    public RuleFilter? Filter { get; init; }
}

/// <summary>Users and groups that a rule is for, or not for.</summary>
public sealed record RuleFilter(bool Allow, IReadOnlyList<string> Users, IReadOnlyList<string> Groups);
