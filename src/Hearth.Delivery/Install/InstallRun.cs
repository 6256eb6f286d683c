using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hearth.Delivery.Charts;
using Hearth.Delivery.Cloud;
using Hearth.Delivery.Manifests;
using Hearth.Platform;

namespace Hearth.Delivery.Install;

/// <summary>Carries out an <see cref="InstallPlan"/>. Stops at the first step that fails; running it again goes on there.</summary>
/// <param name="platform">Complete and valid.</param>
/// <param name="directory">Holds the cloud assembly (<c>assembly/</c>), rendered objects, the kubeconfig and the state.</param>
/// <param name="tools">How AWS, Kubernetes and Helm are reached.</param>
/// <param name="progress">Told what happens.</param>
/// <param name="clock">Measures pauses; the system's when left out.</param>
public sealed class InstallRun(PlatformDeclaration platform, string directory, ITools tools, IDeliveryProgress progress, TimeProvider? clock = null)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    private readonly TimeProvider _clock = clock ?? TimeProvider.System;
    private const string VerifyStep = "verify";

    private readonly AwsCalls _aws = new(tools, platform.Region);
    private readonly Dictionary<string, string> _outputs = new(StringComparer.Ordinal);

    /// <summary>The kubeconfig that in-cluster steps use; the user's own is left alone.</summary>
    public string Kubeconfig => Path.Combine(directory, "kubeconfig");

    /// <summary>Outputs of the stacks that have been deployed, by name; complete after <see cref="RunAsync"/>.</summary>
    public IReadOnlyDictionary<string, string> Outputs => _outputs;

    private string Assembly => Path.Combine(directory, "assembly");

    public async Task RunAsync(IReadOnlyList<Step> steps, CancellationToken cancellation)
    {
        var state = DeliveryState.Open(Path.Combine(directory, "state.json"));
        for (var i = 0; i < steps.Count; i++)
        {
            var step = steps[i];
            progress.Starting(step, i + 1, steps.Count);
            var content = Content(step);
            var skip = step.Kind != StepKind.Action && state.IsDone(step.Id, content);
            if (step.Target == VerifyStep)
            {
                await new Verification(platform, _aws, tools, Kubeconfig).CheckAsync(steps, progress.Line, cancellation).ConfigureAwait(false);
            }
            else if (!skip)
            {
                await DoAsync(step, cancellation).ConfigureAwait(false);
                state.Done(step.Id, Content(step));
            }

            await LearnAsync(step, cancellation).ConfigureAwait(false);
            progress.Finished(step, skip);
        }
    }

    private async Task DoAsync(Step step, CancellationToken cancellation)
    {
        switch (step.Kind)
        {
            case StepKind.Stack:
                await SettleAsync(step.Target, cancellation).ConfigureAwait(false);
                await ToolAsync(ToolCalls.DeployStack(Assembly, step.Target), step, cancellation).ConfigureAwait(false);
                break;
            case StepKind.Manifest:
                await ToolAsync(ToolCalls.Apply(Kubeconfig, File(step.Target).Text), step, cancellation).ConfigureAwait(false);
                break;
            case StepKind.Chart:
                await InstallChartAsync(step, cancellation).ConfigureAwait(false);
                break;
            default:
                await ActAsync(step, cancellation).ConfigureAwait(false);
                break;
        }
    }

    private async Task InstallChartAsync(Step step, CancellationToken cancellation)
    {
        var chart = ChartCatalog.All.First(c => c.Addon == step.Target);
        var values = Path.Combine(directory, "values", $"{chart.Addon}.yaml");
        Directory.CreateDirectory(Path.GetDirectoryName(values)!);
        await System.IO.File.WriteAllTextAsync(values, File($"values/{chart.Addon}.yaml").Text, cancellation).ConfigureAwait(false);
        await UnstickAsync(chart, step, cancellation).ConfigureAwait(false);
        await ToolAsync(ToolCalls.InstallChart(Kubeconfig, chart, chart.Version(platform), values), step, cancellation).ConfigureAwait(false);
    }

    /// <summary>CloudFormation ends what an interrupted run had begun; a stack takes nothing new before that.</summary>
    private async Task SettleAsync(string stack, CancellationToken cancellation)
    {
        while (await _aws.StackStatusAsync(stack, cancellation).ConfigureAwait(false) is { } status && status.EndsWith("_IN_PROGRESS", StringComparison.Ordinal) && status != "REVIEW_IN_PROGRESS")
        {
            progress.Line($"{stack} is {status} from an earlier run: waiting");
            await Task.Delay(Pause, _clock, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Helm refuses a release that a killed run left half done: a first installation is taken away, an update taken back.</summary>
    private async Task UnstickAsync(Chart chart, Step step, CancellationToken cancellation)
    {
        var status = await tools.RunAsync(ToolCalls.ChartStatus(Kubeconfig, chart), null, cancellation).ConfigureAwait(false);
        var broken = status.Succeeded ? Pending(status.Output) : null;
        if (broken is not null)
        {
            progress.Line($"{chart.Release} is {broken} from an earlier run: taken back");
            var call = broken == "pending-install" ? ToolCalls.RemoveChart(Kubeconfig, chart) : ToolCalls.RollBackChart(Kubeconfig, chart);
            await ToolAsync(call, step, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>The state of a release that was broken off, as <c>pending-install</c>, or null.</summary>
    private static string? Pending(string status)
    {
        try
        {
            return JsonNode.Parse(status)?["info"]?["status"]?.GetValue<string>() is { } state && state.StartsWith("pending-", StringComparison.Ordinal) ? state : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private async Task ActAsync(Step step, CancellationToken cancellation)
    {
        switch (step.Target)
        {
            case "service-linked-role":
                if (await _aws.FindAsync(cancellation, "iam", "get-role", "--role-name", "AWSServiceRoleForAmazonEMRContainers").ConfigureAwait(false) is null)
                {
                    await _aws.EnsureAsync(cancellation, "iam", "create-service-linked-role", "--aws-service-name", "emr-containers.amazonaws.com").ConfigureAwait(false);
                }

                break;
            case "kubeconfig":
                await _aws.WriteKubeconfigAsync(platform.Name, Kubeconfig, cancellation).ConfigureAwait(false);
                break;
            case "grafana-secret":
                await MakeGrafanaSecretAsync(step, cancellation).ConfigureAwait(false);
                break;
            default:
                throw new InvalidOperationException($"no such action: {step.Target}");
        }
    }

    /// <summary>A password is made once, goes straight to the cluster and is never printed or written to a file.</summary>
    private async Task MakeGrafanaSecretAsync(Step step, CancellationToken cancellation)
    {
        const string ns = "kube-prometheus-stack";
        await ToolAsync(ToolCalls.Apply(Kubeconfig, Rendering.Documents([Objects.Namespace(ns)])), step, cancellation).ConfigureAwait(false);
        var there = await tools.RunAsync(ToolCalls.Kubectl(Kubeconfig, "get", "secret", "grafana-admin", "--namespace", ns, "--output", "name"), null, cancellation).ConfigureAwait(false);
        if (!there.Succeeded)
        {
            var secret = Objects.Secret(ns, "grafana-admin", ("admin-user", "admin"), ("admin-password", RandomNumberGenerator.GetString("abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789", 32)));
            await ToolAsync(ToolCalls.Apply(Kubeconfig, Rendering.Documents([secret])), step, cancellation).ConfigureAwait(false);
        }
    }

    private async Task LearnAsync(Step step, CancellationToken cancellation)
    {
        if (step.Kind == StepKind.Stack)
        {
            foreach (var (name, value) in await _aws.OutputsAsync(step.Target, cancellation).ConfigureAwait(false))
            {
                _outputs[name] = value;
            }
        }
    }

    private async Task ToolAsync(ToolCall call, Step step, CancellationToken cancellation)
    {
        var result = await tools.RunAsync(call, progress.Line, cancellation).ConfigureAwait(false);
        if (!result.Succeeded)
        {
            throw new DeliveryException(
                $"{step.Title}: {call} ended with exit code {result.ExitCode}\n{Tail(result.Error.Length > 0 ? result.Error : result.Output)}",
                "What is done stays done: put this right and run hearth deploy again, it goes on here.");
        }
    }

    private RenderedFile File(string path) => Rendering.Of(platform, StackOutputs.Of(_outputs)).First(f => f.Path == path);

    /// <summary>What a step would do, as a mark: when it is the same as last time there is nothing to do.</summary>
    private string Content(Step step)
    {
        var text = step.Kind switch
        {
            StepKind.Stack => System.IO.File.ReadAllText(Path.Combine(Assembly, $"{step.Target}.template.json")),
            StepKind.Manifest => File(step.Target).Text,
            StepKind.Chart => $"{ChartCatalog.All.First(c => c.Addon == step.Target).Version(platform)}\n{File($"values/{step.Target}.yaml").Text}",
            _ => step.Target,
        };
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }

    private static string Tail(string text)
    {
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return string.Join('\n', lines.TakeLast(15));
    }
}
