using Hearth.Jobs.Emr;

namespace Hearth.Cli.Commands.Lint.Rules;

/// <summary>A release that EMR on EKS never had.</summary>
internal static class ReleaseRule
{
    public static LintRule Rule { get; } = new(
        "release-unknown",
        Severity.Error,
        "The release label names no Spark release of EMR on EKS.",
        "StartJobRun answers ResourceNotFoundException.",
        "Use emr-X.Y.Z-latest of an existing release, for example emr-7.9.0-latest.",
        Check);

    private static IEnumerable<Fault> Check(LintSubject subject)
    {
        if (subject.Model.ReleaseLabel is { } label && !Releases.IsKnown(label))
        {
            yield return new Fault(subject.Request.At("releaseLabel"), $"release {label} doesn't exist");
        }
    }
}
