using Hearth.Kube.Core;
using Hearth.Scheduling.Catalog;
using Hearth.Scheduling.Karpenter;
using Hearth.Scheduling.Requirements;
using Hearth.Scheduling.Resources;

namespace Hearth.Scheduling.Provisioning;

/// <summary>A node pool with what it could launch. Making one looks through the catalogue: keep it as long as pool and class are the same.</summary>
public sealed class PoolInfo
{
    private readonly Dictionary<Requirement, TypeSet> _byRequirement = [];
    private readonly Dictionary<(string Zone, string CapacityType), TypeSet> _byOffering = [];
    private readonly Dictionary<(Requirement? Zone, Requirement? CapacityType), int[]> _cheapestFirst = [];
    private readonly Dictionary<string, IReadOnlyList<string>> _domains = new(StringComparer.Ordinal);

    /// <summary>From its parts.</summary>
    public PoolInfo(string name, int weight, RequirementSet requirements, IReadOnlyList<Taint> taints, IReadOnlyList<TypeOffer> types)
    {
        Name = name;
        Weight = weight;
        Requirements = requirements;
        Taints = taints;
        Types = types;
        All = TypeSet.Where(types.Count, static _ => true);
        foreach (var pair in types.SelectMany(t => t.Offerings).Select(o => (o.Zone, o.CapacityType)).Distinct().Order())
        {
            _byOffering[pair] = TypeSet.Where(types.Count, i => types[i].Offerings.Any(o => (o.Zone, o.CapacityType) == pair));
        }
    }

    public string Name { get; }

    /// <summary>Higher is tried first.</summary>
    public int Weight { get; }

    /// <summary>Labels and requirements of its template, its own name and its class.</summary>
    public RequirementSet Requirements { get; }
    public IReadOnlyList<Taint> Taints { get; }

    /// <summary>Types it could launch, in name order.</summary>
    public IReadOnlyList<TypeOffer> Types { get; }

    /// <summary>The object it was read from; null when made from parts.</summary>
    public NodePool? Source { get; private init; }

    internal TypeSet All { get; }

    /// <summary>Reads a NodePool against its class and the region's catalogue.</summary>
    /// <param name="pool">The object.</param>
    /// <param name="nodeClass">Its class.</param>
    /// <param name="catalog">What the region sells.</param>
    /// <param name="unavailable">Offerings that were refused a short while ago.</param>
    /// <exception cref="FormatException">A requirement or quantity cannot be read.</exception>
    public static PoolInfo From(NodePool pool, NodeClassInfo nodeClass, RegionCatalog catalog, IReadOnlySet<OfferingKey>? unavailable = null)
    {
        var name = pool.Metadata.Name ?? "";
        var template = pool.Spec?.Template;
        var requirements = RequirementSet.OfLabels(template?.Metadata?.Labels)
            .Add((template?.Spec?.Requirements ?? []).Select(Requirement.From))
            .Add(Requirement.In(KarpenterLabels.NodePool, name))
            .Add(Requirement.In(KarpenterLabels.NodeClass, nodeClass.Name))
            .Add(Requirement.In(KarpenterLabels.Region, catalog.Region));
        return new PoolInfo(name, pool.Spec?.Weight ?? 0, requirements, template?.Spec?.Taints ?? [], nodeClass.Offers(catalog, requirements, unavailable)) { Source = pool };
    }

    internal TypeSet Matching(Requirement requirement)
    {
        if (!InstanceTypeLabels.Defines(requirement.Key))
        {
            return All;
        }

        if (!_byRequirement.TryGetValue(requirement, out var set))
        {
            _byRequirement[requirement] = set = TypeSet.Where(Types.Count, i => TypeOffer.LabelMatches(Types[i].Type, requirement));
        }

        return set;
    }

    internal TypeSet Matching(RequirementSet requirements)
    {
        var set = All;
        foreach (var requirement in requirements.Items)
        {
            set = set.And(Matching(requirement));
        }

        return set;
    }

    internal TypeSet Offered(RequirementSet requirements)
    {
        var set = TypeSet.Where(Types.Count, static _ => false);
        foreach (var ((zone, capacityType), types) in _byOffering)
        {
            if (requirements.Allows(KarpenterLabels.Zone, zone) && requirements.Allows(KarpenterLabels.CapacityType, capacityType))
            {
                set = set.Or(types);
            }
        }

        return set;
    }

    /// <summary>Capacity types in which some of the types are sold where the requirements allow it.</summary>
    internal IEnumerable<string> CapacityTypes(RequirementSet requirements, TypeSet among) => _byOffering
        .Where(o => requirements.Allows(KarpenterLabels.Zone, o.Key.Zone) && requirements.Allows(KarpenterLabels.CapacityType, o.Key.CapacityType) && !o.Value.And(among).IsEmpty)
        .Select(o => o.Key.CapacityType).Distinct(StringComparer.Ordinal);

    /// <summary>Types in order of the cheapest of their offerings that the requirements allow, then by name; those without one are left out. Worked out once for each pair of zones and capacity types.</summary>
    internal IReadOnlyList<int> CheapestFirst(RequirementSet requirements)
    {
        var key = (requirements.Find(KarpenterLabels.Zone), requirements.Find(KarpenterLabels.CapacityType));
        if (!_cheapestFirst.TryGetValue(key, out var order))
        {
            _cheapestFirst[key] = order =
            [
                .. Enumerable.Range(0, Types.Count).Select(i => (Index: i, Price: Types[i].CheapestPrice(requirements))).Where(t => t.Price is not null)
                    .OrderBy(t => t.Price).ThenBy(t => Types[t.Index].Type.Name, StringComparer.Ordinal).Select(t => t.Index),
            ];
        }

        return order;
    }

    /// <summary>Values that a label of the pool's nodes can have, in order of name: those it names itself, and within them those of its types and where they are sold.</summary>
    internal IReadOnlyList<string> Domains(string key)
    {
        if (!_domains.TryGetValue(key, out var domains))
        {
            var own = Requirements.Find(key);
            var named = own is { Complement: false } ? own.Values : [];
            _domains[key] = domains = [.. named.Union(Offer(key).Where(v => own?.Allows(v) != false), StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        }

        return domains;
    }

    private IEnumerable<string> Offer(string key) => key switch
    {
        KarpenterLabels.Zone => _byOffering.Keys.Where(o => Requirements.Allows(KarpenterLabels.CapacityType, o.CapacityType)).Select(o => o.Zone),
        KarpenterLabels.CapacityType => _byOffering.Keys.Where(o => Requirements.Allows(KarpenterLabels.Zone, o.Zone)).Select(o => o.CapacityType),
        _ => Types.Select(t => InstanceTypeLabels.Value(t.Type, key)).OfType<string>(),
    };

    internal TypeSet Fitting(ResourceVector requests, TypeSet among) => among.Where(i => requests.FitsIn(Types[i].Allocatable));
}

/// <summary>A pool at the moment of planning.</summary>
/// <param name="Pool">What it could launch.</param>
/// <param name="Limits">By resource name; unlimited when absent. <c>nodes</c> bounds their number.</param>
/// <param name="Used">Capacity of the nodes and claims it has.</param>
/// <param name="Nodes">Number of nodes and claims it has.</param>
public sealed record PoolState(PoolInfo Pool, IReadOnlyDictionary<string, long>? Limits, ResourceVector Used, int Nodes)
{
    /// <summary>Name of the limit on the number of nodes.</summary>
    public const string NodesLimit = "nodes";

    /// <summary>The limits of a NodePool: millicores for cpu, bytes, counts.</summary>
    public static IReadOnlyDictionary<string, long>? LimitsOf(NodePool? pool) =>
        pool?.Spec?.Limits?.ToDictionary(
            l => l.Key,
            l => string.Equals(l.Key, ResourceNames.Cpu, StringComparison.Ordinal) ? l.Value.MilliValue : l.Value.Value,
            StringComparer.Ordinal);
}
