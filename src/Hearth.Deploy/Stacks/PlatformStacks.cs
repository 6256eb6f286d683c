using Amazon.CDK;
using Constructs;
using Hearth.Platform;

namespace Hearth.Deploy.Stacks;

/// <summary>All stacks of a declaration, in the order in which they are deployed. Each can be updated alone, and deleted alone once those after it are gone.</summary>
public sealed class PlatformStacks
{
    private PlatformStacks(IReadOnlyList<PlatformStack> all) => All = all;

    /// <summary>Network first, Studio last.</summary>
    public IReadOnlyList<PlatformStack> All { get; }

    /// <summary>Throws <see cref="PlatformException"/> when the declaration cannot be realised on AWS; then nothing has been made.</summary>
    /// <param name="app">The CDK app.</param>
    /// <param name="platform">Complete and valid, as <see cref="PlatformLoader"/> returns it.</param>
    /// <param name="admins">ARNs of who administers the cluster.</param>
    public static PlatformStacks Add(Construct app, PlatformDeclaration platform, IReadOnlyList<string> admins)
    {
        var plan = new PlatformPlan(platform, admins);
        PlatformFault[] faults = [.. plan.Faults()];
        if (faults.Length > 0)
        {
            throw new PlatformException(faults);
        }

        var network = new NetworkStack(app, plan);
        var cluster = new ClusterStack(app, plan, network.Network);
        var storage = new StorageStack(app, plan, network.Network, cluster.Cluster);
        List<PlatformStack> stacks = [network, cluster, storage];
        if (MonitoringStack.IsNeeded(plan))
        {
            stacks.Add(new MonitoringStack(app, plan, cluster.Cluster));
        }

        var teams = TeamsStack.Create(app, plan, cluster.Cluster);
        stacks.AddRange(teams);
        var studio = platform.Studio;
        if (studio.IsDeclared && teams.Select(t => t.Find(studio.Team)).FirstOrDefault(f => f is not null) is { } found)
        {
            stacks.Add(new StudioStack(app, plan, studio, network.Network, cluster.Cluster, found.VirtualCluster.VirtualClusterId, found.RoleArn));
        }

        for (var i = 1; i < stacks.Count; i++)
        {
            stacks[i].AddDependency(stacks[i - 1], "deployed in this order");
        }

        return new PlatformStacks(stacks);
    }
}
