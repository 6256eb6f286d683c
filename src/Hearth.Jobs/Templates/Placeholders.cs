using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Hearth.Jobs.Templates;

/// <summary><c>${Name}</c> in the values of a document: alone or inside of a longer text, never in names of members.</summary>
internal static partial class Placeholders
{
    /// <summary>Names of the placeholders of a document with the path where each first stands.</summary>
    public static IReadOnlyDictionary<string, string> Of(JsonNode document)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        Visit(document, "");
        return found;

        void Visit(JsonNode? node, string path)
        {
            switch (node)
            {
                case JsonObject members:
                    foreach (var (name, value) in members)
                    {
                        Visit(value, path.Length == 0 ? name : $"{path}.{name}");
                    }

                    break;
                case JsonArray items:
                    for (var i = 0; i < items.Count; i++)
                    {
                        Visit(items[i], FormattableString.Invariant($"{path}.{i + 1}"));
                    }

                    break;
                case JsonValue value when value.TryGetValue<string>(out var text):
                    foreach (Match match in Pattern().Matches(text))
                    {
                        found.TryAdd(match.Groups["name"].Value, path);
                    }

                    break;
            }
        }
    }

    /// <summary>Whether a text holds a placeholder.</summary>
    public static bool Has(string text) => Pattern().IsMatch(text);

    /// <summary>A copy of a document with values in the place of placeholders, in one pass: what a value holds is not looked at again.</summary>
    /// <param name="document">The document.</param>
    /// <param name="values">Values by name; a placeholder without one stays.</param>
    public static JsonNode? Fill(JsonNode? document, IReadOnlyDictionary<string, string> values) => document switch
    {
        JsonObject members => new JsonObject(members.Select(m => KeyValuePair.Create(m.Key, Fill(m.Value, values)))),
        JsonArray items => new JsonArray([.. items.Select(i => Fill(i, values))]),
        JsonValue value when value.TryGetValue<string>(out var text) => JsonValue.Create(Fill(text, values)),
        _ => document?.DeepClone(),
    };

    private static string Fill(string text, IReadOnlyDictionary<string, string> values) =>
        text.Contains("${", StringComparison.Ordinal) ? Pattern().Replace(text, m => values.GetValueOrDefault(m.Groups["name"].Value, m.Value)) : text;

    // Names as the keys of parameter maps may be; the service's own patterns of labels and keys know only letters, digits and underscores.
    [GeneratedRegex(@"\$\{(?<name>[.\-_#A-Za-z0-9]{1,512})\}", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Pattern();
}
