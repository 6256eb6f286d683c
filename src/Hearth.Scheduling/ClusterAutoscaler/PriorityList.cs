using System.Globalization;
using System.Text.RegularExpressions;

namespace Hearth.Scheduling.ClusterAutoscaler;

/// <summary>Priorities of node groups, as the ConfigMap <c>kube-system/cluster-autoscaler-priority-expander</c> has them under <c>priorities</c>: a number, then patterns of names.</summary>
public sealed class PriorityList
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);
    private readonly List<(int Priority, Regex Pattern)> _entries = [];

    /// <summary>Reads the text: lines <c>10:</c> and <c>  - .*spot.*</c>.</summary>
    /// <exception cref="FormatException">A line is neither, or a pattern cannot be read; it says which line.</exception>
    public static PriorityList Parse(string text)
    {
        var list = new PriorityList();
        int? priority = null;
        var number = 0;
        foreach (var line in text.Split('\n').Select(l => l.Split(" #")[0].Trim()))
        {
            number++;
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            if (line.EndsWith(':') && int.TryParse(line[..^1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value))
            {
                priority = value;
            }
            else if (line.StartsWith("- ", StringComparison.Ordinal) && priority is { } known)
            {
                list._entries.Add((known, Pattern(line[2..].Trim().Trim('"', '\''), number)));
            }
            else
            {
                throw new FormatException($"line {number}: '{line}' is neither a priority ('10:') nor a pattern under one ('- .*spot.*')");
            }
        }

        return list;
    }

    /// <summary>The highest priority of a group, or null when no pattern matches it.</summary>
    public int? Of(string group) => _entries.Where(e => e.Pattern.IsMatch(group)).Select(e => (int?)e.Priority).Max();

    private static Regex Pattern(string text, int line)
    {
        try
        {
            return new Regex(text, RegexOptions.ExplicitCapture, Limit);
        }
        catch (ArgumentException)
        {
            throw new FormatException($"line {line}: '{text}' is no regular expression");
        }
    }
}
