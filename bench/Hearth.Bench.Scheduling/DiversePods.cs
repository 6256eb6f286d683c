using Hearth.Kube.Core;
using Hearth.Kube.Objects;
using Hearth.Kube.Quantities;
using Hearth.Scheduling.Fit;
using Hearth.Scheduling.Karpenter;

namespace Hearth.Bench.Scheduling;

/// <summary>Karpenter's own mix (scheduling_benchmark_test.go): a fifth each plain, spread by zone, spread by host, near its like by zone, apart from its like by host. Seeded.</summary>
internal static class DiversePods
{
    private static readonly int[] MilliCpu = [100, 250, 500, 1000, 1500];
    private static readonly int[] MemoryMi = [100, 256, 512, 1024, 2048, 4096];

    public static IReadOnlyList<PodInfo> Mix(int count)
    {
        var random = new Random(42);
        return [.. Enumerable.Range(0, count).Select(i => Pod(i, random))];
    }

    private static PodInfo Pod(int number, Random random)
    {
        var kind = number % 5;
        var value = ((char)('a' + random.Next(7))).ToString();
        var other = ((char)('a' + random.Next(7))).ToString(); // spread counts pods of another letter than the pod's own, as upstream's draws them
        var label = kind is 3 or 4 ? "my-affinity" : "my-label";
        return PodInfo.From(new Pod
        {
            Metadata = new ObjectMeta
            {
                Name = $"d{number:000000}", Namespace = "bench", Uid = $"d{number:000000}",
                Labels = new Dictionary<string, string>(StringComparer.Ordinal) { [label] = kind is 4 ? "nginx" : value },
            },
            Spec = new PodSpec
            {
                Affinity = kind switch
                {
                    3 => new Affinity { PodAffinity = Term(KarpenterLabels.Zone, label, value) },
                    4 => new Affinity { PodAntiAffinity = Term(KarpenterLabels.Hostname, label, "nginx") },
                    _ => null,
                },
                TopologySpreadConstraints = kind is 1 or 2
                    ? [new TopologySpreadConstraint { MaxSkew = 1, WhenUnsatisfiable = "DoNotSchedule", TopologyKey = kind == 1 ? KarpenterLabels.Zone : KarpenterLabels.Hostname, LabelSelector = Of(label, other) }]
                    : null,
                Containers =
                [
                    new Container
                    {
                        Resources = new ResourceRequirements
                        {
                            Requests = new Dictionary<string, Quantity>(StringComparer.Ordinal)
                            {
                                ["cpu"] = Quantity.FromMilli(MilliCpu[random.Next(MilliCpu.Length)]), ["memory"] = Quantity.FromMebibytes(MemoryMi[random.Next(MemoryMi.Length)]),
                            },
                        },
                    },
                ],
            },
        });
    }

    private static PodAffinity Term(string key, string label, string value) =>
        new() { RequiredDuringSchedulingIgnoredDuringExecution = [new PodAffinityTerm { TopologyKey = key, LabelSelector = Of(label, value) }] };

    private static ObjectSelector Of(string label, string value) => new() { MatchLabels = new Dictionary<string, string>(StringComparer.Ordinal) { [label] = value } };
}
