using Amazon.CDK.AWS.EKS;
using Amazon.CDK.AWS.IAM;
using Constructs;
using Hearth.Deploy.Iam;
using Hearth.Platform;

namespace Hearth.Deploy.Cluster;

/// <summary>Makes roles for service accounts of add-ons, by Pod Identity or IRSA as the cluster has it.</summary>
internal sealed class WorkloadRoles(WorkloadIdentity kind, ClusterIdentity cluster)
{
    public WorkloadIdentity Kind => kind;

    public ClusterIdentity Cluster => cluster;

    /// <summary>A role named <c>&lt;cluster&gt;-&lt;name&gt;</c>; with Pod Identity its associations, too.</summary>
    public string Add(
        Construct scope, string name, string ns, IReadOnlyList<string> serviceAccounts, IReadOnlyList<Allow>? statements = null, IReadOnlyList<string>? managed = null,
        WorkloadIdentity? by = null)
    {
        var identity = by ?? kind;
        var role = new CfnRole(scope, $"Role-{name}", new CfnRoleProps
        {
            RoleName = AwsNames.Role(cluster.Name, name),
            Description = $"{ns}/{string.Join(", ", serviceAccounts)} of {cluster.Name}",
            AssumeRolePolicyDocument = identity == WorkloadIdentity.PodIdentity
                ? Trust.PodIdentity(cluster, ns, [.. serviceAccounts])
                : Trust.Irsa(cluster, [.. serviceAccounts.Select(s => $"system:serviceaccount:{ns}:{s}")]),
            ManagedPolicyArns = managed is null ? null : [.. managed],
            Policies = statements is null
                ? null
                : new object[] { new CfnRole.PolicyProperty { PolicyName = name, PolicyDocument = Policies.Document(statements) } },
        });
        if (identity == WorkloadIdentity.PodIdentity)
        {
            foreach (var account in serviceAccounts)
            {
                new CfnPodIdentityAssociation(scope, $"Identity-{name}-{account}", new CfnPodIdentityAssociationProps
                {
                    ClusterName = cluster.Name, Namespace = ns, ServiceAccount = account, RoleArn = role.AttrArn,
                });
            }
        }

        return role.AttrArn;
    }
}
