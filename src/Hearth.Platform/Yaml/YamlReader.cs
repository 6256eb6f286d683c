using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Hearth.Platform.Yaml;

/// <summary>
/// Builds position-carrying nodes from the parser's events. Stricter than YAML where leniency hides mistakes:
/// one document, text keys, no key twice, no merge keys.
/// </summary>
internal sealed class YamlReader
{
    /// <summary>A declaration is far smaller; beyond this, aliases multiply.</summary>
    private const int MaxNodes = 200_000;

    private const int MaxDepth = 64;

    private readonly Parser _parser;
    private readonly List<YamlFault> _faults = [];
    private readonly Dictionary<string, (YamlNode Node, int Size)> _anchors = new(StringComparer.Ordinal);
    private int _nodes;
    private int _depth;

    private YamlReader(TextReader text) => _parser = new Parser(text);

    /// <summary>The document's root (null when empty or unreadable) and what is wrong with its form.</summary>
    public static (YamlNode? Root, IReadOnlyList<YamlFault> Faults) Read(string text)
    {
        using var reader = new StringReader(text);
        var yaml = new YamlReader(reader);
        YamlNode? root = null;
        try
        {
            root = yaml.ReadStream();
        }
        catch (YamlException error)
        {
            yaml._faults.Add(new YamlFault(Clean(error), At(error.Start)));
        }

        return (root, yaml._faults);
    }

    private YamlNode? ReadStream()
    {
        _parser.Consume<StreamStart>();
        if (_parser.TryConsume<StreamEnd>(out _))
        {
            return null;
        }

        _parser.Consume<DocumentStart>();
        var root = ReadNode();
        _parser.Consume<DocumentEnd>();
        if (_parser.TryConsume<DocumentStart>(out var second))
        {
            _faults.Add(new YamlFault("a second document starts here; a platform is one document", At(second.Start)));
        }

        return root;
    }

    private YamlNode ReadNode()
    {
        if (_parser.TryConsume<AnchorAlias>(out var alias))
        {
            return Resolve(alias);
        }

        var before = _nodes;
        Count(1, _parser.Current!.Start);
        _depth++;
        if (_depth > MaxDepth)
        {
            throw new YamlException(_parser.Current.Start, _parser.Current.End, $"nested deeper than {MaxDepth} levels");
        }

        var anchor = (_parser.Current as NodeEvent)?.Anchor ?? default;
        YamlNode node = _parser.Current switch
        {
            Scalar => ReadScalar(),
            MappingStart => ReadMap(),
            SequenceStart => ReadList(),
            var other => throw new YamlException(other.Start, other.End, "expected a value"),
        };
        _depth--;
        if (!anchor.IsEmpty)
        {
            _anchors[anchor.Value] = (node, _nodes - before);
        }

        return node;
    }

    private YamlScalar ReadScalar()
    {
        var scalar = _parser.Consume<Scalar>();
        return new YamlScalar(scalar.Value, scalar.Style == ScalarStyle.Plain, At(scalar.Start));
    }

    private YamlMap ReadMap()
    {
        var start = _parser.Consume<MappingStart>();
        var entries = new List<KeyValuePair<YamlScalar, YamlNode>>();
        var seen = new Dictionary<string, YamlPosition>(StringComparer.Ordinal);
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            var position = At(_parser.Current!.Start);
            var key = ReadNode();
            var value = ReadNode();
            if (key is not YamlScalar name)
            {
                _faults.Add(new YamlFault("a key must be text", position));
            }
            else if (name is { Plain: true, Text: "<<" })
            {
                _faults.Add(new YamlFault("merge keys (<<) are not part of YAML 1.2; write the fields out", position));
            }
            else if (!seen.TryAdd(name.Text, position))
            {
                _faults.Add(new YamlFault($"'{name.Text}' is given twice; first in line {seen[name.Text].Line}", position));
            }
            else
            {
                entries.Add(new(name, value));
            }
        }

        return new YamlMap(entries, At(start.Start));
    }

    private YamlList ReadList()
    {
        var start = _parser.Consume<SequenceStart>();
        var items = new List<YamlNode>();
        while (!_parser.TryConsume<SequenceEnd>(out _))
        {
            items.Add(ReadNode());
        }

        return new YamlList(items, At(start.Start));
    }

    private YamlNode Resolve(AnchorAlias alias)
    {
        if (!_anchors.TryGetValue(alias.Value.Value, out var anchored))
        {
            throw new YamlException(alias.Start, alias.End, $"no anchor '&{alias.Value.Value}' before this");
        }

        Count(anchored.Size, alias.Start);
        return anchored.Node;
    }

    private void Count(int nodes, in Mark where)
    {
        _nodes += nodes;
        if (_nodes > MaxNodes)
        {
            throw new YamlException(where, where, $"more than {MaxNodes} values");
        }
    }

    private static YamlPosition At(in Mark mark) => new((int)Math.Max(1, mark.Line), (int)Math.Max(1, mark.Column));

    /// <summary>The parser's own words without its position prefix.</summary>
    private static string Clean(YamlException error)
    {
        var message = error.InnerException?.Message ?? error.Message;
        var colon = message.StartsWith("(Line:", StringComparison.Ordinal) ? message.IndexOf("): ", StringComparison.Ordinal) : -1;
        message = colon < 0 ? message : message[(colon + 3)..];
        return $"not valid YAML: {char.ToLowerInvariant(message[0])}{message[1..].TrimEnd('.')}";
    }
}
