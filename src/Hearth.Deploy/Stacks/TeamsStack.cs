using Amazon.CDK;
using Amazon.CDK.AWS.Logs;
using Constructs;
using Hearth.Deploy.Cluster;
using Hearth.Deploy.Emr;
using Hearth.Deploy.Storage;
using Hearth.Platform;
using Hearth.Platform.Jobs;

namespace Hearth.Deploy.Stacks;

/// <summary>
/// Teams: bucket, log group, execution role, virtual cluster. Deployed after the namespaces exist, since EMR looks at them. A stack holds at most
/// <see cref="StackNames.TeamsEach"/> teams; the next ones come in <c>-teams-2</c> and so on, because CloudFormation takes 500 resources a stack.
/// </summary>
public sealed class TeamsStack : PlatformStack
{
    private readonly EmrEksCluster _cluster;
    private readonly PodTemplateFiles? _templates;
    private readonly Dictionary<string, EmrVirtualCluster> _virtualClusters = new(StringComparer.Ordinal);
    private readonly Dictionary<string, EmrExecutionRole> _roles = new(StringComparer.Ordinal);

    private TeamsStack(Construct scope, PlatformPlan plan, EmrEksCluster cluster, IReadOnlyList<Team> teams, int number)
        : base(scope, plan, StackNames.Teams(plan.Platform, number), "buckets, roles and virtual clusters of teams")
    {
        _cluster = cluster;
        _templates = plan.Jobs.Count > 0 ? new PodTemplateFiles(this, "PodTemplates", plan.Jobs) : null;
        if (_templates is not null && number == 1)
        {
            AddConfigurations(_templates);
        }

        foreach (var team in teams)
        {
            AddTeam(team);
        }
    }

    /// <summary>As many stacks as the teams need; none without teams.</summary>
    /// <param name="scope">The app.</param>
    /// <param name="plan">What is declared.</param>
    /// <param name="cluster">Where namespaces are.</param>
    public static IReadOnlyList<TeamsStack> Create(Construct scope, PlatformPlan plan, EmrEksCluster cluster) =>
        [.. plan.Platform.Teams.Chunk(StackNames.TeamsEach).Select((teams, i) => new TeamsStack(scope, plan, cluster, teams, i + 1))];

    /// <summary>The virtual cluster and role ARN of a team of this stack, or null.</summary>
    internal (EmrVirtualCluster VirtualCluster, string RoleArn)? Find(string team) =>
        _virtualClusters.TryGetValue(team, out var found) ? (found, _roles[team].Arn) : null;

    private void AddTeam(Team team)
    {
        var bucket = new PlatformBucket(this, $"Bucket-{team.Name}", new PlatformBucketProps { Name = team.Bucket, Where = Plan.Where, Versioned = true });
        Amazon.CDK.Tags.Of(bucket).Add("hearth.dev/team", team.Name);
        new CfnLogGroup(this, $"Logs-{team.Name}", new CfnLogGroupProps { LogGroupName = team.LogGroup, RetentionInDays = team.LogRetentionDays });
        var role = _cluster.CreateExecutionRole(this, $"Role-{team.Name}", new EmrExecutionRoleProps
        {
            Name = team.ExecutionRole.Name,
            Namespace = team.Namespace,
            Statements = TeamPolicy.Of(team, Plan.Where, Plan.Platform.Monitoring.EventLogBucket, _templates?.Arns(Plan.Where.Partition) ?? [], DefaultJobs.LogGroups(Plan.Platform)),
            ManagedPolicies = team.ExecutionRole.ManagedPolicies,
        });
        var virtualCluster = _cluster.AddEmrVirtualCluster(this, $"VirtualCluster-{team.Name}", new EmrVirtualClusterProps { Name = team.VirtualCluster, Namespace = team.Namespace });
        _virtualClusters.Add(team.Name, virtualCluster);
        _roles.Add(team.Name, role);
        Output(StackNames.VirtualClusterOutput(team.Name), virtualCluster.VirtualClusterId, $"Virtual cluster of {team.Name}");
        Output(StackNames.ExecutionRoleOutput(team.Name), role.Arn, $"What jobs of {team.Name} run as");
    }

    private void AddConfigurations(PodTemplateFiles templates)
    {
        var configurations = new JobConfigurations(templates.Uri, DefaultJobs.LogGroupPrefix(Plan.Platform));
        foreach (var name in templates.Names)
        {
            Output(StackNames.PodTemplateOutput(name), templates.Uri(name), $"Pod template {name}");
        }

        foreach (var name in Plan.Jobs)
        {
            var settings = configurations[name];
            var output = StackNames.ConfigurationOutput(name);
            new CfnLogGroup(this, $"{output}Logs", new CfnLogGroupProps { LogGroupName = settings.LogGroup, RetentionInDays = DefaultJobs.LogRetentionDays });
            Output(output, settings.ToRequest().ToJsonString(), $"--configuration-overrides for {name} jobs");
        }
    }
}
