using Hearth.Delivery.Charts;
using Hearth.Delivery.Manifests;
using Hearth.Platform;

namespace Hearth.Delivery.Install;

/// <summary>
/// From nothing to a verified platform: network, cluster, what is shared; then software in the cluster in dependency order; then the teams, whose
/// virtual clusters need namespaces and rights to be there; the Studio last. Pure.
/// </summary>
public static class InstallPlan
{
    private const string Access = "action:kubeconfig";

    /// <summary>The steps in their order.</summary>
    /// <param name="platform">Complete and valid.</param>
    /// <param name="stacks">Names of the synthesised stacks.</param>
    /// <param name="charts">False: charts are installed by somebody else, and so is what needs them; see <see cref="WithoutCharts"/>.</param>
    public static IReadOnlyList<Step> Of(PlatformDeclaration platform, IReadOnlyList<string> stacks, bool charts = true)
    {
        if (!charts)
        {
            return WithoutCharts(platform, Of(platform, stacks));
        }

        static string Id(string stack) => $"stack:{stack}";
        var steps = new List<Step>
        {
            Step.Action("service-linked-role", "EMR's service-linked role"),
            Step.Stack(StackNames.Network(platform), "Network"),
            Step.Stack(StackNames.Cluster(platform), "EKS cluster (about 15 minutes the first time)", Id(StackNames.Network(platform))),
            Step.Stack(StackNames.Storage(platform), "Shared storage", Id(StackNames.Cluster(platform))),
        };
        var shared = new List<string> { Id(StackNames.Storage(platform)) };
        if (stacks.Contains(StackNames.Monitoring(platform), StringComparer.Ordinal))
        {
            steps.Add(Step.Stack(StackNames.Monitoring(platform), "Monitoring", Id(StackNames.Cluster(platform)), Id(StackNames.Storage(platform))));
            shared.Add(Id(StackNames.Monitoring(platform)));
        }

        steps.Add(Step.Action("kubeconfig", "Access to the cluster", Id(StackNames.Cluster(platform))));
        steps.AddRange(InCluster(platform, shared));
        steps.AddRange(Teams(platform, stacks, [.. steps.Where(s => s.Kind is StepKind.Manifest or StepKind.Chart).Select(s => s.Id)]));
        steps.Add(Step.Action("verify", "Verification", [.. steps.Where(s => s.Kind == StepKind.Stack).Select(s => s.Id)]));
        return StepOrder.Of(steps);
    }

    /// <summary>The same steps without charts, the objects whose definitions charts bring, and the Studio, whose endpoints wait for a load balancer's controller.</summary>
    private static IReadOnlyList<Step> WithoutCharts(PlatformDeclaration platform, IReadOnlyList<Step> all)
    {
        HashSet<string> charts = [.. all.Where(s => s.Kind == StepKind.Chart).Select(s => s.Id)];
        bool Needs(Step step) => step.Kind == StepKind.Chart || (step.Kind == StepKind.Manifest && step.After.Any(charts.Contains)) || (step.Kind == StepKind.Stack && step.Target == StackNames.Studio(platform));
        HashSet<string> left = [.. all.Where(Needs).Select(s => s.Id)];
        return StepOrder.Of([.. all.Where(s => !left.Contains(s.Id)).Select(s => s with { After = [.. s.After.Where(a => !left.Contains(a))] })]);
    }

    private static IEnumerable<Step> InCluster(PlatformDeclaration platform, List<string> shared)
    {
        string[] files = [.. Rendering.Of(platform, StackOutputs.None).Where(f => char.IsAsciiDigit(f.Path[0])).Select(f => f.Path)];
        foreach (var file in files.Where(f => string.CompareOrdinal(f, "60") < 0))
        {
            yield return Step.Manifest(file, $"Objects of {file}", file == files[0] ? [Access] : [Access, $"manifest:{files[0]}"]);
        }

        if (platform.IsEnabled("kube-prometheus-stack"))
        {
            yield return Step.Action("grafana-secret", "Grafana's generated password", Access);
        }

        string[] before = [.. shared, Access, .. files.Where(f => f.StartsWith("30", StringComparison.Ordinal)).Select(f => $"manifest:{f}")];
        foreach (var chart in ChartCatalog.Enabled(platform))
        {
            yield return Step.Chart(chart.Addon, $"{chart.Entry.Title} {chart.Version(platform)}", [.. Before(platform, chart), .. before]);
        }

        foreach (var file in files.Where(f => string.CompareOrdinal(f, "60") >= 0))
        {
            yield return Step.Manifest(file, $"Objects of {file}", Brings(file));
        }
    }

    /// <summary>The chart whose definitions, or whose driver, the objects of a file need.</summary>
    private static string Brings(string file) => file[..2] switch { "60" => "chart:karpenter", "70" => "chart:aws-fsx-csi-driver", _ => "chart:kube-prometheus-stack" };

    private static IEnumerable<string> Before(PlatformDeclaration platform, Chart chart)
    {
        foreach (var addon in chart.After.Where(platform.IsEnabled))
        {
            yield return $"chart:{addon}";
        }

        if (chart.Addon == "kube-prometheus-stack")
        {
            yield return "action:grafana-secret";
        }
    }

    private static IEnumerable<Step> Teams(PlatformDeclaration platform, IReadOnlyList<string> stacks, string[] installed)
    {
        string[] before = [.. installed, "action:service-linked-role"];
        foreach (var stack in stacks.Where(s => StackNames.IsTeams(platform, s)))
        {
            yield return Step.Stack(stack, "Teams and their virtual clusters", before);
            before = [.. installed, $"stack:{stack}"];
        }

        if (stacks.Contains(StackNames.Studio(platform), StringComparer.Ordinal))
        {
            yield return Step.Stack(StackNames.Studio(platform), "EMR Studio", before);
        }
    }
}
