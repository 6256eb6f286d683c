using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Hearth.Scheduling.YuniKorn.Configuration;

/// <summary>A mapping of a queue text while it is read: every field must be known, and errors name their path.</summary>
internal sealed class ConfigMapping
{
    private readonly JsonObject _json;
    private readonly HashSet<string> _read = new(StringComparer.Ordinal);

    public ConfigMapping(JsonNode? json, string path)
    {
        Path = path;
        _json = json as JsonObject ?? throw new FormatException($"{path}: a mapping was expected");
    }

    public string Path { get; }

    public string Text(string name) => Take(name) is { } node ? Scalar(node, $"{Path}.{name}") : "";

    public bool Flag(string name, bool otherwise = false) => Take(name) is not { } node ? otherwise
        : node.GetValueKind() switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => throw new FormatException($"{Path}.{name}: true or false was expected"),
        };

    public long Count(string name) => Take(name) is not { } node ? 0
        : long.TryParse(Scalar(node, $"{Path}.{name}"), NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value > 0 ? value
        : throw new FormatException($"{Path}.{name}: a number above 0 was expected");

    public IReadOnlyList<string> Texts(string name) => [.. List(name).Select((n, i) => Scalar(n, $"{Path}.{name}[{i}]"))];

    public IReadOnlyList<T> Each<T>(string name, Func<ConfigMapping, T> read) => [.. List(name).Select((n, i) => read(new ConfigMapping(n, $"{Path}.{name}[{i}]")))];

    public T? Child<T>(string name, Func<ConfigMapping, T> read) where T : class => Take(name) is { } node ? read(new ConfigMapping(node, $"{Path}.{name}")) : null;

    public IReadOnlyDictionary<string, string> Map(string name) =>
        Take(name) switch
        {
            null => new Dictionary<string, string>(StringComparer.Ordinal),
            JsonObject map => map.ToDictionary(p => p.Key, p => Scalar(p.Value, $"{Path}.{name}.{p.Key}"), StringComparer.Ordinal),
            _ => throw new FormatException($"{Path}.{name}: a mapping was expected"),
        };

    public QueueAmounts Amounts(string name)
    {
        try
        {
            return new QueueAmounts(Map(name).Select(p => new KeyValuePair<string, long>(p.Key, QueueQuantity.Parse(p.Value, p.Key == YuniKornNames.Vcore))));
        }
        catch (FormatException e) when (!e.Message.StartsWith(Path, StringComparison.Ordinal))
        {
            throw new FormatException($"{Path}.{name}: {e.Message}");
        }
    }

    /// <summary>Refuses fields that nobody read.</summary>
    public void Done()
    {
        if (_json.FirstOrDefault(p => !_read.Contains(p.Key)).Key is { } unknown)
        {
            throw new FormatException($"{Path}: field {unknown} not found");
        }
    }

    private JsonNode? Take(string name)
    {
        _read.Add(name);
        return _json[name];
    }

    private JsonArray List(string name) => Take(name) switch
    {
        null => [],
        JsonArray list => list,
        _ => throw new FormatException($"{Path}.{name}: a list was expected"),
    };

    private static string Scalar(JsonNode? node, string path) => node?.GetValueKind() switch
    {
        JsonValueKind.String => node.GetValue<string>(),
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => node.ToJsonString(),
        null or JsonValueKind.Null => "",
        _ => throw new FormatException($"{path}: a text was expected"),
    };
}
