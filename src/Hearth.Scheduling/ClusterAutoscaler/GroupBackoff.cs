using System.Collections.Immutable;

namespace Hearth.Scheduling.ClusterAutoscaler;

/// <summary>Why a group that was to grow did not.</summary>
/// <param name="Class"><c>OutOfResource</c> or <c>Other</c>: upstream's classes.</param>
/// <param name="Code">The provider's code.</param>
/// <param name="Message">The provider's words.</param>
public sealed record ScaleUpError(string Class, string Code, string Message)
{
    /// <summary>What Cluster Autoscaler's AWS provider says of a group whose auto-scaling group gets no instances.</summary>
    public static ScaleUpError NoCapacity { get; } = new("OutOfResource", "placeholder-cannot-be-fulfilled", "AWS cannot provision any more instances for this node group");
}

/// <summary>
/// Groups that are left alone after a scale-up that failed (cluster-autoscaler, utils/backoff/exponential_backoff.go): five minutes at first, twice as long after
/// each further failure, half an hour at most; a group that has not failed for three hours begins anew. Immutable.
/// </summary>
public sealed class GroupBackoff
{
    private readonly ImmutableDictionary<string, Entry> _groups;

    private GroupBackoff(ImmutableDictionary<string, Entry> groups) => _groups = groups;

    private sealed record Entry(TimeSpan Duration, DateTimeOffset Until, DateTimeOffset Failed, ScaleUpError Error);

    /// <summary>Nothing has failed.</summary>
    public static GroupBackoff None { get; } = new(ImmutableDictionary.Create<string, Entry>(StringComparer.Ordinal));

    /// <summary>After a failure. Another one while the group is left alone anyway does not make it longer.</summary>
    public GroupBackoff Failed(string group, ScaleUpError error, DateTimeOffset now, AutoscalerOptions options)
    {
        var duration = options.InitialBackoff;
        if (_groups.TryGetValue(group, out var known) && known.Failed + options.BackoffReset > now)
        {
            duration = known.Until > now ? known.Duration : known.Duration * 2;
        }

        duration = duration > options.MaxBackoff ? options.MaxBackoff : duration;
        return new(_groups.SetItem(group, new Entry(duration, now + duration, now, error)));
    }

    /// <summary>After a scale-up that came to its end.</summary>
    public GroupBackoff Succeeded(string group) => _groups.ContainsKey(group) ? new(_groups.Remove(group)) : this;

    /// <summary>Why the group is left alone now, or null when it is not.</summary>
    public ScaleUpError? Of(string group, DateTimeOffset now) => _groups.TryGetValue(group, out var known) && known.Until > now ? known.Error : null;
}
