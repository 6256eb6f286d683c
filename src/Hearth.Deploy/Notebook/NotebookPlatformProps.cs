using Hearth.Deploy.Emr;
using Hearth.Deploy.Iam;
using Hearth.Deploy.Network;
using Hearth.Platform.Jobs;

namespace Hearth.Deploy.Notebook;

/// <summary>How people sign in to EMR Studio.</summary>
public enum StudioAuth
{
    /// <summary>As IAM users, or through a SAML provider federated with IAM.</summary>
    Iam,

    /// <summary>Through IAM Identity Center.</summary>
    IdentityCenter,
}

/// <summary>What <see cref="NotebookPlatform"/> makes.</summary>
public sealed record NotebookPlatformProps
{
    /// <summary>1 to 64 letters, digits and <c>-</c>.</summary>
    public required string StudioName { get; init; }

    /// <summary>Account and region.</summary>
    public required Arns Where { get; init; }

    /// <summary>The cluster's network: the Studio takes a private subnet of each zone.</summary>
    public required ClusterNetwork Network { get; init; }

    /// <summary>Of the namespace that notebooks run in.</summary>
    public required string VirtualClusterId { get; init; }

    /// <summary>The virtual cluster's namespace.</summary>
    public required string Namespace { get; init; }

    /// <summary>How people sign in.</summary>
    public StudioAuth Auth { get; init; } = StudioAuth.Iam;

    /// <summary>The sign-in address of a SAML provider (<see cref="StudioAuth.Iam"/> only); empty uses IAM users.</summary>
    public string IdpAuthUrl { get; init; } = "";

    /// <summary>The SAML provider's name for where people land after signing in; empty when it has none.</summary>
    public string IdpRelayStateParameterName { get; init; } = "";

    /// <summary>ARN of the SAML provider in IAM; given with <see cref="IdpAuthUrl"/>.</summary>
    public string IdpArn { get; init; } = "";

    internal void Check() => new PropsCheck(nameof(NotebookPlatformProps))
        .Require(StudioName.Length is > 0 and <= 64 && StudioName.All(c => char.IsAsciiLetterOrDigit(c) || c == '-'), nameof(StudioName), $"'{StudioName}' is no name of a Studio: 1 to 64 letters, digits and -")
        .Require(EmrNames.IsNamespace(Namespace), nameof(Namespace), $"EMR refuses the namespace '{Namespace}': {EmrNames.NamespaceRule}")
        .Require(Network.OneAZone.Count is >= 1 and <= 5, "Network.Subnets", "a Studio takes private subnets of one to five zones")
        .Require((IdpAuthUrl.Length > 0) == (IdpArn.Length > 0), nameof(IdpArn), "give IdpAuthUrl and IdpArn together")
        .Require(IdpAuthUrl.Length == 0 || Auth == StudioAuth.Iam, nameof(IdpAuthUrl), "a SAML provider is for Auth = Iam; IAM Identity Center has its own")
        .Throw();
}

/// <summary>Whether an Identity Center name is a person or a group.</summary>
public enum StudioIdentity
{
    /// <summary>A person.</summary>
    User,

    /// <summary>All people of a group.</summary>
    Group,
}

/// <summary>A person (or group) and the endpoints they may attach notebooks to.</summary>
public sealed record StudioUserProps
{
    /// <summary>The IAM user's name, or the name in IAM Identity Center.</summary>
    public required string IdentityName { get; init; }

    /// <summary>For Identity Center.</summary>
    public StudioIdentity IdentityType { get; init; } = StudioIdentity.User;

    /// <summary>At least one; an endpoint named by several users is made once.</summary>
    public required IReadOnlyList<NotebookEndpointProps> Endpoints { get; init; }
}

/// <summary>An endpoint of a notebook platform, with the role of its kernels.</summary>
public sealed record NotebookEndpointProps
{
    /// <summary>The endpoint is called <c>&lt;studio&gt;-&lt;name&gt;</c>.</summary>
    public required string Name { get; init; }

    /// <summary>What kernels may do; ignored when <see cref="ExecutionRoleArn"/> is given.</summary>
    public IReadOnlyList<Allow> Statements { get; init; } = [];

    /// <summary>A role made elsewhere; empty makes <c>&lt;studio&gt;-&lt;name&gt;-execRole</c>.</summary>
    public string ExecutionRoleArn { get; init; } = "";

    /// <summary>The EMR release of its kernels.</summary>
    public string ReleaseLabel { get; init; } = "emr-7.9.0-latest";

    /// <summary>Spark settings and monitoring of its kernels.</summary>
    public required SparkSettings Settings { get; init; }
}
