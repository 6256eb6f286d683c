using Amazon.CDK;
using Amazon.CDK.AWS.EKS;
using Amazon.CDK.AWS.IAM;
using Amazon.CDK.AWS.Logs;
using Constructs;
using Hearth.Deploy.Emr;
using Hearth.Deploy.Iam;
using Hearth.Platform;

namespace Hearth.Deploy.Cluster;

/// <summary>
/// An EKS cluster made for EMR on EKS: encrypted secrets and logs, access entries, managed node groups, EKS add-ons, what Karpenter or the Cluster
/// Autoscaler needs on the side of AWS, and, through its methods, virtual clusters, roles, endpoints and templates. Software inside the cluster is
/// not installed by CloudFormation: <c>hearth deploy</c> and <c>hearth render</c> do that from the same declaration.
/// </summary>
public sealed class EmrEksCluster : Construct
{
    private readonly EmrEksClusterProps _props;
    private readonly CfnCluster _cluster;
    private readonly NodeGroups _groups;
    private readonly List<NodePool> _pools = [];

    /// <summary>Throws <see cref="PlatformException"/> naming each property that is wrong.</summary>
    public EmrEksCluster(Construct scope, string id, EmrEksClusterProps props)
        : base(scope, id)
    {
        props.Check();
        _props = props;
        Groups = new ClusterSecurityGroups(this, props);
        _cluster = AddCluster();
        Identity = AddIdentity();
        AddAccess();
        Roles = new WorkloadRoles(props.Identity, Identity);
        var beforeNodes = EksAddons.BeforeNodes(this, props, Identity);
        _groups = new NodeGroups(this, props, Groups.Nodes, Identity.Name, beforeNodes);
        EksAddons.AfterNodes(this, props, Roles, _groups);
        AddAutoscaler();
        if (props.DefaultNodes)
        {
            AddDefaultNodes();
        }
    }

    /// <summary>Name, account, OIDC provider: what roles for this cluster's pods are made from.</summary>
    public ClusterIdentity Identity { get; }

    /// <summary>The security groups of control plane and nodes.</summary>
    public ClusterSecurityGroups Groups { get; }

    /// <summary>The API's address; a CDK token.</summary>
    public string Endpoint => _cluster.AttrEndpoint;

    /// <summary>Node pools added so far. Their NodePool and EC2NodeClass objects are rendered by <c>hearth render</c>.</summary>
    public IReadOnlyList<NodePool> NodePools => _pools;

    /// <summary>The role that managed nodes run as.</summary>
    public string NodeRoleArn => _groups.RoleArn;

    internal WorkloadRoles Roles { get; }

    /// <summary>
    /// Adds a managed node group, or one a zone when <see cref="NodeGroup.PerZone"/> is set. Throws when its types do not exist as named, mix
    /// architectures, or the sizes contradict each other.
    /// </summary>
    /// <returns>The names of the groups that were made.</returns>
    public IReadOnlyList<string> AddEmrEksNodegroup(NodeGroup group) => _groups.Add(group);

    /// <summary>Adds a Karpenter node pool. Throws when the cluster has the Cluster Autoscaler, or has a pool of that name.</summary>
    public void AddKarpenterNodePool(NodePool pool)
    {
        new PropsCheck(nameof(NodePool))
            .Require(_props.Autoscaler == Autoscaler.Karpenter, pool.Name, "this cluster scales with the Cluster Autoscaler: use AddEmrEksNodegroup, or set Autoscaler to Karpenter")
            .Require(pool.Name.Length is > 0 and <= 63, nameof(pool.Name), "a node pool needs a name of at most 63 characters")
            .Require(_pools.TrueForAll(p => p.Name != pool.Name), nameof(pool.Name), $"there is already a node pool '{pool.Name}'")
            .Throw();
        _pools.Add(pool);
    }

    /// <summary>Registers a namespace of this cluster with EMR. See <see cref="EmrVirtualCluster"/>.</summary>
    public EmrVirtualCluster AddEmrVirtualCluster(Construct scope, string id, EmrVirtualClusterProps props) => new(scope, id, props, Identity);

    /// <summary>A role for jobs of one namespace. See <see cref="ExecutionRole"/>.</summary>
    public EmrExecutionRole CreateExecutionRole(Construct scope, string id, EmrExecutionRoleProps props) => new(scope, id, props, Identity);

    /// <summary>An interactive endpoint of a virtual cluster. See <see cref="ManagedEndpoint"/>.</summary>
    public ManagedEndpoint AddManagedEndpoint(Construct scope, string id, ManagedEndpointProps props) => new(scope, id, props);

    /// <summary>A job template. See <see cref="JobTemplate"/>.</summary>
    public JobTemplate AddJobTemplate(Construct scope, string id, JobTemplateProps props) => new(scope, id, props);

    private CfnCluster AddCluster()
    {
        var where = _props.Where;
        var logName = $"/aws/eks/{_props.ClusterName}/cluster";
        var key = new ServiceKey(this, "Key", where, $"Secrets and control-plane logs of {_props.ClusterName}", logName, $"eks/{_props.ClusterName}");
        var logs = new CfnLogGroup(this, "ControlPlaneLogs", new CfnLogGroupProps { LogGroupName = logName, RetentionInDays = _props.ControlPlaneLogDays, KmsKeyId = key.Arn });
        var role = new CfnRole(this, "ClusterRole", new CfnRoleProps
        {
            Description = $"Control plane of {_props.ClusterName}",
            AssumeRolePolicyDocument = Trust.Service("eks.amazonaws.com"),
            ManagedPolicyArns = [where.AwsManagedPolicy("AmazonEKSClusterPolicy"), where.AwsManagedPolicy("AmazonEKSVPCResourceController")],
            Policies = new object[]
            {
                new CfnRole.PolicyProperty
                {
                    PolicyName = "secrets-key",
                    PolicyDocument = Policies.Document([new Allow("Secrets", ["kms:Encrypt", "kms:Decrypt", "kms:ListGrants", "kms:DescribeKey"], [key.Arn])]),
                },
            },
        });
        var cluster = new CfnCluster(this, "Cluster", ClusterProps(role.AttrArn, key.Arn));
        cluster.AddDependency(logs);
        return cluster;
    }

    private CfnClusterProps ClusterProps(string role, string key) => new()
    {
        Name = _props.ClusterName,
        Version = _props.KubernetesVersion,
        RoleArn = role,
        AccessConfig = new CfnCluster.AccessConfigProperty { AuthenticationMode = "API_AND_CONFIG_MAP", BootstrapClusterCreatorAdminPermissions = false },
        EncryptionConfig = new object[]
        {
            new CfnCluster.EncryptionConfigProperty { Resources = ["secrets"], Provider = new CfnCluster.ProviderProperty { KeyArn = key } },
        },
        Logging = new CfnCluster.LoggingProperty
        {
            ClusterLogging = new CfnCluster.ClusterLoggingProperty
            {
                EnabledTypes = _props.ControlPlaneLogs.Select(t => (object)new CfnCluster.LoggingTypeConfigProperty { Type = t }).ToArray(),
            },
        },
        ResourcesVpcConfig = new CfnCluster.ResourcesVpcConfigProperty
        {
            EndpointPrivateAccess = true,
            EndpointPublicAccess = _props.PublicApi,
            PublicAccessCidrs = _props.PublicApi ? [.. _props.PublicApiCidrs] : null,
            SecurityGroupIds = [Groups.ControlPlane],
            SubnetIds = [.. _props.Network.Of(Network.SubnetKinds.DataPlane).Select(s => s.Id)],
        },
    };

    private ClusterIdentity AddIdentity()
    {
        var provider = new CfnOIDCProvider(this, "Oidc", new CfnOIDCProviderProps
        {
            Url = _cluster.AttrOpenIdConnectIssuerUrl, ClientIdList = ["sts.amazonaws.com"],
        });
        var issuer = Fn.Select(1, Fn.Split("//", _cluster.AttrOpenIdConnectIssuerUrl));
        return new ClusterIdentity(_props.ClusterName, _props.Where.Account, _props.Where.Region, issuer, provider.AttrArn);
    }

    private void AddAccess()
    {
        for (var i = 0; i < _props.AdminArns.Count; i++)
        {
            Add($"Admin{i}", _props.AdminArns[i], "STANDARD", "AmazonEKSClusterAdminPolicy");
        }

        void Add(string id, string principal, string type, string policy) => new CfnAccessEntry(this, id, new CfnAccessEntryProps
        {
            ClusterName = _cluster.Ref,
            PrincipalArn = principal,
            Type = type,
            AccessPolicies = new object[]
            {
                new CfnAccessEntry.AccessPolicyProperty
                {
                    PolicyArn = _props.Where.EksAccessPolicy(policy), AccessScope = new CfnAccessEntry.AccessScopeProperty { Type = "cluster" },
                },
            },
        });
    }

    private void AddAutoscaler()
    {
        if (_props.Autoscaler == Autoscaler.Karpenter)
        {
            new KarpenterInfrastructure(this, "Karpenter", _props, Roles).DependOn(_cluster);
        }
        else
        {
            ClusterAutoscalerRole.Add(this, _props, Roles);
        }
    }

    private void AddDefaultNodes()
    {
        if (_props.Autoscaler == Autoscaler.Karpenter)
        {
            Cluster.DefaultNodes.Pools(_props.Network.Subnets.Select(s => s.Zone)).ToList().ForEach(AddKarpenterNodePool);
        }
        else
        {
            Cluster.DefaultNodes.Groups.ToList().ForEach(g => AddEmrEksNodegroup(g));
        }
    }
}
