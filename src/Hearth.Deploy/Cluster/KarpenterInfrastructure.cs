using CfnResource = Amazon.CDK.CfnResource;
using Amazon.CDK.AWS.EKS;
using Amazon.CDK.AWS.Events;
using Amazon.CDK.AWS.IAM;
using Amazon.CDK.AWS.SQS;
using Constructs;
using Hearth.Deploy.Iam;
using Hearth.Platform;
using Hearth.Platform.Text;

namespace Hearth.Deploy.Cluster;

/// <summary>
/// What Karpenter needs on the side of AWS: a role for its nodes with an access entry, an interruption queue that four EventBridge rules fill, and
/// a controller role that may only touch what carries this cluster's tags.
/// </summary>
internal sealed class KarpenterInfrastructure : Construct
{
    public const string Namespace = "karpenter";
    public const string ServiceAccount = "karpenter";
    private const int MessageSeconds = 300;

    private readonly CfnAccessEntry _entry;

    public KarpenterInfrastructure(Construct scope, string id, EmrEksClusterProps props, WorkloadRoles roles)
        : base(scope, id)
    {
        var nodeRole = AwsNames.KarpenterNodeRole(props.ClusterName);
        string[] policies = ["AmazonEKSWorkerNodePolicy", "AmazonEC2ContainerRegistryPullOnly", .. props.SessionManagerOnNodes ? (string[])["AmazonSSMManagedInstanceCore"] : []];
        var role = new CfnRole(this, "NodeRole", new CfnRoleProps
        {
            RoleName = nodeRole,
            Description = $"Nodes that Karpenter launches for {props.ClusterName}",
            AssumeRolePolicyDocument = Trust.Service("ec2.amazonaws.com"),
            ManagedPolicyArns = [.. policies.Select(props.Where.AwsManagedPolicy)],
        });
        _entry = new CfnAccessEntry(this, "NodeAccess", new CfnAccessEntryProps { ClusterName = props.ClusterName, PrincipalArn = role.AttrArn, Type = "EC2_LINUX" });
        var queue = AddQueue(props);
        AddRules(props, queue);
        roles.Add(this, "karpenter-controller", Namespace, [ServiceAccount], KarpenterPolicy.Of(props.Where, props.ClusterName, nodeRole, QueueName(props.ClusterName)));
    }

    /// <summary>The queue's name, which Karpenter's settings need.</summary>
    public static string QueueName(string cluster) => AwsNames.InterruptionQueue(cluster);

    public void DependOn(CfnResource cluster) => _entry.AddDependency(cluster);

    private CfnQueue AddQueue(EmrEksClusterProps props)
    {
        var queue = new CfnQueue(this, "Queue", new CfnQueueProps { QueueName = QueueName(props.ClusterName), MessageRetentionPeriod = MessageSeconds, SqsManagedSseEnabled = true });
        var arn = props.Where.Queue(QueueName(props.ClusterName));
        new CfnQueuePolicy(this, "QueuePolicy", new CfnQueuePolicyProps
        {
            Queues = [queue.Ref],
            PolicyDocument = Policies.Document(
                Policies.Resource("Events", "Allow", Policies.ServicePrincipal("events.amazonaws.com"), "sqs:SendMessage", arn,
                    new PolicyCondition("StringEquals", "aws:SourceAccount", [props.Where.Account])),
                Policies.Resource("OnlyTls", "Deny", "*", "sqs:*", arn, new PolicyCondition("Bool", "aws:SecureTransport", ["false"]))),
        });
        return queue;
    }

    private void AddRules(EmrEksClusterProps props, CfnQueue queue)
    {
        (string Id, string Source, string Detail)[] rules =
        [
            ("HealthEvent", "aws.health", "AWS Health Event"),
            ("SpotInterrupt", "aws.ec2", "EC2 Spot Instance Interruption Warning"),
            ("InstanceRebalance", "aws.ec2", "EC2 Instance Rebalance Recommendation"),
            ("InstanceStateChange", "aws.ec2", "EC2 Instance State-change Notification"),
            ("CapacityReservation", "aws.ec2", "EC2 Capacity Reservation Instance Interruption Warning"),
        ];
        foreach (var (id, source, detail) in rules)
        {
            new CfnRule(this, id, new CfnRuleProps
            {
                Name = ShortName.Of($"karpenter-{props.ClusterName}-{id}", 64),
                Description = $"{detail} to Karpenter of {props.ClusterName}",
                EventPattern = new Dictionary<string, object>(StringComparer.Ordinal) { ["source"] = new[] { source }, ["detail-type"] = new[] { detail } },
                Targets = new object[] { new CfnRule.TargetProperty { Id = "KarpenterInterruptionQueue", Arn = queue.AttrArn } },
            });
        }
    }
}
