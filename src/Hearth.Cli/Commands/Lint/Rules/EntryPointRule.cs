namespace Hearth.Cli.Commands.Lint.Rules;

/// <summary>A program that is nowhere a job can read it.</summary>
internal static class EntryPointRule
{
    public static LintRule Rule { get; } = new(
        "entry-point-form",
        Severity.Error,
        "The entry point is neither `s3://BUCKET/KEY` nor `local:///PATH`.",
        "The driver starts and fails: a job sees objects of S3 and files of its image, and nothing of the machine that submits it.",
        "Upload the file and name it as s3://BUCKET/KEY; `hearth job run --script FILE` does both.",
        Check);

    private static IEnumerable<Fault> Check(LintSubject subject)
    {
        var (member, entry) = subject.Model.JobDriver switch
        {
            { SparkSubmitJobDriver.EntryPoint: { } program } => ("sparkSubmitJobDriver", program),
            { SparkSqlJobDriver.EntryPoint: { } sql } => ("sparkSqlJobDriver", sql),
            _ => ("", ""),
        };
        if (entry.Length > 0 && !IsReadable(entry))
        {
            yield return new Fault(subject.Request.At("jobDriver", member, "entryPoint"), $"entry point '{entry}' is neither s3://BUCKET/KEY nor local:///PATH");
        }
    }

    private static bool IsReadable(string uri) =>
        uri.StartsWith("local:///", StringComparison.Ordinal) || (Uri.TryCreate(uri, UriKind.Absolute, out var parsed) && parsed.Scheme == "s3" && parsed.Host.Length > 0 && parsed.AbsolutePath.Length > 1);
}
