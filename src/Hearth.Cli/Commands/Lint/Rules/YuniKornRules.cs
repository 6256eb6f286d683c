using Hearth.Cli.Commands.Lint.Reading;
using Hearth.Platform.Text;
using Hearth.Scheduling.YuniKorn;
using Hearth.Scheduling.YuniKorn.Gangs;

namespace Hearth.Cli.Commands.Lint.Rules;

/// <summary>Annotations and labels for YuniKorn that do not do what they look like. Source: apache/yunikorn-k8shim, constants.go and gang_utils.go.</summary>
internal static class YuniKornRules
{
    private const string Prefix = "yunikorn.apache.org/";
    private const string Parameters = YuniKornNames.PolicyParameters;
    private static readonly string[] IdLabels = [YuniKornNames.ApplicationId, YuniKornNames.OldApplicationId];

    /// <summary>YuniKorn is not there.</summary>
    public static LintRule Off { get; } = new(
        "yunikorn-off",
        Severity.Warning,
        "A pod template has annotations for YuniKorn, and the platform does not have the add-on on.",
        "They have no effect: the default scheduler places the pods one by one.",
        "Switch on spec.addons.yunikorn, or leave the annotations out.",
        subject => from mark in Marks.Annotations(subject)
                   where subject.Platform is { } platform && !platform.IsEnabled("yunikorn") && mark.Key.StartsWith(Prefix, StringComparison.Ordinal)
                   group mark by mark.Role into role
                   let first = role.First()
                   select new Fault(first.Place, $"{first.Key} has no effect: the platform runs without YuniKorn"));

    /// <summary>An annotation that YuniKorn does not have.</summary>
    public static LintRule Annotation { get; } = new(
        "yunikorn-annotation",
        Severity.Warning,
        "An annotation below `yunikorn.apache.org/` that YuniKorn does not know.",
        "YuniKorn ignores it without a word.",
        "Correct its name.",
        subject => from mark in Marks.Annotations(subject)
                   where mark.Key.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) && !YuniKornNames.OfPods.Contains(mark.Key)
                   select new Fault(mark.Place, Nearest.Describe($"YuniKorn has no annotation {mark.Key}", mark.Key, [.. YuniKornNames.OfPods])));

    /// <summary>A parameter that YuniKorn drops.</summary>
    public static LintRule Parameter { get; } = new(
        "yunikorn-parameter",
        Severity.Warning,
        "A key of schedulingPolicyParameters that YuniKorn does not know (as the published `placeholderTimeoutSeconds`), or a value that it cannot use.",
        "YuniKorn drops it without a word: a gang waits 15 minutes, or is Soft although Hard was meant.",
        "The only keys are placeholderTimeoutInSeconds (a number above 0) and gangSchedulingStyle (Hard or Soft).",
        subject => from mark in Marks.Annotations(subject)
                   where mark.Key == Parameters
                   from ignored in PolicyParameters.Parse(mark.Value).Ignored
                   select new Fault(mark.Place, Text(ignored)));

    /// <summary>The same application id for every run.</summary>
    public static LintRule ApplicationId { get; } = new(
        "yunikorn-constant-application-id",
        Severity.Warning,
        "A pod template, or a setting for labels and annotations of pods, sets the application id to a constant.",
        "Every run joins the same application: a second run within the first one's life gets no gang of its own, and limits count both as one.",
        "Leave it out: Spark's pods carry spark-app-selector, which YuniKorn takes.",
        subject => from mark in Marks.Of(subject)
                   where IdLabels.Contains(mark.Key)
                   select new Fault(mark.Place, $"{mark.Key} is the same for every run of this job"));

    /// <summary>A queue that is not there.</summary>
    public static LintRule Queue { get; } = new(
        "yunikorn-queue-unknown",
        Severity.Warning,
        "A pod template, or a setting for labels of pods, names a queue that the declaration does not have.",
        "Unless a placement rule makes queues on demand, the application is rejected or goes to another queue.",
        "Use a queue of spec.queues.",
        subject => from mark in Marks.Of(subject)
                   where mark is { IsLabel: true, Key: YuniKornNames.Queue or YuniKornNames.OldQueue }
                   where subject.Platform is { Queues.Count: > 0 } && subject.Platform.Queues.All(q => !string.Equals(q.Name, mark.Value, StringComparison.OrdinalIgnoreCase))
                   select new Fault(mark.Place, Nearest.Describe($"queue {mark.Value} is not declared", mark.Value, [.. subject.Platform!.Queues.Select(q => q.Name)])));

    private static string Text(IgnoredParameter parameter) =>
        $"YuniKorn does not take {parameter.Text}: {parameter.Why}{(parameter.Suggestion is { } meant ? $"; did you mean {meant}?" : "")}";
}
