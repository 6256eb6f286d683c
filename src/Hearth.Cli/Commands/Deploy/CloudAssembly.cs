using System.Text.Json.Nodes;

namespace Hearth.Cli.Commands.Deploy;

/// <summary>Reads what the CDK wrote.</summary>
internal static class CloudAssembly
{
    private const string StackType = "aws:cloudformation:stack";

    /// <summary>Stack names, each after those that it depends on.</summary>
    public static IReadOnlyList<string> Stacks(string assembly)
    {
        var artifacts = JsonNode.Parse(File.ReadAllText(Path.Combine(assembly, "manifest.json")))!["artifacts"]!.AsObject();
        var (ordered, left) = (new List<string>(), artifacts.Where(a => a.Value?["type"]?.GetValue<string>() == StackType).ToDictionary(a => a.Key, a => a.Value!, StringComparer.Ordinal));
        while (left.Count > 0)
        {
            var next = left.Where(s => !Dependencies(s.Value).Any(left.ContainsKey)).Select(s => s.Key).Order(StringComparer.Ordinal).First();
            ordered.Add(next);
            left.Remove(next);
        }

        return ordered;
    }

    /// <summary>A stack's template.</summary>
    public static JsonObject Template(string assembly, string stack) => JsonNode.Parse(File.ReadAllText(Path.Combine(assembly, $"{stack}.template.json")))!.AsObject();

    private static IEnumerable<string> Dependencies(JsonNode artifact) => (artifact["dependencies"] as JsonArray ?? []).Select(d => d!.GetValue<string>());
}
