using System.Globalization;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Hearth.Jobs.Driver;
using Hearth.Jobs.Emr;
using Hearth.Jobs.Model;
using Hearth.Jobs.Resources;
using Hearth.Jobs.Spark;
using Hearth.Kube.Client;
using Hearth.Kube.Core;
using Hearth.Kube.Informers;
using Hearth.Kube.Objects;

namespace Hearth.Jobs.Runner;

/// <summary>What a job runner is given by the program that it is part of.</summary>
public sealed record RunnerHost
{
    public required IKubeClient Client { get; init; }
    public required string Namespace { get; init; }

    /// <summary>Where a path of the container is on this machine; the same path in a container with mounts of its own.</summary>
    public Func<string, string> LocalPath { get; init; } = path => path;

    /// <summary>Reads an environment variable.</summary>
    public Func<string, string?> Variable { get; init; } = Environment.GetEnvironmentVariable;
    public TextWriter Error { get; init; } = Console.Error;

    /// <summary>Time between two tries when the cluster does not take the driver pod.</summary>
    public TimeSpan Retry { get; init; } = TimeSpan.FromSeconds(5);
    public TimeProvider Time { get; init; } = TimeProvider.System;
}

/// <summary>
/// What runs in the container <c>job-runner</c>: <c>spark-submit</c> in cluster mode. It reads the run, its settings and pod templates, creates the driver pod with what
/// belongs to it, and reports on the driver until it ends. Like Spark 3.5.3's, its exit code speaks of the submission alone, not of the driver.
/// </summary>
public sealed class RunnerProgram(RunnerHost host)
{
    private readonly DriverLog _log = new(host.Error, host.Time);

    /// <summary>Runs: <c>job-runner --job-run ID --attempt N --ends with-driver|when-driver-started</c>.</summary>
    /// <returns>0; 1 when the cluster could not be reached, to be tried again; <see cref="RunnerJob.Hopeless"/> when trying again does not help; 143 after SIGTERM.</returns>
    public async Task<int> RunAsync(IReadOnlyList<string> args, CancellationToken ct)
    {
        try
        {
            var (id, attempt, early) = Arguments(args);
            var run = await host.Client.GetAsync<JobRun>(host.Namespace, id, ct).ConfigureAwait(false);
            if (run.CancelRequested || run.Status?.State?.IsTerminal() == true)
            {
                _log.Info("JobRunner", "The job run was ended before its driver was created");
                return 0;
            }

            if (run.Status?.Attempt is { } present && present > attempt)
            {
                _log.Info("JobRunner", string.Create(CultureInfo.InvariantCulture, $"The job run has come to attempt {present}; attempt {attempt} is over"));
                return 0;
            }

            var submission = await SubmitAsync(run, attempt, ct).ConfigureAwait(false);
            await FollowAsync(submission, early, ct).ConfigureAwait(false);
            return 0;
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return DriverProgram.Terminated;
        }
        catch (SubmissionException e)
        {
            await FailAsync(e.Reason, e.Message, ct).ConfigureAwait(false);
            return RunnerJob.Hopeless;
        }
        catch (Exception e) when (e is DriverException or KubeException or HttpRequestException or IOException)
        {
            await FailAsync(FailureReason.InternalError, $"JobRun submission failed due to an internal error.\n{e.Message}", ct).ConfigureAwait(false);
            return 1;
        }
    }

    /// <summary>A reason and details as a runner leaves them in <see cref="RunnerJob.FailureAnnotation"/>; null for any other text.</summary>
    public static (FailureReason Reason, string Details)? ReadMessage(string? message)
    {
        var cut = message?.IndexOf('\n', StringComparison.Ordinal) ?? -1;
        return cut > 0 && Enum.GetValues<FailureReason>().Where(r => Word(r) == message![..cut]).Select(r => (FailureReason?)r).FirstOrDefault() is { } reason
            ? (reason, message![(cut + 1)..])
            : null;
    }

    private static string Word(FailureReason reason) => reason switch
    {
        FailureReason.ValidationError => "VALIDATION_ERROR",
        FailureReason.UserError => "USER_ERROR",
        FailureReason.ClusterUnavailable => "CLUSTER_UNAVAILABLE",
        _ => "INTERNAL_ERROR",
    };

    private static (string Id, int Attempt, bool Early) Arguments(IReadOnlyList<string> args) =>
        args is ["job-runner", "--job-run", var id, "--attempt", var number, "--ends", ("with-driver" or "when-driver-started") and var ends]
        && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var attempt) && attempt > 0
            ? (id, attempt, ends == "when-driver-started")
            : throw new DriverException("usage: job-runner --job-run ID --attempt N --ends with-driver|when-driver-started");

    private async Task<Submission> SubmitAsync(JobRun run, int attempt, CancellationToken ct)
    {
        var options = new SubmissionOptions
        {
            AccountId = host.Variable("HEARTH_ACCOUNT_ID") ?? "",
            SparkVersion = host.Variable("HEARTH_SPARK_VERSION") ?? Releases.DefaultSpark,
        };
        var defaults = SparkConf.Of(PropertiesText.Read(await ReadAsync($"{RunnerJob.ConfDirectory}/spark-defaults.conf", ct).ConfigureAwait(false) ?? ""));
        var submission = Submission.Read(run, attempt, options, defaults);
        var driverText = await ReadAsync($"{RunnerJob.TemplateDirectory}/driver", ct).ConfigureAwait(false);
        var executorText = await ReadAsync($"{RunnerJob.TemplateDirectory}/executor", ct).ConfigureAwait(false);
        var driver = DriverSubmission.Template(driverText, SparkRole.Driver, submission.DriverTemplateUri ?? "");
        var executor = DriverSubmission.Template(executorText, SparkRole.Executor, submission.ExecutorTemplateUri ?? "");
        foreach (var warning in submission.Warnings.Concat(driver?.Warnings ?? []).Concat(executor?.Warnings ?? []))
        {
            _log.Warn("SparkSubmit", warning);
        }

        var objects = DriverSubmission.Build(run, attempt, submission, driver, executorText);
        var app = submission.Application;
        if (run.Status?.Driver is { Phase: not null } known && known.PodName == submission.DriverPodName)
        {
            // A runner before this one created it; a driver that was deleted since must not come back.
            _log.Info("JobRunner", $"The driver pod {known.PodName} was created before");
            return submission;
        }

        await CreateAsync(objects, submission.StartTimeout, ct).ConfigureAwait(false);
        _log.Info("KubernetesClientUtils", $"Spark configuration files of {app.Name} are in config map {objects.ConfigMaps[0]["metadata"]!["name"]}");
        _log.Info("LoggingPodStatusWatcherImpl", $"Deployed Spark application {app.Name} with application ID {app.Id} and submission ID {app.Namespace}:{submission.DriverPodName} into Kubernetes");
        return submission;
    }

    // A quota may have room later; missing rights may be given.
    private async Task CreateAsync(DriverPodObjects objects, TimeSpan timeout, CancellationToken ct)
    {
        var started = host.Time.GetUtcNow();
        for (var waited = false; ; waited = true)
        {
            try
            {
                await DriverSubmission.CreateAsync(host.Client, objects, ct).ConfigureAwait(false);
                if (waited)
                {
                    await WaitsAsync(null, ct).ConfigureAwait(false);
                }

                return;
            }
            catch (KubeException e) when (e.Code == 403)
            {
                if (host.Time.GetUtcNow() - started > timeout)
                {
                    throw SubmissionException.Failed(FailureReason.UserError, e.Message);
                }

                _log.Warn("JobRunner", $"The cluster does not take the driver pod yet: {e.Message}");
                await WaitsAsync($"The cluster does not take the driver pod yet: {e.Message}", ct).ConfigureAwait(false);
                await Task.Delay(host.Retry, host.Time, ct).ConfigureAwait(false);
            }
        }
    }

    private Task WaitsAsync(string? why, CancellationToken ct) => AnnotateAsync(RunnerJob.WaitingAnnotation, why, ct);

    // On its own pod, where the controller sees it.
    private async Task AnnotateAsync(string annotation, string? text, CancellationToken ct)
    {
        if (host.Variable("SPARK_CONTAINER_ID") is { Length: > 0 } pod)
        {
            var patch = new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [annotation] = text } } };
            await host.Client.PatchAsync(new ObjectRef(Pod.Type, host.Namespace, pod), KubePatch.Merge(patch), ct).ConfigureAwait(false);
        }
    }

    private async Task FollowAsync(Submission submission, bool early, CancellationToken ct)
    {
        var app = submission.Application;
        var informer = new Informer<Pod>(host.Client, host.Namespace, $"spark-app-selector={app.Id},spark-role=driver", host.Time);
        var changes = Channel.CreateUnbounded<bool>();
        informer.Changed += (_, _) => changes.Writer.TryWrite(true);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var watching = informer.RunAsync(stop.Token);
        try
        {
            await informer.Synced.WaitAsync(ct).ConfigureAwait(false);
            string? last = null;
            while (informer.Find(host.Namespace, submission.DriverPodName) is { } driver)
            {
                var phase = driver.Status?.Phase ?? "Pending";
                if (phase != last)
                {
                    last = phase;
                    _log.Info("LoggingPodStatusWatcherImpl", $"Application status for {app.Id} (phase: {phase})");
                }

                if (phase is "Succeeded" or "Failed" || (early && SparkContainer.HasStarted(driver)))
                {
                    break;
                }

                await changes.Reader.ReadAsync(ct).ConfigureAwait(false);
            }

            var how = informer.Find(host.Namespace, submission.DriverPodName) is null ? "is over: its driver pod was deleted" : early ? "has started" : "finished";
            _log.Info("LoggingPodStatusWatcherImpl", $"Application {app.Name} with application ID {app.Id} and submission ID {app.Namespace}:{submission.DriverPodName} {how}");
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<string?> ReadAsync(string path, CancellationToken ct)
    {
        var local = host.LocalPath(path);
        return File.Exists(local) ? await File.ReadAllTextAsync(local, ct).ConfigureAwait(false) : null;
    }

    private async Task FailAsync(FailureReason reason, string details, CancellationToken ct)
    {
        _log.Error("JobRunner", details);
        try
        {
            await AnnotateAsync(RunnerJob.FailureAnnotation, $"{Word(reason)}\n{details}", ct).ConfigureAwait(false);
        }
        catch (Exception e) when (e is KubeException or HttpRequestException or IOException)
        {
            // The log has it.
        }
    }
}
