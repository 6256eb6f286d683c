using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Hearth.Kube.Yaml;

/// <summary>A place in a text; line and column count from 1.</summary>
public readonly record struct TextPosition(int Line, int Column);

/// <summary>
/// Where each value of the first document of a YAML text is written, by JSON pointer (RFC 6901): fields at their key, items at their first character.
/// Goes with <see cref="YamlJson"/>: where a key is given twice, its place is that of the last one.
/// </summary>
public sealed class YamlPositions
{
    private readonly Parser _parser;
    private readonly Dictionary<string, TextPosition> _places = new(StringComparer.Ordinal);
    private readonly List<(string Pointer, TextPosition At)> _twice = [];

    private YamlPositions(string text) => _parser = new Parser(new StringReader(text));

    /// <summary>Places by JSON pointer; the document itself is the empty one.</summary>
    public IReadOnlyDictionary<string, TextPosition> Places => _places;

    /// <summary>Keys that are given once more in the same mapping, in the order of the text.</summary>
    public IReadOnlyList<(string Pointer, TextPosition At)> Twice => _twice;

    /// <summary>Reads a text. One that is not YAML has the places before its fault.</summary>
    public static YamlPositions Of(string text)
    {
        var positions = new YamlPositions(text);
        try
        {
            positions._parser.Consume<StreamStart>();
            if (positions._parser.TryConsume<DocumentStart>(out _))
            {
                positions.Node("");
            }
        }
        catch (YamlException)
        {
            // Whoever reads the values says what is wrong.
        }

        return positions;
    }

    /// <summary>A step of a JSON pointer.</summary>
    public static string Step(string name) => "/" + name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);

    private void Node(string pointer)
    {
        _places.TryAdd(pointer, At(_parser.Current!.Start));
        switch (_parser.Current)
        {
            case MappingStart:
                Mapping(pointer);
                break;
            case SequenceStart:
                Sequence(pointer);
                break;
            default:
                _parser.MoveNext();
                break;
        }
    }

    private void Mapping(string pointer)
    {
        _parser.Consume<MappingStart>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            var key = _parser.Consume<Scalar>();
            var here = pointer + Step(key.Value);
            if (!seen.Add(key.Value))
            {
                _twice.Add((here, At(key.Start)));
                Forget(here);
            }

            _places[here] = At(key.Start);
            Node(here);
        }
    }

    private void Sequence(string pointer)
    {
        _parser.Consume<SequenceStart>();
        for (var i = 0; !_parser.TryConsume<SequenceEnd>(out _); i++)
        {
            Node(FormattableString.Invariant($"{pointer}/{i}"));
        }
    }

    private void Forget(string pointer)
    {
        foreach (var below in _places.Keys.Where(p => p.StartsWith(pointer + "/", StringComparison.Ordinal)).ToArray())
        {
            _places.Remove(below);
        }
    }

    private static TextPosition At(in Mark mark) => new((int)Math.Max(1, mark.Line), (int)Math.Max(1, mark.Column));
}
