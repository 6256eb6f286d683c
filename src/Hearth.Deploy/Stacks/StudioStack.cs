using Constructs;
using Hearth.Deploy.Cluster;
using Hearth.Deploy.Emr;
using Hearth.Deploy.Network;
using Hearth.Deploy.Notebook;
using Hearth.Platform;
using Hearth.Platform.Jobs;

namespace Hearth.Deploy.Stacks;

/// <summary>EMR Studio, its endpoints and people.</summary>
public sealed class StudioStack : PlatformStack
{
    /// <summary>Adds the stack to an app.</summary>
    public StudioStack(Construct scope, PlatformPlan plan, Studio studio, ClusterNetwork network, EmrEksCluster cluster, string virtualClusterId, string roleArn)
        : base(scope, plan, StackNames.Studio(plan.Platform), "EMR Studio, endpoints, people")
    {
        var team = plan.Platform.Teams.First(t => t.Name == studio.Team);
        var configurations = plan.Jobs.Contains("notebook", StringComparer.Ordinal)
            ? new JobConfigurations(new PodTemplateFiles(this, "PodTemplates", ["notebook"]).Uri, DefaultJobs.LogGroupPrefix(plan.Platform))
            : null;
        var platform = new NotebookPlatform(this, "Studio", new NotebookPlatformProps
        {
            StudioName = studio.Name,
            Where = plan.Where,
            Network = network,
            VirtualClusterId = virtualClusterId,
            Namespace = team.Namespace,
            Auth = studio.Auth == "identityCenter" ? StudioAuth.IdentityCenter : StudioAuth.Iam,
        }, cluster.Identity);
        foreach (var endpoint in studio.Endpoints)
        {
            platform.AddEndpoint(Endpoint(endpoint, configurations, team, roleArn, plan));
        }

        foreach (var user in studio.Users)
        {
            platform.AddUser(new StudioUserProps
            {
                IdentityName = user.Name,
                IdentityType = user.Type == "group" ? StudioIdentity.Group : StudioIdentity.User,
                Endpoints = [.. user.Endpoints.Select(name => Endpoint(studio.Endpoints.First(e => e.Name == name), configurations, team, roleArn, plan))],
            });
        }

        Output("StudioUrl", platform.Url, "Where people open the Studio");
    }

    private static NotebookEndpointProps Endpoint(StudioEndpoint endpoint, JobConfigurations? configurations, Team team, string roleArn, PlatformPlan plan) => new()
    {
        Name = endpoint.Name,
        ExecutionRoleArn = roleArn,
        ReleaseLabel = endpoint.ReleaseLabel.Length > 0 ? endpoint.ReleaseLabel : plan.Platform.Engine.ReleaseLabel,
        Settings = configurations?.Notebook
            ?? new SparkSettings { SparkDefaults = new Dictionary<string, string>(StringComparer.Ordinal) { ["spark.driver.memory"] = "8G" }, LogGroup = team.LogGroup, LogStreamPrefix = endpoint.Name },
    };
}
