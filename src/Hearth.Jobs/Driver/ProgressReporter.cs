using System.Text.Json;
using System.Text.Json.Nodes;
using Hearth.Jobs.Model;
using Hearth.Jobs.Resources;
using Hearth.Kube.Client;
using Hearth.Kube.Core;
using Hearth.Kube.Objects;

namespace Hearth.Jobs.Driver;

/// <summary>Keeps the progress annotation of the driver's own pod current: each change once, at most a few times a second, the last one for certain.</summary>
public sealed class ProgressReporter : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);
    private readonly IKubeClient? _client;
    private readonly ObjectRef _pod;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _wake = new(0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private readonly Task _working;
    private ProgressStatus _progress = new();
    private ProgressStatus? _written;

    /// <summary>A reporter for a pod; without a client it reports nothing.</summary>
    public ProgressReporter(IKubeClient? client, string ns, string pod, TimeProvider time)
    {
        _client = client;
        _pod = new ObjectRef(Pod.Type, ns, pod);
        _time = time;
        _working = client is null ? Task.CompletedTask : WorkAsync(_stop.Token);
    }

    /// <summary>Changes what is reported.</summary>
    public void Update(Func<ProgressStatus, ProgressStatus> change)
    {
        lock (_lock)
        {
            _progress = change(_progress);
        }

        _wake.Release();
    }

    /// <summary>Writes the last state.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _working.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(3), _time);
        await WriteAsync(patience.Token).ConfigureAwait(false);
        _stop.Dispose();
        _wake.Dispose();
    }

    private async Task WorkAsync(CancellationToken ct)
    {
        while (true)
        {
            await _wake.WaitAsync(ct).ConfigureAwait(false);
            await WriteAsync(ct).ConfigureAwait(false);
            await Task.Delay(Pause, _time, ct).ConfigureAwait(false);
        }
    }

    private async Task WriteAsync(CancellationToken ct)
    {
        ProgressStatus now;
        lock (_lock)
        {
            now = _progress;
        }

        if (_client is null || now == _written)
        {
            return;
        }

        var text = JsonSerializer.Serialize(now, JobsJson.Default.ProgressStatus);
        var patch = new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [EmrGroup.ProgressAnnotation] = text } } };
        try
        {
            await _client.PatchAsync(_pod, KubePatch.Merge(patch), ct).ConfigureAwait(false);
            _written = now;
        }
        catch (Exception e) when (e is KubeException or HttpRequestException or IOException or OperationCanceledException)
        {
            // Progress is a courtesy.
        }
    }
}
