using Amazon.CDK.AWS.EKS;
using Amazon.CDK.AWS.IAM;
using Constructs;
using Hearth.Deploy.Cluster;
using Hearth.Deploy.Iam;
using Hearth.Platform.Text;

namespace Hearth.Deploy.Emr;

/// <summary>What <see cref="EmrExecutionRole"/> makes.</summary>
public sealed record EmrExecutionRoleProps
{
    /// <summary>The role's name; part of the names of the service accounts that EMR makes for it.</summary>
    public required string Name { get; init; }

    /// <summary>The only namespace whose jobs may use the role.</summary>
    public required string Namespace { get; init; }

    /// <summary>What jobs may do.</summary>
    public required IReadOnlyList<Allow> Statements { get; init; }

    /// <summary>ARNs of managed policies to attach besides.</summary>
    public IReadOnlyList<string> ManagedPolicies { get; init; } = [];

    /// <summary>
    /// IRSA works with every release. Pod Identity needs release 7.3.0 or newer (EMR on EKS guide) and makes the associations that EMR's
    /// <c>create-role-associations</c> would.
    /// </summary>
    public WorkloadIdentity Identity { get; init; } = WorkloadIdentity.Irsa;

    internal void Check() => new PropsCheck(nameof(EmrExecutionRoleProps))
        .Require(EmrNames.IsRole(Name), nameof(Name), $"'{Name}' is no role name: 1 to 64 letters, digits and + = , . @ - _")
        .Require(!Name.Contains("${", StringComparison.Ordinal), nameof(Name), "the role's name must be known when templates are written: EMR's service accounts are named after it")
        .Require(EmrNames.IsNamespace(Namespace), nameof(Namespace), $"EMR refuses the namespace '{Namespace}': {EmrNames.NamespaceRule}")
        .Require(Statements.Count + ManagedPolicies.Count > 0, nameof(Statements), "a role that allows nothing runs no job; say what its jobs may do")
        .Require(PolicySize.Of(Statements) <= PolicySize.Inline, nameof(Statements), EmrNames.TooMuch(PolicySize.Of(Statements)))
        .Throw();
}

/// <summary>
/// The IAM role of a team's jobs. Its trust ends in the role's name in base 36, as EMR names service accounts, so no other role of the namespace can
/// be taken with it.
/// </summary>
public sealed class EmrExecutionRole : Construct
{
    private static readonly string[] Components = ["client", "driver", "executor"];

    /// <summary>Throws <see cref="Platform.PlatformException"/> naming each property that is wrong.</summary>
    public EmrExecutionRole(Construct scope, string id, EmrExecutionRoleProps props, ClusterIdentity cluster)
        : base(scope, id)
    {
        props.Check();
        var role = new CfnRole(this, "Role", new CfnRoleProps
        {
            RoleName = props.Name,
            Description = $"Jobs in namespace {props.Namespace} of {cluster.Name}",
            AssumeRolePolicyDocument = props.Identity == WorkloadIdentity.Irsa
                ? Trust.Irsa(cluster, Subject(props, cluster.Account))
                : Trust.PodIdentity(cluster, props.Namespace, [.. Components.Select(c => ServiceAccount(c, cluster.Account, props.Name))]),
            ManagedPolicyArns = props.ManagedPolicies.Count > 0 ? [.. props.ManagedPolicies] : null,
            Policies = props.Statements.Count == 0
                ? null
                : new object[] { new CfnRole.PolicyProperty { PolicyName = "jobs", PolicyDocument = Policies.Document(props.Statements) } },
        });
        if (props.Identity == WorkloadIdentity.PodIdentity)
        {
            Associate(props, cluster, role.AttrArn);
        }

        Arn = role.AttrArn;
        Name = props.Name;
    }

    /// <summary>A CDK token.</summary>
    public string Arn { get; }

    /// <summary>The role's name.</summary>
    public string Name { get; }

    /// <summary>The subject that IRSA checks: any framework and component, this account, exactly this role.</summary>
    internal static string Subject(EmrExecutionRoleProps props, string account) =>
        $"system:serviceaccount:{props.Namespace}:emr-containers-sa-*-*-{account}-{Base36.Of(props.Name)}";

    private static string ServiceAccount(string component, string account, string role) => $"emr-containers-sa-spark-{component}-{account}-{Base36.Of(role)}";

    private void Associate(EmrExecutionRoleProps props, ClusterIdentity cluster, string role)
    {
        foreach (var component in Components)
        {
            new CfnPodIdentityAssociation(this, $"Identity-{component}", new CfnPodIdentityAssociationProps
            {
                ClusterName = cluster.Name, Namespace = props.Namespace, ServiceAccount = ServiceAccount(component, cluster.Account, props.Name), RoleArn = role,
            });
        }
    }
}
