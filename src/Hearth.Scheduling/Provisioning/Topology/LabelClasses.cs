using System.Text;
using Hearth.Scheduling.Fit;

namespace Hearth.Scheduling.Provisioning.Topology;

/// <summary>Numbers pods so that those of one namespace with the same labels have the same number: no selector tells them apart.</summary>
internal sealed class LabelClasses
{
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly List<PodInfo> _samples = [];
    private readonly StringBuilder _text = new();

    /// <summary>One pod of a class.</summary>
    public PodInfo Sample(int number) => _samples[number];

    /// <summary>The class of a pod.</summary>
    public int Of(PodInfo pod)
    {
        var key = Describe(pod);
        if (!_numbers.TryGetValue(key, out var number))
        {
            _numbers[key] = number = _samples.Count;
            _samples.Add(pod);
        }

        return number;
    }

    private string Describe(PodInfo pod)
    {
        _text.Clear().Append(pod.Namespace);
        foreach (var (key, value) in pod.Labels.OrderBy(l => l.Key, StringComparer.Ordinal))
        {
            _text.Append('|').Append(key).Append('=').Append(value);
        }

        return _text.ToString();
    }
}
