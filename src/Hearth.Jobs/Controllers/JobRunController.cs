using System.Text.Json;
using System.Text.Json.Nodes;
using Hearth.Jobs.Controllers.Queueing;
using Hearth.Jobs.Emr;
using Hearth.Jobs.Logs;
using Hearth.Jobs.Model;
using Hearth.Jobs.Resources;
using Hearth.Jobs.Runner;
using Hearth.Kube.Client;
using Hearth.Kube.Core;
using Hearth.Kube.Informers;
using Hearth.Kube.Objects;

namespace Hearth.Jobs.Controllers;

/// <summary>Brings every job run from its request to its end: looks, lets <see cref="JobRunMachine"/> decide, acts, writes the status.</summary>
public sealed class JobRunController : IDisposable
{
    // Runs that ended long before this process started were cleaned by the one before.
    private static readonly TimeSpan LogGrace = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LogPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan CleanWindow = TimeSpan.FromMinutes(10);

    private readonly IKubeClient _client;
    private readonly JobControllerOptions _options;
    private readonly JobSubmitter _submitter;
    private readonly JobCleaner _cleaner;
    private readonly LogCollector _logs;
    private readonly Informer<JobRun> _runs;
    private readonly Informer<Pod> _pods;
    private readonly Informer<Job> _jobs;
    private readonly Informer<VirtualCluster> _clusters;
    private readonly PodIndex _index = new();
    private readonly SlotKeeper _slots;
    private readonly WorkQueue _queue;

    /// <summary>A controller for a cluster.</summary>
    public JobRunController(IKubeClient client, JobControllerOptions options)
    {
        _client = client;
        _options = options;
        _submitter = new JobSubmitter(client, options);
        _cleaner = new JobCleaner(client);
        _logs = new LogCollector(client, options.Logs);
        _queue = new WorkQueue(options.Time);
        _runs = new Informer<JobRun>(client, time: options.Time);
        _pods = new Informer<Pod>(client, labelSelector: EmrNames.JobIdLabel, time: options.Time);
        _jobs = new Informer<Job>(client, labelSelector: EmrNames.JobIdLabel, time: options.Time);
        _jobs.Changed += (_, job) => _queue.Add($"{job.Metadata.Namespace}/{job.Metadata.Label(EmrNames.JobIdLabel)}");
        _clusters = new Informer<VirtualCluster>(client, time: options.Time);
        _slots = new SlotKeeper(_queue.Add);
        _clusters.Changed += _slots.OnCluster;
        _runs.Changed += (type, run) =>
        {
            _slots.OnRun(type, run);
            _queue.Add(SlotKeeper.Key(run));
        };
        _pods.Changed += (type, pod) =>
        {
            _index.Apply(type, pod);
            _queue.Add(PodIndex.RunOf(pod));
        };
    }

    /// <summary>Works until cancelled; then waits a moment for logs that are being written.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        var informers = Task.WhenAll(_runs.RunAsync(ct), _pods.RunAsync(ct), _jobs.RunAsync(ct), _clusters.RunAsync(ct));
        try
        {
            await Task.WhenAll(_runs.Synced, _pods.Synced, _jobs.Synced, _clusters.Synced).WaitAsync(ct).ConfigureAwait(false);
            _slots.Count(_clusters.Items.Values, _runs.Items.Values);
            await _queue.RunAsync(_options.Workers, (key, token) => ReconcileAsync(key, token, ct), (key, e) => _options.Log($"job run {key}: {e.Message}"), ct).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // The platform stops.
        }

        await informers.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _logs.AllDoneAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <inheritdoc/>
    public void Dispose() => _queue.Dispose();

    private async Task<TimeSpan?> ReconcileAsync(string key, CancellationToken ct, CancellationToken stopping)
    {
        var slash = key.IndexOf('/', StringComparison.Ordinal);

        // Read afresh: what this controller wrote a moment ago may not have come back through the watch yet.
        var run = await _client.FindAsync<JobRun>(key[..slash], key[(slash + 1)..], ct).ConfigureAwait(false);
        if (run is null)
        {
            _slots.Gone(key);
            _logs.Forget(key);
            return null;
        }

        var pods = _index.Of(key);
        if (run.Status?.State is { } state && state.IsTerminal())
        {
            _logs.Observe(key, run, pods, null, stopping);
            return await EndAsync(run, pods, ct).ConfigureAwait(false);
        }

        var driver = await DriverAsync(run, pods, ct).ConfigureAwait(false);
        _logs.Observe(key, run, pods, driver, stopping);
        return await StepAsync(run, driver, pods, ct).ConfigureAwait(false);
    }

    private async Task<TimeSpan?> StepAsync(JobRun run, Pod? driver, IReadOnlyList<Pod> pods, CancellationToken ct)
    {
        var view = await ViewAsync(run, driver, pods, ct).ConfigureAwait(false);
        var step = JobRunMachine.Next(view, _options);
        var status = step.Status;
        if (step.Action == JobAction.Submit)
        {
            // PENDING is seen by people and tools before the submission is.
            run = await WriteAsync(run, status, ct).ConfigureAwait(false);
            (status, var again) = await SubmitAsync(run, status, ct).ConfigureAwait(false);
            step = step with { Again = again };
        }
        else if (step.Action == JobAction.DeleteDriver)
        {
            await RemoveAsync(run, driver, pods, ct).ConfigureAwait(false);
        }

        if (status.State is { } next && next.IsTerminal() && IsGathering(run, driver, pods))
        {
            return LogPause;
        }

        status = await new JobObserver(_client, _options.Time).CompleteAsync(run, status, driver, pods, ct).ConfigureAwait(false);
        await WriteAsync(run, status, ct).ConfigureAwait(false);
        return status.State is { } state && state.IsTerminal() ? TimeSpan.Zero : step.Again;
    }

    /// <summary>Whether last words are still on their way: who sees that a run has ended finds its logs whole. A log that cannot be written holds nothing up for long.</summary>
    private bool IsGathering(JobRun run, Pod? driver, IReadOnlyList<Pod> pods)
    {
        var since = _options.Time.GetUtcNow() - LogGrace;
        return (driver is null ? pods : [.. pods, driver]).Any(p => SparkContainer.Status(p)?.State?.Terminated is { } end && end.FinishedAt > since && !_logs.IsDone(SlotKeeper.Key(run), p));
    }

    private async Task<JobRunView> ViewAsync(JobRun run, Pod? driver, IReadOnlyList<Pod> pods, CancellationToken ct)
    {
        var seen = DriverObservation.Of(driver);
        DriverFailure? failure = null;
        if (driver is null && run.Status is { Driver: { Phase: null }, AttemptAt: null } && !run.CancelRequested)
        {
            var job = await JobAsync(run, ct).ConfigureAwait(false);

            // What a failed runner wrote may not have come through the watch yet.
            var runners = RunnerObservation.HasFailed(job) ? await RunnersAsync(run, ct).ConfigureAwait(false) : Runners(pods);
            (seen, failure) = RunnerObservation.Of(job, runners, runners.Count == 0 && job is not null ? await RefusalAsync(run, job, ct).ConfigureAwait(false) : null);
        }

        if (failure is null && seen.Phase is DriverPhase.Failed or DriverPhase.Missing)
        {
            failure = await FailureAsync(run, driver, seen, ct).ConfigureAwait(false);
        }

        return new JobRunView
        {
            Run = run,
            HasSlot = run.CancelRequested || _slots.Holds(run),
            HasRunner = run.CancelRequested && (Runners(pods).Any(p => p.Status?.Phase is not ("Succeeded" or "Failed")) || await JobAsync(run, ct).ConfigureAwait(false) is not null),
            Driver = seen,
            Failure = failure,
            StartTimeout = StartTimeout(run),
            Now = _options.Time.GetUtcNow(),
        };
    }

    private static Pod[] Runners(IReadOnlyList<Pod> pods) => [.. pods.Where(p => p.Metadata.Label(EmrNames.ComponentLabel) == RunnerJob.Component)];

    private async Task<IReadOnlyList<Pod>> RunnersAsync(JobRun run, CancellationToken ct)
    {
        var selector = $"{EmrNames.JobIdLabel}={run.Id},{EmrNames.ComponentLabel}={RunnerJob.Component}";
        return await _client.ListAsync<Pod>(run.Metadata.Namespace, new ListOptions { LabelSelector = selector }, ct).ConfigureAwait(false);
    }

    /// <summary>Why the job controller could not create the runner's pod, a quota for example; null while it is too early to ask.</summary>
    private async Task<string?> RefusalAsync(JobRun run, Job job, CancellationToken ct)
    {
        if (_options.Time.GetUtcNow() - (run.Status?.SubmittedAt ?? DateTimeOffset.MaxValue) < _options.RefusalNotice)
        {
            return null;
        }

        var events = await _client.ListAsync<Event>(run.Metadata.Namespace, ListOptions.All, ct).ConfigureAwait(false);
        return events.Where(e => e.Reason == "FailedCreate" && e.InvolvedObject?.Uid == job.Metadata.Uid).MaxBy(e => e.LastTimestamp)?.Message?.Replace("Error creating: ", "", StringComparison.Ordinal);
    }

    private Task<Job?> JobAsync(JobRun run, CancellationToken ct) =>
        _client.FindAsync<Job>(run.Metadata.Namespace, EmrNames.RunnerJob(run, run.Status?.Attempt ?? 1), ct);

    // The runner first: it must not create the driver anew.
    private async Task RemoveAsync(JobRun run, Pod? driver, IReadOnlyList<Pod> pods, CancellationToken ct)
    {
        await _cleaner.RunnersAsync(run, ct).ConfigureAwait(false);
        foreach (var pod in Runners(pods).Append(driver).OfType<Pod>().Where(p => p.Metadata.DeletionTimestamp is null))
        {
            await _client.DeleteIfExistsAsync(pod.Ref(), DeleteOptions.Default, ct).ConfigureAwait(false);
        }
    }

    private async Task<(JobRunStatus Status, TimeSpan? Again)> SubmitAsync(JobRun run, JobRunStatus status, CancellationToken ct)
    {
        var now = _options.Time.GetUtcNow();
        try
        {
            var submission = await _submitter.SubmitAsync(run, status.Attempt ?? 1, ct).ConfigureAwait(false);
            return (JobRunMachine.Submitted(run, status, submission, now), null);
        }
        catch (SubmissionException e)
        {
            return (JobRunMachine.Refused(status, e.Reason, e.Message, now), null);
        }
        catch (KubeException e) when (e.Code == 403)
        {
            // A quota may have room later; missing rights may be given.
            return now - (run.Metadata.CreationTimestamp ?? now) > StartTimeout(run)
                ? (JobRunMachine.Refused(status, FailureReason.UserError, $"JobRun submission failed.\n{e.Message}", now), null)
                : (status with { StateDetails = $"The cluster does not take the job runner yet: {e.Message}" }, TimeSpan.FromSeconds(5));
        }
    }

    private async Task<TimeSpan?> EndAsync(JobRun run, IReadOnlyList<Pod> pods, CancellationToken ct)
    {
        var now = _options.Time.GetUtcNow();
        var wait = run.Metadata.DeletionTimestamp is null ? (run.Status!.FinishedAt ?? now) + _options.DriverRetention - now : TimeSpan.Zero;
        var observed = await new JobObserver(_client, _options.Time).CompleteAsync(run, run.Status!, pods.FirstOrDefault(p => p.Metadata.Name == run.Status!.Driver?.PodName), pods, ct).ConfigureAwait(false);
        await WriteAsync(run, observed, ct).ConfigureAwait(false);
        if (wait > TimeSpan.Zero)
        {
            return wait;
        }

        if (pods.Any(p => SparkContainer.Status(p)?.State?.Terminated is not null && !_logs.IsDone(SlotKeeper.Key(run), p)))
        {
            return TimeSpan.FromMilliseconds(200);
        }

        if (pods.Count > 0 || wait > -CleanWindow)
        {
            await _cleaner.CleanAsync(run, pods, ct).ConfigureAwait(false);
        }

        if (run.Metadata.DeletionTimestamp is not null)
        {
            await ReleaseAsync(run, ct).ConfigureAwait(false);
        }

        return null;
    }

    private async Task ReleaseAsync(JobRun run, CancellationToken ct)
    {
        var rest = (run.Metadata.Finalizers ?? []).Where(f => f != EmrGroup.CancelFinalizer).Select(f => (JsonNode?)JsonValue.Create(f)).ToArray();
        var patch = new JsonObject { ["metadata"] = new JsonObject { ["finalizers"] = new JsonArray(rest) } };
        try
        {
            await _client.PatchAsync(run.Ref(), KubePatch.Merge(patch), ct).ConfigureAwait(false);
        }
        catch (KubeException e) when (e.IsNotFound)
        {
            // Gone already.
        }
    }

    private async Task<JobRun> WriteAsync(JobRun run, JobRunStatus status, CancellationToken ct)
    {
        if (StatusPatch.Between(run.Status, status) is not { } patch)
        {
            return run;
        }

        try
        {
            return await _client.PatchStatusAsync(run, patch, ct).ConfigureAwait(false);
        }
        catch (KubeException e) when (e.IsNotFound)
        {
            return run;
        }
    }

    private async Task<Pod?> DriverAsync(JobRun run, IReadOnlyList<Pod> pods, CancellationToken ct)
    {
        if (run.Status?.Driver?.PodName is not { } name || run.Status.AttemptAt is not null)
        {
            // A driver may exist without a status that says so, when writing the status was interrupted.
            return run.CancelRequested ? pods.FirstOrDefault(p => p.Metadata.Label(EmrNames.ComponentLabel) == "driver") : null;
        }

        // Missing is a strong word: ask the server before believing the copy.
        return pods.FirstOrDefault(p => p.Metadata.Name == name) ?? await _client.FindAsync<Pod>(run.Metadata.Namespace, name, ct).ConfigureAwait(false);
    }

    private TimeSpan StartTimeout(JobRun run)
    {
        try
        {
            return Classifications.Read(run.Spec.ConfigurationOverrides?.ApplicationConfiguration).StartTimeout;
        }
        catch (SubmissionException)
        {
            return TimeSpan.FromMinutes(15);
        }
    }

    private async Task<DriverFailure> FailureAsync(JobRun run, Pod? driver, DriverObservation seen, CancellationToken ct)
    {
        var name = run.Status?.Driver?.PodName ?? "";
        var output = driver is not null && seen.ExitCode is not null ? await TailAsync(driver, ct).ConfigureAwait(false) : null;
        var memory = driver?.Spec?.Containers?.FirstOrDefault(c => c.Name == SparkContainer.Of(driver))?.Resources?.Limits?.GetValueOrDefault("memory");
        return DriverFailure.Of(seen, name, driver?.Spec?.NodeName ?? run.Status?.Driver?.NodeName, memory is { } m ? m.Value >> 20 : null, output);
    }

    private async Task<string?> TailAsync(Pod driver, CancellationToken ct)
    {
        try
        {
            var options = new LogOptions { Container = SparkContainer.Of(driver), TailLines = 200 };
            var log = await _client.LogAsync(driver.Metadata.Namespace!, driver.Metadata.Name!, options, ct).ConfigureAwait(false);
            await using (log.ConfigureAwait(false))
            {
                using var reader = new StreamReader(log);
                return await reader.ReadToEndAsync(ct).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is KubeException or HttpRequestException or IOException)
        {
            return null;
        }
    }
}
