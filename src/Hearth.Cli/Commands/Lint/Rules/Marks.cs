using Hearth.Cli.Commands.Lint.Reading;
using Hearth.Jobs.Spark;

namespace Hearth.Cli.Commands.Lint.Rules;

/// <summary>A label or annotation that a job puts on its pods.</summary>
/// <param name="Role">Whose.</param>
/// <param name="IsLabel">A label, as against an annotation.</param>
/// <param name="Key">Its key.</param>
/// <param name="Value">Its value.</param>
/// <param name="Place">Where it is written: in a pod template, or in a setting of Spark.</param>
internal sealed record Mark(SparkRole Role, bool IsLabel, string Key, string Value, SourcePlace Place);

/// <summary>Finds them.</summary>
internal static class Marks
{
    /// <summary>Those of both pods, settings first: they win over templates.</summary>
    public static IEnumerable<Mark> Of(LintSubject subject) =>
        from role in (SparkRole[])[SparkRole.Driver, SparkRole.Executor]
        from isLabel in (bool[])[true, false]
        from mark in OfSettings(subject, role, isLabel).Concat(OfTemplate(subject.Template(role), role, isLabel))
        select mark;

    /// <summary>The annotations alone.</summary>
    public static IEnumerable<Mark> Annotations(LintSubject subject) => Of(subject).Where(m => !m.IsLabel);

    private static IEnumerable<Mark> OfSettings(LintSubject subject, SparkRole role, bool isLabel)
    {
        var prefix = $"spark.kubernetes.{Places.Word(role)}.{(isLabel ? "label" : "annotation")}.";
        return subject.Settings.User.Below(prefix).Select(s => new Mark(role, isLabel, s.Key, s.Value, subject.Setting(prefix + s.Key)));
    }

    private static IEnumerable<Mark> OfTemplate(TemplateFile? template, SparkRole role, bool isLabel)
    {
        if (template?.Source is not { Problem: null } source)
        {
            return [];
        }

        var map = isLabel ? "labels" : "annotations";
        return (isLabel ? template.Labels : template.Annotations).Select(m => new Mark(role, isLabel, m.Key, m.Value, source.At("metadata", map, m.Key)));
    }
}
