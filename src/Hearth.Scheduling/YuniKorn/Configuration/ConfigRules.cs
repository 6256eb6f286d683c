using System.Text.RegularExpressions;

namespace Hearth.Scheduling.YuniKorn.Configuration;

/// <summary>What a queue text must fulfil besides being readable (yunikorn-core, pkg/common/configs/configvalidator.go).</summary>
internal static partial class ConfigRules
{
    private static readonly string[] RuleNames = [PlacementRule.Provided, PlacementRule.User, PlacementRule.Fixed, PlacementRule.Tag];

    public static void Check(PartitionConfig partition)
    {
        foreach (var rule in partition.PlacementRules)
        {
            Check(rule);
        }

        if (!partition.Root.Max.IsEmpty || !partition.Root.Guaranteed.IsEmpty)
        {
            throw new FormatException("root queue must not have resource limits set");
        }

        Check(partition.Root, partition.Root.Name, QueueAmounts.None, 0);
    }

    private static void Check(PlacementRule rule)
    {
        if (!RuleNames.Contains(rule.Name, StringComparer.OrdinalIgnoreCase))
        {
            throw new FormatException($"placement rule '{rule.Name}' is none of {string.Join(", ", RuleNames)}");
        }

        if (rule.Name is PlacementRule.Fixed or PlacementRule.Tag && rule.Value.Length == 0)
        {
            throw new FormatException($"placement rule '{rule.Name}' needs a value");
        }

        if (rule.Parent is not null)
        {
            Check(rule.Parent);
        }
    }

    private static void Check(QueueConfig queue, string path, QueueAmounts parentMax, long parentApplications)
    {
        if (!Name().IsMatch(queue.Name))
        {
            throw new FormatException($"queue {path}: invalid name '{queue.Name}', a name must only have alphanumeric characters, _ : # / @ or -, and be no longer than 64 characters");
        }

        Require(queue.Max.Within(parentMax), $"queue {path}: max {queue.Max} is larger than the max of a queue above it {parentMax}");
        Require(queue.Guaranteed.Within(queue.Max), $"queue {path}: guaranteed {queue.Guaranteed} is larger than max {queue.Max}");
        Require(parentApplications == 0 || queue.MaxApplications <= parentApplications, $"queue {path}: maxapplications {queue.MaxApplications} is larger than that of its parent ({parentApplications})");
        foreach (var limit in queue.Limits)
        {
            Check(limit, queue, path);
        }

        if (queue.Queues.GroupBy(q => q.Name, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            throw new FormatException($"queue {path}: duplicate queue name '{twice.Key}'");
        }

        var bound = Tightest(parentMax, queue.Max);
        var sum = queue.Queues.Aggregate(QueueAmounts.None, (total, q) => total.Plus(q.Guaranteed));
        Require(queue.Guaranteed.IsEmpty || sum.Within(queue.Guaranteed), $"queue {path}: its children's guaranteed {sum} is more than its own {queue.Guaranteed}");
        Require(sum.Within(bound), $"queue {path}: its children's guaranteed {sum} is more than its max {bound}");
        foreach (var child in queue.Queues)
        {
            Check(child, $"{path}.{child.Name}", bound, queue.MaxApplications > 0 ? queue.MaxApplications : parentApplications);
        }
    }

    private static QueueAmounts Tightest(QueueAmounts above, QueueAmounts own) =>
        new(own.Items.Concat(above.Items.Where(i => own.Find(i.Key) is null)));

    private static void Check(LimitConfig limit, QueueConfig queue, string path)
    {
        Require(limit.Users.Count + limit.Groups.Count > 0, $"queue {path}: limit '{limit.Name}' names neither users nor groups");
        Require(limit.MaxApplications > 0 || !limit.MaxResources.IsEmpty, $"queue {path}: limit '{limit.Name}' limits nothing: give maxapplications or maxresources");
        Require(limit.Users.Count == 1 || !limit.Users.Contains("*"), $"queue {path}: limit '{limit.Name}': '*' must be the only user of its list");
        Require(limit.Groups.Count == 1 || !limit.Groups.Contains("*"), $"queue {path}: limit '{limit.Name}': '*' must be the only group of its list");
        Require(limit.MaxResources.Within(queue.Max), $"queue {path}: limit '{limit.Name}': maxresources {limit.MaxResources} is larger than the queue's max {queue.Max}");
        Require(queue.MaxApplications == 0 || limit.MaxApplications <= queue.MaxApplications, $"queue {path}: limit '{limit.Name}': maxapplications is larger than the queue's");
        var named = queue.Limits.TakeWhile(l => !ReferenceEquals(l, limit)).Any(l => l.Groups.Any(g => g != "*"));
        Require(!limit.Groups.Contains("*") || named, $"queue {path}: limit '{limit.Name}': a limit for the group '*' needs one for a named group before it");
    }

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new FormatException(otherwise);
        }
    }

    [GeneratedRegex("^[a-zA-Z0-9_:#/@-]{1,64}$", RegexOptions.None, 1000)]
    private static partial Regex Name();
}
