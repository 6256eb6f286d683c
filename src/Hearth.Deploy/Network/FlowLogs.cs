using Amazon.CDK.AWS.EC2;
using Amazon.CDK.AWS.IAM;
using Amazon.CDK.AWS.Logs;
using Constructs;
using Hearth.Deploy.Iam;

namespace Hearth.Deploy.Network;

/// <summary>VPC flow logs to an encrypted log group of their own.</summary>
internal static class FlowLogs
{
    private const int Days = 7;

    public static void Add(Construct scope, PlatformNetworkProps props, string vpcId)
    {
        var name = $"/aws/vpc-flow-logs/{props.Name}";
        var key = new ServiceKey(scope, "FlowLogKey", props.Where, $"Flow logs of {props.Name}", logGroup: name);
        var group = new CfnLogGroup(scope, "FlowLogGroup", new CfnLogGroupProps { LogGroupName = name, RetentionInDays = Days, KmsKeyId = key.Arn });
        var role = new CfnRole(scope, "FlowLogRole", new CfnRoleProps
        {
            Description = $"Writes the flow logs of {props.Name}",
            AssumeRolePolicyDocument = Trust.Service("vpc-flow-logs.amazonaws.com", props.Where.Account),
            Policies = new object[]
            {
                new CfnRole.PolicyProperty
                {
                    PolicyName = "write",
                    PolicyDocument = Policies.Document(
                    [
                        new Allow("Write", ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"], [props.Where.LogGroup(name), props.Where.LogStreams(name)]),
                        new Allow("Find", ["logs:DescribeLogGroups"], ["*"]),
                    ]),
                },
            },
        });
        new CfnFlowLog(scope, "FlowLog", new CfnFlowLogProps
        {
            ResourceId = vpcId, ResourceType = "VPC", TrafficType = "ALL", LogDestinationType = "cloud-watch-logs", LogGroupName = group.Ref, DeliverLogsPermissionArn = role.AttrArn,
        });
    }
}
