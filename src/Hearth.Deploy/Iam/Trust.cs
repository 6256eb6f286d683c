using System.Text.Json.Nodes;
using Amazon.CDK;

namespace Hearth.Deploy.Iam;

/// <summary>Who may assume a role: always exactly one kind of caller, named as closely as IAM lets it be named.</summary>
public static class Trust
{
    /// <summary>An AWS service, for resources of one account only where the service says which (<paramref name="sourceAccount"/>).</summary>
    public static object Service(string service, string? sourceAccount = null)
    {
        PolicyCondition[] conditions = sourceAccount is null ? [] : [new("StringEquals", "aws:SourceAccount", [sourceAccount])];
        return Policies.Document(Statement(Policies.ServicePrincipal(service), "sts:AssumeRole", conditions));
    }

    /// <summary>
    /// Pods of one service account of one cluster through EKS Pod Identity. EKS sends the cluster's ARN and the names as session tags, so a role
    /// cannot be taken by an association of another cluster, namespace or account.
    /// </summary>
    public static object PodIdentity(ClusterIdentity cluster, string ns, params string[] serviceAccounts) => Policies.Document(Statement(
        Policies.ServicePrincipal("pods.eks.amazonaws.com"),
        new[] { "sts:AssumeRole", "sts:TagSession" },
        new PolicyCondition("StringEquals", "aws:SourceAccount", [cluster.Account]),
        new PolicyCondition("StringEquals", "aws:RequestTag/eks-cluster-arn", [cluster.Arn]),
        new PolicyCondition("StringEquals", "aws:RequestTag/kubernetes-namespace", [ns]),
        new PolicyCondition("StringEquals", "aws:RequestTag/kubernetes-service-account", serviceAccounts)));

    /// <summary>
    /// Pods of service accounts of one cluster through its OIDC provider (IRSA): audience and subject are both checked. A subject with
    /// <c>*</c> in it is matched as a pattern.
    /// </summary>
    public static object Irsa(ClusterIdentity cluster, params string[] subjects)
    {
        var test = Array.Exists(subjects, s => s.Contains('*', StringComparison.Ordinal)) ? "StringLike" : "StringEquals";
        var conditions = new JsonObject { ["StringEquals"] = new JsonObject { ["${Issuer}:aud"] = "sts.amazonaws.com" } };
        var subject = subjects.Length == 1 ? (JsonNode)subjects[0] : new JsonArray([.. subjects.Select(s => (JsonNode)s)]);
        if (test == "StringEquals")
        {
            conditions[test]!["${Issuer}:sub"] = subject;
        }
        else
        {
            conditions[test] = new JsonObject { ["${Issuer}:sub"] = subject };
        }

        // The issuer is part of a key, which only a substitution in the whole text can fill in: CloudFormation takes the document as text, too.
        return Fn.Sub(Text(conditions), new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["Issuer"] = cluster.IssuerHost, ["Provider"] = cluster.OidcProviderArn,
        });
    }

    private static string Text(JsonObject conditions) => new JsonObject
    {
        ["Version"] = "2012-10-17",
        ["Statement"] = new JsonArray(new JsonObject
        {
            ["Effect"] = "Allow",
            ["Action"] = "sts:AssumeRoleWithWebIdentity",
            ["Principal"] = new JsonObject { ["Federated"] = "${Provider}" },
            ["Condition"] = conditions,
        }),
    }.ToJsonString();

    private static Dictionary<string, object> Statement(object principal, object action, params PolicyCondition[] conditions)
    {
        var statement = new Dictionary<string, object>(StringComparer.Ordinal) { ["Effect"] = "Allow", ["Principal"] = principal, ["Action"] = action };
        if (conditions.Length > 0)
        {
            statement["Condition"] = PolicyCondition.ToDocument(conditions);
        }

        return statement;
    }
}

/// <summary>What trust policies must know of a cluster.</summary>
/// <param name="Name">The cluster's name.</param>
/// <param name="Account">Its account, twelve digits.</param>
/// <param name="Region">Its region.</param>
/// <param name="IssuerHost">The OIDC issuer without <c>https://</c>; may be a CDK token.</param>
/// <param name="OidcProviderArn">The IAM OIDC provider of that issuer; may be a CDK token.</param>
public sealed record ClusterIdentity(string Name, string Account, string Region, string IssuerHost, string OidcProviderArn)
{
    /// <summary>The cluster's ARN.</summary>
    public string Arn => new Arns(Region, Account).Cluster(Name);
}
