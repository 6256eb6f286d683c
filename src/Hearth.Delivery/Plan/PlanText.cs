using System.Globalization;

namespace Hearth.Delivery.Plan;

/// <summary>The changes of one stack.</summary>
/// <param name="Stack">Its name.</param>
/// <param name="Exists">Whether it is deployed.</param>
/// <param name="Changes">What would happen.</param>
public sealed record StackPlan(string Stack, bool Exists, IReadOnlyList<ResourceChange> Changes);

/// <summary>A plan as a tree of lines: <c>+</c> is made, <c>~</c> changes, <c>-</c> goes. Pure.</summary>
public static class PlanText
{
    private const int Named = 4;

    public static IEnumerable<string> Lines(IReadOnlyList<StackPlan> stacks, CostEstimate cost)
    {
        foreach (var stack in stacks)
        {
            yield return $"{Mark(stack)} {stack.Stack}{(stack.Changes.Count == 0 ? "  no change" : "")}";
            var groups = stack.Changes.GroupBy(c => (c.Kind, c.Type)).OrderBy(g => g.Key.Kind).ThenBy(g => g.Key.Type, StringComparer.Ordinal);
            foreach (var line in groups.SelectMany(g => Group(g.Key.Kind, g.Key.Type, [.. g])))
            {
                yield return $"    {line}";
            }
        }

        var all = stacks.SelectMany(s => s.Changes).ToArray();
        yield return "";
        yield return Invariant($"{Count(all, ChangeKind.Add)} to add, {Count(all, ChangeKind.Change)} to change, {Count(all, ChangeKind.Remove)} to remove.");
        yield return "";
        foreach (var line in cost.Lines())
        {
            yield return line;
        }
    }

    private static int Count(ResourceChange[] all, ChangeKind kind) => all.Count(c => c.Kind == kind);

    private static IEnumerable<string> Group(ChangeKind kind, string type, ResourceChange[] changes)
    {
        if (kind == ChangeKind.Change)
        {
            return changes.Select(c => $"~ {type} {c.Id}: {string.Join(", ", c.Properties)}");
        }

        var names = string.Join(", ", changes.Take(Named).Select(c => c.Id)) + (changes.Length > Named ? Invariant($" and {changes.Length - Named} more") : "");
        return [Invariant($"{Mark(kind)} {type} x{changes.Length}: {names}")];
    }

    private static char Mark(StackPlan stack) => !stack.Exists ? '+' : stack.Changes.Count == 0 ? ' ' : '~';

    private static char Mark(ChangeKind kind) => kind switch { ChangeKind.Add => '+', ChangeKind.Change => '~', _ => '-' };

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
