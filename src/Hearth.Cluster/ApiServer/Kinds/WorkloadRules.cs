using System.Text.Json.Nodes;
using Hearth.Cluster.ApiServer.Core;
using Hearth.Cluster.ApiServer.Registry;

namespace Hearth.Cluster.ApiServer.Kinds;

/// <summary>Deployments, replica sets, stateful sets, daemon sets.</summary>
internal static class WorkloadRules
{
    private const string StatefulUpdateText =
        "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', "
        + "'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden";

    private static readonly string[] StatefulMutable =
        ["replicas", "ordinals", "template", "updateStrategy", "revisionHistoryLimit", "persistentVolumeClaimRetentionPolicy", "minReadySeconds"];

    public static ResourceStrategy Deployment { get; } = new()
    {
        TracksGeneration = true,
        Default = tree =>
        {
            var spec = Common(tree);
            spec.SetDefault("replicas", 1L);
            spec.SetDefault("revisionHistoryLimit", 10L);
            spec.SetDefault("progressDeadlineSeconds", 600L);
            var strategy = spec.Ensure("strategy");
            strategy.SetDefaultText("type", "RollingUpdate");
            if (strategy.Str("type") == "RollingUpdate")
            {
                strategy.Ensure("rollingUpdate").SetDefault("maxUnavailable", "25%");
                strategy.Ensure("rollingUpdate").SetDefault("maxSurge", "25%");
            }
        },
        Validate = Validate,
        ValidateUpdate = SelectorStays,
    };

    public static ResourceStrategy ReplicaSet { get; } = new()
    {
        TracksGeneration = true,
        Default = tree => Common(tree).SetDefault("replicas", 1L),
        Validate = Validate,
        ValidateUpdate = SelectorStays,
    };

    public static ResourceStrategy StatefulSet { get; } = new()
    {
        TracksGeneration = true,
        Default = tree =>
        {
            var spec = Common(tree);
            spec.SetDefault("replicas", 1L);
            spec.SetDefault("revisionHistoryLimit", 10L);
            spec.SetDefaultText("podManagementPolicy", "OrderedReady");
            spec.Ensure("updateStrategy").SetDefaultText("type", "RollingUpdate");
            if (spec.Obj("updateStrategy").Str("type") == "RollingUpdate")
            {
                spec.Obj("updateStrategy")!.Ensure("rollingUpdate").SetDefault("partition", 0L);
            }

            spec.Ensure("persistentVolumeClaimRetentionPolicy").SetDefaultText("whenDeleted", "Retain");
            spec.Obj("persistentVolumeClaimRetentionPolicy")!.SetDefaultText("whenScaled", "Retain");
            foreach (var claim in spec.Objects("volumeClaimTemplates"))
            {
                claim.SetDefaultText("apiVersion", "v1");
                claim.SetDefaultText("kind", "PersistentVolumeClaim");
                StorageRules.PersistentVolumeClaim.Default!(claim);
            }
        },
        Validate = Validate,
        ValidateUpdate = (tree, old, errors) =>
        {
            var before = old.Obj("spec")!.DeepClone().AsObject();
            foreach (var member in StatefulMutable)
            {
                before.SetOrRemove(member, tree.Obj("spec")?[member]?.DeepClone());
            }

            if (!JsonTree.Same(tree["spec"], before))
            {
                errors.Forbidden("spec", StatefulUpdateText);
            }
        },
    };

    public static ResourceStrategy DaemonSet { get; } = new()
    {
        TracksGeneration = true,
        Default = tree =>
        {
            var spec = Common(tree);
            spec.SetDefault("revisionHistoryLimit", 10L);
            var strategy = spec.Ensure("updateStrategy");
            strategy.SetDefaultText("type", "RollingUpdate");
            if (strategy.Str("type") == "RollingUpdate")
            {
                strategy.Ensure("rollingUpdate").SetDefault("maxUnavailable", 1L);
                strategy.Obj("rollingUpdate")!.SetDefault("maxSurge", 0L);
            }
        },
        Validate = Validate,
        ValidateUpdate = SelectorStays,
    };

    /// <summary>Reports a selector that changed.</summary>
    public static void SelectorStays(JsonObject tree, JsonObject old, FieldErrors errors)
    {
        if (!JsonTree.Same(tree.Obj("spec")?["selector"], old.Obj("spec")?["selector"]))
        {
            errors.Invalid("spec.selector", tree.Obj("spec")?["selector"], "field is immutable");
        }
    }

    private static JsonObject Common(JsonObject tree)
    {
        var spec = tree.Ensure("spec");
        PodDefaults.Template(spec.Obj("template"));
        return spec;
    }

    private static void Validate(JsonObject tree, FieldErrors errors)
    {
        var spec = tree.Obj("spec");
        var selector = spec.Obj("selector");
        if (selector is null)
        {
            errors.Required("spec.selector");
        }
        else if (!SelectorTree.Parse(selector).Matches(SelectorTree.Labels(spec.At("template", "metadata"))))
        {
            errors.Invalid("spec.template.metadata.labels", spec.At("template", "metadata")?["labels"], "`selector` does not match template `labels`");
        }

        if (spec.Int("replicas") < 0)
        {
            errors.Invalid("spec.replicas", spec!["replicas"], "must be greater than or equal to 0");
        }

        PodValidation.Spec(spec.At("template", "spec"), "spec.template.spec", errors);
        if (spec.At("template", "spec").Str("restartPolicy") is { } policy and not "Always")
        {
            errors.NotSupported("spec.template.spec.restartPolicy", policy, "Always");
        }
    }
}
