using System.Globalization;
using System.Text;
using Hearth.Kube.Core;
using Hearth.Scheduling.Fit;
using Hearth.Scheduling.Provisioning.Topology;

namespace Hearth.Scheduling.Provisioning;

/// <summary>Numbers pods so that those which ask for the same have the same number: an answer for one holds for all.</summary>
/// <param name="topology">What pods want of each other; null when that plays no part.</param>
internal sealed class PodClasses(PlanTopology? topology = null)
{
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly StringBuilder _text = new();
    private int _next;

    public int Of(PodInfo pod)
    {
        if (pod.Volumes.Alternatives.Count > 0)
        {
            return _next++;
        }

        var key = Describe(pod);
        if (!_numbers.TryGetValue(key, out var number))
        {
            _numbers[key] = number = _next++;
        }

        return number;
    }

    private string Describe(PodInfo pod)
    {
        _text.Clear().Append(pod.Requests);
        foreach (var (key, value) in pod.NodeSelector.OrderBy(s => s.Key, StringComparer.Ordinal))
        {
            _text.Append('|').Append(key).Append('=').Append(value);
        }

        foreach (var toleration in pod.Tolerations)
        {
            _text.Append("|t").Append(toleration.Key).Append(' ').Append(toleration.Operator).Append(' ').Append(toleration.Value).Append(' ').Append(toleration.Effect);
        }

        foreach (var port in pod.HostPorts)
        {
            _text.Append("|p").Append(port.Protocol).Append(port.Port);
        }

        foreach (var term in pod.RequiredNodeTerms ?? [])
        {
            Append("|r", term.Source);
        }

        foreach (var wish in pod.PreferredNodeTerms)
        {
            _text.Append("|w").Append(wish.Weight);
            Append(" ", wish.Term.Source);
        }

        if (topology is not null)
        {
            AppendTopology(pod, topology);
        }

        return _text.ToString();
    }

    private void AppendTopology(PodInfo pod, PlanTopology among)
    {
        _text.Append("|#").Append(among.ClassOf(pod));
        foreach (var term in pod.PodAffinity)
        {
            _text.Append("|a").Append(term.Identity);
        }

        foreach (var term in pod.PodAntiAffinity)
        {
            _text.Append("|n").Append(term.Identity);
        }

        foreach (var wish in pod.PreferredPodAffinity)
        {
            _text.Append(CultureInfo.InvariantCulture, $"|b{wish.Weight} ").Append(wish.Term.Identity);
        }

        foreach (var wish in pod.PreferredPodAntiAffinity)
        {
            _text.Append(CultureInfo.InvariantCulture, $"|o{wish.Weight} ").Append(wish.Term.Identity);
        }

        foreach (var term in pod.Spread)
        {
            _text.Append(term.Required ? "|s" : "|u").Append(term.Identity);
        }
    }

    private void Append(string mark, NodeSelectorTerm term)
    {
        _text.Append(mark);
        foreach (var expression in term.MatchExpressions ?? [])
        {
            _text.Append('&').Append(expression.Key).Append(' ').Append(expression.Operator).Append(' ').AppendJoin(',', expression.Values ?? []);
        }
    }
}
