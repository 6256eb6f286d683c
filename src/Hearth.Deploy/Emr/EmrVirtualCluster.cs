using Amazon.CDK;
using Amazon.CDK.AWS.EMRContainers;
using Constructs;
using Hearth.Deploy.Iam;

namespace Hearth.Deploy.Emr;

/// <summary>What <see cref="EmrVirtualCluster"/> makes.</summary>
public sealed record EmrVirtualClusterProps
{
    /// <summary>1 to 64 of letters, digits and <c>. - _ / #</c>.</summary>
    public required string Name { get; init; }

    /// <summary>A namespace of the cluster. It must exist when this is deployed, with the rights for user emr-containers that <c>hearth render</c> writes.</summary>
    public required string Namespace { get; init; }

    internal void Check() => new PropsCheck(nameof(EmrVirtualClusterProps))
        .Require(EmrNames.IsName(Name), nameof(Name), $"'{Name}' is no name of a virtual cluster: {EmrNames.NameRule}")
        .Require(EmrNames.IsNamespace(Namespace), nameof(Namespace), $"EMR refuses the namespace '{Namespace}': {EmrNames.NamespaceRule}")
        .Require(!Namespace.StartsWith("kube-", StringComparison.Ordinal), nameof(Namespace), $"namespace '{Namespace}' belongs to Kubernetes; choose another")
        .Throw();
}

/// <summary>A virtual cluster: a namespace of an EKS cluster that EMR runs jobs in.</summary>
public sealed class EmrVirtualCluster : Construct
{
    /// <summary>Throws <see cref="Platform.PlatformException"/> naming each property that is wrong.</summary>
    public EmrVirtualCluster(Construct scope, string id, EmrVirtualClusterProps props, ClusterIdentity cluster)
        : base(scope, id)
    {
        props.Check();
        Resource = new CfnVirtualCluster(this, "VirtualCluster", new CfnVirtualClusterProps
        {
            Name = props.Name,
            ContainerProvider = new CfnVirtualCluster.ContainerProviderProperty
            {
                Type = "EKS",
                Id = cluster.Name,
                Info = new CfnVirtualCluster.ContainerInfoProperty { EksInfo = new CfnVirtualCluster.EksInfoProperty { Namespace = props.Namespace } },
            },
        });
        (VirtualClusterId, Arn, Namespace) = (Resource.AttrId, Resource.AttrArn, props.Namespace);
    }

    /// <summary>A CDK token.</summary>
    public string VirtualClusterId { get; }

    /// <summary>A CDK token.</summary>
    public string Arn { get; }

    /// <summary>The namespace that it is registered for.</summary>
    public string Namespace { get; }

    internal CfnVirtualCluster Resource { get; }
}
