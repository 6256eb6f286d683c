namespace Hearth.Jobs.Service;

/// <summary>What the service must know about the place it runs in.</summary>
public sealed record JobServiceOptions
{
    /// <summary><c>aws</c>, <c>aws-cn</c> or <c>aws-us-gov</c>.</summary>
    public string Partition { get; init; } = "aws";
    public required string Region { get; init; }

    /// <summary>Twelve digits.</summary>
    public required string AccountId { get; init; }

    /// <summary>Name of the Kubernetes cluster that container providers must name.</summary>
    public required string ClusterName { get; init; }

    /// <summary>Subnets of the cluster, where load balancers of endpoints are; made up from its name unless given.</summary>
    public IReadOnlyList<string> SubnetIds
    {
        get => field ?? SimulatedSubnets.Of(ClusterName);
        init;
    }

    /// <summary>ARN of a virtual cluster.</summary>
    public string VirtualClusterArn(string id) => $"arn:{Partition}:emr-containers:{Region}:{AccountId}:/virtualclusters/{id}";

    /// <summary>ARN of a job run.</summary>
    public string JobRunArn(string virtualClusterId, string id) => $"{VirtualClusterArn(virtualClusterId)}/jobruns/{id}";

    /// <summary>ARN of a managed endpoint.</summary>
    public string EndpointArn(string virtualClusterId, string id) => $"{VirtualClusterArn(virtualClusterId)}/endpoints/{id}";

    /// <summary>ARN of a job template.</summary>
    public string JobTemplateArn(string id) => $"arn:{Partition}:emr-containers:{Region}:{AccountId}:/jobtemplates/{id}";

    /// <summary>ARN of a security configuration.</summary>
    public string SecurityConfigurationArn(string id) => $"arn:{Partition}:emr-containers:{Region}:{AccountId}:/securityconfigurations/{id}";
}
