using Hearth.Kube.Yaml;

namespace Hearth.Cli.Commands.Lint.Rules;

/// <summary>Pod templates as files: that they can be fetched and read.</summary>
internal static class TemplateFileRules
{
    /// <summary>A template that EMR would not fetch.</summary>
    public static LintRule Uri { get; } = new(
        "template-uri",
        Severity.Error,
        "A pod template is not named as `s3://BUCKET/KEY`.",
        "EMR on EKS fetches templates from S3 only: the submission fails.",
        "Upload the template and name it as s3://BUCKET/KEY.",
        subject => new[] { subject.Driver, subject.Executor }.Where(t => t is not null && !t.Uri.StartsWith("s3://", StringComparison.Ordinal))
            .Select(t => new Fault(subject.Setting($"spark.kubernetes.{t!.Word}.podTemplateFile"), $"the {t.Word} pod template '{t.Uri}' is no S3 URI")));

    /// <summary>A template that Kubernetes would not take.</summary>
    public static LintRule Invalid { get; } = new(
        "template-invalid",
        Severity.Error,
        "A pod template is not YAML, no pod, or has fields that pods do not have.",
        "The submission fails: Spark cannot load the template.",
        "Correct the template; `kubectl explain pod.spec` lists the fields.",
        subject => from template in new[] { subject.Driver, subject.Executor }
                   where template?.Source is not null
                   from problem in (template.Problem ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries)
                   select new Fault(Place(template!.Source!, problem), WithoutLine(problem)));

    /// <summary>A key that is given twice.</summary>
    public static LintRule DuplicateKey { get; } = new(
        "duplicate-key",
        Severity.Warning,
        "A key is given twice in the same mapping of a pod template.",
        "The last one counts, and what the first one says is lost without a word (Spark up to 3.3) or refused (later ones).",
        "Join the two.",
        subject => from t in subject.Templates
                   from twice in t.Source.Twice
                   select new Fault(new SourcePlace(t.Source.File, twice.At), $"'{twice.Pointer[(twice.Pointer.LastIndexOf('/') + 1)..].Replace("~1", "/", StringComparison.Ordinal)}' is given twice; only this one counts"));

    /// <summary>A namespace that is not the job's.</summary>
    public static LintRule Namespace { get; } = new(
        "template-namespace",
        Severity.Warning,
        "A pod template names a namespace that is not the team's.",
        "It is ignored: the pods run in the virtual cluster's namespace.",
        "Leave metadata.namespace out.",
        subject => from t in subject.Templates
                   let ns = t.Source.Root["metadata"]?["namespace"]?.ToString()
                   where ns is not null && subject.Team is not null && ns != subject.Team.Namespace
                   select new Fault(t.Source.At("metadata", "namespace"), $"namespace {ns} is ignored: pods of team {subject.Team!.Name} run in {subject.Team.Namespace}"));

    private static string WithoutLine(string problem)
    {
        var colon = problem.StartsWith("line ", StringComparison.Ordinal) ? problem.IndexOf(": ", StringComparison.Ordinal) : -1;
        return (colon < 0 ? problem : problem[(colon + 2)..]).TrimEnd('.');
    }

    /// <summary>Messages name a field (<c>unknown field "spec.nodeSelectr"</c>) or a line.</summary>
    private static SourcePlace Place(Reading.LintSource source, string problem)
    {
        if (problem.StartsWith("line ", StringComparison.Ordinal))
        {
            var numbers = problem[5..].Split([',', ':'], 2)[0];
            return int.TryParse(numbers, out var line) ? new SourcePlace(source.File, new TextPosition(line, 1)) : source.Start;
        }

        var path = problem.StartsWith("unknown field \"", StringComparison.Ordinal) ? problem.Split('"')[1] : problem.Split(' ')[0];
        return source.At([.. path.Split(['.', '[', ']'], StringSplitOptions.RemoveEmptyEntries)]);
    }
}
