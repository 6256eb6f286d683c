using System.Text.Json.Nodes;
using Hearth.Delivery.Charts;
using Hearth.Delivery.Cloud;
using Hearth.Platform;

namespace Hearth.Delivery.Install;

/// <summary>Looks at everything that was made, as a user would: each thing in the state that its service calls good.</summary>
internal sealed class Verification(PlatformDeclaration platform, AwsCalls aws, ITools tools, string kubeconfig)
{
    private const string Missing = "missing";

    /// <summary>Throws <see cref="DeliveryException"/> naming all that is not as it should be.</summary>
    /// <param name="steps">What was carried out; charts and node pools are only looked at when they were.</param>
    /// <param name="said">Told each thing and its state.</param>
    /// <param name="cancellation">Ends the check.</param>
    public async Task CheckAsync(IReadOnlyList<Step> steps, Action<string> said, CancellationToken cancellation)
    {
        var wrong = new List<string>();
        foreach (var look in (Func<Task<IReadOnlyList<Finding>>>[])[() => ClusterAsync(cancellation), () => TeamsAsync(cancellation), () => ChartsAsync(steps, cancellation), () => PoolsAsync(steps, cancellation), () => ServicesAsync(steps, cancellation)])
        {
            foreach (var finding in await look().ConfigureAwait(false))
            {
                said($"{finding.What}: {finding.State}");
                if (finding.State != finding.Expected)
                {
                    wrong.Add($"{finding.What} is {finding.State}, expected {finding.Expected}");
                }
            }
        }

        if (wrong.Count > 0)
        {
            throw new DeliveryException($"not everything is as it should be:\n{string.Join('\n', wrong)}", "Run hearth deploy again, or look at the stacks' events.");
        }
    }

    private async Task<IReadOnlyList<Finding>> ClusterAsync(CancellationToken cancellation)
    {
        var findings = new List<Finding>
        {
            new("EKS cluster", await StateAsync(cancellation, ["cluster", "status"], "eks", "describe-cluster", "--name", platform.Name).ConfigureAwait(false), "ACTIVE"),
        };
        foreach (var group in platform.NodeGroups.SelectMany(g => g.Expand(platform.Network.Zones)))
        {
            var state = await StateAsync(cancellation, ["nodegroup", "status"], "eks", "describe-nodegroup", "--cluster-name", platform.Name, "--nodegroup-name", group.Name).ConfigureAwait(false);
            findings.Add(new Finding($"node group {group.Name}", state, "ACTIVE"));
        }

        foreach (var addon in AddonCatalog.All.Where(a => a.Source == "eks" && platform.IsEnabled(a.Name)))
        {
            var state = await StateAsync(cancellation, ["addon", "status"], "eks", "describe-addon", "--cluster-name", platform.Name, "--addon-name", addon.Name).ConfigureAwait(false);
            findings.Add(new Finding($"EKS add-on {addon.Name}", state, "ACTIVE"));
        }

        return findings;
    }

    private async Task<IReadOnlyList<Finding>> TeamsAsync(CancellationToken cancellation)
    {
        var list = await aws.FindAsync(cancellation, "emr-containers", "list-virtual-clusters", "--container-provider-id", platform.Name, "--states", "RUNNING").ConfigureAwait(false);
        var running = (list?["virtualClusters"] as JsonArray ?? []).Select(v => v?["name"]?.GetValue<string>() ?? "").ToHashSet(StringComparer.Ordinal);
        var findings = new List<Finding>();
        foreach (var team in platform.Teams)
        {
            var found = await tools.RunAsync(ToolCalls.Kubectl(kubeconfig, "get", "namespace", team.Namespace, "--output", "name"), null, cancellation).ConfigureAwait(false);
            findings.Add(new Finding($"namespace {team.Namespace}", found.Succeeded ? "there" : Missing, "there"));
            findings.Add(new Finding($"virtual cluster {team.VirtualCluster}", running.Contains(team.VirtualCluster) ? "RUNNING" : Missing, "RUNNING"));
            var bucket = await aws.FindAsync(cancellation, "s3api", "get-bucket-location", "--bucket", team.Bucket).ConfigureAwait(false);
            findings.Add(new Finding($"bucket {team.Bucket}", bucket is not null ? "there" : Missing, "there"));
        }

        return findings;
    }

    private async Task<IReadOnlyList<Finding>> ChartsAsync(IReadOnlyList<Step> steps, CancellationToken cancellation)
    {
        var findings = new List<Finding>();
        foreach (var step in steps.Where(s => s.Kind == StepKind.Chart))
        {
            var status = await tools.RunAsync(ToolCalls.ChartStatus(kubeconfig, ChartCatalog.All.First(c => c.Addon == step.Target)), null, cancellation).ConfigureAwait(false);
            findings.Add(new Finding($"chart {step.Target}", (status.Succeeded ? Text(Json(status.Output), ["info", "status"]) : null) ?? Missing, "deployed"));
        }

        return findings;
    }

    private async Task<IReadOnlyList<Finding>> PoolsAsync(IReadOnlyList<Step> steps, CancellationToken cancellation)
    {
        if (!steps.Any(s => s.Kind == StepKind.Manifest && s.Target.StartsWith("60", StringComparison.Ordinal)))
        {
            return [];
        }

        // Ready once its node class has found subnets, security groups and images.
        var wait = await tools.RunAsync(ToolCalls.Kubectl(kubeconfig, "wait", "nodepools.karpenter.sh", "--all", "--for", "condition=Ready", "--timeout", "5m"), null, cancellation).ConfigureAwait(false);
        return [new Finding("node pools", wait.Succeeded ? "Ready" : wait.Error.Trim(), "Ready")];
    }

    private async Task<IReadOnlyList<Finding>> ServicesAsync(IReadOnlyList<Step> steps, CancellationToken cancellation)
    {
        var findings = new List<Finding>();
        if (platform.IsEnabled("amazon-prometheus"))
        {
            var list = await aws.FindAsync(cancellation, "amp", "list-workspaces", "--alias", platform.Monitoring.WorkspaceAlias).ConfigureAwait(false);
            findings.Add(new Finding("Prometheus workspace", Text(list?["workspaces"]?.AsArray().FirstOrDefault(), ["status", "statusCode"]) ?? Missing, "ACTIVE"));
        }

        if (steps.Any(s => s.Target == StackNames.Studio(platform)))
        {
            var list = await aws.FindAsync(cancellation, "emr", "list-studios").ConfigureAwait(false);
            var there = (list?["Studios"] as JsonArray ?? []).Any(s => s?["Name"]?.GetValue<string>() == platform.Studio.Name);
            findings.Add(new Finding($"EMR Studio {platform.Studio.Name}", there ? "there" : Missing, "there"));
        }

        return findings;
    }

    private async Task<string> StateAsync(CancellationToken cancellation, string[] path, params string[] call) =>
        Text(await aws.FindAsync(cancellation, call).ConfigureAwait(false), path) ?? Missing;

    private static string? Text(JsonNode? node, string[] path) => path.Aggregate(node, (n, p) => n?[p])?.GetValue<string>();

    private static JsonNode? Json(string text)
    {
        try
        {
            return JsonNode.Parse(text);
        }
        catch (System.Text.Json.JsonException)
        {
            return null;
        }
    }

    private sealed record Finding(string What, string State, string Expected);
}
