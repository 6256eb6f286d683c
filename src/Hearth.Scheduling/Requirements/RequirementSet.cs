using System.Collections.Immutable;
using Hearth.Kube.Core;

namespace Hearth.Scheduling.Requirements;

/// <summary>A conjunction of requirements, one for each key: what a claim may become, what a pod asks for, what a node is. Immutable.</summary>
public sealed class RequirementSet
{
    /// <summary>How <see cref="Conflict"/> begins.</summary>
    internal const string Incompatible = "incompatible requirements, ";

    private readonly ImmutableSortedDictionary<string, Requirement> _byKey;

    private RequirementSet(ImmutableSortedDictionary<string, Requirement> byKey) => _byKey = byKey;

    /// <summary>No requirement.</summary>
    public static RequirementSet Empty { get; } = new(ImmutableSortedDictionary.Create<string, Requirement>(StringComparer.Ordinal));

    /// <summary>Requirements in key order.</summary>
    public IEnumerable<Requirement> Items => _byKey.Values;

    /// <summary>Number of keys.</summary>
    public int Count => _byKey.Count;

    /// <summary>From requirements; the same key twice is intersected.</summary>
    public static RequirementSet Of(params IEnumerable<Requirement> requirements) => Empty.Add(requirements);

    /// <summary>Exactly these labels.</summary>
    public static RequirementSet OfLabels(IEnumerable<KeyValuePair<string, string>>? labels) =>
        Empty.Add((labels ?? []).Select(l => Requirement.In(l.Key, l.Value)));

    /// <summary>From an object's list.</summary>
    /// <exception cref="FormatException">An unknown operator or a bound that is not an integer.</exception>
    public static RequirementSet From(IEnumerable<NodeSelectorRequirement>? list) => Empty.Add((list ?? []).Select(Requirement.From));

    /// <summary>As an object's list.</summary>
    public IReadOnlyList<NodeSelectorRequirement> ToObjects() => [.. Items.SelectMany(r => r.ToObjects())];

    /// <summary>Whether the key is bound.</summary>
    public bool Has(string key) => _byKey.ContainsKey(key);

    /// <summary>The requirement of a key, or null when it is free.</summary>
    public Requirement? Find(string key) => _byKey.GetValueOrDefault(key);

    /// <summary>The only value a key may have, or null.</summary>
    public string? Single(string key) => Find(key) is { Complement: false, Values: [var only] } ? only : null;

    /// <summary>Whether a key may have a value (free keys may).</summary>
    public bool Allows(string key, string value) => Find(key)?.Allows(value) ?? true;

    /// <summary>With one more requirement, intersected with what the key has.</summary>
    public RequirementSet Add(Requirement requirement)
    {
        var known = Find(requirement.Key);
        return new(_byKey.SetItem(requirement.Key, known is null ? requirement : known.Intersect(requirement)));
    }

    /// <summary>With more requirements, each intersected with what its key has.</summary>
    public RequirementSet Add(IEnumerable<Requirement> requirements)
    {
        var result = _byKey.ToBuilder();
        foreach (var requirement in requirements)
        {
            result[requirement.Key] = result.TryGetValue(requirement.Key, out var known) ? known.Intersect(requirement) : requirement;
        }

        return new(result.ToImmutable());
    }

    /// <summary>With one requirement put in place of what its key has.</summary>
    public RequirementSet Replace(Requirement requirement) => new(_byKey.SetItem(requirement.Key, requirement));

    /// <summary>Without a key.</summary>
    public RequirementSet Remove(string key) => new(_byKey.Remove(key));

    /// <summary>
    /// Why a pod with <paramref name="pod"/> cannot be on a node with these requirements, in Karpenter's words, or null when it can. A key that only the pod
    /// names must be one that <paramref name="mayBeUndefined"/> accepts (well-known labels of nodes to be), or one that the pod wants absent.
    /// </summary>
    public string? Conflict(RequirementSet pod, Func<string, bool> mayBeUndefined)
    {
        foreach (var wanted in pod.Items)
        {
            var own = Find(wanted.Key);
            if (own is null)
            {
                if (!wanted.AllowsAbsence && !mayBeUndefined(wanted.Key))
                {
                    return $"{Incompatible}label \"{wanted.Key}\" does not have known values";
                }
            }
            else if (!own.Overlaps(wanted) && !(own.AllowsAbsence && wanted.AllowsAbsence))
            {
                return $"{Incompatible}key {wanted.Key}, {wanted} not in {own}";
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public override string ToString() => string.Join(", ", Items);
}
