using Hearth.Cli.Commands.Job.Explain;
using Hearth.Cli.Commands.Lint.Placing;
using Hearth.Jobs.Spark;
using Hearth.Kube.Quantities;
using Hearth.Platform.Text;
using Hearth.Scheduling.Karpenter;

namespace Hearth.Cli.Commands.Lint.Rules;

/// <summary>Pods that no node of the platform could ever take, by what would have to change first.</summary>
internal static class PlacementRules
{
    private const string Waits = "The pod stays Pending until the run times out (15 minutes by default).";

    /// <summary>Labels that no node has.</summary>
    public static LintRule Selector { get; } = new(
        "selector-no-node",
        Severity.Error,
        "A pod wants labels of its node that no node pool and no node group gives.",
        Waits,
        "Use labels of a pool (spec.nodePools[].labels and requirements) or of a node group.",
        subject => With(subject, Obstacle.Selector).Select(role => SelectorFault(subject, role)));

    /// <summary>The right pool, the wrong architecture.</summary>
    public static LintRule Architecture { get; } = new(
        "architecture",
        Severity.Error,
        "A pod wants a processor architecture that the pools it selects do not have.",
        Waits,
        "Drop kubernetes.io/arch, or select a pool of that architecture; images must be built for it.",
        subject => With(subject, Obstacle.Architecture).Select(role =>
            new Fault(Places.OfSelector(subject, role.Role, KarpenterLabels.Arch), $"the {Places.Word(role.Role)} wants {KarpenterLabels.Arch}={role.Pod.NodeSelector.GetValueOrDefault(KarpenterLabels.Arch)}, which {Pools(role)} does not have")));

    /// <summary>A taint that keeps the pod out.</summary>
    public static LintRule Toleration { get; } = new(
        "toleration-missing",
        Severity.Error,
        "A pod does not tolerate the taint of the pool or node group that it selects.",
        Waits,
        "Add the toleration to the pod template.",
        subject => With(subject, Obstacle.Taint).Select(role => TolerationFault(subject, role)));

    /// <summary>Larger than every instance.</summary>
    public static LintRule Size { get; } = new(
        "pod-too-large",
        Severity.Error,
        "A pod asks for more than the largest instance of the pools that it selects has left beside its daemons. Spark adds a share of the heap: 10 %, for Python 40 %, at least 384 MiB.",
        Waits,
        "Ask for less (cores, memory, memoryOverhead), or allow larger instance types in the pool.",
        subject => With(subject, Obstacle.Size).Select(role => SizeFault(subject, role)));

    /// <summary>Nothing for sale.</summary>
    public static LintRule Offering { get; } = new(
        "no-offering",
        Severity.Error,
        "No instance type of the selected pools is for sale in the zone and as the capacity type that a pod wants.",
        Waits,
        "Allow more zones, capacity types or instance types.",
        subject => With(subject, Obstacle.Offering).Select(role => new Fault(Places.OfPod(subject, role.Role), $"no node for the {Places.Word(role.Role)}: {string.Join("; ", role.Nearest.Select(r => $"{r.Pool}: {r.Reason}"))}")));

    /// <summary>The pool is too small.</summary>
    public static LintRule Limit { get; } = new(
        "pool-limit",
        Severity.Error,
        "The limits of the selected pools do not even allow the one node that a pod needs.",
        Waits,
        "Raise the pool's limits (spec.nodePools[].limits).",
        subject => With(subject, Obstacle.Limit).Select(role => new Fault(Places.OfPod(subject, role.Role), $"the limits of {Pools(role)} allow no node for the {Places.Word(role.Role)}")));

    /// <summary>The pool is too small for all executors at once.</summary>
    public static LintRule Crowd { get; } = new(
        "executors-exceed-limits",
        Severity.Warning,
        "The limits of the pools and the size of the node groups do not leave room for all executors of the job at the same time, even when no other job runs.",
        "The job runs with fewer executors than it asks for.",
        "Ask for fewer executors, or raise the pool's limits.",
        subject => subject.Placement?.Crowd is { } crowd && crowd.Placed < crowd.Wanted
            ? [new Fault(Places.OfExecutors(subject), FormattableString.Invariant($"{crowd.Wanted} executors are asked for; the platform has room for about {crowd.Placed} of them"))]
            : []);

    private static IEnumerable<RolePlacement> With(LintSubject subject, Obstacle obstacle) => (subject.Placement?.Roles ?? []).Where(r => r.Obstacle == obstacle);

    private static string Pools(RolePlacement role) => string.Join(", ", role.Nearest.Select(r => r.Pool));

    private static Fault SelectorFault(LintSubject subject, RolePlacement role)
    {
        var labels = PoolLabels.Of(subject.Placement!.Nodes);
        var word = Places.Word(role.Role);
        foreach (var (key, value) in role.Pod.NodeSelector.OrderBy(s => s.Key, StringComparer.Ordinal))
        {
            var place = Places.OfSelector(subject, role.Role, key);
            if (!labels.TryGetValue(key, out var values))
            {
                if (!KarpenterLabels.WellKnown.Contains(key))
                {
                    return new Fault(place, Nearest.Describe($"the {word} wants label {key}={value}, and no node has a label {key}", key, [.. labels.Keys]));
                }
            }
            else if (!values.Allows(value))
            {
                return new Fault(place, Nearest.Describe($"the {word} wants {key}={value}, which no node has", value, [.. values.Names]));
            }
        }

        var pairs = string.Join(", ", role.Pod.NodeSelector.Select(s => $"{s.Key}={s.Value}"));
        return pairs.Length > 0 && role.Pod.RequiredNodeTerms is null
            ? new Fault(Places.OfSelector(subject, role.Role, role.Pod.NodeSelector.First().Key), $"no node has all of what the {word} wants: {pairs}")
            : new Fault(Places.OfPod(subject, role.Role), $"no node has what selector and affinity of the {word} want{(pairs.Length > 0 ? $" ({pairs})" : "")}: {string.Join("; ", role.Nearest.Take(3).Select(r => $"{r.Pool}: {r.Reason}"))}");
    }

    private static Fault TolerationFault(LintSubject subject, RolePlacement role)
    {
        var refusal = role.Nearest.First();
        var taint = refusal.Subject;
        var key = taint.Split('=', ':')[0];
        var has = role.Pod.Tolerations.Select((t, i) => (t, i)).Where(t => t.t.Key is { } k && (k == key || Nearest.Distance(k, key) <= 2)).ToArray();
        var near = has.Length == 0 ? "" : $"; its toleration {has[0].t.Key}{(has[0].t.Value is { } v ? $"={v}" : "")}{(has[0].t.Effect is { } e ? $":{e}" : "")} is another one";
        var place = has.Length > 0 && subject.Template(role.Role)?.Source is { } source ? source.At("spec", "tolerations", has[0].i) : Places.OfPod(subject, role.Role);
        return new Fault(place, $"the {Places.Word(role.Role)} does not tolerate the taint {taint} of {Pools(role)}{near}", $"Add to the {Places.Word(role.Role)}'s pod template, under spec.tolerations: {Places.Tolerate(taint)}");
    }

    private static Fault SizeFault(LintSubject subject, RolePlacement role)
    {
        var word = Places.Word(role.Role);
        var app = subject.Settings.Submission!.Application;
        var memory = role.Role == SparkRole.Driver ? SparkMemory.OfDriver(app.Conf, app.IsPython) : SparkMemory.OfExecutor(app.Conf, app.IsPython);
        var largest = role.Nearest.Select(r => r.Pool is { } pool ? (Pool: pool, Node: subject.Placement!.Largest(pool)) : default).Where(p => p.Node is not null).MaxBy(p => p.Node!.Value.Free.Memory);
        var asks = $"cpu {Quantity.FromMilli(role.Pod.Requests.MilliCpu)}, memory {role.Pod.Requests.Memory >> 20}Mi";
        var most = largest.Node is { } node ? $"; the largest node of {largest.Pool} ({node.Type}) has cpu {Quantity.FromMilli(node.Free.MilliCpu)}, memory {node.Free.Memory >> 20}Mi beside its daemons" : "";
        return new Fault(
            Places.OfMemory(subject, role.Role), FormattableString.Invariant($"the {word} asks for {asks} (heap {memory.Heap}Mi, overhead {memory.Overhead}Mi{(memory.OffHeap + memory.Python > 0 ? $", off-heap and Python {memory.OffHeap + memory.Python}Mi" : "")}){most}"));
    }
}
