using System.Text.Json.Nodes;
using Hearth.Delivery.Cloud;
using Hearth.Platform;

namespace Hearth.Delivery.Install;

/// <summary>Looks at everything that was made, as a user would.</summary>
internal sealed class Verification(PlatformDeclaration platform, AwsCalls aws, ITools tools, string kubeconfig)
{
    /// <summary>Throws <see cref="DeliveryException"/> naming all that is not as it should be.</summary>
    public async Task CheckAsync(Action<string> said, CancellationToken cancellation)
    {
        var wrong = new List<string>();
        var cluster = await aws.FindAsync(cancellation, "eks", "describe-cluster", "--name", platform.Name).ConfigureAwait(false);
        Note("EKS cluster", cluster?["cluster"]?["status"]?.GetValue<string>() ?? "missing", "ACTIVE");
        var list = await aws.FindAsync(cancellation, "emr-containers", "list-virtual-clusters", "--container-provider-id", platform.Name, "--states", "RUNNING").ConfigureAwait(false);
        var running = (list?["virtualClusters"] as JsonArray ?? []).Select(v => v?["name"]?.GetValue<string>() ?? "").ToHashSet(StringComparer.Ordinal);
        foreach (var team in platform.Teams)
        {
            Note($"virtual cluster {team.VirtualCluster}", running.Contains(team.VirtualCluster) ? "RUNNING" : "missing", "RUNNING");
        }

        foreach (var team in platform.Teams)
        {
            var found = await tools.RunAsync(ToolCalls.Kubectl(kubeconfig, "get", "namespace", team.Namespace, "--output", "name"), null, cancellation).ConfigureAwait(false);
            Note($"namespace {team.Namespace}", found.Succeeded ? "there" : "missing", "there");
        }

        if (wrong.Count > 0)
        {
            throw new DeliveryException($"not everything is as it should be:\n{string.Join('\n', wrong)}", "Run hearth deploy again, or look at the stacks' events.");
        }

        void Note(string what, string state, string expected)
        {
            said($"{what}: {state}");
            if (state != expected)
            {
                wrong.Add($"{what} is {state}, expected {expected}");
            }
        }
    }
}
