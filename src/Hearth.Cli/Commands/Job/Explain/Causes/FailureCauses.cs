using System.Text.RegularExpressions;

namespace Hearth.Cli.Commands.Job.Explain.Causes;

/// <summary>Why a run failed, from its state details and what its driver wrote last.</summary>
internal static partial class FailureCauses
{
    private const int MostEvidence = 6;

    public static Cause Of(JobFacts facts, IReadOnlyList<PodStory> pods)
    {
        var status = facts.Run.Status;
        var text = (status?.FailureMessage ?? status?.StateDetails ?? "").ReplaceLineEndings(" ");
        return YuniKornCauses.OfFailure(facts, text) ?? BeforeTheDriver(facts, pods, text) ?? InTheProgram(facts, text) ?? AtTheEnd(facts, text);
    }

    /// <summary>What kept the driver from starting.</summary>
    private static Cause? BeforeTheDriver(JobFacts facts, IReadOnlyList<PodStory> pods, string text)
    {
        if (Classification().Match(text) is { Success: true } classification)
        {
            return new Cause(CauseKinds.Classification, $"EMR on EKS has no classification {classification.Groups["name"].Value}.", [text], ["use spark-defaults for Spark's settings; `hearth lint` finds this before a run"]);
        }

        if (text.Contains("pod template", StringComparison.Ordinal))
        {
            var kind = IsMissing(text) ? CauseKinds.MissingObject : IsRefused(text) ? CauseKinds.Permission : CauseKinds.PodTemplate;
            return new Cause(kind, "A pod template cannot be used.", [text], ["correct the template; `hearth lint` names line and column"]);
        }

        if (text.Contains("exceeded quota", StringComparison.Ordinal))
        {
            return CauseFinder.Quota(text);
        }

        if (text.Contains("slot", StringComparison.Ordinal) && text.Contains("virtual cluster", StringComparison.OrdinalIgnoreCase))
        {
            return new Cause(CauseKinds.Queue, "The virtual cluster had no slot for the run in time.", [text], ["submit it again later, or raise maxConcurrentJobRuns"]);
        }

        if (text.Contains("timed out before spark driver pod started", StringComparison.Ordinal))
        {
            var driver = pods.FirstOrDefault(p => p.Role == "driver") ?? PodStory.OfAsked(facts);
            var wait = driver?.Wait is not null ? WaitCauses.Of(facts, driver) : null;
            return wait is null or { Kind: CauseKinds.Coming }
                ? new Cause(CauseKinds.StartTimeout, "The driver did not start in time.", [text, .. wait?.Evidence ?? []], ["raise job-start-timeout (classification emr-containers-defaults), or find out why no node came"])
                : wait with { Evidence = [.. wait.Evidence, "the run timed out before its driver started (job-start-timeout)"] };
        }

        return text.Contains("image of the driver cannot be had", StringComparison.Ordinal)
            ? new Cause(CauseKinds.Image, "The image of the driver cannot be had.", [text], ["correct spark.kubernetes.container.image, or leave it out for the release's own"])
            : null;
    }

    /// <summary>What the program says itself.</summary>
    private static Cause? InTheProgram(JobFacts facts, string text)
    {
        string[] said = [.. facts.Errors.Where(l => Telling().IsMatch(l)).TakeLast(MostEvidence)];
        if (text.Contains("out of memory", StringComparison.OrdinalIgnoreCase) || text.Contains("OOMKilled", StringComparison.Ordinal) || text.Contains("exit code 137", StringComparison.Ordinal) || text.Contains("MemoryError", StringComparison.Ordinal))
        {
            return new Cause(CauseKinds.Memory, "The driver took more memory than its container may have.", [text, .. said], ["raise spark.driver.memory or spark.driver.memoryOverhead, or bring less data to the driver (collect, toPandas)"]);
        }

        if (IsMissing(text) && !Python().IsMatch(text))
        {
            return new Cause(CauseKinds.MissingObject, "An object that the job needs is not there.", [text, .. said], ["upload it, or correct its name: `aws s3 ls` shows what is there"]);
        }

        if (IsRefused(text))
        {
            return new Cause(CauseKinds.Permission, "The execution role does not allow what the job does.", [text, .. said], ["give the team's role that right (spec.teams[].executionRole), or use the team's own bucket"]);
        }

        if (SqlError().Match(string.Join('\n', facts.Errors.Append(text))) is { Success: true } sql)
        {
            return new Cause(CauseKinds.SqlError, $"A statement is wrong: {sql.Groups["what"].Value.Trim()}", [text, .. facts.Errors.Where(l => l.Contains("Failed in", StringComparison.Ordinal) || l.StartsWith("hint:", StringComparison.Ordinal))], ["correct the statement; `hearth query` tries it without a job"]);
        }

        if (Python().Match(text) is not { Success: true } python)
        {
            return null;
        }

        var place = python.Groups["file"].Success ? $"{python.Groups["file"].Value}:{python.Groups["line"].Value}: " : "";
        return new Cause(CauseKinds.PythonException, $"{place}{python.Groups["what"].Value.Trim()}", [text, .. said.Where(s => !text.StartsWith(s.Trim(), StringComparison.Ordinal))], [$"`hearth job logs {facts.Run.Id} --stderr` has the whole traceback"]);
    }

    /// <summary>Nothing but how it ended.</summary>
    private static Cause AtTheEnd(JobFacts facts, string text)
    {
        if (text.Contains("was deleted before it ended", StringComparison.Ordinal) || text.Contains("platform stopped", StringComparison.Ordinal))
        {
            return new Cause(CauseKinds.DriverGone, "The driver went away before it ended.", [text], ["submit the job again, with a retry policy (retryPolicyConfiguration.maxAttempts) when this may happen"]);
        }

        if (text.Contains("too many executors failed", StringComparison.Ordinal) || facts.Run.Status?.Driver?.ExitCode == 11)
        {
            return new Cause(CauseKinds.ExecutorLost, "Too many executors failed.", [text], [$"`hearth job logs {facts.Run.Id} --executor N --stderr` has what they wrote last"]);
        }

        if (facts.Run.Status?.Driver?.ExitCode is { } code)
        {
            return new Cause(CauseKinds.ExitCode, FormattableString.Invariant($"The driver ended with exit code {code}."), [text, .. facts.Errors.TakeLast(3)], [$"`hearth job logs {facts.Run.Id} --stderr` has what it wrote last"]);
        }

        return text.Contains("submission failed", StringComparison.Ordinal)
            ? new Cause(CauseKinds.Setting, "The request cannot be submitted as written.", [text], ["`hearth lint` names line and column"])
            : new Cause(CauseKinds.Unknown, text.Length > 0 ? text : "No reason is known.", [text], []);
    }

    private static bool IsMissing(string text) => Missing().IsMatch(text);

    private static bool IsRefused(string text) => Refused().IsMatch(text);

    [GeneratedRegex("Classification (?<name>[^ ]+) not supported", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Classification();

    [GeneratedRegex("NoSuchKey|NoSuchBucket|does not exist|no such (file|object|key|bucket)|cannot be found|there is no object|404", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Missing();

    [GeneratedRegex("AccessDenied|Access Denied|not authorized|PermissionError|Permission denied|may not (read|write)|is not allowed to|forbidden", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Refused();

    [GeneratedRegex(@"Error: \[(?<class>[A-Za-z_.]+)\] (?<what>[^\n]+)|(?<what>\[(UNRESOLVED|TABLE_OR_VIEW|PARSE_SYNTAX)[A-Z_.]*\][^\n]*)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex SqlError();

    // FailureText puts the place behind the exception: ValueError: no such day (bad.py, line 3).
    [GeneratedRegex(@"^(JobRun failed\. )?(?<what>[A-Za-z_][A-Za-z0-9_.]*(Error|Exception|Exit|Interrupt|Warning)\b.*?)( \((?<file>[^()]+\.py), line (?<line>[0-9]+)\))?( Please refer logs.*)?$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Python();

    [GeneratedRegex("Error|Exception|Fail|Killed|denied", RegexOptions.None, 1000)]
    private static partial Regex Telling();
}
