using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Hearth.Kube.Objects;

/// <summary>JSON in and out of typed views.</summary>
public static class KubeJson
{
    /// <summary>Reads a typed view. Unknown fields are ignored.</summary>
    /// <exception cref="JsonException">A field has the wrong JSON type.</exception>
    public static T Read<T>(JsonNode json) where T : class, IKubeObject<T> =>
        json.Deserialize(T.Json) ?? throw new JsonException("null is not an object");

    /// <summary>Writes a typed view with its <c>apiVersion</c> and <c>kind</c> first; null members are left out.</summary>
    public static JsonObject Write<T>(T value) where T : class, IKubeObject<T>
    {
        var body = JsonSerializer.SerializeToNode(value, T.Json)!.AsObject();
        var result = new JsonObject { ["apiVersion"] = T.Type.ApiVersion, ["kind"] = T.Type.Kind };
        foreach (var (name, node) in body.ToArray())
        {
            body.Remove(name);
            result[name] = node;
        }

        return result;
    }
}

/// <summary>RFC 3339 in UTC with whole seconds, as Kubernetes writes <c>Time</c>.</summary>
public sealed class KubeTimeConverter : JsonConverter<DateTimeOffset>
{
    /// <summary>The text form, for example <c>2024-05-01T10:00:00Z</c>.</summary>
    public const string Format = "yyyy-MM-dd'T'HH:mm:ss'Z'";

    /// <summary>Formats an instant as Kubernetes does.</summary>
    public static string ToText(DateTimeOffset time) => time.UtcDateTime.ToString(Format, CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        DateTimeOffset.Parse(reader.GetString()!, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) => writer.WriteStringValue(ToText(value));
}

/// <summary>A JSON string or integer that stands for a port name or number, a count or a percentage (util/intstr).</summary>
/// <param name="Text">The text form of either.</param>
/// <param name="IsNumber">Whether it is written as a JSON number.</param>
[JsonConverter(typeof(IntOrStringConverter))]
public readonly record struct IntOrString(string Text, bool IsNumber)
{
    /// <summary>The number, or null when it is a name or percentage.</summary>
    public int? Number => IsNumber ? int.Parse(Text, CultureInfo.InvariantCulture) : null;

    /// <summary>A number.</summary>
    public static IntOrString Of(int number) => new(number.ToString(CultureInfo.InvariantCulture), true);

    /// <summary>A name or percentage.</summary>
    public static IntOrString Of(string text) => new(text, false);
}

/// <summary>Reads and writes <see cref="IntOrString"/>.</summary>
public sealed class IntOrStringConverter : JsonConverter<IntOrString>
{
    /// <inheritdoc/>
    public override IntOrString Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.Number ? IntOrString.Of(reader.GetInt32()) : IntOrString.Of(reader.GetString()!);

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, IntOrString value, JsonSerializerOptions options)
    {
        if (value.IsNumber)
        {
            writer.WriteNumberValue(value.Number!.Value);
        }
        else
        {
            writer.WriteStringValue(value.Text);
        }
    }
}
