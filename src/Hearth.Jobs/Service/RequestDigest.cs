using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Hearth.Jobs.Resources;

namespace Hearth.Jobs.Service;

/// <summary>A digest that two requests share when they ask for the same, whatever the order of their members.</summary>
internal static class RequestDigest
{
    /// <summary>32 hex digits.</summary>
    public static string Of<T>(T request, JsonTypeInfo<T> json)
    {
        var text = Ordered(JsonSerializer.SerializeToNode(request, json))?.ToJsonString() ?? "";
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..32];
    }

    /// <summary>Annotations of the object that a request makes.</summary>
    public static IReadOnlyDictionary<string, string> Annotation(string digest) => new Dictionary<string, string>(StringComparer.Ordinal) { [EmrGroup.RequestAnnotation] = digest };

    private static JsonNode? Ordered(JsonNode? node) => node switch
    {
        JsonObject members => new JsonObject(members.OrderBy(m => m.Key, StringComparer.Ordinal).Select(m => KeyValuePair.Create(m.Key, Ordered(m.Value)))),
        JsonArray items => new JsonArray([.. items.Select(Ordered)]),
        _ => node?.DeepClone(),
    };
}
