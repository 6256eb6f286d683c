using System.Globalization;

namespace Hearth.Jobs.Validation;

/// <summary>All shapes of the requests, read once from <c>emr-containers.shapes</c>: the one place where constraints are written down.</summary>
internal sealed class ShapeTable
{
    private static readonly Lazy<ShapeTable> Embedded = new(() => Parse(EmbeddedText.Read("emr-containers.shapes")));
    private readonly Dictionary<string, Shape> _shapes = new(StringComparer.Ordinal);

    private ShapeTable()
    {
    }

    /// <summary>The table of the service.</summary>
    public static ShapeTable Emr => Embedded.Value;

    /// <summary>Every shape.</summary>
    public IEnumerable<Shape> All => _shapes.Values;

    /// <summary>A shape by its name.</summary>
    public Shape this[string name] => _shapes[name];

    /// <summary>Reads a table.</summary>
    /// <exception cref="FormatException">A line is none of the forms that the head of the file describes.</exception>
    public static ShapeTable Parse(string text)
    {
        var table = new ShapeTable();
        string? kind = null;
        string? name = null;
        var members = new List<ShapeMember>();
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(l => !l.StartsWith('#')))
        {
            if (line.StartsWith("  ", StringComparison.Ordinal))
            {
                members.Add(Member(line));
                continue;
            }

            Flush();
            var words = line.Split(' ');
            if (words[0] is "structure" or "union" or "request")
            {
                (kind, name) = (words[0], words[1]);
            }
            else
            {
                table.Add(Simple(words, line));
            }
        }

        Flush();
        return table;

        void Flush()
        {
            if (name is not null)
            {
                table.Add(new StructureShape(name, [.. members], kind == "union"));
            }

            (kind, name) = (null, null);
            members.Clear();
        }
    }

    private void Add(Shape shape) => _shapes.Add(shape.Name, shape);

    private static ShapeMember Member(string line)
    {
        var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return new ShapeMember(words[0].TrimEnd('*'), words[1], words[0].EndsWith('*'));
    }

    private static Shape Simple(string[] words, string line)
    {
        var name = words[1];
        var (min, max) = words.Length > 2 && words[2].Contains("..", StringComparison.Ordinal) ? Range(words[2]) : (null, null);
        return words[0] switch
        {
            "string" or "secret" => new TextShape(name, min, max, words.Length > 3 ? new ModelPattern(string.Join(' ', words[3..])) : null, words[0] == "secret"),
            "enum" => new EnumShape(name, words[2..]),
            "integer" => new IntegerShape(name, min, max),
            "boolean" or "timestamp" => new PlainShape(name),
            "list" => new ListShape(name, min, max, words[3]),
            "map" => new MapShape(name, min, max, words[3], words[4], words.Length > 5),
            _ => throw new FormatException($"not a shape: {line}"),
        };
    }

    private static (int? Min, int? Max) Range(string text)
    {
        var dots = text.IndexOf("..", StringComparison.Ordinal);
        return (Bound(text[..dots]), Bound(text[(dots + 2)..]));
    }

    private static int? Bound(string text) => text.Length == 0 ? null : int.Parse(text, CultureInfo.InvariantCulture);
}
