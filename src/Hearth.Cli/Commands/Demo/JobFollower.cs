using System.Globalization;
using System.Threading.Channels;
using Hearth.Jobs.Model;
using Hearth.Jobs.Resources;
using Hearth.Kube.Client;
using Hearth.Kube.Core;
using Hearth.Kube.Informers;

namespace Hearth.Cli.Commands.Demo;

/// <summary>Tells what happens to a job run, its pods and the nodes under them, one line a change, until it has ended.</summary>
internal sealed class JobFollower(IKubeClient client, string ns, string jobId, Action<string> say)
{
    private readonly Channel<string> _changes = Channel.CreateUnbounded<string>();
    private readonly Dictionary<string, string> _said = new(StringComparer.Ordinal);
    private readonly HashSet<string> _nodes = new(StringComparer.Ordinal);
    private JobRun? _run;

    /// <summary>Names of the nodes that appeared or that pods of the job were on.</summary>
    public IReadOnlyCollection<string> Nodes => _nodes;

    /// <summary>Follows to the end; returns the job run's last state.</summary>
    public async Task<JobRun> RunAsync(CancellationToken ct)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var runs = new Informer<JobRun>(client, ns);
        var pods = new Informer<Pod>(client, ns);
        var nodes = new Informer<Node>(client);
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        runs.Changed += (_, run) => OnRun(run, done);
        pods.Changed += (type, pod) => OnPod(type, pod);
        Task[] informers = [nodes.RunAsync(ending.Token)];
        await nodes.Synced.WaitAsync(ct).ConfigureAwait(false);
        nodes.Changed += (type, node) => OnNode(type, node);
        informers = [.. informers, runs.RunAsync(ending.Token), pods.RunAsync(ending.Token)];
        var printing = PrintAsync(ending.Token);
        await done.Task.WaitAsync(ct).ConfigureAwait(false);
        _changes.Writer.TryComplete();
        await printing.ConfigureAwait(false);
        await ending.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(informers).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return _run!;
    }

    private async Task PrintAsync(CancellationToken ct)
    {
        await foreach (var line in _changes.Reader.ReadAllAsync(ct).ConfigureAwait(false))
        {
            say(line);
        }
    }

    private void OnRun(JobRun run, TaskCompletionSource done)
    {
        if (run.Id != jobId)
        {
            return;
        }

        _run = run;
        Tell("job", $"job   {Name(run.State)}{(run.Status?.StateDetails is { Length: > 0 } details ? $"  {details}" : "")}");
        if (run.Status?.Progress is { } progress)
        {
            Tell("progress", $"job   {progress.Phase}{Rows(progress)}{(progress.Message is { Length: > 0 } m ? $"  {m}" : "")}");
        }

        foreach (var node in run.Status?.Nodes ?? [])
        {
            _nodes.Add(node);
        }

        if (run.State.IsTerminal())
        {
            done.TrySetResult();
        }
    }

    private void OnPod(WatchEventType type, Pod pod)
    {
        var name = pod.Metadata.Name!;
        if (pod.Spec?.NodeName is { } node)
        {
            _nodes.Add(node);
        }

        var scheduled = pod.Status?.Conditions?.FirstOrDefault(c => c.Type == "PodScheduled" && c.Status == "False");
        var state = type == WatchEventType.Deleted ? "deleted" : pod.Status?.Phase ?? "Pending";
        var where = pod.Spec?.NodeName is { } on ? $"  on {on}" : scheduled is null ? "" : "  waits for a node";
        Tell("pod/" + name, $"pod   {name}  {state}{(type == WatchEventType.Deleted ? "" : where)}");
    }

    private void OnNode(WatchEventType type, Node node)
    {
        var name = node.Metadata.Name!;
        if (type == WatchEventType.Deleted)
        {
            Tell("node/" + name, $"node  {name}  removed");
            return;
        }

        _nodes.Add(name);
        var ready = node.Status?.Conditions?.Any(c => c.Type == "Ready" && c.Status == "True") == true;
        Tell("node/" + name, $"node  {name}  {node.Metadata.Label("node.kubernetes.io/instance-type")} {node.Metadata.Label("karpenter.sh/capacity-type")} "
            + $"{node.Metadata.Label("topology.kubernetes.io/zone")} (simulated)  {(ready ? "ready" : "joining")}");
    }

    private void Tell(string about, string line)
    {
        lock (_said)
        {
            if (_said.GetValueOrDefault(about) == line)
            {
                return;
            }

            _said[about] = line;
        }

        _changes.Writer.TryWrite(line);
    }

    private static string Name(JobRunState state) => state switch
    {
        JobRunState.CancelPending => "CANCEL_PENDING",
        _ => state.ToString().ToUpperInvariant(),
    };

    private static string Rows(ProgressStatus progress) =>
        progress.RowsWritten is > 0 ? string.Create(CultureInfo.InvariantCulture, $"  {progress.RowsWritten:N0} rows written") : "";
}
