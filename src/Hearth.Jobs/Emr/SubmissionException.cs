using Hearth.Jobs.Model;

namespace Hearth.Jobs.Emr;

/// <summary>A job run that cannot be submitted; the message is its state details.</summary>
public sealed class SubmissionException(FailureReason reason, string message) : Exception(message)
{
    /// <summary>Whose fault it is.</summary>
    public FailureReason Reason { get; } = reason;

    /// <summary>EMR's words before a cause.</summary>
    public static SubmissionException Failed(FailureReason reason, string cause) => new(reason, $"JobRun submission failed.\n{cause}");
}
