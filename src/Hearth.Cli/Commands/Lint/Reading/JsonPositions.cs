using System.Text;
using System.Text.Json;
using Hearth.Kube.Yaml;

namespace Hearth.Cli.Commands.Lint.Reading;

/// <summary>Where each value of a JSON text is written, by JSON pointer: members at their name, items at their first character.</summary>
internal static class JsonPositions
{
    /// <summary>Reads a valid text.</summary>
    public static IReadOnlyDictionary<string, TextPosition> Of(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var lines = Lines(bytes);
        var places = new Dictionary<string, TextPosition>(StringComparer.Ordinal);
        var reader = new Utf8JsonReader(bytes);
        // What is open: the pointer of each object or array, and how many items an array has had (-1 for objects).
        var open = new Stack<(string Pointer, int Items)>();
        var name = "";
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName:
                    name = open.Peek().Pointer + YamlPositions.Step(reader.GetString()!);
                    places[name] = At(bytes, lines, (int)reader.TokenStartIndex);
                    break;
                case JsonTokenType.EndObject or JsonTokenType.EndArray:
                    open.Pop();
                    break;
                default:
                    var here = Here(open, name);
                    places.TryAdd(here, At(bytes, lines, (int)reader.TokenStartIndex));
                    if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
                    {
                        open.Push((here, reader.TokenType == JsonTokenType.StartArray ? 0 : -1));
                    }

                    break;
            }
        }

        return places;
    }

    private static string Here(Stack<(string Pointer, int Items)> open, string name)
    {
        if (!open.TryPeek(out var parent))
        {
            return "";
        }

        if (parent.Items < 0)
        {
            return name;
        }

        open.Pop();
        open.Push((parent.Pointer, parent.Items + 1));
        return FormattableString.Invariant($"{parent.Pointer}/{parent.Items}");
    }

    private static List<int> Lines(byte[] bytes)
    {
        var starts = new List<int> { 0 };
        for (var i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] == '\n')
            {
                starts.Add(i + 1);
            }
        }

        return starts;
    }

    private static TextPosition At(byte[] bytes, List<int> lines, int offset)
    {
        var line = lines.BinarySearch(offset);
        line = line < 0 ? ~line - 1 : line;
        return new TextPosition(line + 1, Encoding.UTF8.GetCharCount(bytes, lines[line], offset - lines[line]) + 1);
    }
}
