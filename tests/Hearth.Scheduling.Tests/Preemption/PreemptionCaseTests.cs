using System.Globalization;
using Hearth.Kube.Core;
using Hearth.Kube.Objects;
using Hearth.Scheduling.Fit;
using Hearth.Scheduling.Preemption;

namespace Hearth.Scheduling.Tests.Preemption;

/// <summary>The cases of <c>cases/preemption.txt</c>, which also says how to read them.</summary>
public sealed class PreemptionCaseTests
{
    public static TheoryData<string> Names => [.. Cases().Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_least_harm_is_done(string name)
    {
        var world = new World();
        var answer = "";
        foreach (var line in Cases()[name])
        {
            answer = world.Take(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)) ?? answer;
            if (line.StartsWith("=>", StringComparison.Ordinal))
            {
                answer.ShouldBe(line[2..].Trim());
            }
        }

        answer.ShouldNotBeEmpty();
    }

    private static Dictionary<string, List<string>> Cases()
    {
        var cases = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        List<string>? current = null;
        foreach (var line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "cases", "preemption.txt")).Where(l => l.Length > 0 && l[0] != '#'))
        {
            if (line.StartsWith("== ", StringComparison.Ordinal))
            {
                cases[line[3..]] = current = [];
            }
            else
            {
                current!.Add(line);
            }
        }

        return cases;
    }

    private sealed class World
    {
        private readonly ClusterState _cluster = new();
        private readonly List<PodBudget> _budgets = [];

        public string? Take(string[] words)
        {
            switch (words[0])
            {
                case "node":
                    _cluster.SetNode(Build.Node(words[1], "cpu=4,pods=110", words.ElementAtOrDefault(2)));
                    return null;
                case "pod":
                    _cluster.AddPod(PodInfo.From(Pod(words[1], words[3], words[4..])), words[2]);
                    return null;
                case "budget":
                    _budgets.Add(Budget(words[1], int.Parse(words[2], CultureInfo.InvariantCulture)));
                    return null;
                case "want":
                    return Answer(PodPlacer.Place(PodInfo.From(Pod("wants", words[1], words[2..])), _cluster, _budgets));
                default:
                    return null;
            }
        }

        private static string Answer(Placement placement)
        {
            placement.NodeName.ShouldBeNull();
            return placement.Preempts is { } preempts
                ? $"{preempts.NodeName}: {string.Join(' ', preempts.Victims.Select(v => v.Name))}"
                : $"- {placement.Failure!.Preemption}";
        }

        private static PodDisruptionBudget Source(string labels, int allowed) => new()
        {
            Metadata = new ObjectMeta { Name = "b", Namespace = "ns" },
            Spec = new PodDisruptionBudgetSpec { Selector = new ObjectSelector { MatchLabels = Build.Map(labels) } },
            Status = new PodDisruptionBudgetStatus { DisruptionsAllowed = allowed },
        };

        private static PodBudget Budget(string labels, int allowed) => PodBudget.From(Source(labels, allowed));

        private static Pod Pod(string name, string requests, string[] options)
        {
            string? Option(string key) => options.FirstOrDefault(o => o.StartsWith(key + "=", StringComparison.Ordinal))?[(key.Length + 1)..];
            var pod = Build.Pod(name, requests, labels: Option("labels"), priority: int.Parse(Option("priority") ?? "0", CultureInfo.InvariantCulture), affinity: Anti(Option("anti")));
            return pod with
            {
                Spec = pod.Spec! with { PreemptionPolicy = options.Contains("never") ? "Never" : null },
                Status = new PodStatus { StartTime = Option("start") is { } start ? DateTimeOffset.UnixEpoch.AddSeconds(int.Parse(start, CultureInfo.InvariantCulture)) : null },
            };
        }

        private static Affinity? Anti(string? text) => text?.Split(':') is not [var key, var labels]
            ? null
            : new Affinity
            {
                PodAntiAffinity = new PodAffinity
                {
                    RequiredDuringSchedulingIgnoredDuringExecution = [new PodAffinityTerm { TopologyKey = key, LabelSelector = new ObjectSelector { MatchLabels = Build.Map(labels) } }],
                },
            };
    }
}
