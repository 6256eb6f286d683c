using System.Globalization;
using Hearth.Kube.Core;
using Hearth.Kube.Objects;
using Hearth.Scheduling.Fit;
using Hearth.Scheduling.Karpenter;
using Hearth.Scheduling.Provisioning;

namespace Hearth.Scheduling.Tests.Provisioning;

/// <summary>Reads pools, nodes and pods of a case.</summary>
internal static class ScenarioText
{
    /// <summary>A label by its short name.</summary>
    public static string Key(string name) => name switch
    {
        "zone" => KarpenterLabels.Zone,
        "host" => KarpenterLabels.Hostname,
        "capacity" => KarpenterLabels.CapacityType,
        "arch" => KarpenterLabels.Arch,
        "os" => KarpenterLabels.Os,
        "type" => KarpenterLabels.InstanceType,
        "pool" => KarpenterLabels.NodePool,
        _ when name.StartsWith('@') => KarpenterLabels.InstancePrefix + name[1..],
        _ => name,
    };

    /// <summary><c>NAME weight=N taint=k=v:Effect limit=cpu=0 label=k=v: REQUIREMENT; REQUIREMENT</c></summary>
    public static PoolState Pool(string text)
    {
        var (head, requirements) = (text.Split(": ", 2)[0].Split(' ', StringSplitOptions.RemoveEmptyEntries), text.Split(": ", 2) is [_, var rest] ? rest : "type In m5.large");
        string[] All(string option) => [.. head.Where(h => h.StartsWith(option + "=", StringComparison.Ordinal)).Select(h => h[(option.Length + 1)..])];
        var pool = Build.Pool(
            head[0], "", All("limit") is [var limit] ? limit : null, All("weight") is [var weight] ? int.Parse(weight, CultureInfo.InvariantCulture) : 0, string.Join(',', All("label").Select(Pair)),
            [.. All("taint").Select(t => t.Split(':')).Select(t => Build.Taint(t[0].Split('=')[0], t[0].Split('=') is [_, var v] ? v : "", t[1]))]);
        pool = pool with { Spec = pool.Spec! with { Template = pool.Spec.Template! with { Spec = pool.Spec.Template.Spec! with { Requirements = Requirements(requirements) } } } };
        return Build.State(pool, zones: "abc");
    }

    /// <summary><c>NAME k=v k=v taint=k=v:Effect cpu=4 memory=16Gi</c></summary>
    public static NodeInfo Node(string text)
    {
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var pairs = words.Skip(1).Where(w => !w.StartsWith("taint=", StringComparison.Ordinal) && !w.StartsWith("cpu=", StringComparison.Ordinal)).Select(Pair);
        var cpu = words.FirstOrDefault(w => w.StartsWith("cpu=", StringComparison.Ordinal)) ?? "cpu=4";
        return Build.Node(words[0], $"{cpu},memory=16Gi,pods=50", string.Join(',', pairs), [.. words.Where(w => w.StartsWith("taint=", StringComparison.Ordinal)).Select(w => w[6..].Split(':')).Select(t => Build.Taint(t[0].Split('=')[0], t[0].Split('=') is [_, var v] ? v : "", t[1]))]);
    }

    /// <summary><c>NAME*COUNT label app=x | cpu 1 | select zone=a | require zone In a,b | or zone In c | prefer 10 zone In a | spread zone 1 app=x min=3 anyway | near zone app=x | apart zone app=x</c></summary>
    public static IEnumerable<PodInfo> Pods(string text)
    {
        var head = text.Split(' ', 2);
        var (name, count) = (head[0].Split('*')[0], head[0].Split('*') is [_, var n] ? int.Parse(n, CultureInfo.InvariantCulture) : 1);
        var made = new ScenarioPod();
        foreach (var part in (head.Length > 1 ? head[1] : "").Split('|', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            made.Take(part.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        }

        return Enumerable.Range(1, count).Select(i => PodInfo.From(made.Build(count == 1 ? name : string.Create(CultureInfo.InvariantCulture, $"{name}{i:00}"))));
    }

    /// <summary><c>k=v</c> with short names of labels and zones.</summary>
    public static string Pair(string text)
    {
        var (key, value) = (text.Split('=')[0], text.Split('=', 2)[1]);
        return $"{Key(key)}={Value(key, value)}";
    }

    public static IReadOnlyList<NodeSelectorRequirement> Requirements(string text) =>
        [.. text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(r => Requirement(r.Split(' ', StringSplitOptions.RemoveEmptyEntries)))];

    public static NodeSelectorRequirement Requirement(string[] words)
    {
        var values = words.Length > 2 && !words[2].StartsWith("min=", StringComparison.Ordinal) ? words[2].Split(',').Select(v => Value(words[0], v)).ToArray() : null;
        var least = words.FirstOrDefault(w => w.StartsWith("min=", StringComparison.Ordinal));
        return new() { Key = Key(words[0]), Operator = words[1], Values = values, MinValues = least is null ? null : int.Parse(least[4..], CultureInfo.InvariantCulture) };
    }

    /// <summary>Whether a pod has all these labels.</summary>
    public static bool Has(PodInfo pod, string[] pairs) => pairs.All(p => pod.Labels.GetValueOrDefault(p.Split('=')[0]) == p.Split('=')[1]);

    /// <summary><c>NAMES k!=v</c>: pods of a name on nodes without that label's value.</summary>
    public static bool Selects(string text, PodInfo pod, ClusterState cluster)
    {
        var words = text.Split(' ');
        var (key, value) = (words[1].Split("!=")[0], words[1].Split("!=")[1]);
        return pod.Name.StartsWith(words[0], StringComparison.Ordinal) && cluster.Find(cluster.NodeOf(pod.Key)!)!.Labels.GetValueOrDefault(Key(key)) != Value(key, value);
    }

    private static string Value(string key, string value) => key == "zone" && value.Length == 1 ? "us-west-2" + value : value;
}

/// <summary>A pod while it is read.</summary>
internal sealed class ScenarioPod
{
    private readonly Dictionary<string, string> _selector = new(StringComparer.Ordinal);
    private readonly List<NodeSelectorTerm> _required = [];
    private readonly List<PreferredSchedulingTerm> _preferred = [];
    private readonly List<TopologySpreadConstraint> _spread = [];
    private readonly List<(bool Near, int? Weight, PodAffinityTerm Term)> _terms = [];
    private readonly List<Toleration> _tolerations = [];
    private string _labels = "";
    private string _requests = "cpu=10m";
    private string _namespace = "ns";
    private bool _terminating;

    public void Take(string[] words)
    {
        var rest = words[1..];
        switch (words[0])
        {
            case "label": _labels = string.Join(',', rest); break;
            case "ns": _namespace = rest[0]; break;
            case "terminating": _terminating = true; break;
            case "cpu": _requests = $"cpu={rest[0]}"; break;
            case "request": _requests = rest[0]; break;
            case "select": Array.ForEach(rest, r => _selector[ScenarioText.Pair(r).Split('=')[0]] = ScenarioText.Pair(r).Split('=')[1]); break;
            case "require": _required.Add(Term(rest)); break;
            case "or": _required.Add(Term(rest)); break;
            case "prefer": _preferred.Add(new PreferredSchedulingTerm { Weight = int.Parse(rest[0], CultureInfo.InvariantCulture), Preference = Term(rest[1..]) }); break;
            case "spread": _spread.Add(Spread(rest)); break;
            case "near" or "apart": _terms.Add((words[0] == "near", Weight(rest), Affinity(rest))); break;
            case "tolerate": _tolerations.Add(rest[0] == "*" ? new Toleration { Operator = "Exists" } : new Toleration { Key = rest[0].Split('=')[0], Operator = rest[0].Contains('=') ? "Equal" : "Exists", Value = rest[0].Split('=') is [_, var v] ? v : null }); break;
            default: throw new FormatException(string.Join(' ', words));
        }
    }

    public Pod Build(string name)
    {
        var pod = Tests.Build.Pod(name, _requests, labels: _labels, tolerations: _tolerations, spread: _spread);
        return pod with
        {
            Metadata = pod.Metadata with { Namespace = _namespace, DeletionTimestamp = _terminating ? DateTimeOffset.UnixEpoch : null },
            Spec = pod.Spec! with
            {
                NodeSelector = _selector,
                Affinity = new Affinity
                {
                    NodeAffinity = new NodeAffinity
                    {
                        RequiredDuringSchedulingIgnoredDuringExecution = _required.Count > 0 ? new NodeSelector { NodeSelectorTerms = _required } : null,
                        PreferredDuringSchedulingIgnoredDuringExecution = _preferred,
                    },
                    PodAffinity = Pods(near: true),
                    PodAntiAffinity = Pods(near: false),
                },
            },
        };
    }

    private PodAffinity Pods(bool near) => new()
    {
        RequiredDuringSchedulingIgnoredDuringExecution = [.. _terms.Where(t => t.Near == near && t.Weight is null).Select(t => t.Term)],
        PreferredDuringSchedulingIgnoredDuringExecution = [.. _terms.Where(t => t.Near == near && t.Weight is not null).Select(t => new WeightedPodAffinityTerm { Weight = t.Weight, PodAffinityTerm = t.Term })],
    };

    private static NodeSelectorTerm Term(string[] words) => new() { MatchExpressions = ScenarioText.Requirements(string.Join(' ', words)) };

    private static TopologySpreadConstraint Spread(string[] words)
    {
        string? Option(string name) => words.FirstOrDefault(w => w.StartsWith(name + ":", StringComparison.Ordinal))?[(name.Length + 1)..];
        return new TopologySpreadConstraint
        {
            TopologyKey = ScenarioText.Key(words[0]), MaxSkew = int.Parse(words[1], CultureInfo.InvariantCulture), LabelSelector = Selector(words[2]),
            WhenUnsatisfiable = words.Contains("anyway") ? "ScheduleAnyway" : "DoNotSchedule", MinDomains = Option("min") is { } least ? int.Parse(least, CultureInfo.InvariantCulture) : null,
            NodeTaintsPolicy = Option("taints"), NodeAffinityPolicy = Option("affinity"), MatchLabelKeys = Option("keys")?.Split(','),
        };
    }

    private static PodAffinityTerm Affinity(string[] words) => new() { TopologyKey = ScenarioText.Key(words[0]), LabelSelector = Selector(words[1]), Namespaces = words.FirstOrDefault(w => w.StartsWith("ns:", StringComparison.Ordinal))?[3..].Split(',') };

    private static int? Weight(string[] words) => words.FirstOrDefault(w => w.StartsWith("weight:", StringComparison.Ordinal)) is { } weight ? int.Parse(weight[7..], CultureInfo.InvariantCulture) : null;

    /// <summary><c>*</c> selects every pod, <c>-</c> none.</summary>
    private static ObjectSelector? Selector(string text) => text switch { "*" => new ObjectSelector(), "-" => null, _ => Rules.Of(text) };
}
