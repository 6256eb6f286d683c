using System.Globalization;
using System.Threading.Channels;
using Hearth.Cli.CommandLine;
using Hearth.Jobs.Emr;
using Hearth.Jobs.Model;
using Hearth.Jobs.Resources;
using Hearth.Kube.Client;
using Hearth.Kube.Core;
using Hearth.Kube.Informers;

namespace Hearth.Cli.Commands.Job;

/// <summary>
/// Tells what happens to a job run, its pods and the nodes under them, one line a change, until it has ended. A node belongs to the story when it
/// appears while a pod of the job waits for one, or when a pod of the job is on it.
/// </summary>
internal sealed class JobFollower(IKubeClient client, string ns, string jobId, Action<string> say)
{
    private readonly Channel<string> _changes = Channel.CreateUnbounded<string>();
    private readonly Dictionary<string, string> _said = new(StringComparer.Ordinal);
    private readonly HashSet<string> _nodes = new(StringComparer.Ordinal);
    private readonly HashSet<string> _waiting = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private readonly TaskCompletionSource<JobRun> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Names of the nodes that appeared for the job or that its pods were on.</summary>
    public IReadOnlyCollection<string> Nodes => _nodes;

    /// <summary>Follows to the end; returns the job run's last state.</summary>
    /// <exception cref="CliException">The job run was deleted before it ended.</exception>
    public async Task<JobRun> RunAsync(CancellationToken ct)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var runs = new Informer<JobRun>(client, ns);
        var pods = new Informer<Pod>(client, ns, $"{EmrNames.JobIdLabel}={jobId}");
        var nodes = new Informer<Node>(client);
        runs.Changed += OnRun;
        pods.Changed += OnPod;
        Task[] informers = [nodes.RunAsync(ending.Token)];
        try
        {
            await nodes.Synced.WaitAsync(ct).ConfigureAwait(false);
            nodes.Changed += OnNode;
            informers = [.. informers, pods.RunAsync(ending.Token)];
            await pods.Synced.WaitAsync(ct).ConfigureAwait(false);
            informers = [.. informers, runs.RunAsync(ending.Token)];
            var printing = PrintAsync(ending.Token);
            var run = await _done.Task.WaitAsync(ct).ConfigureAwait(false);
            _changes.Writer.TryComplete();
            await printing.ConfigureAwait(false);
            return run;
        }
        finally
        {
            await ending.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(informers).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task PrintAsync(CancellationToken ct)
    {
        await foreach (var line in _changes.Reader.ReadAllAsync(ct).ConfigureAwait(false))
        {
            say(line);
        }
    }

    private void OnRun(WatchEventType type, JobRun run)
    {
        if (run.Id != jobId)
        {
            return;
        }

        Tell("job", $"job   {JobText.State(run.State)}{(run.Status?.StateDetails is { Length: > 0 } details ? $"  {details}" : "")}");
        if (run.Status?.Progress is { } progress)
        {
            Tell("progress", $"job   {progress.Phase}{Rows(progress)}{(progress.Message is { Length: > 0 } m ? $"  {m}" : "")}");
        }

        lock (_lock)
        {
            _nodes.UnionWith(run.Status?.Nodes ?? []);
        }

        if (run.State.IsTerminal())
        {
            _done.TrySetResult(run);
        }
        else if (type == WatchEventType.Deleted)
        {
            _done.TrySetException(new CliException($"job run {jobId} was deleted before it ended"));
        }
    }

    private void OnPod(WatchEventType type, Pod pod)
    {
        var name = pod.Metadata.Name!;
        lock (_lock)
        {
            if (pod.Spec?.NodeName is { } node)
            {
                _nodes.Add(node);
            }

            _ = type != WatchEventType.Deleted && pod.Spec?.NodeName is null ? _waiting.Add(name) : _waiting.Remove(name);
        }

        var scheduled = pod.Status?.Conditions?.FirstOrDefault(c => c.Type == "PodScheduled" && c.Status == "False");
        var state = type == WatchEventType.Deleted ? "deleted" : pod.Status?.Phase ?? "Pending";
        var where = pod.Spec?.NodeName is { } on ? $"  on {on}" : scheduled is null ? "" : "  waits for a node";
        Tell("pod/" + name, $"pod   {name}  {state}{(type == WatchEventType.Deleted ? "" : where)}");
    }

    private void OnNode(WatchEventType type, Node node)
    {
        var name = node.Metadata.Name!;
        lock (_lock)
        {
            if (type == WatchEventType.Added && _waiting.Count > 0)
            {
                _nodes.Add(name);
            }

            if (!_nodes.Contains(name))
            {
                return;
            }
        }

        if (type == WatchEventType.Deleted)
        {
            Tell("node/" + name, $"node  {name}  removed");
            return;
        }

        var simulated = node.Metadata.Label("hearth.dev/simulated") == "true" ? " (simulated)" : "";
        var ready = node.Status?.Conditions?.Any(c => c.Type == "Ready" && c.Status == "True") == true;
        Tell("node/" + name, $"node  {name}  {node.Metadata.Label("node.kubernetes.io/instance-type")} {node.Metadata.Label("karpenter.sh/capacity-type")} "
            + $"{node.Metadata.Label("topology.kubernetes.io/zone")}{simulated}  {(ready ? "ready" : "joining")}");
    }

    private void Tell(string about, string line)
    {
        lock (_lock)
        {
            if (_said.GetValueOrDefault(about) == line)
            {
                return;
            }

            _said[about] = line;
        }

        _changes.Writer.TryWrite(line);
    }

    private static string Rows(ProgressStatus progress) =>
        progress.RowsWritten is > 0 ? string.Create(CultureInfo.InvariantCulture, $"  {progress.RowsWritten:N0} rows written") : "";
}
