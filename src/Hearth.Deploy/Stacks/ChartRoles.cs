using Constructs;
using Hearth.Deploy.Cluster;
using Hearth.Deploy.Iam;

namespace Hearth.Deploy.Stacks;

/// <summary>IAM roles of add-ons that charts install in the cluster, each only when its add-on is on.</summary>
internal static class ChartRoles
{
    public static void Add(Construct scope, PlatformPlan plan, WorkloadRoles roles)
    {
        if (plan.Platform.IsEnabled("aws-load-balancer-controller"))
        {
            roles.Add(scope, "load-balancer-controller", "kube-system", ["aws-load-balancer-controller-sa"], LoadBalancerPolicy.Of(plan.Where, plan.Platform.Name));
        }

        if (plan.Lustre)
        {
            roles.Add(scope, "fsx-csi", "kube-system", ["aws-fsx-csi-controller-sa", "aws-fsx-csi-node-sa"], Lustre(plan));
        }

        if (plan.Platform.IsEnabled("spark-history-server"))
        {
            var bucket = plan.Platform.Monitoring.EventLogBucket;
            roles.Add(scope, "history-server", "spark-history-server", ["spark-history-server-sa"],
            [
                new Allow("ReadEventLogs", ["s3:GetObject"], [plan.Where.Objects(bucket, "spark-event-logs/")]),
                new Allow("ListEventLogs", ["s3:ListBucket"], [plan.Where.Bucket(bucket)]),
            ]);
        }
    }

    private static Allow[] Lustre(PlatformPlan plan) =>
    [
        new("FileSystems", ["fsx:CreateFileSystem", "fsx:DeleteFileSystem", "fsx:UpdateFileSystem", "fsx:TagResource"], [plan.Where.Of("fsx", "file-system/*")]),
        new("Look", ["fsx:DescribeFileSystems"], ["*"]),
        new("Repository", ["s3:ListBucket"], [plan.Where.Bucket(plan.LustreBucket)]),
        new Allow("ServiceRole", ["iam:CreateServiceLinkedRole"], [$"arn:{plan.Where.Partition}:iam::{plan.Where.Account}:role/aws-service-role/fsx.amazonaws.com/*"])
            .When("StringEquals", "iam:AWSServiceName", "fsx.amazonaws.com"),
    ];
}
