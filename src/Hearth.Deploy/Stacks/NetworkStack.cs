using Constructs;
using Hearth.Deploy.Network;
using Hearth.Platform;

namespace Hearth.Deploy.Stacks;

/// <summary>VPC and all that is in it; changes rarely, outlives the cluster.</summary>
public sealed class NetworkStack : PlatformStack
{
    /// <summary>Adds the stack to an app.</summary>
    public NetworkStack(Construct scope, PlatformPlan plan)
        : base(scope, plan, StackNames.Network(plan.Platform), "VPC, subnets, gateways, endpoints")
    {
        Network = new PlatformNetwork(this, "Network", new PlatformNetworkProps
        {
            Name = plan.Platform.Name, Where = plan.Where, Network = plan.Platform.Network, ForEmrStudio = plan.Platform.Studio.IsDeclared,
        }).Network;
        Output("VpcId", Network.VpcId, "The VPC");
        Output("Region", plan.Platform.Region, "The region");
    }

    /// <summary>What the other stacks build on.</summary>
    public ClusterNetwork Network { get; }
}
