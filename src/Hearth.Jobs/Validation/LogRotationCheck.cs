using Hearth.Jobs.Emr;
using Hearth.Jobs.Logs;
using Hearth.Jobs.Model;
using Hearth.Jobs.Service;

namespace Hearth.Jobs.Validation;

/// <summary>Rules of log rotation that the model does not state. Source: EMR on EKS API reference and development guide, "container log rotation"; the messages are Hearth's.</summary>
internal static class LogRotationCheck
{
    /// <summary>The size lies within bounds, the release can rotate, and there is a log to rotate.</summary>
    public static void Check(MonitoringConfiguration? monitoring, string release, string field)
    {
        if (monitoring?.ContainerLogRotationConfiguration is not { } rotation)
        {
            return;
        }

        var path = $"{field}.monitoringConfiguration.containerLogRotationConfiguration";
        if (rotation.RotationSize is { } size && (!LogRotation.TryParseSize(size, out var bytes) || bytes is < LogRotation.Smallest or > LogRotation.Largest))
        {
            throw new JobValidationException(
                $"1 validation error detected: Value '{size}' at '{path}.rotationSize' failed to satisfy constraint: Member must be between 2KB and 2GB", $"{path}.rotationSize");
        }

        if (monitoring.S3MonitoringConfiguration is null)
        {
            throw new JobValidationException($"{path} needs s3MonitoringConfiguration: the logs that are kept in S3 are rotated.", path);
        }

        if (!Releases.RotatesLogs(release))
        {
            throw new JobValidationException($"{path} needs release emr-6.11.0 or later; {release} was given.", path);
        }
    }
}
