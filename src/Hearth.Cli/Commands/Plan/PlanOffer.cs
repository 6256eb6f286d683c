using System.Globalization;
using Hearth.Kube.Core;
using Hearth.Kube.Quantities;
using Hearth.Scheduling.Karpenter;
using Hearth.Scheduling.Planning;

namespace Hearth.Cli.Commands.Plan;

/// <summary>One way to run a job, and what becomes of it.</summary>
/// <param name="Name">What is different.</param>
/// <param name="Plan">Where its pods go.</param>
/// <param name="Chosen">It is what happens when the request is submitted as it is.</param>
/// <param name="Pool">The pool that it is about, or null for any.</param>
internal sealed record PlanOffer(string Name, PlacementPlan Plan, bool Chosen, string? Pool = null)
{
    /// <summary>All pods have a place.</summary>
    public bool Fits => Plan.Unplaced.Count == 0;

    /// <summary>Which constraint refuses it, or null.</summary>
    public string? Refusal => Plan.Unplaced is [var first, ..] ? $"{first.Pod.Name}: {Why(first)}" : null;

    /// <summary>Of the pool that the offer is about, what that one says; else each criterion with the pools that name it. Without pools it is the scheduler's word.</summary>
    private string Why(PlanFailure failure)
    {
        if (failure.Pools.FirstOrDefault(p => Pool is not null && p.Pool == Pool) is { } own)
        {
            return own.Short;
        }

        if (!failure.Pools.Any(p => p.Pool is not null))
        {
            return failure.Scheduler.Length > 0 ? failure.Scheduler : failure.Provisioner;
        }

        return string.Join("; ", failure.Pools.GroupBy(p => p.Short, p => p.Pool, StringComparer.Ordinal)
            .Select(g => $"{g.Key} ({string.Join(", ", g.OfType<string>())})"));
    }
}

/// <summary>The request as it is, and what else could be asked for: other capacity, other pools, other shapes of executors.</summary>
internal static class PlanOffers
{
    private const string Arm = "arm64";
    private const string Cpus = KarpenterLabels.InstancePrefix + "cpu";
    private static readonly string[] Kept = [KarpenterLabels.CapacityType, KarpenterLabels.Zone];

    public static IReadOnlyList<PlanOffer> Of(PlanJob job, PlanTarget target)
    {
        var asIs = Plan(job, target, static p => p);
        var offers = new List<PlanOffer> { new("as requested", asIs, true) };
        foreach (var capacity in new[] { KarpenterLabels.OnDemand, KarpenterLabels.Spot })
        {
            Add(offers, $"all {capacity}", Plan(job, target, p => Selecting(p, KarpenterLabels.CapacityType, capacity)));
        }

        var used = asIs.Launches.Select(n => n.Origin).ToHashSet(StringComparer.Ordinal);
        foreach (var pool in target.Pools.Select(p => p.Pool.Name).Where(p => !used.Contains(p)).Order(StringComparer.Ordinal))
        {
            offers.Add(new PlanOffer($"pool {pool}", Plan(job, target, p => OnPool(p, pool)), false, pool));
        }

        AddGraviton(offers, job, target);
        if (Smaller(job, target, asIs) is { } smaller)
        {
            offers.Add(smaller);
        }

        foreach (var (name, factor) in new[] { ("half as many executors, twice the size", 2m), ("twice as many executors, half the size", 0.5m) })
        {
            var count = (int)Math.Ceiling(job.Executors / factor);
            if (job.Executors > 1)
            {
                Add(offers, name, Plan(job with { Executor = Scaled(job.Executor, factor), Executors = count }, target, static p => p));
            }
        }

        return Ranked(offers);
    }

    /// <summary>What happens first; then what fits, by what the bill grows by, then by what is used of nodes that are there; then what does not fit.</summary>
    private static PlanOffer[] Ranked(List<PlanOffer> offers) =>
    [
        offers[0],
        .. offers.Skip(1).OrderByDescending(o => o.Fits)
            .ThenBy(o => o.Fits ? o.Plan.PricePerHour : 0).ThenBy(o => o.Fits ? o.Plan.UsedPerHour : 0).ThenBy(o => o.Plan.LaunchesInARow),
    ];

    /// <summary>The same job on arm64, wherever the platform has that; what it says about pools of another kind is left out. A pool that comes out the same is called so instead.</summary>
    private static void AddGraviton(List<PlanOffer> offers, PlanJob job, PlanTarget target)
    {
        if (offers[0].Plan.Launches.Any(n => n.Node.Labels.GetValueOrDefault(KarpenterLabels.Arch) == Arm))
        {
            return;
        }

        var plan = Plan(job, target, p => WithSelector(p, s =>
        {
            Keep(s);
            s[KarpenterLabels.Arch] = Arm;
        }));
        var same = offers.FindIndex(o => o.Fits && plan.Unplaced.Count == 0 && Text(o.Plan) == Text(plan));
        if (same > 0)
        {
            offers[same] = offers[same] with { Name = $"{offers[same].Name}, Graviton" };
        }
        else
        {
            offers.Add(new PlanOffer("Graviton (arm64)", plan, false));
        }
    }

    /// <summary>Karpenter fills one node before it opens another, which is not always the cheapest: the bound on nodes' size that saves most, or null.</summary>
    private static PlanOffer? Smaller(PlanJob job, PlanTarget target, PlacementPlan asIs)
    {
        PlanOffer? best = null;
        var largest = asIs.Launches.Select(n => int.TryParse(n.Node.Labels.GetValueOrDefault(Cpus), out var cpu) ? cpu : 0).DefaultIfEmpty().Max();
        var onNew = asIs.Launches.SelectMany(n => n.Node.Pods).Select(p => p.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var most in new[] { 4, 8, 16, 32, 64, 96 }.Where(n => n < largest))
        {
            Pod Bounded(Pod pod) => pod.Metadata.Name == "driver" && !onNew.Contains("driver") ? pod : AtMost(pod, most);
            var plan = Plan(job, target, Bounded);
            if (plan.Unplaced.Count == 0 && plan.PricePerHour < (best?.Plan ?? asIs).PricePerHour * PlanReport.Worthwhile)
            {
                best = new PlanOffer(string.Create(CultureInfo.InvariantCulture, $"nodes of at most {most} vCPU"), plan, false);
            }
        }

        return best;
    }

    /// <summary>The pod with a bound on its node's vCPU, beside what it demands already.</summary>
    private static Pod AtMost(Pod pod, int cpus)
    {
        var bound = new NodeSelectorRequirement { Key = Cpus, Operator = "Lt", Values = [(cpus + 1).ToString(CultureInfo.InvariantCulture)] };
        var node = pod.Spec?.Affinity?.NodeAffinity;
        var terms = node?.RequiredDuringSchedulingIgnoredDuringExecution?.NodeSelectorTerms is { Count: > 0 } known ? known : [new NodeSelectorTerm()];
        var required = new NodeSelector { NodeSelectorTerms = [.. terms.Select(t => t with { MatchExpressions = [.. t.MatchExpressions ?? [], bound] })] };
        return pod with
        {
            Spec = (pod.Spec ?? new PodSpec()) with
            {
                Affinity = (pod.Spec?.Affinity ?? new Affinity()) with { NodeAffinity = (node ?? new NodeAffinity()) with { RequiredDuringSchedulingIgnoredDuringExecution = required } },
            },
        };
    }

    private static PlacementPlan Plan(PlanJob job, PlanTarget target, Func<Pod, Pod> change) =>
        target.Plan(job.Waves(change));

    /// <summary>An alternative that comes out the same is none.</summary>
    private static void Add(List<PlanOffer> offers, string name, PlacementPlan plan)
    {
        if (plan.Unplaced.Count > 0 || Text(plan) != Text(offers[0].Plan))
        {
            offers.Add(new PlanOffer(name, plan, false));
        }
    }

    private static string Text(PlacementPlan plan) => string.Join(',', plan.Launches.Select(n => $"{n.Type}/{n.CapacityType}/{n.Zone}"));

    private static Pod Selecting(Pod pod, string key, string value) => WithSelector(pod, s => s[key] = value);

    /// <summary>What is not about the pool stays.</summary>
    private static Pod OnPool(Pod pod, string pool) => WithSelector(pod, s =>
    {
        Keep(s);
        s[KarpenterLabels.NodePool] = pool;
    });

    private static void Keep(Dictionary<string, string> selector)
    {
        foreach (var key in selector.Keys.Except(Kept, StringComparer.Ordinal).ToArray())
        {
            selector.Remove(key);
        }
    }

    private static Pod WithSelector(Pod pod, Action<Dictionary<string, string>> change)
    {
        var selector = new Dictionary<string, string>(pod.Spec?.NodeSelector ?? new Dictionary<string, string>(StringComparer.Ordinal), StringComparer.Ordinal);
        change(selector);
        return pod with { Spec = (pod.Spec ?? new PodSpec()) with { NodeSelector = selector } };
    }

    /// <summary>The same pod with so many times the requests; heap and overhead grow alike.</summary>
    private static Pod Scaled(Pod pod, decimal factor) => pod with
    {
        Spec = pod.Spec! with
        {
            Containers = [.. pod.Spec!.Containers!.Select(c => c with
            {
                Resources = c.Resources is null ? null : c.Resources with { Requests = Scaled(c.Resources.Requests, factor), Limits = Scaled(c.Resources.Limits, factor) },
            })],
        },
    };

    private static IReadOnlyDictionary<string, Quantity>? Scaled(IReadOnlyDictionary<string, Quantity>? amounts, decimal factor) =>
        amounts?.ToDictionary(a => a.Key, a => new Quantity(a.Value.Exact * factor, a.Value.Format), StringComparer.Ordinal);
}
