using Amazon.CDK;
using Constructs;
using Hearth.Platform.Jobs;

namespace Hearth.Deploy.Emr;

/// <summary>What <see cref="ManagedEndpoint"/> makes.</summary>
public sealed record ManagedEndpointProps
{
    /// <summary>1 to 64 of letters, digits and <c>. - _ / #</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Of the virtual cluster; may be a CDK token.</summary>
    public required string VirtualClusterId { get; init; }

    /// <summary>What its kernels run as; may be a CDK token.</summary>
    public required string ExecutionRoleArn { get; init; }

    /// <summary>As <c>emr-7.9.0-latest</c>.</summary>
    public required string ReleaseLabel { get; init; }

    /// <summary>Settings of every kernel. See <see cref="JobConfigurations.Notebook"/>.</summary>
    public required SparkSettings Settings { get; init; }

    internal void Check()
    {
        var check = new PropsCheck(nameof(ManagedEndpointProps))
            .Require(EmrNames.IsName(Name), nameof(Name), $"'{Name}' is no name of an endpoint: {EmrNames.NameRule}")
            .Require(EmrNames.IsRelease(ReleaseLabel), nameof(ReleaseLabel), $"'{ReleaseLabel}' is no release label, {EmrNames.ReleaseRule}");
        check.Add(Settings.Faults(nameof(Settings))).Throw();
    }
}

/// <summary>
/// An interactive (Jupyter Enterprise Gateway) endpoint. The cluster must have the AWS Load Balancer Controller: EMR waits for a load balancer. Made
/// as the CloudFormation type AWS::EMRContainers::Endpoint, so no function of ours polls for it.
/// </summary>
public sealed class ManagedEndpoint : Construct
{
    /// <summary>Throws <see cref="Platform.PlatformException"/> naming each property that is wrong.</summary>
    public ManagedEndpoint(Construct scope, string id, ManagedEndpointProps props)
        : base(scope, id)
    {
        props.Check();
        // Newer than the library's typed resources; the generic one does not change with them.
        Resource = new CfnResource(this, "Endpoint", new CfnResourceProps
        {
            Type = "AWS::EMRContainers::Endpoint",
            Properties = new Dictionary<string, object>(StringComparer.Ordinal)
            {
                ["Name"] = props.Name,
                ["VirtualClusterId"] = props.VirtualClusterId,
                ["Type"] = "JUPYTER_ENTERPRISE_GATEWAY",
                ["ReleaseLabel"] = props.ReleaseLabel,
                ["ExecutionRoleArn"] = props.ExecutionRoleArn,
                ["ConfigurationOverrides"] = props.Settings.ToTemplate(),
            },
        });
        Arn = Resource.GetAtt("Arn").ToString()!;
        EndpointId = Resource.GetAtt("Id").ToString()!;
    }

    /// <summary>A CDK token.</summary>
    public string Arn { get; }

    /// <summary>A CDK token.</summary>
    public string EndpointId { get; }

    internal CfnResource Resource { get; }
}
