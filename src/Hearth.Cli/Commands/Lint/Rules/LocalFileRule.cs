using Hearth.Cli.Commands.Lint.Reading;

namespace Hearth.Cli.Commands.Lint.Rules;

/// <summary>Files that the request expects in the team's bucket and that are not beside it.</summary>
internal static class LocalFileRule
{
    public static LintRule Rule { get; } = new(
        "local-file-missing",
        Severity.Warning,
        "The request expects a file below `s3://TEAM-BUCKET/…/scripts/`, and there is none of that name beside the request.",
        "If it was not uploaded otherwise, the driver fails: it cannot read its program; a pod template that is missing fails the submission.",
        "Put the file beside the request and upload it, or correct the name.",
        Check);

    private static IEnumerable<Fault> Check(LintSubject subject) =>
        from expected in Expected(subject)
        where IsInTeamBucket(subject, expected.Uri) && expected.Uri.Contains("/scripts/", StringComparison.Ordinal) && subject.Files.Find(expected.Uri) is null
        select new Fault(expected.Place, $"no local file is {Shown(subject, expected.Uri)}");

    private static IEnumerable<(string Uri, SourcePlace Place)> Expected(LintSubject subject)
    {
        if (subject.Model.JobDriver?.SparkSubmitJobDriver?.EntryPoint is { } program)
        {
            yield return (program, subject.Request.At("jobDriver", "sparkSubmitJobDriver", "entryPoint"));
        }

        if (subject.Model.JobDriver?.SparkSqlJobDriver?.EntryPoint is { } sql)
        {
            yield return (sql, subject.Request.At("jobDriver", "sparkSqlJobDriver", "entryPoint"));
        }

        foreach (var key in (string[])["spark.kubernetes.driver.podTemplateFile", "spark.kubernetes.executor.podTemplateFile", "spark.submit.pyFiles", "spark.files", "spark.archives"])
        {
            foreach (var uri in subject.Settings.User.Get(key)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [])
            {
                yield return (uri.Split('#')[0], subject.Setting(key));
            }
        }
    }

    private static bool IsInTeamBucket(LintSubject subject, string uri) => uri.StartsWith($"s3://{subject.Team?.Bucket ?? "team-bucket"}/", StringComparison.Ordinal);

    private static string Shown(LintSubject subject, string uri) => uri.Replace($"s3://{subject.Team?.Bucket ?? "team-bucket"}/", "${S3_BUCKET}/", StringComparison.Ordinal);
}
