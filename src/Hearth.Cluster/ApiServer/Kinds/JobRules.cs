using System.Text.Json.Nodes;
using Hearth.Cluster.ApiServer.Core;
using Hearth.Cluster.ApiServer.Registry;

namespace Hearth.Cluster.ApiServer.Kinds;

/// <summary>Jobs and cron jobs.</summary>
internal static class JobRules
{
    public static ResourceStrategy Job { get; } = new()
    {
        TracksGeneration = true,
        Default = tree => JobSpec(tree.Ensure("spec")),
        PrepareCreate = (tree, _, _) => Selector(tree),
        Validate = (tree, errors) => ValidateJob(tree.Obj("spec"), "spec", errors),
        ValidateUpdate = (tree, old, errors) =>
        {
            WorkloadRules.SelectorStays(tree, old, errors);
            if (!JsonTree.Same(tree.Obj("spec")?["template"], old.Obj("spec")?["template"]) && old.Obj("spec").Bool("suspend") != true)
            {
                errors.Invalid("spec.template", tree.Obj("spec")?["template"], "field is immutable");
            }

            if (tree.Obj("spec").Str("completionMode") != "Indexed" && tree.Obj("spec").Int("completions") != old.Obj("spec").Int("completions"))
            {
                errors.Invalid("spec.completions", tree.Obj("spec")?["completions"], "field is immutable");
            }
        },
    };

    public static ResourceStrategy CronJob { get; } = new()
    {
        TracksGeneration = true,
        Default = tree =>
        {
            var spec = tree.Ensure("spec");
            spec.SetDefaultText("concurrencyPolicy", "Allow");
            spec.SetDefault("suspend", false);
            spec.SetDefault("successfulJobsHistoryLimit", 3L);
            spec.SetDefault("failedJobsHistoryLimit", 1L);
            if (spec.Obj("jobTemplate") is { } template)
            {
                template.SetDefault("metadata", new JsonObject());
                PodDefaults.Template(template.Ensure("spec").Obj("template"));
            }
        },
        Validate = (tree, errors) =>
        {
            var spec = tree.Obj("spec");
            if (string.IsNullOrEmpty(spec.Str("schedule")))
            {
                errors.Required("spec.schedule");
            }

            ValidateJob(spec.At("jobTemplate", "spec"), "spec.jobTemplate.spec", errors);
        },
    };

    private static void JobSpec(JsonObject spec)
    {
        if (spec["completions"] is null && spec["parallelism"] is null)
        {
            spec["completions"] = 1L;
            spec["parallelism"] = 1L;
        }

        spec.SetDefault("parallelism", 1L);
        spec.SetDefault("backoffLimit", 6L);
        spec.SetDefaultText("completionMode", "NonIndexed");
        spec.SetDefault("suspend", false);
        spec.SetDefault("manualSelector", false);
        spec.SetDefaultText("podReplacementPolicy", "TerminatingOrFailed");
        PodDefaults.Template(spec.Obj("template"));
    }

    /// <summary>A selector that nobody else can have: by the job's uid.</summary>
    private static void Selector(JsonObject tree)
    {
        var spec = tree.Ensure("spec");
        if (spec.Bool("manualSelector") == true)
        {
            return;
        }

        var uid = tree.Uid();
        spec["selector"] = new JsonObject { ["matchLabels"] = new JsonObject { ["batch.kubernetes.io/controller-uid"] = uid } };
        var labels = spec.Ensure("template").Ensure("metadata").Ensure("labels");
        labels["batch.kubernetes.io/controller-uid"] = uid;
        labels["batch.kubernetes.io/job-name"] = tree.Name();
        labels["controller-uid"] = uid;
        labels["job-name"] = tree.Name();
    }

    private static void ValidateJob(JsonObject? spec, string path, FieldErrors errors)
    {
        foreach (var member in (ReadOnlySpan<string>)["parallelism", "completions", "backoffLimit", "activeDeadlineSeconds", "ttlSecondsAfterFinished"])
        {
            if (spec.Int(member) < 0)
            {
                errors.Invalid($"{path}.{member}", spec![member], "must be greater than or equal to 0");
            }
        }

        PodValidation.Spec(spec.At("template", "spec"), $"{path}.template.spec", errors);
        if (spec.At("template", "spec").Str("restartPolicy") is var policy and not ("OnFailure" or "Never"))
        {
            errors.NotSupported($"{path}.template.spec.restartPolicy", policy, "OnFailure", "Never");
        }
    }
}
