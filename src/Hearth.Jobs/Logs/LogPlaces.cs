using Hearth.Jobs.Emr;
using Hearth.Jobs.Model;
using Hearth.Jobs.Resources;

namespace Hearth.Jobs.Logs;

/// <summary>Where the logs of a job run go, in EMR's layout. Source: EMR on EKS Development Guide and a dump of a live cluster.</summary>
public static class LogPlaces
{
    /// <summary><c>LOGURI/VC/jobs/JOB/</c>, or null when the run keeps no logs in S3.</summary>
    public static string? S3Root(JobRun run) =>
        Monitoring(run)?.S3MonitoringConfiguration?.LogUri is { Length: > 0 } uri ? $"{uri.TrimEnd('/')}/{Tail(run)}/" : null;

    /// <summary>Log group, or null.</summary>
    public static string? Group(JobRun run) => Monitoring(run)?.CloudWatchMonitoringConfiguration?.LogGroupName;

    /// <summary>Beginning of the names of log streams, without a slash at its end.</summary>
    public static string StreamRoot(JobRun run)
    {
        var prefix = Monitoring(run)?.CloudWatchMonitoringConfiguration?.LogStreamNamePrefix;
        return string.IsNullOrEmpty(prefix) ? Tail(run) : $"{prefix}/{Tail(run)}";
    }

    /// <summary>Below the root: a container's file.</summary>
    /// <param name="run">The job run.</param>
    /// <param name="pod">Name of the job runner's, the driver's or an executor's pod.</param>
    /// <param name="stream"><c>stdout</c> or <c>stderr</c>.</param>
    public static string Container(JobRun run, string pod, string stream) => pod.StartsWith($"{run.Id}-", StringComparison.Ordinal)
        ? $"control-logs/{pod}/{stream}"
        : $"containers/{EmrNames.ApplicationId(run.Id)}/{pod}/{stream}";

    /// <summary>How the copies in S3 are rotated; null when each log is one object.</summary>
    public static LogRotation? Rotation(JobRun run) => LogRotation.Of(Monitoring(run)?.ContainerLogRotationConfiguration);

    /// <summary>Below the root: a JSON description of where the logs are.</summary>
    public const string Metadata = "job-metadata.log";

    /// <summary>What of the monitoring configuration has no effect, one sentence each.</summary>
    public static IEnumerable<string> Ineffective(JobRun run)
    {
        if (S3Root(run) is { } root && root.StartsWith("s3:///", StringComparison.Ordinal))
        {
            yield return $"logUri {Monitoring(run)!.S3MonitoringConfiguration!.LogUri} names no bucket: no logs are kept in S3";
        }
    }

    private static string Tail(JobRun run) => $"{run.Spec.VirtualClusterId}/jobs/{run.Id}";

    private static MonitoringConfiguration? Monitoring(JobRun run) => run.Spec.ConfigurationOverrides?.MonitoringConfiguration;
}
