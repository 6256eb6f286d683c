namespace Hearth.Scheduling.Fit;

/// <summary>Labels of namespaces, which namespace selectors of pod affinity look at. Whoever feeds a <see cref="ClusterState"/> keeps them current.</summary>
public sealed class NamespaceLabels
{
    private static readonly IReadOnlyDictionary<string, string> None = new Dictionary<string, string>(StringComparer.Ordinal);
    private readonly Dictionary<string, IReadOnlyDictionary<string, string>> _labels = new(StringComparer.Ordinal);

    /// <summary>Labels of one; none when it is not known.</summary>
    public IReadOnlyDictionary<string, string> Of(string name) => _labels.GetValueOrDefault(name, None);

    /// <summary>Sets what is known of one; null forgets it. True when that is a change.</summary>
    public bool Set(string name, IReadOnlyDictionary<string, string>? labels)
    {
        if (labels is null)
        {
            return _labels.Remove(name);
        }

        var known = _labels.GetValueOrDefault(name);
        _labels[name] = labels;
        return known is null || known.Count != labels.Count || labels.Any(l => known.GetValueOrDefault(l.Key) != l.Value);
    }

    internal void TakeFrom(NamespaceLabels other)
    {
        foreach (var (name, labels) in other._labels)
        {
            _labels[name] = labels;
        }
    }
}
