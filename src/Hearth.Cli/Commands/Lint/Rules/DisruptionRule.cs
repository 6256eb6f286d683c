using Hearth.Jobs.Spark;
using Hearth.Platform;
using Hearth.Scheduling.Karpenter;
using NodePool = Hearth.Platform.NodePool;

namespace Hearth.Cli.Commands.Lint.Rules;

/// <summary>Drivers on nodes that Karpenter may take away under them.</summary>
internal static class DisruptionRule
{
    private const string Setting = "spark.kubernetes.driver.annotation." + KarpenterLabels.DoNotDisrupt;

    /// <summary>No do-not-disrupt where consolidation moves pods.</summary>
    public static LintRule Rule { get; } = new(
        "driver-disruptable",
        Severity.Warning,
        "The driver goes to a node pool that consolidates nodes with pods on them, and lacks the annotation `karpenter.sh/do-not-disrupt`.",
        "Karpenter evicts the driver as soon as its pods fit elsewhere or on a cheaper node; Spark cannot move a driver, so the run fails or begins anew. Executors are only lost and asked for again.",
        $"Annotate the driver: `{KarpenterLabels.DoNotDisrupt}: \"true\"` in its pod template, or {Setting}=true.",
        subject => PoolOf(subject) is { } pool && subject.Pods.Driver?["metadata"]?["annotations"]?[KarpenterLabels.DoNotDisrupt] is null
            ? [new Fault(Place(subject), $"the driver goes to pool {pool.Name}, which takes nodes away {After(pool)} (consolidationPolicy {pool.Disruption.ConsolidationPolicy}), and does not forbid it")]
            : []);

    private static NodePool? PoolOf(LintSubject subject)
    {
        var place = subject.Placement?.Roles.FirstOrDefault(r => r.Role == SparkRole.Driver)?.Place;
        return subject.Platform?.NodePools.FirstOrDefault(p =>
            p.Name == place && p.Disruption is { ConsolidationPolicy: "WhenEmptyOrUnderutilized", ConsolidateAfter: not "Never" });
    }

    private static string After(NodePool pool) => pool.Disruption.ConsolidateAfter is { Length: > 0 } after and not "0s" ? $"{after} after the last pod came or went" : "at any time";

    private static SourcePlace Place(LintSubject subject) =>
        subject.Template(SparkRole.Driver)?.Source is { Problem: null } source ? source.At("metadata") : subject.Request.At("jobDriver");
}
