namespace Hearth.Platform;

/// <summary>A data team: a namespace, a virtual cluster over it, a role for its jobs, a bucket of its own.</summary>
public sealed record Team
{
    public string Name { get; init; } = string.Empty;

    /// <summary>Empty is <c>emr-&lt;name&gt;</c>.</summary>
    public string Namespace { get; init; } = string.Empty;

    /// <summary>The virtual cluster's name; empty is <c>&lt;platform&gt;-&lt;namespace&gt;</c>.</summary>
    public string VirtualCluster { get; init; } = string.Empty;

    /// <summary>The team's bucket: scripts, data, results, logs. Empty is <c>&lt;namespace&gt;-&lt;account&gt;-&lt;region&gt;</c>.</summary>
    public string Bucket { get; init; } = string.Empty;

    /// <summary>CloudWatch log group; empty is <c>/emr-on-eks-logs/&lt;platform&gt;/&lt;namespace&gt;</c>.</summary>
    public string LogGroup { get; init; } = string.Empty;

    public int LogRetentionDays { get; init; } = 7;

    public ExecutionRole ExecutionRole { get; init; } = new();

    /// <summary>A storage class for the team's volumes that name none; empty is the cluster's default class.</summary>
    public string StorageClass { get; init; } = string.Empty;

    /// <summary>Limits of a ResourceQuota in the namespace, as <c>requests.cpu: "200"</c>; none makes no quota.</summary>
    public IReadOnlyDictionary<string, string> Quota { get; init; } = Empty.Map<string>();

    /// <summary>Labels of the namespace.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = Empty.Map<string>();
}

/// <summary>The IAM role that a team's jobs run as. It may always use the team's own bucket and log group.</summary>
public sealed record ExecutionRole
{
    /// <summary>Empty is <c>&lt;platform&gt;-&lt;namespace&gt;</c>; at most 64 characters.</summary>
    public string Name { get; init; } = string.Empty;

    /// <summary>Further buckets.</summary>
    public IReadOnlyList<BucketAccess> Buckets { get; init; } = [];

    /// <summary>Glue databases whose tables the jobs may read and write.</summary>
    public IReadOnlyList<string> GlueDatabases { get; init; } = [];

    /// <summary>ARNs of IAM policies to attach on AWS. Embedded, only the fields above decide.</summary>
    public IReadOnlyList<string> ManagedPolicies { get; init; } = [];
}

/// <summary>What a role may do with a bucket.</summary>
public sealed record BucketAccess
{
    /// <summary>A bucket's name, without <c>s3://</c> and without an ARN.</summary>
    public string Bucket { get; init; } = string.Empty;

    /// <summary>Only keys that start with this; empty is all.</summary>
    public string Prefix { get; init; } = string.Empty;

    /// <summary><c>read</c> or <c>readWrite</c>.</summary>
    public string Access { get; init; } = "read";
}
