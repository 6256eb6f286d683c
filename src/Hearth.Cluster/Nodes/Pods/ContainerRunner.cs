using System.ComponentModel;
using System.Globalization;
using Hearth.Cluster.Nodes.Containers;
using Hearth.Cluster.Nodes.Images;
using Hearth.Cluster.Nodes.Sandbox;
using Hearth.Cluster.Nodes.Volumes;
using Hearth.Kube.Core;
using Hearth.Kube.Events;
using Container = Hearth.Kube.Core.Container;

namespace Hearth.Cluster.Nodes.Pods;

/// <summary>Runs one container of a pod, again and again as its restart policy wants, and keeps its status.</summary>
internal sealed class ContainerRunner(PodContext context, Container container, bool init)
{
    private readonly Lock _lock = new();
    private ContainerProcess? _process;
    private TerminationMessage? _message;
    private TimeSpan? _stopGrace;

    public ContainerStatus Status { get; private set; } = Initial(context, container, init);

    /// <summary>The log of the run that is going on, or null.</summary>
    public ContainerLog? LiveLog
    {
        get
        {
            lock (_lock)
            {
                return _process is { } p && !p.Log.IsComplete ? p.Log : null;
            }
        }
    }

    /// <summary>The run that is going on, or null.</summary>
    public ContainerProcess? Running
    {
        get
        {
            lock (_lock)
            {
                return _process is { Exited.IsCompleted: false } p ? p : null;
            }
        }
    }

    private string LogPath => context.Options.LogPath(context.Pod, container.Name!, Status.RestartCount ?? 0);

    /// <summary>Runs until the container has ended for good or is stopped. Returns the last exit code, or null when it never ran.</summary>
    public async Task<int?> RunAsync(CancellationToken stopping)
    {
        if (context.Images.Resolve(container.Image ?? "") is not { } bundle)
        {
            await RefuseImageAsync(stopping).ConfigureAwait(false);
            return null;
        }

        await context.EventAsync(Text("Pulled", $"Container image \"{container.Image}\" already present on machine")).ConfigureAwait(false);
        var failuresInRow = 0;
        while (true)
        {
            var started = context.Time.GetTimestamp();
            var code = await RunOnceAsync(bundle, stopping).ConfigureAwait(false);
            if (code is null && !stopping.IsCancellationRequested)
            {
                // What is missing may come (a ConfigMap that its owner writes after the pod): look again soon, as the kubelet does.
                await Task.Delay(PodContext.ConfigRetry, context.Time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                continue;
            }

            if (stopping.IsCancellationRequested || code is null || !RestartDecision.Restarts(context.Pod.Spec?.RestartPolicy, code.Value, init))
            {
                return code;
            }

            failuresInRow = context.Time.GetElapsedTime(started) > RestartDecision.ResetAfter ? 1 : failuresInRow + 1;
            await BackOffAsync(RestartDecision.BackOff(failuresInRow), stopping).ConfigureAwait(false);
            if (stopping.IsCancellationRequested)
            {
                return code;
            }
        }
    }

    /// <summary>Ends the container: TERM, then KILL after the grace. A second call may only shorten the grace.</summary>
    public async Task StopAsync(TimeSpan grace)
    {
        ContainerProcess? process;
        lock (_lock)
        {
            _stopGrace = grace;
            process = _process;
        }

        if (process is not null && !process.Exited.IsCompleted)
        {
            await context.EventAsync(Text("Killing", $"Stopping container {container.Name}")).ConfigureAwait(false);
            await process.StopAsync(grace, context.Time).ConfigureAwait(false);
        }
    }

    private static ContainerStatus Initial(PodContext context, Container container, bool init)
    {
        var known = (init ? context.Pod.Status?.InitContainerStatuses : context.Pod.Status?.ContainerStatuses)?.FirstOrDefault(s => s.Name == container.Name);
        if (known?.State?.Terminated is not null)
        {
            return known;
        }

        var hasInit = context.Pod.Spec?.InitContainers is { Count: > 0 };
        var waiting = new ContainerState { Waiting = new() { Reason = hasInit ? "PodInitializing" : "ContainerCreating" } };
        if (known?.State?.Running is not { } lost)
        {
            return new ContainerStatus { Name = container.Name, Image = container.Image, ImageID = "", State = waiting, Ready = false, Started = false, RestartCount = known?.RestartCount ?? 0, LastState = known?.LastState };
        }

        // The process went with the previous run of the platform: it counts as killed.
        var gone = new ContainerStateTerminated
        {
            ExitCode = 137, Reason = "ContainerStatusUnknown", Message = "The container could not be located when the platform was started again",
            StartedAt = lost.StartedAt, FinishedAt = context.Time.GetUtcNow(), ContainerID = known.ContainerID,
        };
        var restarts = RestartDecision.Restarts(context.Pod.Spec?.RestartPolicy, 137, init);
        return known with
        {
            State = restarts ? waiting : new() { Terminated = gone },
            LastState = restarts ? new() { Terminated = gone } : known.LastState,
            RestartCount = (known.RestartCount ?? 0) + (restarts ? 1 : 0), Ready = false, Started = false,
        };
    }

    private async Task<int?> RunOnceAsync(RuntimeBundle bundle, CancellationToken stopping)
    {
        ContainerProcess process;
        var id = $"hearth://{context.Pod.Metadata.Uid}/{container.Name}/{Status.RestartCount}";
        try
        {
            process = await StartAsync(bundle, stopping).ConfigureAwait(false);
        }
        catch (Exception e) when (e is ContainerConfigException or VolumeException or Win32Exception or IOException or UnauthorizedAccessException)
        {
            await FailToStartAsync(e).ConfigureAwait(false);
            return null;
        }

        await using (process.ConfigureAwait(false))
        {
            var startedAt = context.Time.GetUtcNow();
            Set(Status with
            {
                State = new() { Running = new() { StartedAt = startedAt } }, Ready = !init, Started = true,
                ImageID = bundle.Name, ContainerID = id,
            });
            await context.EventAsync(Text("Created", $"Created container: {container.Name}")).ConfigureAwait(false);
            await context.EventAsync(Text("Started", $"Started container {container.Name}")).ConfigureAwait(false);
            if (_stopGrace is { } grace)
            {
                await process.StopAsync(grace, context.Time).ConfigureAwait(false);
            }

            var exit = await process.Exited.ConfigureAwait(false);
            var message = _message is null ? null : await _message.ReadAsync(exit.ExitCode != 0, LogPath, context.Time).ConfigureAwait(false);
            Set(Status with
            {
                State = new()
                {
                    Terminated = new()
                    {
                        ExitCode = exit.ExitCode, Reason = exit.OutOfMemory ? "OOMKilled" : exit.ExitCode == 0 ? "Completed" : "Error", Message = message,
                        StartedAt = startedAt, FinishedAt = context.Time.GetUtcNow(), ContainerID = id,
                    },
                },
                Ready = init && exit.ExitCode == 0, Started = false,
            });
            return exit.ExitCode;
        }
    }

    private async Task<ContainerProcess> StartAsync(RuntimeBundle bundle, CancellationToken ct)
    {
        var lookup = await context.LookupAsync(container, ct).ConfigureAwait(false);
        var basis = context.BaseEnvironment(bundle);
        var environment = ContainerEnvironment.Build(context.Pod, container, basis, lookup);
        var arguments = Arguments(bundle).Select(a => ContainerEnvironment.Expand(a, environment)).ToArray();
        if (arguments.Length == 0)
        {
            throw new ContainerConfigException($"no command specified: image \"{container.Image}\" has no entry point here, set the container's command");
        }

        var mounts = new List<HostMount>(bundle.Mounts);
        mounts.AddRange(context.Options.PodMounts(context.Pod));
        mounts.AddRange(VolumeMounter.Mounts(context.Pod, container, context.Volumes, environment));
        var directory = container.WorkingDir ?? bundle.WorkingDirectory;
        if (directory != "/" && !mounts.Any(m => directory.StartsWith(m.Target, StringComparison.Ordinal)) && !Directory.Exists(directory))
        {
            mounts.Add(new HostMount(context.WorkingDirectory(container.Name!), directory, Writable: true));
        }

        _message = TerminationMessage.Create(context, container, Status.RestartCount ?? 0);
        if (_message.Mount(mounts) is { } file)
        {
            mounts.Add(file);
        }

        var user = context.Pod.Spec?.SecurityContext?.RunAsUser ?? bundle.User;
        var command = new ContainerCommand(arguments, environment, directory, mounts, context.Hostname, user, context.Pod.Spec?.SecurityContext?.RunAsGroup ?? 1000);
        var log = new ContainerLog(LogPath, context.Time);
        var process = await ContainerProcess.StartAsync(context.Starter, context.Sandbox, command, log, Limits()).ConfigureAwait(false);
        lock (_lock)
        {
            _process = process;
        }

        return process;
    }

    private Cgroups.IContainerLimits? Limits()
    {
        var limits = container.Resources?.Limits;
        long? memory = limits?.TryGetValue("memory", out var m) == true ? m.Value : null;
        long? cpu = limits?.TryGetValue("cpu", out var c) == true ? c.MilliValue : null;
        return context.Limiter.Create($"{context.Pod.Metadata.Uid}-{container.Name}-{Status.RestartCount}", memory, cpu);
    }

    private IEnumerable<string> Arguments(RuntimeBundle bundle)
    {
        var command = container.Command is { Count: > 0 } ? container.Command : null;
        var args = container.Args is { Count: > 0 } ? container.Args : null;
        return [.. command ?? bundle.EntryPoint, .. args ?? (command is null ? bundle.DefaultArgs : [])];
    }

    private async Task FailToStartAsync(Exception e)
    {
        var reason = e is ContainerConfigException or VolumeException ? "CreateContainerConfigError" : "RunContainerError";
        if (Status.State?.Waiting?.Message == e.Message)
        {
            return;
        }

        Set(Status with { State = new() { Waiting = new() { Reason = reason, Message = e.Message } }, Ready = false });
        await context.EventAsync(Text("Failed", $"Error: {e.Message}", warning: true)).ConfigureAwait(false);
    }

    private async Task BackOffAsync(TimeSpan delay, CancellationToken stopping)
    {
        var seconds = ((int)delay.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        var last = Status.State;
        Set(Status with
        {
            LastState = last, Ready = false, RestartCount = (Status.RestartCount ?? 0) + 1,
            State = new()
            {
                Waiting = new()
                {
                    Reason = "CrashLoopBackOff",
                    Message = $"back-off {seconds}s restarting failed container={container.Name} pod={context.Pod.Metadata.Name}_{context.Pod.Metadata.Namespace}({context.Pod.Metadata.Uid})",
                },
            },
        });
        await context.EventAsync(Text("BackOff", $"Back-off restarting failed container {container.Name} in pod {context.Pod.Metadata.Name}_{context.Pod.Metadata.Namespace}({context.Pod.Metadata.Uid})", warning: true)).ConfigureAwait(false);
        await Task.Delay(delay, context.Time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task RefuseImageAsync(CancellationToken stopping)
    {
        var message = $"image \"{container.Image}\" cannot run on this machine: embedded nodes pull no images; EMR and Spark images run on the embedded engine, "
            + "small utility images (busybox, alpine, ...) on this machine's userland; use one of these or a real cluster";
        Set(Status with { State = new() { Waiting = new() { Reason = "ErrImagePull", Message = message } }, Ready = false });
        await context.EventAsync(Text("Failed", $"Failed to pull image \"{container.Image}\": {message}", warning: true)).ConfigureAwait(false);
        await Task.Delay(Timeout.InfiniteTimeSpan, context.Time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private EventText Text(string reason, string message, bool warning = false) =>
        new(reason, message, warning, $"spec.{(init ? "initContainers" : "containers")}{{{container.Name}}}");

    private void Set(ContainerStatus status)
    {
        Status = status;
        context.Changed();
    }
}
