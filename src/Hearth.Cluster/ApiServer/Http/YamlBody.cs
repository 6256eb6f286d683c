using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace Hearth.Cluster.ApiServer.Http;

/// <summary>One YAML document as a JSON tree, plain scalars typed as YAML 1.2's core schema does.</summary>
internal static class YamlBody
{
    private const int MaxDepth = 200;

    /// <exception cref="FormatException">Not YAML, or not exactly one document.</exception>
    public static JsonNode? Parse(ReadOnlySpan<byte> bytes)
    {
        try
        {
            var stream = new YamlStream();
            using var text = new StringReader(Encoding.UTF8.GetString(bytes));
            stream.Load(text);
            return stream.Documents.Count == 1
                ? Node(stream.Documents[0].RootNode, 0)
                : throw new FormatException($"expected one YAML document, found {stream.Documents.Count}");
        }
        catch (YamlException e)
        {
            throw new FormatException($"yaml: line {e.Start.Line}: {e.Message}", e);
        }
    }

    private static JsonNode? Node(YamlNode node, int depth)
    {
        if (depth > MaxDepth)
        {
            throw new FormatException("yaml: nested too deep");
        }

        switch (node)
        {
            case YamlMappingNode mapping:
                var tree = new JsonObject();
                foreach (var (key, value) in mapping.Children)
                {
                    tree[((YamlScalarNode)key).Value ?? ""] = Node(value, depth + 1);
                }

                return tree;
            case YamlSequenceNode sequence:
                return new JsonArray([.. sequence.Children.Select(c => Node(c, depth + 1))]);
            case YamlScalarNode scalar:
                return Scalar(scalar);
            default:
                throw new FormatException("yaml: unsupported node");
        }
    }

    private static JsonNode? Scalar(YamlScalarNode scalar)
    {
        var text = scalar.Value ?? "";
        if (scalar.Style != ScalarStyle.Plain)
        {
            return text;
        }

        return text switch
        {
            "" or "~" or "null" or "Null" or "NULL" => null,
            "true" or "True" or "TRUE" => true,
            "false" or "False" or "FALSE" => false,
            _ when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) => whole,
            _ when IsNumber(text) && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var real) => real,
            _ => text,
        };
    }

    private static bool IsNumber(string text) => text.Any(char.IsAsciiDigit) && text.All(c => char.IsAsciiDigit(c) || c is '+' or '-' or '.' or 'e' or 'E');
}
