using Hearth.Jobs.Driver.Scaling;
using Hearth.Jobs.Spark;
using Hearth.Platform.Text;

namespace Hearth.Cli.Commands.Lint.Rules;

/// <summary>What makes the service give a submission up: its own reading of the request, asked ahead of time.</summary>
internal static class SubmissionRules
{
    private static readonly string[] Classifications =
    [
        "spark-defaults", "spark-env", "spark-log4j", "spark-log4j2", "spark-metrics", "spark-hive-site", "core-site", "emrfs-site", "emr-containers-defaults", "emr-job-submitter",
    ];

    /// <summary>A classification that EMR on EKS does not have.</summary>
    public static LintRule Classification { get; } = new(
        "classification-unknown",
        Severity.Error,
        "A configuration has a classification that EMR on EKS does not know.",
        "The run is accepted, and fails before its driver starts: `Classification X not supported.`",
        "Use spark-defaults for Spark's settings, spark-env for environment variables.",
        UnknownClassifications);

    /// <summary>Parameters that spark-submit refuses.</summary>
    public static LintRule Parameters { get; } = new(
        "submit-parameters",
        Severity.Error,
        "The parameters are not what spark-submit (or spark-sql) takes.",
        "The run is accepted, and fails before its driver starts.",
        "Write options as on a command line: --conf KEY=VALUE --py-files FILE.",
        subject => subject.Settings.Problem is { } problem && IsAboutParameters(problem) ? [new Fault(subject.Parameters, problem)] : []);

    /// <summary>Everything else that keeps a request from being submitted, and values that Spark cannot read.</summary>
    public static LintRule Setting { get; } = new(
        "setting-value",
        Severity.Error,
        "A setting has a value that Spark cannot read, or the program cannot be run here.",
        "The run fails before its driver starts.",
        "Write sizes as 4g or 512m, switches as true or false, counts as whole numbers.",
        subject => subject.Settings.Problem is { } problem && !IsAboutParameters(problem) && !IsAboutClassification(problem) ? [At(subject, problem)]
            : subject.Pods.Problem is { } refused ? [At(subject, refused)]
            : AllocationProblem(subject.Settings.All) is { } allocation && !DynamicAllocationRules.Bounds.Check(subject).Any() ? [At(subject, allocation)]
            : []);

    private static string? AllocationProblem(SparkConf conf)
    {
        try
        {
            AllocationSettings.Of(conf);
            return null;
        }
        catch (SparkConfException e)
        {
            return e.Message;
        }
    }

    private static bool IsAboutParameters(string problem) => problem.StartsWith("sparkSubmitParameters: ", StringComparison.Ordinal) || problem.StartsWith("sparkSqlParameters: ", StringComparison.Ordinal);

    private static bool IsAboutClassification(string problem) => problem.StartsWith("Classification ", StringComparison.Ordinal);

    private static Fault At(LintSubject subject, string problem)
    {
        var key = subject.Settings.User.Values.Keys.Where(k => problem.Contains(k, StringComparison.Ordinal)).MaxBy(k => k.Length);
        return new Fault(key is null ? subject.Request.At("jobDriver") : subject.Setting(key), problem.ReplaceLineEndings(" ").TrimEnd('.'));
    }

    private static IEnumerable<Fault> UnknownClassifications(LintSubject subject)
    {
        var configurations = subject.Model.ConfigurationOverrides?.ApplicationConfiguration ?? [];
        for (var i = 0; i < configurations.Count; i++)
        {
            if (configurations[i].Classification is { } name && !Classifications.Contains(name))
            {
                yield return new Fault(
                    subject.Request.At("configurationOverrides", "applicationConfiguration", i, "classification"), Nearest.Describe($"classification {name} is not supported", name, Classifications));
            }
        }
    }
}
