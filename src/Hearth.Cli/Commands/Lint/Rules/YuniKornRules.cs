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
        subject => from t in subject.Templates
                   where subject.Platform is { } platform && !platform.IsEnabled("yunikorn")
                   let first = t.Template.Annotations.Keys.FirstOrDefault(a => a.StartsWith(Prefix, StringComparison.Ordinal))
                   where first is not null
                   select new Fault(t.Source.At("metadata", "annotations", first), $"{first} has no effect: the platform runs without YuniKorn"));

    /// <summary>An annotation that YuniKorn does not have.</summary>
    public static LintRule Annotation { get; } = new(
        "yunikorn-annotation",
        Severity.Warning,
        "An annotation below `yunikorn.apache.org/` that YuniKorn does not know.",
        "YuniKorn ignores it without a word.",
        "Correct its name.",
        subject => from t in subject.Templates
                   from key in t.Template.Annotations.Keys
                   where key.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) && !YuniKornNames.OfPods.Contains(key)
                   select new Fault(t.Source.At("metadata", "annotations", key), Nearest.Describe($"YuniKorn has no annotation {key}", key, [.. YuniKornNames.OfPods])));

    /// <summary>A parameter that YuniKorn drops.</summary>
    public static LintRule Parameter { get; } = new(
        "yunikorn-parameter",
        Severity.Warning,
        "A key of schedulingPolicyParameters that YuniKorn does not know (as the published `placeholderTimeoutSeconds`), or a value that it cannot use.",
        "YuniKorn drops it without a word: a gang waits 15 minutes, or is Soft although Hard was meant.",
        "The only keys are placeholderTimeoutInSeconds (a number above 0) and gangSchedulingStyle (Hard or Soft).",
        subject => from t in subject.Templates
                   let text = t.Template.Annotations.GetValueOrDefault(Parameters)
                   where text is not null
                   from ignored in PolicyParameters.Parse(text).Ignored
                   select new Fault(t.Source.At("metadata", "annotations", Parameters), Text(ignored)));

    /// <summary>The same application id for every run.</summary>
    public static LintRule ApplicationId { get; } = new(
        "yunikorn-constant-application-id",
        Severity.Warning,
        "A pod template sets the application id to a constant.",
        "Every run joins the same application: a second run within the first one's life gets no gang of its own, and limits count both as one.",
        "Leave it out: Spark's pods carry spark-app-selector, which YuniKorn takes.",
        subject => from t in subject.Templates
                   from key in IdLabels
                   where t.Template.Labels.ContainsKey(key) || t.Template.Annotations.ContainsKey(key)
                   let map = t.Template.Labels.ContainsKey(key) ? "labels" : "annotations"
                   select new Fault(t.Source.At("metadata", map, key), $"{key} is the same for every run of this job"));

    /// <summary>A queue that is not there.</summary>
    public static LintRule Queue { get; } = new(
        "yunikorn-queue-unknown",
        Severity.Warning,
        "A pod template names a queue that the declaration does not have.",
        "Unless a placement rule makes queues on demand, the application is rejected or goes to another queue.",
        "Use a queue of spec.queues.",
        subject => from t in subject.Templates
                   from key in (string[])[YuniKornNames.Queue, YuniKornNames.OldQueue]
                   let queue = t.Template.Labels.GetValueOrDefault(key)
                   where queue is not null && subject.Platform is { Queues.Count: > 0 } && subject.Platform.Queues.All(q => !string.Equals(q.Name, queue, StringComparison.OrdinalIgnoreCase))
                   select new Fault(t.Source.At("metadata", "labels", key), Nearest.Describe($"queue {queue} is not declared", queue, [.. subject.Platform!.Queues.Select(q => q.Name)])));

    private static string Text(IgnoredParameter parameter) =>
        $"YuniKorn does not take {parameter.Text}: {parameter.Why}{(parameter.Suggestion is { } meant ? $"; did you mean {meant}?" : "")}";
}
