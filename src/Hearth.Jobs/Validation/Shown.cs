using System.Text.Json.Nodes;

namespace Hearth.Jobs.Validation;

/// <summary>Values as messages repeat them: like Java prints them, long ones cut.</summary>
internal static class Shown
{
    private const int Longest = 256;

    public static string Scalar(JsonNode? node) => Cut(node?.ToString() ?? "null");

    public static string List(JsonArray items) => Cut($"[{string.Join(", ", items.Select(i => i?.ToString() ?? "null"))}]");

    public static string Map(JsonObject entries) => Cut($"{{{string.Join(", ", entries.Select(e => $"{e.Key}={e.Value?.ToString() ?? "null"}"))}}}");

    private static string Cut(string text)
    {
        if (text.Length <= Longest)
        {
            return text;
        }

        var end = char.IsHighSurrogate(text[Longest - 1]) ? Longest - 1 : Longest;
        return text[..end] + "...";
    }
}
