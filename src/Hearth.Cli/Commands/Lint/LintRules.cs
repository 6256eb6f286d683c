using Hearth.Cli.Commands.Lint.Rules;

namespace Hearth.Cli.Commands.Lint;

/// <summary>Every rule, in the order of the reference page.</summary>
internal static class LintRules
{
    public static IReadOnlyList<LintRule> All { get; } =
    [
        RequestConstraintRule.Rule, EntryPointRule.Rule, ReleaseRule.Rule, LogUriRule.Form, LogUriRule.Bucket, RoleRule.OfOtherTeam, RoleRule.Unknown, LocalFileRule.Rule,
        SubmissionRules.Classification, SubmissionRules.Parameters, SubmissionRules.Setting,
        SettingRules.Misspelt, SettingRules.OwnedByService, SettingRules.NotSpark,
        DynamicAllocationRules.Bounds, DynamicAllocationRules.WithInstances, DynamicAllocationRules.Off,
        StorageRules.UnknownClass, StorageRules.OnDemand,
        TemplateFileRules.Uri, TemplateFileRules.Invalid, TemplateFileRules.DuplicateKey, TemplateFileRules.Namespace,
        TemplateFieldRules.PodField, TemplateFieldRules.MainContainerField, TemplateFieldRules.MainContainerName, TemplateFieldRules.ReservedVolume,
        TemplateFieldRules.ReservedMount, TemplateFieldRules.ReservedOverlap, TemplateFieldRules.ReservedVariable,
        MountRules.Twice, MountRules.Undefined,
        PlacementRules.Selector, PlacementRules.Toleration, PlacementRules.Architecture, PlacementRules.Size, PlacementRules.Offering, PlacementRules.Limit, PlacementRules.Crowd, DisruptionRule.Rule,
        YuniKornRules.Off, YuniKornRules.Annotation, YuniKornRules.Parameter, YuniKornRules.ApplicationId, YuniKornRules.Queue,
        GangRules.Invalid, GangRules.UnknownGroup, GangRules.Members, GangRules.TooSmall, GangRules.TooLarge, GangRules.Oversized, GangRules.Placement,
    ];

    /// <summary>What all rules find, by place; the same thing at the same place only once.</summary>
    public static IReadOnlyList<Finding> Check(LintSubject subject) =>
    [
        .. from rule in All
           from fault in rule.Check(subject)
           where subject.Unknown is null || !fault.Message.Contains(subject.Unknown, StringComparison.Ordinal)
           let finding = new Finding(rule, fault.Place, fault.Message, fault.Way ?? rule.Way)
           group finding by (finding.Rule.Id, finding.Place, finding.Message) into same
           let first = same.First()
           orderby first.Place.File, first.Place.At.Line, first.Place.At.Column, first.Rule.Id
           select first,
    ];
}
