using Amazon.CDK;
using Amazon.CDK.AWS.KMS;
using Constructs;

namespace Hearth.Deploy.Iam;

/// <summary>
/// A rotated KMS key whose policy leaves access to IAM, and lets CloudWatch Logs encrypt the one log group that is named. Deleted with its stack,
/// after the waiting time that KMS keeps (30 days), so that a mistake can be undone.
/// </summary>
internal sealed class ServiceKey : Construct
{
    private const int WaitingDays = 30;

    public ServiceKey(Construct scope, string id, Arns where, string description, string? logGroup = null, string? alias = null, params Dictionary<string, object>[] more)
        : base(scope, id)
    {
        var statements = new List<Dictionary<string, object>>
        {
            Policies.Resource("AccountDecides", "Allow", new Dictionary<string, object> { ["AWS"] = $"arn:{where.Partition}:iam::{where.Account}:root" }, "kms:*", "*"),
        };
        if (logGroup is not null)
        {
            statements.Add(Policies.Resource(
                "Logs", "Allow", Policies.ServicePrincipal($"logs.{where.Region}.amazonaws.com"),
                new[] { "kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey" }, "*",
                new PolicyCondition("ArnEquals", "kms:EncryptionContext:aws:logs:arn", [where.LogGroup(logGroup)])));
        }

        var key = new CfnKey(this, "Key", new CfnKeyProps
        {
            Description = description, EnableKeyRotation = true, PendingWindowInDays = WaitingDays, KeyPolicy = Policies.Document([.. statements, .. more]),
        });
        if (alias is not null)
        {
            new CfnAlias(this, "Alias", new CfnAliasProps { AliasName = $"alias/{alias}", TargetKeyId = key.Ref });
        }

        Arn = key.AttrArn;
    }

    public string Arn { get; }
}
