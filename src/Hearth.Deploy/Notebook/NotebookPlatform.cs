using Amazon.CDK;
using Amazon.CDK.AWS.EC2;
using Amazon.CDK.AWS.EMR;
using Amazon.CDK.AWS.IAM;
using Constructs;
using Hearth.Deploy.Emr;
using Hearth.Deploy.Iam;
using Hearth.Deploy.Storage;
using Hearth.Platform.Text;

namespace Hearth.Deploy.Notebook;

/// <summary>
/// EMR Studio over a virtual cluster: workspaces in an encrypted bucket that outlives the stack, security groups that only let the gateway's port
/// through, and users who see exactly the endpoints they were given.
/// </summary>
public sealed class NotebookPlatform : Construct
{
    private const int GatewayPort = 18888;
    private const string ManagedTag = "for-use-with-amazon-emr-managed-policies";

    private readonly NotebookPlatformProps _props;
    private readonly ClusterIdentity _cluster;
    private readonly CfnStudio _studio;
    private readonly CfnRole _serviceRole;
    private readonly Dictionary<string, ManagedEndpoint> _endpoints = new(StringComparer.Ordinal);
    private readonly HashSet<string> _users = new(StringComparer.Ordinal);

    /// <summary>Throws <see cref="Platform.PlatformException"/> naming each property that is wrong.</summary>
    public NotebookPlatform(Construct scope, string id, NotebookPlatformProps props, ClusterIdentity cluster)
        : base(scope, id)
    {
        props.Check();
        (_props, _cluster) = (props, cluster);
        var bucketName = ShortName.Of($"{props.StudioName.ToLowerInvariant()}-workspaces-{props.Where.Account}-{props.Where.Region}", 63);
        var key = new ServiceKey(this, "Key", props.Where, $"Workspaces of Studio {props.StudioName}", null, null, Policies.Resource(
            "EmrForThisBucket", "Allow", Policies.ServicePrincipal("elasticmapreduce.amazonaws.com"),
            new[] { "kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey" }, "*",
            new PolicyCondition("StringLike", "kms:EncryptionContext:aws:s3:arn", [$"{props.Where.Bucket(bucketName)}*"]),
            new PolicyCondition("StringEquals", "aws:SourceAccount", [props.Where.Account])));
        var bucket = new PlatformBucket(this, "Workspaces", new PlatformBucketProps { Name = bucketName, Where = props.Where, KeyArn = key.Arn, Versioned = true });
        _serviceRole = new CfnRole(this, "ServiceRole", new CfnRoleProps
        {
            Description = $"EMR Studio {props.StudioName}",
            AssumeRolePolicyDocument = Trust.Service("elasticmapreduce.amazonaws.com", props.Where.Account),
            Policies = new object[] { Inline("studio", StudioPolicies.Service(props.Where, bucketName, key.Arn)) },
        });
        _studio = AddStudio(bucket, key.Arn);
    }

    /// <summary>Where people open the Studio; a CDK token.</summary>
    public string Url => _studio.AttrUrl;

    /// <summary>A CDK token.</summary>
    public string StudioId => _studio.AttrStudioId;

    /// <summary>
    /// Gives a person the Studio and their endpoints, making those that are not there yet. Throws when the person was added before, an endpoint has no
    /// role and no statements, or the identity cannot exist in this kind of Studio.
    /// </summary>
    /// <returns>The ARNs of this person's endpoints, and only of these.</returns>
    public IReadOnlyList<string> AddUser(StudioUserProps user)
    {
        new PropsCheck(nameof(StudioUserProps))
            .Require(user.IdentityName.Length is > 0 and <= 128, nameof(user.IdentityName), "give the name of an IAM user or of an Identity Center identity")
            .Require(_props.Auth == StudioAuth.IdentityCenter || user.IdentityType == StudioIdentity.User, nameof(user.IdentityType), "groups exist in IAM Identity Center only; use Auth = IdentityCenter")
            .Require(_users.Add(user.IdentityName), nameof(user.IdentityName), $"'{user.IdentityName}' is already a user of this Studio")
            .Require(user.Endpoints.Count > 0, nameof(user.Endpoints), "give at least one endpoint to attach notebooks to")
            .Require(user.Endpoints.Count <= StudioPolicies.MostEndpoints(_props.Where), nameof(user.Endpoints),
                $"{user.Endpoints.Count} endpoints; a policy that names them is longer than IAM takes: give at most {StudioPolicies.MostEndpoints(_props.Where)}")
            .Require(user.Endpoints.All(e => _endpoints.ContainsKey(e.Name) || e.ExecutionRoleArn.Length + e.Statements.Count > 0), nameof(user.Endpoints),
                "a new endpoint needs ExecutionRoleArn, or Statements for a role of its own")
            .Throw();
        string[] endpoints = [.. user.Endpoints.DistinctBy(e => e.Name, StringComparer.Ordinal).Select(Endpoint)];
        new StudioUser(this, $"User-{user.IdentityName}", user, _props, StudioPolicies.User(
            _props.Where, _studio.AttrArn, _serviceRole.AttrArn, _props.Where.Of("emr-containers", $"/virtualclusters/{_props.VirtualClusterId}"), endpoints, _props.Auth == StudioAuth.Iam), _studio.Ref);
        return endpoints;
    }

    /// <summary>Makes an endpoint that nobody may use yet. Does nothing when it is there.</summary>
    /// <returns>Its ARN; a CDK token.</returns>
    public string AddEndpoint(NotebookEndpointProps props) => Endpoint(props);

    private string Endpoint(NotebookEndpointProps props)
    {
        if (_endpoints.TryGetValue(props.Name, out var made))
        {
            return made.Arn;
        }

        var name = $"{_props.StudioName}-{props.Name}";
        var role = props.ExecutionRoleArn.Length > 0
            ? props.ExecutionRoleArn
            : new EmrExecutionRole(this, $"Role-{props.Name}", new EmrExecutionRoleProps { Name = $"{name}-execRole", Namespace = _props.Namespace, Statements = props.Statements }, _cluster).Arn;
        var endpoint = new ManagedEndpoint(this, $"Endpoint-{props.Name}", new ManagedEndpointProps
        {
            Name = name, VirtualClusterId = _props.VirtualClusterId, ExecutionRoleArn = role, ReleaseLabel = props.ReleaseLabel, Settings = props.Settings,
        });
        _endpoints.Add(props.Name, endpoint);
        return endpoint.Arn;
    }

    private CfnStudio AddStudio(PlatformBucket bucket, string key)
    {
        var (workspaces, engine) = AddGroups();
        var userRole = _props.Auth == StudioAuth.IdentityCenter ? AddUserRole() : null;
        var studio = new CfnStudio(this, "Studio", new CfnStudioProps
        {
            Name = _props.StudioName,
            AuthMode = _props.Auth == StudioAuth.Iam ? "IAM" : "SSO",
            DefaultS3Location = $"s3://{bucket.Name}/",
            ServiceRole = _serviceRole.AttrArn,
            UserRole = userRole,
            VpcId = _props.Network.VpcId,
            SubnetIds = [.. _props.Network.OneAZone.Select(s => s.Id)],
            WorkspaceSecurityGroupId = workspaces,
            EngineSecurityGroupId = engine,
            EncryptionKeyArn = key,
            IdpAuthUrl = _props.IdpAuthUrl.Length > 0 ? _props.IdpAuthUrl : null,
            IdpRelayStateParameterName = _props.IdpRelayStateParameterName.Length > 0 ? _props.IdpRelayStateParameterName : null,
        });
        studio.AddDependency(bucket.Resource);
        return studio;
    }

    /// <summary>What an Identity Center user's session policy is cut from: nobody gets more than what both allow.</summary>
    private string AddUserRole() => new CfnRole(this, "UserRole", new CfnRoleProps
    {
        Description = $"People of EMR Studio {_props.StudioName}",
        AssumeRolePolicyDocument = Trust.Service("elasticmapreduce.amazonaws.com", _props.Where.Account),
        Policies = new object[]
        {
            Inline("studio-user", StudioPolicies.User(
                _props.Where, AnyStudio, _serviceRole.AttrArn, _props.Where.Of("emr-containers", $"/virtualclusters/{_props.VirtualClusterId}"),
                [_props.Where.Of("emr-containers", $"/virtualclusters/{_props.VirtualClusterId}/endpoints/*")], iam: false)),
        },
    }).AttrArn;

    private string AnyStudio => _props.Where.Of("elasticmapreduce", "studio/*");

    private (string Workspaces, string Engine) AddGroups()
    {
        var workspaces = Group("WorkspaceGroup", "Notebooks of a Studio");
        var engine = Group("EngineGroup", "Endpoints that a Studio talks to");
        foreach (var (cidr, i) in _props.Network.Cidrs.Select((c, i) => (c, i)))
        {
            new CfnSecurityGroupEgress(this, $"ToGateway{i}", new CfnSecurityGroupEgressProps
            {
                GroupId = workspaces, CidrIp = cidr, IpProtocol = "tcp", FromPort = GatewayPort, ToPort = GatewayPort, Description = "to the endpoints' gateway",
            });
            new CfnSecurityGroupIngress(this, $"FromVpc{i}", new CfnSecurityGroupIngressProps
            {
                GroupId = engine, CidrIp = cidr, IpProtocol = "tcp", FromPort = GatewayPort, ToPort = GatewayPort, Description = "gateway, from the VPC",
            });
        }

        return (workspaces, engine);
    }

    private string Group(string id, string description)
    {
        var group = new CfnSecurityGroup(this, id, new CfnSecurityGroupProps
        {
            GroupDescription = description,
            VpcId = _props.Network.VpcId,
            SecurityGroupEgress = new object[]
            {
                new CfnSecurityGroup.EgressProperty { IpProtocol = "icmp", FromPort = 252, ToPort = 86, CidrIp = "255.255.255.255/32", Description = "nothing but what is named by rules of their own" },
            },
        });
        Amazon.CDK.Tags.Of(group).Add(ManagedTag, "true");
        Amazon.CDK.Tags.Of(group).Add("Name", $"{_props.StudioName}-{id}");
        return group.AttrGroupId;
    }

    internal static CfnRole.PolicyProperty Inline(string name, IEnumerable<Allow> statements) => new() { PolicyName = name, PolicyDocument = Policies.Document(statements) };
}
