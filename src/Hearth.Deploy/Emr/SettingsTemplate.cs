using System.Text.Json.Nodes;
using Hearth.Platform.Jobs;

namespace Hearth.Deploy.Emr;

/// <summary>Job settings as CloudFormation spells them: the members of a request begin with a capital letter; names of Spark properties stay as they are.</summary>
internal static class SettingsTemplate
{
    public static object ToTemplate(this SparkSettings settings) => Capital(settings.ToRequest());

    private static object Capital(JsonNode node) => node switch
    {
        JsonObject o => o.ToDictionary(p => char.ToUpperInvariant(p.Key[0]) + p.Key[1..], p => p.Key == "properties" ? Map(p.Value!.AsObject()) : Capital(p.Value!), StringComparer.Ordinal),
        JsonArray a => a.Select(n => Capital(n!)).ToArray(),
        _ => node.GetValue<string>(),
    };

    private static Dictionary<string, string> Map(JsonObject properties) => properties.ToDictionary(p => p.Key, p => p.Value!.GetValue<string>(), StringComparer.Ordinal);
}
