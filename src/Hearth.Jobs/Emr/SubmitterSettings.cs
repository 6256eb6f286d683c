using System.Globalization;
using System.Text.Json.Nodes;
using Hearth.Jobs.Model;

namespace Hearth.Jobs.Emr;

/// <summary>The classification <c>emr-job-submitter</c>: how the job runner's pod shall be. Source: EMR on EKS Development Guide, job submitter.</summary>
public sealed record SubmitterSettings
{
    /// <summary>Its name.</summary>
    public const string Classification = "emr-job-submitter";

    private const string Prefix = "jobsubmitter.";
    private const string Toleration = Prefix + "node.toleration.";
    private static readonly string[] Switches = ["ENABLED", "DISABLED"];

    public IReadOnlyDictionary<string, string> NodeSelector { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
    public IReadOnlyDictionary<string, string> Annotations { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>As Kubernetes writes them.</summary>
    public IReadOnlyList<JsonObject> Tolerations { get; init; } = [];
    public string? SchedulerName { get; init; }

    /// <summary>Whether its log is kept.</summary>
    public bool KeepsLog { get; init; } = true;
    public string? Image { get; init; }
    public string? ImagePullPolicy { get; init; }

    /// <summary>Whether it ends as soon as the driver has started, instead of with the driver; null is the release's default.</summary>
    public bool? EndsEarly { get; init; }

    /// <summary>What has no effect here, one sentence each.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Reads the classification; later ones over earlier ones.</summary>
    /// <exception cref="SubmissionException">A property is unknown, or a value is wrong.</exception>
    public static SubmitterSettings Read(IReadOnlyList<Configuration>? configurations)
    {
        var properties = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var property in (configurations ?? []).Where(c => c.Classification == Classification).SelectMany(c => c.Properties ?? new Dictionary<string, string>(StringComparer.Ordinal)))
        {
            properties[property.Key] = property.Value;
        }

        var settings = new SubmitterSettings
        {
            NodeSelector = Below(properties, Prefix + "node.selector."),
            Labels = Below(properties, Prefix + "label."),
            Annotations = Below(properties, Prefix + "annotation."),
            Tolerations = [.. TolerationKeys(properties).Select(k => OneToleration(properties, k))],
        };
        foreach (var (key, value) in properties.Where(p => !IsFamily(p.Key)))
        {
            settings = settings.With(key, value);
        }

        return settings;
    }

    private static bool IsFamily(string key) =>
        ((ReadOnlySpan<string>)[Prefix + "node.selector.", Prefix + "label.", Prefix + "annotation.", Toleration]).ToArray().Any(p => key.Length > p.Length && key.StartsWith(p, StringComparison.Ordinal));

    private static Dictionary<string, string> Below(IReadOnlyDictionary<string, string> properties, string prefix) =>
        properties.Where(p => p.Key.Length > prefix.Length && p.Key.StartsWith(prefix, StringComparison.Ordinal)).ToDictionary(p => p.Key[prefix.Length..], p => p.Value, StringComparer.Ordinal);

    private SubmitterSettings With(string key, string value) => key switch
    {
        Prefix + "scheduler.name" => this with { SchedulerName = value },
        Prefix + "logging" => this with { KeepsLog = Word(key, value, Switches) == "ENABLED" },
        Prefix + "container.image" => this with { Image = value },
        Prefix + "container.image.pullPolicy" => this with { ImagePullPolicy = Word(key, value, ["Always", "IfNotPresent", "Never"]) },
        Prefix + "gracefulTermination" => this with { EndsEarly = Word(key, value.ToLowerInvariant(), ["true", "false"]) == "true" },
        Prefix + "logging.image" or Prefix + "logging.request.cores" or Prefix + "logging.request.memory" =>
            this with { Warnings = [.. Warnings, $"{Classification}: {key} has no effect on this platform: logs are collected without a sidecar"] },
        _ => throw Wrong($"unknown property {key}"),
    };

    // A key may hold dots: what ends in .effect or .tolerationSeconds belongs to the key before it.
    private static IEnumerable<string> TolerationKeys(IReadOnlyDictionary<string, string> properties) =>
        Below(properties, Toleration).Keys
            .Select(k => k.EndsWith(".effect", StringComparison.Ordinal) ? k[..^".effect".Length] : k.EndsWith(".tolerationSeconds", StringComparison.Ordinal) ? k[..^".tolerationSeconds".Length] : k)
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal);

    private static JsonObject OneToleration(SortedDictionary<string, string> properties, string key)
    {
        var name = Toleration + key;
        var effect = properties.TryGetValue(name + ".effect", out var given)
            ? Word(name + ".effect", given, ["NoSchedule", "PreferNoSchedule", "NoExecute"])
            : throw Wrong($"{name}.effect is missing");
        var value = properties.GetValueOrDefault(name);
        var result = new JsonObject { ["key"] = key, ["operator"] = string.IsNullOrEmpty(value) ? "Exists" : "Equal", ["effect"] = effect };
        if (!string.IsNullOrEmpty(value))
        {
            result["value"] = value;
        }

        if (properties.TryGetValue(name + ".tolerationSeconds", out var seconds))
        {
            result["tolerationSeconds"] = effect == "NoExecute" && long.TryParse(seconds, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? number
                : throw Wrong($"{name}.tolerationSeconds must be a number of seconds and needs the effect NoExecute");
        }

        return result;
    }

    private static string Word(string key, string value, string[] known) =>
        known.FirstOrDefault(k => string.Equals(k, value, StringComparison.OrdinalIgnoreCase)) ?? throw Wrong($"{key} must be one of {string.Join(", ", known)}, but is '{value}'");

    private static SubmissionException Wrong(string what) => SubmissionException.Failed(FailureReason.ValidationError, $"{Classification}: {what}.");
}
