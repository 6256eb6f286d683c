using System.Globalization;
using System.Text.Json.Nodes;

namespace Hearth.Kube.Patches;

/// <summary>A JSON Pointer (RFC 6901) as its unescaped parts.</summary>
internal readonly record struct JsonPointer(string Text, string[] Parts)
{
    public bool IsRoot => Parts.Length == 0;

    public static JsonPointer Parse(string text)
    {
        if (text.Length == 0)
        {
            return new JsonPointer(text, []);
        }

        if (text[0] != '/')
        {
            throw PatchException.Malformed($"the path \"{text}\" must be empty or start with /");
        }

        return new JsonPointer(text, text[1..].Split('/').Select(Unescape).ToArray());
    }

    public JsonNode? Read(JsonNode? document)
    {
        var at = this;
        return Parts.Aggregate(document, (node, part) => at.Step(node, part));
    }

    /// <summary>The node that holds the last part.</summary>
    public JsonNode Holder(JsonNode? document)
    {
        var at = this;
        return Parts[..^1].Aggregate(document, (node, part) => at.Step(node, part)) ?? throw Missing();
    }

    /// <summary>The index that a part means in an array; <paramref name="size"/> itself is allowed when adding.</summary>
    public int Index(string part, int size, bool adding)
    {
        if (adding && part == "-")
        {
            return size;
        }

        var wellFormed = part.Length > 0 && part.All(char.IsAsciiDigit) && (part.Length == 1 || part[0] != '0');
        if (!wellFormed || !int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var index))
        {
            throw PatchException.DoesNotFit($"the path \"{Text}\" does not exist: \"{part}\" is not an array index");
        }

        return index < size || (adding && index == size) ? index : throw Missing();
    }

    public PatchException Missing() => PatchException.DoesNotFit($"the path \"{Text}\" does not exist");

    /// <summary>True when this lies strictly inside the other.</summary>
    public bool IsInside(JsonPointer other) => Parts.Length > other.Parts.Length && Parts.AsSpan(0, other.Parts.Length).SequenceEqual(other.Parts);

    private static string Unescape(string part)
    {
        for (var i = part.IndexOf('~'); i >= 0; i = part.IndexOf('~', i + 1))
        {
            if (i + 1 == part.Length || part[i + 1] is not ('0' or '1'))
            {
                throw PatchException.Malformed($"the path part \"{part}\" has a ~ that is not ~0 or ~1");
            }
        }

        return part.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
    }

    private JsonNode? Step(JsonNode? node, string part) => node switch
    {
        JsonObject map => map.TryGetPropertyValue(part, out var value) ? value : throw Missing(),
        JsonArray array => array[Index(part, array.Count, adding: false)],
        _ => throw Missing(),
    };
}
