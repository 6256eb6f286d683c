using Hearth.Jobs.Model;

namespace Hearth.Jobs.Controllers;

/// <summary>Why a driver failed.</summary>
/// <param name="Reason">Whose fault.</param>
/// <param name="Cause">One sentence for people.</param>
public sealed record DriverFailure(FailureReason Reason, string Cause)
{
    /// <summary>Judges an observation of a failed or missing driver.</summary>
    /// <param name="seen">The observation.</param>
    /// <param name="podName">Name of the driver pod.</param>
    /// <param name="node">Where it was, when known.</param>
    /// <param name="memoryMib">Its memory limit, MiB, when known.</param>
    /// <param name="output">Last lines of what it wrote, when they could be read.</param>
    public static DriverFailure Of(DriverObservation seen, string podName, string? node, long? memoryMib, string? output)
    {
        if (seen.Phase == DriverPhase.Missing)
        {
            var where = node is null ? "" : $" (it was on node {node})";
            return new DriverFailure(FailureReason.UserError, $"The driver pod {podName} was deleted before it ended{where}: its node went away or somebody deleted it");
        }

        if (seen.Reason is "OOMKilled")
        {
            var limit = memoryMib is { } m ? FormattableString.Invariant($" (limit {m}Mi)") : "";
            return new DriverFailure(FailureReason.UserError, $"The driver ran out of memory{limit}: raise spark.driver.memory or spark.driver.memoryOverhead");
        }

        if (seen.Reason is "ContainerStatusUnknown")
        {
            return new DriverFailure(FailureReason.InternalError, "The platform stopped while the driver ran, and the driver with it: submit the job again");
        }

        if (seen.ExitCode is null)
        {
            var message = seen.Message ?? "no message";
            return new DriverFailure(FailureReason.UserError, $"The driver pod failed: {seen.Reason ?? "unknown reason"}: {message}");
        }

        var cause = FailureText.Cause(string.IsNullOrWhiteSpace(output) ? seen.Message : output);
        var exit = FailureText.ExitCode(seen.ExitCode.Value);
        return new DriverFailure(FailureReason.UserError, cause is null || seen.ExitCode is 137 or 143 ? $"The driver ended with {exit}" : cause);
    }
}
