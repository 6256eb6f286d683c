using System.Text.Json.Nodes;
using Hearth.Kube.Yaml;

namespace Hearth.Cli.Commands.Lint.Reading;

/// <summary>A file that was read: its values, and where each one is written.</summary>
internal sealed class LintSource
{
    private readonly IReadOnlyDictionary<string, TextPosition> _places;
    private readonly string? _within;

    private LintSource(string file, string text, JsonObject root, IReadOnlyDictionary<string, TextPosition> places, string? within = null) =>
        (File, Text, Root, _places, _within) = (file, text, root, places, within);

    /// <summary>As the user named it, or as found beside the request.</summary>
    public string File { get; }

    public string Text { get; }

    public JsonObject Root { get; }

    /// <summary>Keys given twice.</summary>
    public IReadOnlyList<(string Pointer, TextPosition At)> Twice { get; private init; } = [];

    /// <summary>What is odd about the text, or wrong with it when nothing could be read.</summary>
    public string? Problem { get; private init; }

    /// <summary>The first line.</summary>
    public SourcePlace Start => new(File, new TextPosition(1, 1));

    /// <summary>A JSON text that was checked before.</summary>
    /// <param name="file">Its name.</param>
    /// <param name="text">The text.</param>
    /// <param name="root">Its values.</param>
    /// <param name="within">The member that holds what places are asked for, or null for the root.</param>
    public static LintSource OfJson(string file, string text, JsonObject root, string? within = null) => new(file, text, root, JsonPositions.Of(text), within);

    /// <summary>A YAML text; one that cannot be read has a <see cref="Problem"/>.</summary>
    public static LintSource OfYaml(string file, string text)
    {
        var positions = YamlPositions.Of(text);
        try
        {
            return new LintSource(file, text, YamlJson.ParseObject(text).Value, positions.Places) { Twice = positions.Twice };
        }
        catch (YamlJsonException e)
        {
            return new LintSource(file, text, [], positions.Places) { Problem = e.Message };
        }
    }

    /// <summary>The place of a value, or of the nearest one around it.</summary>
    public SourcePlace At(params ReadOnlySpan<object> steps)
    {
        var pointer = _within is null || steps is [string first, ..] && first == _within ? "" : YamlPositions.Step(_within);
        var best = _places.GetValueOrDefault(pointer, new TextPosition(1, 1));
        foreach (var step in steps)
        {
            pointer += YamlPositions.Step(FormattableString.Invariant($"{step}"));
            if (_places.TryGetValue(pointer, out var found))
            {
                best = found;
            }
        }

        return new SourcePlace(File, best);
    }

    /// <summary>The place of a text on the line of another place or after it, or that other place when the text is not there.</summary>
    public SourcePlace Find(SourcePlace from, string text)
    {
        var lines = Text.Split('\n');
        var column = from.At.Column - 1;
        for (var line = from.At.Line - 1; line < Math.Min(lines.Length, from.At.Line + 2); line++)
        {
            var at = column < lines[line].Length ? lines[line].IndexOf(text, column, StringComparison.Ordinal) : -1;
            if (at >= 0)
            {
                return new SourcePlace(File, new TextPosition(line + 1, at + 1));
            }

            column = 0;
        }

        return from;
    }
}
