namespace Hearth.Cli.Commands.Job.Explain.Causes;

/// <summary>The one reason why a job run waits or failed.</summary>
/// <param name="Kind">One of <see cref="CauseKinds"/>.</param>
/// <param name="Sentence">For a person.</param>
/// <param name="Evidence">From what it follows, the strongest first.</param>
/// <param name="Ways">What can be done, the cheapest first.</param>
internal sealed record Cause(string Kind, string Sentence, IReadOnlyList<string> Evidence, IReadOnlyList<string> Ways);

/// <summary>Words for causes, for programs.</summary>
internal static class CauseKinds
{
    public const string Queue = "queue";
    public const string Quota = "quota";
    public const string Gang = "gang";
    public const string QueueShare = "queue-share";
    public const string Rejected = "application-rejected";
    public const string Taint = "taint";
    public const string Selector = "selector";
    public const string Size = "size";
    public const string Limit = "limit";
    public const string Offering = "offering";
    public const string Coming = "node-on-its-way";
    public const string StartTimeout = "start-timeout";
    public const string Image = "image";
    public const string Memory = "memory";
    public const string ExitCode = "exit-code";
    public const string PythonException = "python-exception";
    public const string SqlError = "sql-error";
    public const string MissingObject = "missing-object";
    public const string Permission = "permission";
    public const string Classification = "classification";
    public const string PodTemplate = "pod-template";
    public const string Setting = "setting";
    public const string RetryBackOff = "retry-back-off";
    public const string ExecutorLost = "executor-lost";
    public const string DriverGone = "driver-gone";
    public const string Unknown = "unknown";
}
