using System.Globalization;

namespace Hearth.Scheduling.YuniKorn.Queues;

/// <summary>How the applications of a leaf queue are ordered.</summary>
public enum SortPolicy
{
    /// <summary>By time of submission.</summary>
    Fifo,

    /// <summary>By how much they use.</summary>
    Fair,
}

/// <summary>From where victims of preemption may be taken, or whether at all.</summary>
public enum PreemptionPolicy
{
    Default,

    /// <summary>Only from inside the queue.</summary>
    Fence,
    Disabled,
}

/// <summary>
/// The properties of a queue. Values that cannot be read count as absent, without an error, as upstream (yunikorn-core, pkg/common/configs/config.go).
/// </summary>
public sealed record QueueSettings
{
    /// <summary>Wait of an ask before it may preempt, unless set.</summary>
    public static readonly TimeSpan DefaultPreemptionDelay = TimeSpan.FromSeconds(30);

    public SortPolicy Sort { get; init; }

    /// <summary>Whether priority comes before the sort policy.</summary>
    public bool PriorityFirst { get; init; } = true;

    /// <summary>Priorities inside are not seen outside.</summary>
    public bool PriorityFence { get; init; }
    public int PriorityOffset { get; init; }
    public PreemptionPolicy Preemption { get; init; }
    public TimeSpan PreemptionDelay { get; init; } = DefaultPreemptionDelay;

    /// <summary>What a child inherits before its own properties count.</summary>
    public QueueSettings ForChild() => this with
    {
        PriorityFence = false,
        PriorityOffset = 0,
        Preemption = Preemption == PreemptionPolicy.Disabled ? PreemptionPolicy.Disabled : PreemptionPolicy.Default,
    };

    /// <summary>With a queue's own properties.</summary>
    public QueueSettings With(IReadOnlyDictionary<string, string> properties)
    {
        var settings = this;
        foreach (var (key, value) in properties)
        {
            settings = key switch
            {
                "application.sort.policy" when value is "fifo" or "stateaware" => settings with { Sort = SortPolicy.Fifo },
                "application.sort.policy" when value is "fair" => settings with { Sort = SortPolicy.Fair },
                "application.sort.priority" when value is "enabled" or "disabled" => settings with { PriorityFirst = value == "enabled" },
                "priority.policy" when value is "default" or "fence" => settings with { PriorityFence = value == "fence" },
                "priority.offset" when int.TryParse(value, CultureInfo.InvariantCulture, out var offset) => settings with { PriorityOffset = offset },
                "preemption.policy" when Policy(value) is { } policy => settings with { Preemption = settings.Preemption == PreemptionPolicy.Disabled ? settings.Preemption : policy },
                "preemption.delay" when Delay(value) is { } delay => settings with { PreemptionDelay = delay },
                _ => settings,
            };
        }

        return settings;
    }

    private static PreemptionPolicy? Policy(string value) => value switch
    {
        "default" => PreemptionPolicy.Default,
        "fence" => PreemptionPolicy.Fence,
        "disabled" => PreemptionPolicy.Disabled,
        _ => null,
    };

    private static TimeSpan? Delay(string value)
    {
        try
        {
            return Karpenter.KarpenterDuration.Parse(value) is { Ticks: > 0 } delay ? delay : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
