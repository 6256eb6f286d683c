using Hearth.Platform.Schema;
using Of = Hearth.Platform.Schema.Table<Hearth.Platform.Team>;

namespace Hearth.Platform.Fields;

/// <summary><c>spec.teams[]</c>.</summary>
internal static class TeamFields
{
    private static readonly ObjectShape<BucketAccess> Access = new("BucketAccess", "What the role may do with a bucket.", new(),
    [
        Table<BucketAccess>.Field("bucket", Texts.Bucket, b => b.Bucket, (b, v) => b with { Bucket = v }, "The bucket's name.", required: true),
        Table<BucketAccess>.Field("prefix", Texts.Any, b => b.Prefix, (b, v) => b with { Prefix = v }, "Only keys that start with this; left out, all."),
        Table<BucketAccess>.Field("access", TextShape.OneOf("read", "readWrite"), b => b.Access, (b, v) => b with { Access = v }, "What is allowed."),
    ]);

    private static readonly ObjectShape<ExecutionRole> Role = new("ExecutionRole", "The IAM role that the team's jobs run as. It may always use the team's own bucket and log group.", new(),
    [
        Table<ExecutionRole>.Field("name", Texts.RoleName, r => r.Name, (r, v) => r with { Name = v }, "Left out, `<platform>-<namespace>`."),
        Table<ExecutionRole>.Field("buckets", new ListShape<BucketAccess>(Access, new()), r => r.Buckets, (r, v) => r with { Buckets = v }, "Further buckets."),
        Table<ExecutionRole>.Field("glueDatabases", Shapes.Texts, r => r.GlueDatabases, (r, v) => r with { GlueDatabases = v }, "Databases whose tables the jobs may read and write."),
        Table<ExecutionRole>.Field("managedPolicies", Shapes.ListOf(Texts.Arn), r => r.ManagedPolicies, (r, v) => r with { ManagedPolicies = v }, "IAM policies to attach on AWS; embedded, only the fields above decide."),
    ]);

    public static ObjectShape<Team> Team { get; } = new("Team", "A data team.", new(),
    [
        Of.Field("name", Texts.Name, t => t.Name, (t, v) => t with { Name = v }, "Its name.", required: true),
        Of.Field("namespace", Texts.Name, t => t.Namespace, (t, v) => t with { Namespace = v }, "Left out, `emr-<name>`."),
        Of.Field("virtualCluster", Texts.EmrName, t => t.VirtualCluster, (t, v) => t with { VirtualCluster = v }, "Left out, `<platform>-<namespace>`."),
        Of.Field("bucket", Texts.Bucket, t => t.Bucket, (t, v) => t with { Bucket = v }, "The team's bucket; left out, `<namespace>-<account>-<region>`."),
        Of.Field("logGroup", Texts.LogGroup, t => t.LogGroup, (t, v) => t with { LogGroup = v }, "CloudWatch log group; left out, `/emr-on-eks-logs/<platform>/<namespace>`."),
        Of.Field("logRetentionDays", Shapes.Days, t => t.LogRetentionDays, (t, v) => t with { LogRetentionDays = v }, "How long the log group keeps its events."),
        Of.Field("executionRole", Role, t => t.ExecutionRole, (t, v) => t with { ExecutionRole = v }, "The role that jobs run as."),
        Of.Field("storageClass", Texts.Subdomain, t => t.StorageClass, (t, v) => t with { StorageClass = v }, "For volumes that name no class; left out, the cluster's default class."),
        Of.Field("quota", new MapShape<string>(Texts.LabelKey, Texts.Quantity, string.Empty), t => t.Quota, (t, v) => t with { Quota = v }, "Limits of a ResourceQuota, as requests.cpu: 200."),
        Of.Field("labels", Shapes.Labels, t => t.Labels, (t, v) => t with { Labels = v }, "Labels of the namespace."),
    ]);
}
