using Amazon.CDK.AWS.APS;
using Amazon.CDK.AWS.IAM;
using Amazon.CDK.AWS.Logs;
using Constructs;
using Hearth.Deploy.Cluster;
using Hearth.Deploy.Iam;

namespace Hearth.Deploy.Monitoring;

/// <summary>What <see cref="PlatformMonitoring"/> makes.</summary>
public sealed record PlatformMonitoringProps
{
    /// <summary>Alias of the Prometheus workspace; empty makes none.</summary>
    public string WorkspaceAlias { get; init; } = "";

    /// <summary>Amazon Managed Grafana, signed in to through IAM Identity Center.</summary>
    public bool ManagedGrafana { get; init; }

    /// <summary>Log group that Fluent Bit writes to; empty makes none.</summary>
    public string FluentBitLogGroup { get; init; } = "";

    /// <summary>Days that Fluent Bit's log group keeps its events.</summary>
    public int FluentBitLogDays { get; init; } = 30;

    /// <summary>Bucket for logs of Spark applications that Fluent Bit also writes; empty is none.</summary>
    public string FluentBitBucket { get; init; } = "";

    internal void Check() => new PropsCheck(nameof(PlatformMonitoringProps))
        .Require(WorkspaceAlias.Length <= 100, nameof(WorkspaceAlias), "an alias has at most 100 characters")
        .Require(FluentBitBucket.Length == 0 || FluentBitLogGroup.Length > 0, nameof(FluentBitBucket), "give FluentBitLogGroup, too: Fluent Bit's role is made for its log group")
        .Require(!ManagedGrafana || WorkspaceAlias.Length > 0, nameof(ManagedGrafana), "Grafana reads from the Prometheus workspace; give WorkspaceAlias")
        .Throw();
}

/// <summary>
/// Prometheus workspace, Grafana and Fluent Bit's log group, each with a role of its own: who writes metrics cannot read logs, who reads metrics
/// cannot write any.
/// </summary>
public sealed class PlatformMonitoring : Construct
{
    /// <summary>The namespace of the in-cluster Prometheus.</summary>
    public const string Namespace = "kube-prometheus-stack";

    /// <summary>Prometheus' service account.</summary>
    public const string IngestAccount = "amp-iamproxy-ingest-service-account";

    /// <summary>Grafana's service account.</summary>
    public const string GrafanaAccount = "grafana";

    private readonly PlatformMonitoringProps _props;
    private readonly string _name;
    private readonly Arns _where;

    /// <summary>Throws <see cref="Platform.PlatformException"/> naming each property that is wrong.</summary>
    public PlatformMonitoring(Construct scope, string id, PlatformMonitoringProps props, EmrEksCluster cluster)
        : base(scope, id)
    {
        props.Check();
        _props = props;
        var roles = cluster.Roles;
        (_name, _where) = (cluster.Identity.Name, new Arns(cluster.Identity.Region, cluster.Identity.Account));
        if (props.WorkspaceAlias.Length > 0)
        {
            var workspace = new CfnWorkspace(this, "Workspace", new CfnWorkspaceProps { Alias = props.WorkspaceAlias });
            RemoteWriteUrl = $"{workspace.AttrPrometheusEndpoint}api/v1/remote_write";
            WorkspaceId = workspace.AttrWorkspaceId;
            roles.Add(this, "amp-ingest", Namespace, [IngestAccount], [new Allow("Write", ["aps:RemoteWrite"], [workspace.AttrArn])]);
            roles.Add(this, "grafana", Namespace, [GrafanaAccount], Query(workspace.AttrArn));
        }

        if (props.FluentBitLogGroup.Length > 0)
        {
            AddFluentBit(roles);
        }

        if (props.ManagedGrafana)
        {
            AddGrafana();
        }
    }

    /// <summary>Where Prometheus writes to; a CDK token, or null without a workspace.</summary>
    public string? RemoteWriteUrl { get; }

    /// <summary>A CDK token, or null without a workspace.</summary>
    public string? WorkspaceId { get; }

    private static Allow[] Query(string workspace) =>
        [new Allow("Query", ["aps:QueryMetrics", "aps:GetLabels", "aps:GetSeries", "aps:GetMetricMetadata", "aps:DescribeWorkspace"], [workspace])];

    private void AddFluentBit(WorkloadRoles roles)
    {
        var where = _where;
        var key = new ServiceKey(this, "LogKey", where, $"Fluent Bit logs of {_name}", _props.FluentBitLogGroup);
        new CfnLogGroup(this, "FluentBitLogs", new CfnLogGroupProps { LogGroupName = _props.FluentBitLogGroup, RetentionInDays = _props.FluentBitLogDays, KmsKeyId = key.Arn });
        var statements = new List<Allow>
        {
            new("Logs", ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"], [where.LogGroup(_props.FluentBitLogGroup), where.LogStreams(_props.FluentBitLogGroup)]),
        };
        if (_props.FluentBitBucket.Length > 0)
        {
            statements.Add(new Allow("Objects", ["s3:PutObject"], [where.Objects(_props.FluentBitBucket, $"{_name}/")]));
        }

        roles.Add(this, "fluent-bit", "kube-system", ["aws-for-fluent-bit-sa"], statements);
    }

    private void AddGrafana()
    {
        var role = new CfnRole(this, "ManagedGrafanaRole", new CfnRoleProps
        {
            Description = $"Amazon Managed Grafana of {_name}",
            AssumeRolePolicyDocument = Trust.Service("grafana.amazonaws.com", _where.Account),
            Policies = new object[]
            {
                new CfnRole.PolicyProperty
                {
                    PolicyName = "query",
                    PolicyDocument = Policies.Document(
                    [
                        new Allow("Find", ["aps:ListWorkspaces"], ["*"]),
                        .. Query(_where.Of("aps", "workspace/*")),
                    ]),
                },
            },
        });
        new Amazon.CDK.AWS.Grafana.CfnWorkspace(this, "Grafana", new Amazon.CDK.AWS.Grafana.CfnWorkspaceProps
        {
            Name = _name,
            AccountAccessType = "CURRENT_ACCOUNT",
            AuthenticationProviders = ["AWS_SSO"],
            PermissionType = "CUSTOMER_MANAGED",
            DataSources = ["PROMETHEUS"],
            RoleArn = role.AttrArn,
        });
    }
}
