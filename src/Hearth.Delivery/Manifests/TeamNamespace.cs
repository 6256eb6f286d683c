using System.Text.Json.Nodes;
using Hearth.Kube.Core;
using Hearth.Platform;

namespace Hearth.Delivery.Manifests;

/// <summary>A team's namespace; it says what clients must know of the team to submit jobs, so that they need not have the declaration.</summary>
public static class TeamNamespace
{
    /// <summary>Label: the team's name.</summary>
    public const string TeamLabel = "hearth.dev/team";

    /// <summary>Annotation: name of the team's bucket.</summary>
    public const string Bucket = "hearth.dev/bucket";

    /// <summary>Annotation: ARN of the role that the team's jobs run as.</summary>
    public const string RoleArn = "hearth.dev/execution-role-arn";

    /// <summary>Annotation: the team's CloudWatch log group.</summary>
    public const string LogGroup = "hearth.dev/log-group";

    /// <summary>The namespace object.</summary>
    public static JsonObject Of(PlatformDeclaration platform, Team team)
    {
        var labels = ManifestJson.Map(team.Labels) ?? [];
        labels[TeamLabel] = team.Name;
        return new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Namespace",
            ["metadata"] = new JsonObject
            {
                ["name"] = team.Namespace,
                ["labels"] = labels,
                ["annotations"] = new JsonObject
                {
                    [Bucket] = team.Bucket, [RoleArn] = $"arn:aws:iam::{platform.AccountId}:role/{team.ExecutionRole.Name}", [LogGroup] = team.LogGroup,
                },
            },
        };
    }

    /// <summary>The team of a namespace, or null when it is none's.</summary>
    public static TeamPlace? Read(Namespace ns)
    {
        var metadata = ns.Metadata;
        return metadata.Label(TeamLabel) is { } team && metadata.Annotation(Bucket) is { } bucket && metadata.Annotation(RoleArn) is { } role
            ? new TeamPlace(team, metadata.Name!, bucket, role, metadata.Annotation(LogGroup) ?? "")
            : null;
    }
}

/// <summary>Where a team works.</summary>
/// <param name="Name">The team.</param>
/// <param name="Namespace">Its namespace.</param>
/// <param name="Bucket">Name of its bucket.</param>
/// <param name="RoleArn">The role that its jobs run as.</param>
/// <param name="LogGroup">Its CloudWatch log group; may be empty.</param>
public sealed record TeamPlace(string Name, string Namespace, string Bucket, string RoleArn, string LogGroup);
