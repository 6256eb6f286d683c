namespace Hearth.Aws.EmrContainers;

/// <summary>An operation of emr-containers with the labels of its path.</summary>
/// <param name="Name">For example <c>StartJobRun</c>.</param>
/// <param name="Labels">For example virtual cluster id and job run id.</param>
internal readonly record struct EmrRoute(string Name, IReadOnlyList<string> Labels)
{
    /// <summary>All operations of the API (2020-10-01), implemented or not; null for a path that is none.</summary>
    public static EmrRoute? Of(string method, IReadOnlyList<string> path) => (method, path) switch
    {
        ("POST", ["virtualclusters"]) => new("CreateVirtualCluster", []),
        ("GET", ["virtualclusters"]) => new("ListVirtualClusters", []),
        ("GET", ["virtualclusters", var id]) => new("DescribeVirtualCluster", [id]),
        ("DELETE", ["virtualclusters", var id]) => new("DeleteVirtualCluster", [id]),
        ("PATCH", ["virtualclusters", var id]) => new("UpdateVirtualCluster", [id]),
        ("POST", ["virtualclusters", var cluster, "jobruns"]) => new("StartJobRun", [cluster]),
        ("GET", ["virtualclusters", var cluster, "jobruns"]) => new("ListJobRuns", [cluster]),
        ("GET", ["virtualclusters", var cluster, "jobruns", var id]) => new("DescribeJobRun", [cluster, id]),
        ("DELETE", ["virtualclusters", var cluster, "jobruns", var id]) => new("CancelJobRun", [cluster, id]),
        ("POST", ["virtualclusters", var cluster, "endpoints"]) => new("CreateManagedEndpoint", [cluster]),
        ("GET", ["virtualclusters", var cluster, "endpoints"]) => new("ListManagedEndpoints", [cluster]),
        ("GET", ["virtualclusters", var cluster, "endpoints", var id]) => new("DescribeManagedEndpoint", [cluster, id]),
        ("DELETE", ["virtualclusters", var cluster, "endpoints", var id]) => new("DeleteManagedEndpoint", [cluster, id]),
        ("POST", ["virtualclusters", var cluster, "endpoints", var id, "credentials"]) => new("GetManagedEndpointSessionCredentials", [cluster, id]),
        ("POST", ["jobtemplates"]) => new("CreateJobTemplate", []),
        ("GET", ["jobtemplates"]) => new("ListJobTemplates", []),
        ("GET", ["jobtemplates", var id]) => new("DescribeJobTemplate", [id]),
        ("DELETE", ["jobtemplates", var id]) => new("DeleteJobTemplate", [id]),
        ("POST", ["securityconfigurations"]) => new("CreateSecurityConfiguration", []),
        ("GET", ["securityconfigurations"]) => new("ListSecurityConfigurations", []),
        ("GET", ["securityconfigurations", var id]) => new("DescribeSecurityConfiguration", [id]),
        ("DELETE", ["securityconfigurations", var id]) => new("DeleteSecurityConfiguration", [id]),
        ("GET", ["tags", var arn]) => new("ListTagsForResource", [arn]),
        ("POST", ["tags", var arn]) => new("TagResource", [arn]),
        ("DELETE", ["tags", var arn]) => new("UntagResource", [arn]),
        _ => null,
    };
}
