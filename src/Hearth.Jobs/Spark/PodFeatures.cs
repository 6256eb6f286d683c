using System.Text.Json.Nodes;

namespace Hearth.Jobs.Spark;

/// <summary>What driver and executor pods have in common. Source: Spark 3.5.3, BasicDriverFeatureStep and BasicExecutorFeatureStep.</summary>
internal static class PodFeatures
{
    private static readonly HashSet<string> ReservedLabels = new(StringComparer.Ordinal)
    {
        "spark-role", "spark-app-selector", "spark-app-name", "spark-version", "spark-exec-id", "spark-exec-resourceprofile-id", "spark-exec-inactive",
    };

    /// <summary>Word of a role in keys and labels.</summary>
    public static string Word(SparkRole role) => role == SparkRole.Driver ? "driver" : "executor";

    /// <summary>Labels and annotations, the user's first, Spark's over them.</summary>
    /// <exception cref="SparkConfException">The user sets one of Spark's own labels.</exception>
    public static void Metadata(PodDraft draft, SparkApplication app, SparkRole role, string? executorId)
    {
        var word = Word(role);
        foreach (var (key, value) in app.Conf.Below($"spark.kubernetes.{word}.label."))
        {
            if (ReservedLabels.Contains(key))
            {
                throw new SparkConfException($"Custom {word} labels cannot contain [{key}] as it is reserved for Spark's internal operations.");
            }

            draft.Label(key, value);
        }

        foreach (var (key, value) in app.Conf.Below($"spark.kubernetes.{word}.annotation."))
        {
            draft.Annotate(key, value
                .Replace("{{APP_ID}}", app.Id, StringComparison.Ordinal)
                .Replace("{{EXECUTOR_ID}}", executorId ?? "", StringComparison.Ordinal));
        }

        foreach (var (key, value) in app.Labels)
        {
            draft.Label(key, value);
        }

        draft.Label("spark-app-selector", app.Id);
        draft.Label("spark-app-name", SparkNames.AppNameLabel(app.Name));
        draft.Label("spark-version", app.Version);
        draft.Label("spark-role", word);
    }

    /// <summary>Image, pull policy and secrets, scheduler, node selectors, restart policy.</summary>
    /// <exception cref="SparkConfException">No image is given.</exception>
    public static void Placement(PodDraft draft, SparkConf conf, SparkRole role)
    {
        var word = Word(role);
        draft.Container["image"] = conf.First($"spark.kubernetes.{word}.container.image", "spark.kubernetes.container.image")
            ?? throw new SparkConfException($"Must specify the {word} container image: spark.kubernetes.{word}.container.image");
        draft.Container["imagePullPolicy"] = conf.Get("spark.kubernetes.container.image.pullPolicy", "IfNotPresent");
        foreach (var secret in Words(conf.Get("spark.kubernetes.container.image.pullSecrets")))
        {
            draft.PullSecret(secret);
        }

        if (conf.First($"spark.kubernetes.{word}.scheduler.name", "spark.kubernetes.scheduler.name") is { } scheduler)
        {
            draft.Spec["schedulerName"] = scheduler;
        }

        foreach (var (key, value) in conf.Below("spark.kubernetes.node.selector.").Concat(conf.Below($"spark.kubernetes.{word}.node.selector.")))
        {
            draft.SelectNode(key, value);
        }

        draft.Spec["restartPolicy"] = "Never";
    }

    /// <summary>CPU and memory, and extended resources such as GPUs.</summary>
    public static void Resources(PodDraft draft, SparkConf conf, SparkRole role, SparkMemory memory)
    {
        var word = Word(role);
        draft.Request("cpu", conf.First($"spark.kubernetes.{word}.request.cores", $"spark.{word}.cores") ?? "1");
        if (conf.Get($"spark.kubernetes.{word}.limit.cores") is { } limit)
        {
            draft.Limit("cpu", limit);
        }

        var total = FormattableString.Invariant($"{memory.Total}Mi");
        draft.Request("memory", total);
        draft.Limit("memory", total);
        foreach (var (key, amount) in conf.Below($"spark.{word}.resource.").Where(r => r.Key.EndsWith(".amount", StringComparison.Ordinal)))
        {
            var resource = key[..^".amount".Length];
            var vendor = conf.Get($"spark.{word}.resource.{resource}.vendor")
                ?? throw new SparkConfException($"Resource: {resource} was requested, but vendor was not specified: spark.{word}.resource.{resource}.vendor");
            draft.Limit($"{vendor}/{resource}", amount);
        }
    }

    /// <summary>Mounted secrets and environment variables from secrets.</summary>
    public static void Secrets(PodDraft draft, SparkConf conf, SparkRole role)
    {
        var word = Word(role);
        foreach (var (secret, path) in conf.Below($"spark.kubernetes.{word}.secrets."))
        {
            draft.Volume($"{secret}-volume", "secret", new JsonObject { ["secretName"] = secret });
            draft.Mount($"{secret}-volume", path);
        }

        foreach (var (variable, reference) in conf.Below($"spark.kubernetes.{word}.secretKeyRef."))
        {
            var colon = reference.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0)
            {
                throw new SparkConfException($"spark.kubernetes.{word}.secretKeyRef.{variable} must be NAME:KEY, but was {reference}");
            }

            draft.EnvFrom(variable, new JsonObject
            {
                ["secretKeyRef"] = new JsonObject { ["name"] = reference[..colon], ["key"] = reference[(colon + 1)..] },
            });
        }
    }

    /// <summary>An owner reference in Spark's form: no <c>blockOwnerDeletion</c>.</summary>
    public static JsonObject Owner(string apiVersion, string kind, string name, string uid) => new()
    {
        ["apiVersion"] = apiVersion,
        ["kind"] = kind,
        ["name"] = name,
        ["uid"] = uid,
        ["controller"] = true,
    };

    private static string[] Words(string? list) =>
        list?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];
}
