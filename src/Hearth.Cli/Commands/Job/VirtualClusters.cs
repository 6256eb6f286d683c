using System.Text.Json.Nodes;
using Hearth.Aws.Client;
using Hearth.Cli.CommandLine;
using Hearth.Delivery.Manifests;

namespace Hearth.Cli.Commands.Job;

/// <summary>Finds virtual clusters through the EMR API.</summary>
internal static class VirtualClusters
{
    /// <summary>Id of the running virtual cluster over a team's namespace.</summary>
    public static async Task<string> OfTeamAsync(IAwsClient aws, TeamPlace team, CancellationToken ct)
    {
        string? next = null;
        do
        {
            var page = await aws.JsonAsync("emr-containers", HttpMethod.Get, $"/virtualclusters?states=RUNNING{(next is null ? "" : $"&nextToken={Uri.EscapeDataString(next)}")}", null, ct).ConfigureAwait(false);
            if (page["virtualClusters"]!.AsArray().FirstOrDefault(c => NamespaceOf(c) == team.Namespace) is { } found)
            {
                return found["id"]!.GetValue<string>();
            }

            next = page["nextToken"]?.GetValue<string>();
        }
        while (next is not null);

        throw new CliException(
            $"team {team.Name} has no running virtual cluster over namespace {team.Namespace}", "Restart the platform, which makes it, or create one with `aws emr-containers create-virtual-cluster`.");
    }

    /// <summary>The namespace of a virtual cluster.</summary>
    public static async Task<string> NamespaceAsync(IAwsClient aws, string id, CancellationToken ct)
    {
        var answer = await aws.JsonAsync("emr-containers", HttpMethod.Get, $"/virtualclusters/{Uri.EscapeDataString(id)}", null, ct).ConfigureAwait(false);
        return NamespaceOf(answer["virtualCluster"]) ?? throw new CliException($"virtual cluster {id} is over no namespace");
    }

    private static string? NamespaceOf(JsonNode? cluster) => cluster?["containerProvider"]?["info"]?["eksInfo"]?["namespace"]?.GetValue<string>();
}
