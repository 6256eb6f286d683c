using System.Text.RegularExpressions;
using Hearth.Scheduling.YuniKorn.Configuration;
using Hearth.Scheduling.YuniKorn.Core;

namespace Hearth.Scheduling.YuniKorn.Queues;

/// <summary>Finds the queue of an application by the placement rules (yunikorn-core, pkg/scheduler/placement).</summary>
internal static class QueuePlacement
{
    private const string NoMatch = "application rejected: no placement rule matched";
    private static readonly PlacementRule Implicit = new() { Name = PlacementRule.Provided };

    /// <summary>The leaf queue, made if a rule says so; null with the reason when no rule gives a usable one.</summary>
    public static (QueueNode? Queue, string? Rejection) Place(QueueTree tree, IReadOnlyList<PlacementRule> rules, ApplicationRequest application)
    {
        foreach (var rule in rules.Count > 0 ? rules : [Implicit])
        {
            if (Path(tree, rule, application, out var create) is { } path && Usable(tree, path, create, application) is { } queue)
            {
                return (queue, null);
            }
        }

        return tree.Find("root.default") is { IsLeaf: true, State: QueueState.Active } fallback && MaySubmit(fallback, application)
            ? (fallback, null)
            : (null, NoMatch);
    }

    private static QueueNode? Usable(QueueTree tree, string path, bool create, ApplicationRequest application)
    {
        var queue = tree.Find(path);
        if (queue is null)
        {
            // Who may submit to the nearest queue that is there may submit to the new one.
            var nearest = path;
            while (queue is null)
            {
                nearest = nearest[..nearest.LastIndexOf('.')];
                queue = tree.Find(nearest);
            }

            return create && MaySubmit(queue, application) ? tree.Create(path, application.QueueShape) : null;
        }

        return queue.IsLeaf && queue.State == QueueState.Active && queue != tree.Root && MaySubmit(queue, application) ? queue : null;
    }

    private static string? Path(QueueTree tree, PlacementRule rule, ApplicationRequest application, out bool create)
    {
        create = rule.Create;
        if (rule.Filter is { } filter && !Passes(filter, application))
        {
            return null;
        }

        var name = Result(rule, application).ToLowerInvariant();
        if (name.Length == 0)
        {
            return null;
        }

        if (name == QueueConfig.RootName || name.StartsWith("root.", StringComparison.Ordinal))
        {
            return name; // a full path: the parent rule does not count
        }

        var parent = QueueConfig.RootName;
        if (rule.Parent is not null)
        {
            if (Path(tree, rule.Parent, application, out var createParent) is not { } found || (tree.Find(found) is null && !createParent))
            {
                return null;
            }

            parent = found;
        }

        return $"{parent}.{name}";
    }

    private static string Result(PlacementRule rule, ApplicationRequest application) => rule.Name.ToLowerInvariant() switch
    {
        PlacementRule.Provided => application.Queue,
        PlacementRule.User => application.User.Replace(".", "_dot_", StringComparison.Ordinal),
        PlacementRule.Fixed => rule.Value,
        _ => (application.Tags.GetValueOrDefault(rule.Value.ToLowerInvariant()) ?? "") is var value && value.StartsWith("root.", StringComparison.Ordinal)
            ? value : value.Replace(".", "_dot_", StringComparison.Ordinal),
    };

    private static bool Passes(RuleFilter filter, ApplicationRequest application)
    {
        if (filter.Users.Count + filter.Groups.Count == 0)
        {
            return true;
        }

        return filter.Allow == (Named(filter.Users, [application.User]) || Named(filter.Groups, application.Groups));
    }

    /// <summary>A list of one that is no plain name is a regular expression.</summary>
    private static bool Named(IReadOnlyList<string> list, IReadOnlyList<string> names)
    {
        if (list is [var only] && only.Any(c => !char.IsLetterOrDigit(c) && c is not ('_' or '-' or '.' or ':' or '@')))
        {
            try
            {
                return names.Any(n => Regex.IsMatch(n, only, RegexOptions.None, TimeSpan.FromMilliseconds(100)));
            }
            catch (ArgumentException)
            {
                return false;
            }
        }

        return names.Any(n => list.Contains(n, StringComparer.Ordinal));
    }

    private static bool MaySubmit(QueueNode queue, ApplicationRequest application) =>
        queue.Upward().Any(q => Allows(q.Config.SubmitAcl, application) || Allows(q.Config.AdminAcl, application));

    /// <summary><c>user1,user2 group1,group2</c>, or <c>*</c> for everyone.</summary>
    private static bool Allows(string acl, ApplicationRequest application)
    {
        if (acl.Trim() == "*")
        {
            return true;
        }

        var parts = acl.Split(' ', 2);
        return parts[0].Split(',').Any(u => u == "*" || (u.Length > 0 && u == application.User))
            || (parts.Length > 1 && parts[1].Split(',').Any(g => g == "*" || application.Groups.Contains(g, StringComparer.Ordinal)));
    }
}
