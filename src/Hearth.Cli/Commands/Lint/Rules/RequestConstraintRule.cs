using Hearth.Jobs.Service;
using Hearth.Jobs.Validation;

namespace Hearth.Cli.Commands.Lint.Rules;

/// <summary>What the service itself would refuse: lengths, patterns, required members, at most 100 properties.</summary>
internal static class RequestConstraintRule
{
    public static LintRule Rule { get; } = new(
        "request-constraint",
        Severity.Error,
        "A member breaks a constraint of the service: length, pattern, number of entries, or it is missing.",
        "StartJobRun (or CreateJobTemplate) answers ValidationException.",
        "Change the member; docs/emr-api-coverage.md has the constraints.",
        Check);

    private static IEnumerable<Fault> Check(LintSubject subject)
    {
        switch (subject.TemplateProblem ?? RequestCheck.Problem(subject.Model))
        {
            case JobValidationException { Fields: [] } whole:
                yield return new Fault(subject.Request.Start, whole.Message);
                break;
            case JobValidationException invalid when !IsOther(invalid):
                yield return new Fault(subject.Request.At(Steps(invalid.Fields[0])), invalid.Message.ReplaceLineEndings(" "));
                break;
        }
    }

    // The log URI has a rule of its own, which also knows what AWS accepts and then never writes to.
    private static bool IsOther(JobValidationException e) => e.Fields[0].EndsWith(".logUri", StringComparison.Ordinal);

    /// <summary>A path of the API (<c>applicationConfiguration.1.member.properties.K</c>) as steps into the request.</summary>
    private static object[] Steps(string path)
    {
        var properties = path.IndexOf(".properties.", StringComparison.Ordinal);
        var key = properties < 0 ? null : path[(properties + ".properties.".Length)..];
        var words = (properties < 0 ? path : path[..(properties + ".properties".Length)]).Split('.').Where(w => w != "member");
        var steps = words.Select(w => int.TryParse(w, out var n) ? (object)(n - 1) : w);
        return key is null ? [.. steps] : [.. steps, key];
    }
}
