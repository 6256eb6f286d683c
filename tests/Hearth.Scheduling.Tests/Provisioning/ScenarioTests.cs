using System.Globalization;
using Hearth.Kube.Core;
using Hearth.Scheduling.Fit;
using Hearth.Scheduling.Karpenter;
using Hearth.Scheduling.Planning;
using Hearth.Scheduling.Provisioning;

namespace Hearth.Scheduling.Tests.Provisioning;

/// <summary>
/// What Karpenter's own suites demand (kubernetes-sigs/karpenter, pkg/controllers/provisioning/scheduling), said as cases of ours: <c>cases/karpenter-scheduling.txt</c>,
/// which also says how to read them.
/// </summary>
public sealed class ScenarioTests
{
    public static TheoryData<string> Names => [.. Cases().Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_answer_is_upstreams(string name)
    {
        var world = new ScenarioWorld();
        var answers = 0;
        foreach (var line in Cases()[name])
        {
            if (line.StartsWith("=>", StringComparison.Ordinal))
            {
                var (question, expected) = (line[2..].Split(':', 2)[0].Trim(), line.Split(':', 2)[1].Trim());
                world.Answer(question).ShouldBe(expected, $"{question}; {world.Why}");
                answers++;
            }
            else
            {
                world.Take(line);
            }
        }

        answers.ShouldBeGreaterThan(0);
    }

    private static Dictionary<string, List<string>> Cases()
    {
        var cases = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        List<string>? current = null;
        foreach (var line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "cases", "karpenter-scheduling.txt")))
        {
            if (line.StartsWith("== ", StringComparison.Ordinal))
            {
                cases.Add(line[3..], current = []);
            }
            else if (current is not null && line.Trim() is { Length: > 0 } text && text[0] != '#')
            {
                current.Add(text);
            }
        }

        return cases;
    }
}

/// <summary>Pools, nodes and pods of one case, plan after plan.</summary>
internal sealed class ScenarioWorld
{
    private readonly Dictionary<string, PoolState> _pools = new(StringComparer.Ordinal);
    private readonly ClusterState _cluster = new();
    private readonly List<PodInfo> _waiting = [];
    private readonly List<PodInfo> _daemons = [];
    private int _nodes;

    /// <summary>What the last plan says of pods without a place.</summary>
    public string Why { get; private set; } = "";

    /// <summary>Takes a line that is no question.</summary>
    public void Take(string line)
    {
        var (word, rest) = (line.Split(' ', 2)[0], line.Split(' ', 2) is [_, var more] ? more : "");
        switch (word)
        {
            case "pool":
                var pool = ScenarioText.Pool(rest);
                _pools[pool.Pool.Name] = pool;
                break;
            case "node":
                _cluster.SetNode(ScenarioText.Node(rest));
                break;
            case "bound":
                var (place, pod) = (rest.Split(' ', 2)[0], ScenarioText.Pods(rest.Split(' ', 2)[1]).Single());
                _cluster.AddPod(pod, place);
                break;
            case "pods":
                _waiting.AddRange(ScenarioText.Pods(rest));
                break;
            case "daemon":
                _daemons.AddRange(ScenarioText.Pods(rest));
                break;
            case "gone":
                foreach (var key in _cluster.Nodes.SelectMany(n => n.Pods).Where(p => ScenarioText.Selects(rest, p, _cluster)).Select(p => p.Key).ToArray())
                {
                    _cluster.RemovePod(key);
                }

                break;
            case "plan":
                Plan();
                break;
            default:
                throw new FormatException(line);
        }
    }

    /// <summary>Answers after a plan for what waits.</summary>
    public string Answer(string question)
    {
        Plan();
        var words = question.Split(' ');
        var pods = _cluster.Nodes.SelectMany(n => n.Pods.Select(p => (Pod: p, Node: n))).Where(p => p.Pod.Namespace == "ns").ToArray();
        return words[0] switch
        {
            "nodes" => Text(_cluster.Nodes.Length),
            "waiting" => Text(_waiting.Count),
            "placed" => Text(pods.Count(p => p.Pod.Name.StartsWith(words[1], StringComparison.Ordinal))),
            "on" => Text(pods.Where(p => p.Pod.Name.StartsWith(words[1], StringComparison.Ordinal)).Select(p => p.Node.Name).Distinct().Count()),
            "where" => string.Join(' ', pods.Where(p => p.Pod.Name.StartsWith(words[1], StringComparison.Ordinal)).Select(p => Short(Label(p.Node, words[2]))).Distinct().Order(StringComparer.Ordinal)),
            "skew" => string.Join(' ', pods.Where(p => ScenarioText.Has(p.Pod, words[2..]) && Label(p.Node, words[1]) != "-").CountBy(p => Label(p.Node, words[1]))
                .OrderByDescending(c => c.Value).Select(c => Text(c.Value))),
            _ => throw new FormatException(question),
        };
    }

    private void Plan()
    {
        if (_waiting.Count == 0)
        {
            return;
        }

        var plan = ProvisioningPlanner.Plan(new ProvisioningRequest
        {
            Pods = [.. _waiting], Pools = [.. _pools.Values], Nodes = [.. _cluster.Nodes.Select(n => ExistingNode.From(n))], Daemons = _daemons,
        });
        foreach (var (pod, node) in plan.OnExisting)
        {
            _cluster.AddPod(pod, node);
        }

        foreach (var claim in plan.Claims)
        {
            var choice = LaunchChooser.Choose(claim.Requirements, claim.Requests, claim.Types).ShouldNotBeNull();
            var name = string.Create(CultureInfo.InvariantCulture, $"{claim.Pool.Name}-{++_nodes}");
            _cluster.SetNode(new NodeInfo(name, PlacementPlanner.Labels(claim, choice, name), claim.Pool.Taints, choice.Offer.Allocatable));
            foreach (var pod in claim.Pods)
            {
                _cluster.AddPod(pod, name);
            }
        }

        Why = string.Join("; ", plan.Unplaced.Select(u => $"{u.Pod.Name}: {u.Message}").Take(2));
        _waiting.RemoveAll(p => _cluster.NodeOf(p.Key) is not null);
    }

    private static string Label(NodeInfo node, string key) => node.Labels.GetValueOrDefault(ScenarioText.Key(key), "-");

    private static string Short(string value) => value.Replace("us-west-2", "", StringComparison.Ordinal);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
