using Hearth.Scheduling.Resources;
using Hearth.Scheduling.YuniKorn.Configuration;
using Hearth.Scheduling.YuniKorn.Core;

namespace Hearth.Scheduling.YuniKorn.Queues;

/// <summary>What one user or group uses of one queue.</summary>
public sealed class UsageRecord
{
    public ResourceVector Used { get; internal set; }

    /// <summary>Applications that hold something.</summary>
    public SortedSet<string> Applications { get; } = new(StringComparer.Ordinal);
}

/// <summary>
/// What users and groups use of each queue, and whether the limits allow more. A user counts against the first of its groups that a limit on the way up names,
/// in the configured order (yunikorn-core, pkg/scheduler/ugm).
/// </summary>
public sealed class UserUsage
{
    private readonly SortedDictionary<(string Queue, bool Group, string Name), UsageRecord> _used = [];

    /// <summary>All records: queue, whether a group, name.</summary>
    public IEnumerable<KeyValuePair<(string Queue, bool Group, string Name), UsageRecord>> All => _used;

    /// <summary>What forbids an application so much more, as a text on demand, or null.</summary>
    internal Func<string>? Exceeded(Application application, in ResourceVector more)
    {
        foreach (var queue in application.Queue.Upward())
        {
            foreach (var (limit, group, name) in LimitsFor(queue, application))
            {
                var used = _used.GetValueOrDefault((queue.Path, group, name));
                if (!limit.MaxResources.IsEmpty && !limit.MaxResources.Holds((used?.Used ?? default) + more))
                {
                    return () => $"request exceeds the quota of {(group ? "group" : "user")} '{name}' in queue '{queue.Path}' (limit: {limit.MaxResources})";
                }

                if (limit.MaxApplications > 0 && used is not null && used.Applications.Count >= limit.MaxApplications && !used.Applications.Contains(application.Id))
                {
                    return () => $"{(group ? "group" : "user")} '{name}' runs as many applications in queue '{queue.Path}' as its limit allows ({limit.MaxApplications})";
                }
            }
        }

        return null;
    }

    internal void Add(Application application, in ResourceVector more)
    {
        foreach (var key in Keys(application))
        {
            if (!_used.TryGetValue(key, out var record))
            {
                _used[key] = record = new();
            }

            record.Used += more;
            record.Applications.Add(application.Id);
        }
    }

    internal void Remove(Application application, in ResourceVector less, bool ended)
    {
        foreach (var key in Keys(application))
        {
            if (_used.TryGetValue(key, out var record))
            {
                record.Used -= less;
                if (ended && record.Applications.Remove(application.Id) && record.Applications.Count == 0)
                {
                    _used.Remove(key);
                }
            }
        }
    }

    private static IEnumerable<(string, bool, string)> Keys(Application application) =>
        application.Queue.Upward().SelectMany(q => application.CountedGroup is { } group
            ? new[] { (q.Path, false, application.User), (q.Path, true, group) }
            : [(q.Path, false, application.User)]);

    /// <summary>The group that an application counts for: the first that a limit on the way up names.</summary>
    internal static string? GroupOf(QueueNode queue, IReadOnlyList<string> groups)
    {
        foreach (var name in queue.Upward().SelectMany(q => q.Config.Limits).SelectMany(l => l.Groups))
        {
            if (groups.Contains(name, StringComparer.Ordinal))
            {
                return name;
            }
        }

        return groups.Count > 0 && queue.Upward().SelectMany(q => q.Config.Limits).Any(l => l.Groups.Contains("*")) ? groups[0] : null;
    }

    /// <summary>The limit for the user by name (or else for everyone), and that for the group.</summary>
    private static IEnumerable<(LimitConfig Limit, bool Group, string Name)> LimitsFor(QueueNode queue, Application application)
    {
        var limits = queue.Config.Limits;
        if (limits.Count == 0)
        {
            yield break;
        }

        if ((limits.FirstOrDefault(l => l.Users.Contains(application.User)) ?? limits.FirstOrDefault(l => l.Users.Contains("*"))) is { } user)
        {
            yield return (user, false, application.User);
        }

        if (application.CountedGroup is { } group && (limits.FirstOrDefault(l => l.Groups.Contains(group)) ?? limits.FirstOrDefault(l => l.Groups.Contains("*"))) is { } shared)
        {
            yield return (shared, true, group);
        }
    }
}
