using System.Text.Json.Nodes;
using Hearth.Jobs.Spark;

namespace Hearth.Cli.Commands.Lint.Reading;

/// <summary>A pod template that a request names.</summary>
/// <param name="Role">Whose it is.</param>
/// <param name="Uri">As the request names it.</param>
/// <param name="Source">The local file; null when there is none.</param>
internal sealed record TemplateFile(SparkRole Role, string Uri, LintSource? Source)
{
    /// <summary><c>driver</c> or <c>executor</c>.</summary>
    public string Word => Role == SparkRole.Driver ? "driver" : "executor";

    /// <summary>Name of the container that Spark takes over.</summary>
    public string MainName => Role == SparkRole.Driver ? SparkNames.DriverContainer : SparkNames.ExecutorContainer;

    /// <summary>The template, when Kubernetes would take it: EMR's own rules are looked at one by one.</summary>
    public PodTemplate? Parsed => Problem is null && Source is { } source ? PodTemplate.Parse(source.Text, Role, PodTemplateRules.Spark) : null;

    /// <summary>Why Kubernetes would not take it, one sentence a line, or null.</summary>
    public string? Problem
    {
        get
        {
            if (Source is null or { Problem: not null })
            {
                return Source?.Problem;
            }

            try
            {
                PodTemplate.Parse(Source.Text, Role, PodTemplateRules.Spark);
                return null;
            }
            catch (PodTemplateException e)
            {
                return e.Message;
            }
        }
    }

    public JsonObject Spec => Source?.Root["spec"] as JsonObject ?? [];

    public JsonArray Containers => Spec["containers"] as JsonArray ?? [];

    /// <summary>Index of the Spark container in <see cref="Containers"/>, or -1.</summary>
    public int Main => PodTemplate.MainContainer(Spec["containers"] as JsonArray, MainName);

    /// <summary>The Spark container, or an empty one.</summary>
    public JsonObject MainContainer => Main >= 0 && Containers[Main] is JsonObject container ? container : [];

    /// <summary>Annotations as text.</summary>
    public IReadOnlyDictionary<string, string> Annotations => Texts(Source?.Root["metadata"]?["annotations"]);

    /// <summary>Labels as text.</summary>
    public IReadOnlyDictionary<string, string> Labels => Texts(Source?.Root["metadata"]?["labels"]);

    private static Dictionary<string, string> Texts(JsonNode? node) =>
        (node as JsonObject ?? []).Where(p => p.Value is JsonValue).ToDictionary(p => p.Key, p => p.Value!.ToString(), StringComparer.Ordinal);
}
