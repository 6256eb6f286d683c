using Hearth.Cluster.Nodes.Containers;
using Hearth.Cluster.Nodes.Volumes;
using Hearth.Kube.Client;
using Hearth.Kube.Core;
using Hearth.Kube.Events;
using Hearth.Kube.Objects;

namespace Hearth.Cluster.Nodes.Pods;

/// <summary>Runs one pod from its volumes to its last container and reports its status.</summary>
internal sealed class PodWorker
{
    private static readonly TimeSpan FirstMountRetry = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LastMountRetry = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ReportRetry = TimeSpan.FromMilliseconds(250);

    private readonly NodeServices _services;
    private readonly PodContext _context;
    private readonly string? _hostAddress;
    private readonly IReadOnlyList<ContainerRunner> _init;
    private readonly IReadOnlyList<ContainerRunner> _containers;
    private readonly CancellationTokenSource _stopping = new();
    private readonly SemaphoreSlim _changed = new(0);
    private PodStatus? _reported;
    private int _stops;

    public PodWorker(NodeServices services, Pod pod, string? hostAddress, EventRecorder events)
    {
        _services = services;
        _hostAddress = hostAddress;
        Address = pod.Status?.PodIP ?? services.Addresses.Take();
        services.Addresses.Keep(Address);

        // Its containers may ask for its addresses before any status has been reported.
        pod = pod with { Status = (pod.Status ?? new PodStatus()) with { PodIP = Address, HostIP = hostAddress } };
        _context = new PodContext(services, pod, events, () => _changed.Release());
        _init = [.. (pod.Spec?.InitContainers ?? []).Select(c => new ContainerRunner(_context, c, init: true))];
        _containers = [.. (pod.Spec?.Containers ?? []).Select(c => new ContainerRunner(_context, c, init: false))];
        Completed = Task.Run(RunAsync, CancellationToken.None);
    }

    public Pod Pod => _context.Pod;

    public string Address { get; }

    /// <summary>Completes when every container has ended for good and the last status is written (or the pod is gone).</summary>
    public Task Completed { get; }

    /// <summary>The running log of a container, or null.</summary>
    public ContainerLog? LiveLog(string container) => Find(container)?.LiveLog;

    /// <summary>The run of a container that is going on, or null.</summary>
    public ContainerProcess? Running(string container) => Find(container)?.Running;

    /// <summary>Ends the pod's containers; a later call with a shorter grace hastens an earlier one.</summary>
    public async Task StopAsync(TimeSpan grace)
    {
        if (Interlocked.Increment(ref _stops) > 1 && grace > TimeSpan.Zero)
        {
            await Completed.ConfigureAwait(false);
            return;
        }

        await _stopping.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(_init.Concat(_containers).Select(c => c.StopAsync(grace))).ConfigureAwait(false);
        await Completed.ConfigureAwait(false);
    }

    private ContainerRunner? Find(string container) =>
        _containers.FirstOrDefault(c => c.Status.Name == container) ?? _init.FirstOrDefault(c => c.Status.Name == container);

    private async Task RunAsync()
    {
        using var reporting = new CancellationTokenSource();
        var reports = ReportLoopAsync(reporting.Token);
        try
        {
            _context.Changed();
            if (await MountAsync().ConfigureAwait(false) && await InitializeAsync().ConfigureAwait(false))
            {
                await Task.WhenAll(_containers.Where(c => c.Status.State?.Terminated is null).Select(c => c.RunAsync(_stopping.Token))).ConfigureAwait(false);
            }
        }
        finally
        {
            await reporting.CancelAsync().ConfigureAwait(false);
            await reports.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await FinalReportAsync().ConfigureAwait(false);
            _services.Addresses.Release(Address);
        }
    }

    private async Task<bool> MountAsync()
    {
        var delay = FirstMountRetry;
        var mounter = new VolumeMounter(_services.Client, _services.Options);
        string? said = null;
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                _context.Volumes = await mounter.MountAsync(Pod, _stopping.Token).ConfigureAwait(false);
                return true;
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                return false;
            }
            catch (Exception e) when (e is VolumeException or KubeException or IOException)
            {
                // A claim or ConfigMap that arrives a moment later is ordinary (Spark makes them after the pod): say it when it lasts.
                if (delay > TimeSpan.FromSeconds(1) && said != e.Message)
                {
                    said = e.Message;
                    await _context.EventAsync(new EventText("FailedMount", $"MountVolume.SetUp failed: {e.Message}", Warning: true)).ConfigureAwait(false);
                }

                await Task.Delay(delay, _services.Time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                delay = delay * 2 < LastMountRetry ? delay * 2 : LastMountRetry;
            }
        }

        return false;
    }

    private async Task<bool> InitializeAsync()
    {
        foreach (var container in _init.Where(c => c.Status.State?.Terminated is not { ExitCode: 0 }))
        {
            if (await container.RunAsync(_stopping.Token).ConfigureAwait(false) is not 0)
            {
                return false;
            }
        }

        return !_stopping.IsCancellationRequested;
    }

    private async Task ReportLoopAsync(CancellationToken ct)
    {
        while (true)
        {
            await _changed.WaitAsync(ct).ConfigureAwait(false);
            while (_changed.Wait(0, CancellationToken.None))
            {
                // One report covers all changes so far.
            }

            if (!await ReportAsync().ConfigureAwait(false))
            {
                await Task.Delay(ReportRetry, _services.Time, ct).ConfigureAwait(false);
                _context.Changed();
            }
        }
    }

    private async Task FinalReportAsync()
    {
        for (var attempt = 0; attempt < 20 && !await ReportAsync().ConfigureAwait(false); attempt++)
        {
            await Task.Delay(ReportRetry, _services.Time, CancellationToken.None).ConfigureAwait(false);
        }
    }

    /// <summary>Writes the status; false when it must be tried again.</summary>
    private async Task<bool> ReportAsync()
    {
        var known = _reported is null ? Pod : Pod with { Status = _reported };
        var status = PodStatusBuilder.Build(known, [.. _init.Select(c => c.Status)], [.. _containers.Select(c => c.Status)], Address, _hostAddress, _services.Time.GetUtcNow());
        try
        {
            await _services.Client.PatchAsync(Pod.Ref(), KubePatch.Status(PodStatusBuilder.Patch(status)), CancellationToken.None).ConfigureAwait(false);
            _reported = status;
            return true;
        }
        catch (KubeException e) when (e.IsNotFound)
        {
            return true;
        }
        catch (Exception e) when (e is KubeException or HttpRequestException or IOException)
        {
            return false;
        }
    }
}
