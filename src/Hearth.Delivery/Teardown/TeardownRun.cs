using System.Text.Json.Nodes;
using Hearth.Delivery.Charts;
using Hearth.Delivery.Cloud;
using Hearth.Delivery.Install;
using Hearth.Platform;

namespace Hearth.Delivery.Teardown;

/// <summary>Carries out a <see cref="TeardownPlan"/>. Each step finds out for itself what is left to do, so a run that failed is simply repeated.</summary>
/// <param name="platform">Complete and valid.</param>
/// <param name="directory">As for <see cref="InstallRun"/>.</param>
public sealed class TeardownRun(PlatformDeclaration platform, string directory, ITools tools, IDeliveryProgress progress, TimeProvider clock)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(20);

    private readonly AwsCalls _aws = new(tools, platform.Region);
    private readonly string _kubeconfig = Path.Combine(directory, "kubeconfig");

    /// <summary>What still costs money afterwards, one line each.</summary>
    public async Task<IReadOnlyList<string>> RunAsync(IReadOnlyList<Step> steps, CancellationToken cancellation)
    {
        IReadOnlyList<string> left = [];
        for (var i = 0; i < steps.Count; i++)
        {
            progress.Starting(steps[i], i + 1, steps.Count);
            left = await DoAsync(steps[i], cancellation).ConfigureAwait(false);
            progress.Finished(steps[i], skipped: false);
        }

        DeliveryState.Open(Path.Combine(directory, "state.json")).Clear();
        return left;
    }

    private async Task<IReadOnlyList<string>> DoAsync(Step step, CancellationToken cancellation)
    {
        switch (step.Kind, step.Target)
        {
            case (StepKind.Stack, _):
                await _aws.DeleteStackAsync(step.Target, cancellation).ConfigureAwait(false);
                break;
            case (StepKind.Chart, _) when !tools.Has("helm"):
                progress.Line("helm is not here: the chart goes with the cluster");
                break;
            case (StepKind.Chart, _):
                await ToolAsync(ToolCalls.RemoveChart(_kubeconfig, ChartCatalog.All.First(c => c.Addon == step.Target)), step, cancellation).ConfigureAwait(false);
                break;
            case (_, "cancel-jobs"):
                await CancelJobsAsync(cancellation).ConfigureAwait(false);
                break;
            case (_, "delete-endpoints"):
                await DeleteEndpointsAsync(cancellation).ConfigureAwait(false);
                break;
            case (_, "kubeconfig"):
                await _aws.WriteKubeconfigAsync(platform.Name, _kubeconfig, cancellation).ConfigureAwait(false);
                break;
            case (_, "delete-load-balancers"):
                await DeleteLoadBalancersAsync(step, cancellation).ConfigureAwait(false);
                break;
            case (_, "delete-team-volumes"):
                foreach (var team in platform.Teams)
                {
                    await KubectlAsync(step, cancellation, "delete", "persistentvolumeclaims", "--all", "--namespace", team.Namespace, "--ignore-not-found", "--timeout", "10m").ConfigureAwait(false);
                }

                break;
            case (_, "delete-volumes"):
                await KubectlAsync(step, cancellation, "delete", "persistentvolumeclaims", "--all", "--all-namespaces", "--ignore-not-found", "--timeout", "10m").ConfigureAwait(false);
                await UntilAsync("disks of volumes", async () => await DisksAsync(cancellation).ConfigureAwait(false) == 0, cancellation).ConfigureAwait(false);
                break;
            case (_, "delete-node-pools"):
                // The controller still runs: deleting the pools ends their nodes, and the claims are only gone when the instances are.
                await KubectlAsync(step, cancellation, "delete", "nodepools.karpenter.sh", "--all", "--wait", "--timeout", "20m").ConfigureAwait(false);
                await KubectlAsync(step, cancellation, "wait", "nodeclaims.karpenter.sh", "--all", "--for", "delete", "--timeout", "20m").ConfigureAwait(false);
                break;
            case (_, "leftovers"):
                return await new Leftovers(platform, _aws).FindAsync(cancellation).ConfigureAwait(false);
            default:
                throw new InvalidOperationException($"no such action: {step.Target}");
        }

        return [];
    }

    private async Task CancelJobsAsync(CancellationToken cancellation)
    {
        foreach (var cluster in await VirtualClustersAsync(cancellation).ConfigureAwait(false))
        {
            foreach (var job in await RunningJobsAsync(cluster, cancellation).ConfigureAwait(false))
            {
                progress.Line($"cancels job {job}");
                await _aws.CallAsync(cancellation, "emr-containers", "cancel-job-run", "--virtual-cluster-id", cluster, "--id", job).ConfigureAwait(false);
            }

            await UntilAsync($"jobs of virtual cluster {cluster}", async () => (await RunningJobsAsync(cluster, cancellation).ConfigureAwait(false)).Length == 0, cancellation).ConfigureAwait(false);
        }
    }

    private async Task<string[]> RunningJobsAsync(string cluster, CancellationToken cancellation) => Ids(
        await _aws.CallAsync(cancellation, "emr-containers", "list-job-runs", "--virtual-cluster-id", cluster, "--states", "PENDING", "SUBMITTED", "RUNNING", "CANCEL_PENDING").ConfigureAwait(false), "jobRuns");

    /// <summary>Endpoints of stacks are left to their stacks.</summary>
    private async Task DeleteEndpointsAsync(CancellationToken cancellation)
    {
        var own = platform.Studio.Endpoints.Select(e => $"{platform.Studio.Name}-{e.Name}").ToHashSet(StringComparer.Ordinal);
        foreach (var cluster in await VirtualClustersAsync(cancellation).ConfigureAwait(false))
        {
            foreach (var endpoint in await OtherEndpointsAsync(cluster, own, cancellation).ConfigureAwait(false))
            {
                await _aws.CallAsync(cancellation, "emr-containers", "delete-managed-endpoint", "--virtual-cluster-id", cluster, "--id", endpoint).ConfigureAwait(false);
            }

            await UntilAsync($"endpoints of virtual cluster {cluster}", async () => (await OtherEndpointsAsync(cluster, own, cancellation).ConfigureAwait(false)).Length == 0, cancellation).ConfigureAwait(false);
        }
    }

    private async Task<string[]> OtherEndpointsAsync(string cluster, HashSet<string> own, CancellationToken cancellation)
    {
        var list = await _aws.CallAsync(cancellation, "emr-containers", "list-managed-endpoints", "--virtual-cluster-id", cluster, "--states", "CREATING", "ACTIVE", "TERMINATING").ConfigureAwait(false);
        return [.. (list?["endpoints"] as JsonArray ?? []).Where(e => !own.Contains(e?["name"]?.GetValue<string>() ?? "")).Select(e => e!["id"]!.GetValue<string>())];
    }

    private async Task<string[]> VirtualClustersAsync(CancellationToken cancellation) => Ids(
        await _aws.CallAsync(cancellation, "emr-containers", "list-virtual-clusters", "--container-provider-id", platform.Name, "--states", "RUNNING", "ARRESTED").ConfigureAwait(false), "virtualClusters");

    private async Task DeleteLoadBalancersAsync(Step step, CancellationToken cancellation)
    {
        var list = await tools.RunAsync(ToolCalls.Kubectl(_kubeconfig, "get", "services", "--all-namespaces", "--output", "json"), null, cancellation).ConfigureAwait(false);
        foreach (var service in list.Succeeded ? JsonNode.Parse(list.Output)?["items"] as JsonArray ?? [] : [])
        {
            if (service?["spec"]?["type"]?.GetValue<string>() == "LoadBalancer")
            {
                var metadata = service["metadata"]!;
                await KubectlAsync(step, cancellation, "delete", "service", metadata["name"]!.GetValue<string>(), "--namespace", metadata["namespace"]!.GetValue<string>(), "--ignore-not-found", "--timeout", "10m").ConfigureAwait(false);
            }
        }

        foreach (var team in platform.Teams)
        {
            await KubectlAsync(step, cancellation, "delete", "ingresses", "--all", "--namespace", team.Namespace, "--ignore-not-found", "--timeout", "10m").ConfigureAwait(false);
        }
    }

    /// <summary>Volumes whose disk goes with them; those that are retained stay on purpose.</summary>
    private async Task<int> DisksAsync(CancellationToken cancellation)
    {
        var list = await tools.RunAsync(ToolCalls.Kubectl(_kubeconfig, "get", "persistentvolumes", "--output", "json"), null, cancellation).ConfigureAwait(false);
        return list.Succeeded ? (JsonNode.Parse(list.Output)?["items"] as JsonArray ?? []).Count(v => v?["spec"]?["persistentVolumeReclaimPolicy"]?.GetValue<string>() == "Delete" && v["spec"]?["csi"] is not null) : 0;
    }

    private Task KubectlAsync(Step step, CancellationToken cancellation, params string[] arguments) => ToolAsync(ToolCalls.Kubectl(_kubeconfig, arguments), step, cancellation);

    private async Task ToolAsync(ToolCall call, Step step, CancellationToken cancellation)
    {
        var result = await tools.RunAsync(call, progress.Line, cancellation).ConfigureAwait(false);
        // A kind that the cluster does not know, or an empty list to wait for, is as good as gone.
        if (!result.Succeeded && !result.Error.Contains("doesn't have a resource type", StringComparison.Ordinal) && !result.Error.Contains("no matching resources found", StringComparison.Ordinal))
        {
            throw new DeliveryException($"{step.Title}: {call} ended with exit code {result.ExitCode}\n{result.Error.Trim()}", "Put this right and run hearth destroy again; what is gone is skipped.");
        }
    }

    private async Task UntilAsync(string what, Func<Task<bool>> gone, CancellationToken cancellation)
    {
        var started = clock.GetTimestamp();
        while (!await gone().ConfigureAwait(false))
        {
            if (clock.GetElapsedTime(started) > Deadline)
            {
                throw new DeliveryException($"{what} did not end in {Deadline.TotalMinutes:0} minutes", "Look at them with aws emr-containers, then run hearth destroy again.");
            }

            progress.Line($"waits for {what}");
            await Task.Delay(Pause, clock, cancellation).ConfigureAwait(false);
        }
    }

    private static string[] Ids(JsonNode? list, string member) => [.. (list?[member] as JsonArray ?? []).Select(i => i!["id"]!.GetValue<string>())];
}
