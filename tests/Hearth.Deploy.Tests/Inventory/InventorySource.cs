using System.Text.Json.Nodes;
using Hearth.Delivery.Charts;
using Hearth.Delivery.Install;
using Hearth.Delivery.Manifests;
using Hearth.Delivery.Teardown;
using Hearth.Deploy.Tests.Synth;
using Hearth.Platform;
using Hearth.Platform.Jobs;

namespace Hearth.Deploy.Tests.Inventory;

/// <summary>
/// What a case looks at:
/// <code>
/// cfn TYPE [KEY=VALUE...]   properties of the resources of a type; @tags and @resource are their tags and the rest
/// k8s KIND [NS/]NAME|*      objects that are applied to the cluster
/// chart ADDON               where its chart comes from
/// values ADDON              its chart's values
/// addon NAME                whether it is on
/// output STACK NAME         an output's value; an object when it is one
/// podtemplate NAME          a pod template's text
/// install / teardown        the order of steps
/// </code>
/// </summary>
internal static class InventorySource
{
    public static IReadOnlyList<JsonNode> Of(string variant, string source)
    {
        var words = source.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var platform = Variants.Declaration(variant);
        return words[0] switch
        {
            "cfn" => [.. Variants.Of(variant).OfType(words[1]).Select(Document).Where(d => words[2..].All(w => Matches(d, w)))],
            "k8s" => [.. Objects(platform).Where(o => o["kind"]!.ToString() == words[1] && (words[2] == "*" || Name(o) == words[2]))],
            "chart" => [Chart(platform, words[1])],
            "values" => [ChartCatalog.All.Single(c => c.Addon == words[1]).Values(platform, StackOutputs.None)],
            "addon" => [new JsonObject { ["on"] = platform.IsEnabled(words[1]) }],
            "output" => [Output(variant, words[1], words[2])],
            "podtemplate" => [PodTemplates.Text($"{words[1]}.yaml")],
            "install" => [string.Join(' ', InstallPlan.Of(platform, Stacks(variant)).Select(s => s.Id))],
            "teardown" => [string.Join(' ', TeardownPlan.Of(platform, Stacks(variant)).Select(s => s.Id))],
            _ => throw new InvalidOperationException($"no such source: {source}"),
        };
    }

    private static JsonObject Document(Resource resource)
    {
        var document = resource.Properties.DeepClone().AsObject();
        document["@tags"] = resource.Properties["Tags"] is JsonObject map
            ? map.DeepClone()
            : new JsonObject((resource.Properties["Tags"] as JsonArray ?? []).Select(t => KeyValuePair.Create(t!["Key"]!.ToString(), (JsonNode?)t["Value"]!.ToString())).DistinctBy(t => t.Key));
        document["@resource"] = resource.Whole.DeepClone();
        return document;
    }

    private static bool Matches(JsonObject document, string word)
    {
        var parts = word.Split('=', 2);
        return InventoryPath.Values(document, parts[0].Replace(">", " > ", StringComparison.Ordinal)).Any(v => v == parts[1]);
    }

    private static IEnumerable<JsonObject> Objects(PlatformDeclaration platform) =>
    [
        .. PlatformObjects.Of(platform), .. AwsObjects.Priorities(), .. platform.Teams.SelectMany(AwsObjects.ServiceAccess), .. SparkMonitors.Of(platform),
        .. platform.IsEnabled("aws-fsx-csi-driver") ? AwsObjects.Lustre(StackOutputs.None) : [],
    ];

    private static string Name(JsonObject item) =>
        item["metadata"]!["namespace"] is { } ns ? $"{ns}/{item["metadata"]!["name"]}" : item["metadata"]!["name"]!.ToString();

    private static JsonObject Chart(PlatformDeclaration platform, string addon)
    {
        var chart = ChartCatalog.All.Single(c => c.Addon == addon);
        return new JsonObject { ["chart"] = chart.Name, ["repository"] = chart.Repository, ["version"] = chart.Version(platform), ["namespace"] = chart.Entry.Namespace, ["on"] = platform.IsEnabled(addon) };
    }

    private static JsonNode Output(string variant, string stack, string name)
    {
        var value = Variants.Of(variant).Outputs(stack)[name] is { } output ? Joined(output["Value"]!) : "(none)";
        return value.StartsWith('{') ? JsonNode.Parse(value)! : value;
    }

    /// <summary>A joined text with what CloudFormation fills in left as a name.</summary>
    private static string Joined(JsonNode value) => value switch
    {
        JsonValue text => text.ToString(),
        JsonObject o when o["Fn::Join"] is JsonArray join => string.Join(join[0]!.ToString(), join[1]!.AsArray().Select(p => Joined(p!))),
        _ => "${deployed}",
    };

    private static IReadOnlyList<string> Stacks(string variant) => [.. Variants.Of(variant).Files.Select(f => Path.GetFileName(f)[..^".template.json".Length])];
}
