using Hearth.Platform;

namespace Hearth.Deploy.Iam;

/// <summary>ARNs of one account and region, written out: names are known before anything is deployed, so policies can say them.</summary>
/// <param name="Region">As <c>us-west-2</c>.</param>
/// <param name="Account">Twelve digits.</param>
public sealed record Arns(string Region, string Account)
{
    /// <summary><c>aws</c>, <c>aws-cn</c> or <c>aws-us-gov</c>, which the region's name tells.</summary>
    public string Partition => AwsNames.Partition(Region);

    /// <summary>The ARN of anything of a regional service.</summary>
    public string Of(string service, string resource) => $"arn:{Partition}:{service}:{Region}:{Account}:{resource}";

    /// <summary>An EC2 resource of this account and region; <paramref name="owned"/> false for what Amazon may own (images, snapshots).</summary>
    public string Ec2(string kind, bool owned = true) => owned ? Of("ec2", $"{kind}/*") : $"arn:{Partition}:ec2:{Region}::{kind}/*";

    /// <summary>An EKS cluster.</summary>
    public string Cluster(string name) => Of("eks", $"cluster/{name}");

    /// <summary>An SQS queue.</summary>
    public string Queue(string name) => Of("sqs", name);

    /// <summary>An IAM role without a path.</summary>
    public string Role(string name) => $"arn:{Partition}:iam::{Account}:role/{name}";

    /// <summary>Every instance profile of the account.</summary>
    public string InstanceProfiles => $"arn:{Partition}:iam::{Account}:instance-profile/*";

    /// <summary>An S3 bucket.</summary>
    public string Bucket(string name) => $"arn:{Partition}:s3:::{name}";

    /// <summary>Objects of a bucket whose keys begin with a prefix; the empty prefix is all of them.</summary>
    public string Objects(string bucket, string prefix = "") => $"{Bucket(bucket)}/{prefix}*";

    /// <summary>A log group itself.</summary>
    public string LogGroup(string name) => Of("logs", $"log-group:{name}");

    /// <summary>The streams of a log group.</summary>
    public string LogStreams(string group) => $"{LogGroup(group)}:log-stream:*";

    /// <summary>A managed policy of AWS.</summary>
    public string AwsManagedPolicy(string name) => $"arn:{Partition}:iam::aws:policy/{name}";

    /// <summary>An access policy of EKS, for access entries.</summary>
    public string EksAccessPolicy(string name) => $"arn:{Partition}:eks::aws:cluster-access-policy/{name}";
}
