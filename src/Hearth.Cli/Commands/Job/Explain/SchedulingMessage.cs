using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Hearth.Cli.Commands.Job.Explain;

/// <summary>How many nodes gave one reason.</summary>
internal sealed record NodeRefusal(int Count, string Reason);

/// <summary>What kept the nodes there are from a pod.</summary>
/// <param name="Nodes">How many were looked at.</param>
/// <param name="Refusals">Reasons, most frequent first.</param>
internal sealed record NodesAnswer(int Nodes, IReadOnlyList<NodeRefusal> Refusals);

/// <summary>Which kind of thing a pool refused a pod for; each has its own way out.</summary>
internal enum PoolRefusalKind
{
    Taint,
    Requirement,
    Size,
    Limit,
    Offering,
    Other,
}

/// <summary>Why one pool launches no node for a pod.</summary>
/// <param name="Pool">Its name; null when the reason is not about one pool.</param>
/// <param name="Kind">The kind.</param>
/// <param name="Reason">For people.</param>
/// <param name="Subject">Taint, label or resources that it is about; may be empty.</param>
internal sealed record PoolRefusal(string? Pool, PoolRefusalKind Kind, string Reason, string Subject = "");

/// <summary>Takes apart the messages of FailedScheduling events: those of kube-scheduler (framework.FitError) and those of Karpenter (scheduling errors by node pool).</summary>
internal static partial class SchedulingMessage
{
    private const string Provisioner = "Failed to schedule pod, ";

    /// <summary>Whether it is the provisioner that speaks, not the scheduler.</summary>
    public static bool IsOfProvisioner(string message) => message.StartsWith(Provisioner, StringComparison.Ordinal);

    /// <summary>The scheduler's message, or null when it is none.</summary>
    public static NodesAnswer? Nodes(string message)
    {
        if (Fit().Match(message) is not { Success: true } match)
        {
            return message.StartsWith("no nodes available", StringComparison.Ordinal) ? new NodesAnswer(0, []) : null;
        }

        var nodes = int.Parse(match.Groups["nodes"].Value, CultureInfo.InvariantCulture);
        var text = match.Groups["reasons"].Value;
        var cut = text.IndexOf(". preemption:", StringComparison.Ordinal);
        var reasons = NextReason().Split((cut < 0 ? text : text[..cut]).TrimEnd('.')).Select(r => Refusal(r, nodes));
        return new NodesAnswer(nodes, [.. reasons.OrderByDescending(r => r.Count).ThenBy(r => r.Reason, StringComparer.Ordinal)]);
    }

    /// <summary>The provisioner's message, one refusal a pool.</summary>
    public static IReadOnlyList<PoolRefusal> Pools(string message) =>
        IsOfProvisioner(message) ? [.. NextPool().Split(message[Provisioner.Length..]).Select(Pool)] : [];

    private static NodeRefusal Refusal(string text, int all)
    {
        var match = Counted().Match(text);
        return match.Success ? new NodeRefusal(int.Parse(match.Groups["count"].Value, CultureInfo.InvariantCulture), match.Groups["reason"].Value) : new NodeRefusal(all, text);
    }

    private static PoolRefusal Pool(string text)
    {
        if (Limits().Match(text) is { Success: true } limits)
        {
            return new PoolRefusal(limits.Groups["pool"].Value, PoolRefusalKind.Limit, "its limits are reached: every instance type would exceed them");
        }

        return Incompatible().Match(text) is { Success: true } pool
            ? Why(pool.Groups["pool"].Value, pool.Groups["why"].Value)
            : new PoolRefusal(null, PoolRefusalKind.Other, text);
    }

    private static PoolRefusal Why(string pool, string why)
    {
        if (Taint().Match(why) is { Success: true } taint)
        {
            var what = taint.Groups["taint"].Value;
            return new PoolRefusal(pool, PoolRefusalKind.Taint, $"the pod does not tolerate its taint {what}", what);
        }

        if (Key().Match(why) is { Success: true } key)
        {
            return new PoolRefusal(pool, PoolRefusalKind.Requirement, $"the pod wants {key.Groups["wanted"].Value}; the pool has {key.Groups["own"].Value}", key.Groups["key"].Value);
        }

        if (Label().Match(why) is { Success: true } label)
        {
            return new PoolRefusal(pool, PoolRefusalKind.Requirement, $"the pod wants a value of label {label.Groups["key"].Value}, which nodes of the pool do not have", label.Groups["key"].Value);
        }

        return why.StartsWith("no instance type", StringComparison.Ordinal) ? Type(pool, why) : new PoolRefusal(pool, PoolRefusalKind.Other, why);
    }

    /// <summary>The criteria come after the reason and are long; what the pod asks for is the part that says something.</summary>
    private static PoolRefusal Type(string pool, string why)
    {
        var cut = why.IndexOf(", requirements=", StringComparison.Ordinal);
        var reason = cut < 0 ? why : why[..cut];
        var asked = Resources().Match(why) is { Success: true } match ? Amounts(match.Groups["json"].Value) : "";
        var size = reason.Contains("enough resources", StringComparison.Ordinal);
        var text = size && asked.Length > 0 ? $"{reason}: a node would have to offer {asked}" : reason;
        return new PoolRefusal(pool, size ? PoolRefusalKind.Size : PoolRefusalKind.Offering, text, asked);
    }

    private static string Amounts(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return string.Join(", ", document.RootElement.EnumerateObject().Where(p => p.Name != "pods").Select(p => $"{p.Name} {p.Value}"));
        }
        catch (JsonException)
        {
            return json;
        }
    }

    [GeneratedRegex("^0/(?<nodes>[0-9]+) nodes are available: (?<reasons>.+)$", RegexOptions.ExplicitCapture | RegexOptions.Singleline, 1000)]
    private static partial Regex Fit();

    [GeneratedRegex(", (?=[0-9]+ )", RegexOptions.None, 1000)]
    private static partial Regex NextReason();

    [GeneratedRegex("^(?<count>[0-9]+) (?<reason>.+)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Counted();

    [GeneratedRegex("; (?=incompatible with nodepool |all available instance types )", RegexOptions.None, 1000)]
    private static partial Regex NextPool();

    [GeneratedRegex("^all available instance types exceed limits for nodepool: \"(?<pool>[^\"]+)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Limits();

    [GeneratedRegex("^incompatible with nodepool \"(?<pool>[^\"]+)\", daemonset overhead=\\{[^}]*\\}, (?<why>.+)$", RegexOptions.ExplicitCapture | RegexOptions.Singleline, 1000)]
    private static partial Regex Incompatible();

    [GeneratedRegex(@"^did not tolerate (taint \(taint=)?(?<taint>[^)]+)\)?$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Taint();

    [GeneratedRegex("^incompatible requirements, key (?<key>[^,]+), (?<wanted>.+) not in (?<own>.+)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Key();

    [GeneratedRegex("^incompatible requirements, label \"(?<key>[^\"]+)\" does not have known values", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Label();

    [GeneratedRegex(@"resources=(?<json>\{[^}]*\})", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Resources();
}
