using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Hearth.Scheduling.ClusterAutoscaler;

/// <summary>
/// How many replicas a cluster of so many nodes and cores gets: the parameters of cluster-proportional-autoscaler's ConfigMap, <c>linear</c> or <c>ladder</c>
/// (kubernetes-sigs/cluster-proportional-autoscaler, README). Immutable.
/// </summary>
public sealed record ProportionalRule
{
    private IReadOnlyList<(int From, int Replicas)>? _byCores;
    private IReadOnlyList<(int From, int Replicas)>? _byNodes;
    private double _coresPerReplica;
    private double _nodesPerReplica;
    private int _min = 1;
    private int _max = int.MaxValue;
    private bool _preventsSingle;

    private ProportionalRule()
    {
    }

    /// <summary>Cordoned nodes count, too.</summary>
    public bool IncludesUnschedulable { get; private init; }

    /// <summary>Reads the ConfigMap's data.</summary>
    /// <exception cref="FormatException">Neither or both of the keys, or a parameter that cannot be; the message names it.</exception>
    public static ProportionalRule Parse(IReadOnlyDictionary<string, string> data)
    {
        var (linear, ladder) = (data.GetValueOrDefault("linear"), data.GetValueOrDefault("ladder"));
        return (linear, ladder) switch
        {
            ({ } text, null) => Linear(Read("linear", text)),
            (null, { } text) => Ladder(Read("ladder", text)),
            (null, null) => throw new FormatException("the ConfigMap has neither the key linear nor the key ladder"),
            _ => throw new FormatException("the ConfigMap has both keys, linear and ladder: one is wanted"),
        };
    }

    /// <summary>Replicas for a cluster of this size.</summary>
    /// <param name="nodes">Number of nodes.</param>
    /// <param name="cores">Allocatable cores of all of them.</param>
    public int Replicas(int nodes, double cores)
    {
        if (_byCores is not null || _byNodes is not null)
        {
            return Math.Max(Step(_byCores, cores), Step(_byNodes, nodes));
        }

        var replicas = Math.Max(Share(cores, _coresPerReplica), Share(nodes, _nodesPerReplica));
        if (_preventsSingle && nodes > 1)
        {
            replicas = Math.Max(replicas, 2);
        }

        return Math.Max(_min, Math.Min(_max, replicas));
    }

    private static int Share(double amount, double each) => each == 0 ? 0 : (int)Math.Ceiling(amount / each);

    /// <summary>The highest step that the amount has reached; below the first step it is the first.</summary>
    private static int Step(IReadOnlyList<(int From, int Replicas)>? steps, double amount) =>
        steps is null or { Count: 0 } ? 0 : steps.LastOrDefault(s => s.From <= amount, steps[0]).Replicas;

    private static ProportionalRule Linear(JsonObject from)
    {
        var rule = new ProportionalRule { IncludesUnschedulable = Flag(from, "includeUnschedulableNodes") };
        rule._coresPerReplica = Number(from, "coresPerReplica") ?? 0;
        rule._nodesPerReplica = Number(from, "nodesPerReplica") ?? 0;
        rule._min = (int)(Number(from, "min") ?? 1);
        rule._max = (int)(Number(from, "max") ?? int.MaxValue);
        rule._preventsSingle = Flag(from, "preventSinglePointFailure");
        if (rule._coresPerReplica == 0 && rule._nodesPerReplica == 0)
        {
            throw new FormatException("linear: one of coresPerReplica and nodesPerReplica is needed");
        }

        return rule._min >= 1 && rule._max >= rule._min ? rule : throw new FormatException("linear: min is at least 1 and at most max");
    }

    private static ProportionalRule Ladder(JsonObject from)
    {
        var rule = new ProportionalRule { IncludesUnschedulable = Flag(from, "includeUnschedulableNodes") };
        rule._byCores = Steps(from, "coresToReplicas");
        rule._byNodes = Steps(from, "nodesToReplicas");
        return rule._byCores is null && rule._byNodes is null ? throw new FormatException("ladder: one of coresToReplicas and nodesToReplicas is needed") : rule;
    }

    private static (int From, int Replicas)[]? Steps(JsonObject from, string key)
    {
        if (from[key] is not { } node)
        {
            return null;
        }

        try
        {
            return [.. node.AsArray().Select(s => (s![0]!.GetValue<int>(), s[1]!.GetValue<int>())).OrderBy(s => s.Item1)];
        }
        catch (Exception e) when (e is InvalidOperationException or FormatException or ArgumentOutOfRangeException or NullReferenceException)
        {
            throw new FormatException($"ladder.{key}: a list of pairs of whole numbers is wanted, for example [[1, 1], [64, 3]]");
        }
    }

    private static double? Number(JsonObject from, string key) => from[key] switch
    {
        null => null,
        JsonValue value when value.TryGetValue<double>(out var number) && number >= 0 => number,
        var other => throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"linear.{key}: {other.ToJsonString()} is not a number of at least 0")),
    };

    private static bool Flag(JsonObject from, string key) => from[key] is JsonValue value && value.TryGetValue<bool>(out var flag) && flag;

    private static JsonObject Read(string key, string text)
    {
        try
        {
            return JsonNode.Parse(text) as JsonObject ?? throw new FormatException($"{key}: a JSON object is wanted");
        }
        catch (JsonException e)
        {
            throw new FormatException($"{key}: {e.Message}");
        }
    }
}
