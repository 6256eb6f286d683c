namespace Hearth.Cli.Commands.Lint.Rules;

/// <summary>Logs that could not be written where they should.</summary>
internal static class LogUriRule
{
    private const string Scheme = "s3://";

    /// <summary>Another scheme.</summary>
    public static LintRule Form { get; } = new(
        "log-uri-form",
        Severity.Error,
        "The log URI is not `s3://BUCKET/PREFIX`.",
        "StartJobRun answers ValidationException.",
        "Give s3://BUCKET/PREFIX.",
        subject => Uri(subject) is { } uri && !uri.StartsWith(Scheme, StringComparison.Ordinal) ? [new Fault(Place(subject), $"log URI '{uri}' must start with s3://")] : []);

    /// <summary>No bucket.</summary>
    public static LintRule Bucket { get; } = new(
        "log-uri-bucket",
        Severity.Warning,
        "The log URI has an empty bucket name (`s3:///…`), as published scripts make it of a log group that starts with `/`.",
        "The run is accepted, and its logs are written nowhere.",
        "Give s3://BUCKET/PREFIX.",
        subject => Uri(subject) is { } uri && (uri == Scheme || uri.StartsWith("s3:///", StringComparison.Ordinal)) ? [new Fault(Place(subject), $"log URI '{uri}' has an empty bucket name")] : []);

    private static string? Uri(LintSubject subject) => subject.Model.ConfigurationOverrides?.MonitoringConfiguration?.S3MonitoringConfiguration?.LogUri;

    private static SourcePlace Place(LintSubject subject) => subject.Request.At("configurationOverrides", "monitoringConfiguration", "s3MonitoringConfiguration", "logUri");
}
