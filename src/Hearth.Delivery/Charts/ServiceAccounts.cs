using System.Text.Json.Nodes;
using Hearth.Platform;

namespace Hearth.Delivery.Charts;

/// <summary>Service accounts of charts: annotated with their role when the cluster uses IRSA, plain when Pod Identity associates it.</summary>
internal static class ServiceAccounts
{
    /// <param name="platform">Whose name begins the role's.</param>
    /// <param name="name">The account.</param>
    /// <param name="role">The role's name after <c>&lt;platform&gt;-</c>.</param>
    public static JsonObject Of(PlatformDeclaration platform, string name, string role)
    {
        var account = new JsonObject { ["create"] = true, ["name"] = name };
        if (Annotations(platform, role) is { } annotations)
        {
            account["annotations"] = annotations;
        }

        return account;
    }

    /// <summary>Null when Pod Identity does it.</summary>
    public static JsonObject? Annotations(PlatformDeclaration platform, string role) => platform.IsEnabled("eks-pod-identity-agent")
        ? null
        : new JsonObject { ["eks.amazonaws.com/role-arn"] = $"arn:{AwsNames.Partition(platform.Region)}:iam::{platform.AccountId}:role/{AwsNames.Role(platform.Name, role)}" };
}
