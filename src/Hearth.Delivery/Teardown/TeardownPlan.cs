using Hearth.Delivery.Charts;
using Hearth.Delivery.Install;
using Hearth.Platform;

namespace Hearth.Delivery.Teardown;

/// <summary>
/// The way back, each thing before what it lives in: jobs, endpoints, virtual clusters; then what controllers made on AWS (load balancers, volumes,
/// nodes) while the controllers still run; then the charts, and the stacks from the last to the first. Pure.
/// </summary>
public static class TeardownPlan
{
    /// <summary>The steps in their order.</summary>
    /// <param name="platform">Complete and valid.</param>
    /// <param name="stacks">Names of the stacks that exist.</param>
    public static IReadOnlyList<Step> Of(PlatformDeclaration platform, IReadOnlyList<string> stacks)
    {
        var steps = new List<Step>();
        var cluster = stacks.Contains(StackNames.Cluster(platform), StringComparer.Ordinal);
        if (cluster)
        {
            steps.Add(Step.Action("cancel-jobs", "Jobs that run"));
            steps.Add(Step.Action("delete-endpoints", "Endpoints that no stack made"));
        }

        Destroy(StackNames.Studio(platform), "EMR Studio and its endpoints");
        foreach (var teams in stacks.Where(s => StackNames.IsTeams(platform, s)).OrderDescending(StringComparer.Ordinal))
        {
            steps.Add(Step.Stack(teams, "Virtual clusters and roles of teams"));
        }

        if (cluster)
        {
            steps.AddRange(InCluster(platform));
        }

        Destroy(StackNames.Monitoring(platform), "Monitoring");
        Destroy(StackNames.Storage(platform), "Shared storage");
        Destroy(StackNames.Cluster(platform), "EKS cluster");
        Destroy(StackNames.Network(platform), "Network");
        steps.Add(Step.Action("leftovers", "What still costs money"));
        return InSequence(steps);

        void Destroy(string stack, string title)
        {
            if (stacks.Contains(stack, StringComparer.Ordinal))
            {
                steps.Add(Step.Stack(stack, title));
            }
        }
    }

    private static IEnumerable<Step> InCluster(PlatformDeclaration platform)
    {
        yield return Step.Action("kubeconfig", "Access to the cluster");
        yield return Step.Action("delete-load-balancers", "Load balancers that controllers made");
        yield return Step.Action("delete-team-volumes", "Volumes of teams");
        if (platform.IsEnabled("karpenter"))
        {
            yield return Step.Action("delete-node-pools", "Node pools and their nodes");
        }

        foreach (var chart in ChartCatalog.Enabled(platform).Reverse())
        {
            yield return Step.Chart(chart.Addon, chart.Entry.Title);
        }

        // What charts left: Prometheus' claims stay when its chart goes. The driver that deletes their disks is part of the cluster's stack.
        yield return Step.Action("delete-volumes", "Volumes that claims made");
    }

    /// <summary>Nothing here may overtake anything.</summary>
    private static IReadOnlyList<Step> InSequence(List<Step> steps) =>
        StepOrder.Of([.. steps.Select((s, i) => s with { After = i == 0 ? [] : [steps[i - 1].Id] })]);
}
