using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Hearth.Platform.Yaml;

/// <summary>Prints a JSON tree as YAML: block style, keys in their order, strings quoted only where another reader would take them for something else.</summary>
public static class YamlWriter
{
    public static string Write(JsonNode? document)
    {
        var text = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        var emitter = new Emitter(text, new EmitterSettings(bestIndent: 2, bestWidth: int.MaxValue, isCanonical: false, maxSimpleKeyLength: 1024));
        emitter.Emit(new StreamStart());
        emitter.Emit(new DocumentStart());
        Emit(emitter, document);
        emitter.Emit(new DocumentEnd(isImplicit: true));
        emitter.Emit(new StreamEnd());
        return text.ToString();
    }

    private static void Emit(Emitter emitter, JsonNode? node)
    {
        switch (node)
        {
            case JsonObject map:
                emitter.Emit(new MappingStart(default, default, isImplicit: true, map.Count == 0 ? MappingStyle.Flow : MappingStyle.Block));
                foreach (var (key, value) in map)
                {
                    emitter.Emit(Text(key));
                    Emit(emitter, value);
                }

                emitter.Emit(new MappingEnd());
                break;
            case JsonArray list:
                emitter.Emit(new SequenceStart(default, default, isImplicit: true, StyleOf(list)));
                foreach (var item in list)
                {
                    Emit(emitter, item);
                }

                emitter.Emit(new SequenceEnd());
                break;
            case JsonValue value when value.GetValueKind() == JsonValueKind.String:
                emitter.Emit(Text(value.GetValue<string>()));
                break;
            default:
                emitter.Emit(new Scalar(default, default, node?.ToJsonString() ?? "null", ScalarStyle.Plain, isPlainImplicit: true, isQuotedImplicit: false));
                break;
        }
    }

    /// <summary>Short lists of plain values read best on one line.</summary>
    private static SequenceStyle StyleOf(JsonArray list) =>
        list.All(i => i is null or JsonValue) && list.Sum(i => (i?.ToString().Length ?? 4) + 2) <= 100 ? SequenceStyle.Flow : SequenceStyle.Block;

    private static Scalar Text(string value)
    {
        var style = value.Contains('\n', StringComparison.Ordinal) ? ScalarStyle.Literal
            : NeedsQuotes(value) ? ScalarStyle.DoubleQuoted : ScalarStyle.Any;
        return new Scalar(default, default, value, style, isPlainImplicit: true, isQuotedImplicit: true);
    }

    /// <summary>Text that YAML 1.1 or 1.2 would read as a number, truth value, null, date or base-60 number.</summary>
    private static bool NeedsQuotes(string value) =>
        value.Length == 0
        || value.ToLowerInvariant() is "true" or "false" or "null" or "yes" or "no" or "on" or "off" or "y" or "n" or "~" or "<<" or "=" or ".inf" or ".nan"
        || ((char.IsAsciiDigit(value[0]) || value[0] is '+' or '-' or '.') && value.All(IsNumberCharacter));

    /// <summary>Digits of any base, signs, points, exponents, and the separators of times and dates.</summary>
    private static bool IsNumberCharacter(char c) => char.IsAsciiHexDigit(c) || c is '+' or '-' or '.' or '_' or ':' or 'x' or 'X' or 'o' or 'O' or 'T' or 'Z' or ' ';
}
