using System.Text.Json.Nodes;

namespace Hearth.Platform.Tests;

/// <summary>The published schema and reference page are what the tables say. HEARTH_UPDATE=1 rewrites them.</summary>
public sealed class PublishedFormatTests
{
    [Fact]
    public void The_published_schema_is_current() => ShouldBePublished("docs/schema/platform.v1.schema.json", PlatformSchema.ToJsonSchema());

    [Fact]
    public void The_published_reference_page_is_current() => ShouldBePublished("docs/reference/platform.md", PlatformSchema.ToMarkdown());

    [Fact]
    public void Every_reference_in_the_schema_leads_somewhere()
    {
        var schema = JsonNode.Parse(PlatformSchema.ToJsonSchema())!.AsObject();
        var defined = schema["$defs"]!.AsObject().Select(d => $"#/$defs/{d.Key}").ToHashSet();

        var used = References(schema).ToHashSet();

        used.ShouldNotBeEmpty();
        used.ShouldBeSubsetOf(defined);
    }

    [Theory]
    [InlineData("emr-eks-karpenter")]
    [InlineData("analytics-platform")]
    public void A_complete_declaration_uses_only_what_the_schema_has(string name)
    {
        var schema = JsonNode.Parse(PlatformSchema.ToJsonSchema())!.AsObject();

        Unknown(PlatformYaml.ToJson(PlatformLoader.Load(name)), schema, schema, string.Empty).ShouldBeEmpty();
    }

    private static IEnumerable<string> References(JsonNode? node) => node switch
    {
        JsonObject map => map.SelectMany(p => p.Key == "$ref" ? [p.Value!.GetValue<string>()] : References(p.Value)),
        JsonArray list => list.SelectMany(References),
        _ => [],
    };

    private static IEnumerable<string> Unknown(JsonNode? value, JsonObject schema, JsonObject root, string path)
    {
        if (schema["$ref"] is { } reference)
        {
            schema = root["$defs"]![reference.GetValue<string>()["#/$defs/".Length..]]!.AsObject();
        }

        return value switch
        {
            JsonArray list => list.SelectMany((item, i) => Unknown(item, schema["items"]!.AsObject(), root, $"{path}[{i}]")),
            JsonObject map when schema["properties"] is JsonObject known =>
                map.SelectMany(p => known[p.Key] is JsonObject field ? Unknown(p.Value, field, root, $"{path}.{p.Key}") : [$"{path}.{p.Key}"]),
            _ => [],
        };
    }

    private static void ShouldBePublished(string path, string current)
    {
        var file = Path.Combine(RepositoryRoot(), path);
        if (Environment.GetEnvironmentVariable("HEARTH_UPDATE") == "1")
        {
            File.WriteAllText(file, current);
        }

        File.ReadAllText(file).ShouldBe(current, $"{path} is not current; run the tests once with HEARTH_UPDATE=1");
    }

    private static string RepositoryRoot()
    {
        var directory = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(directory, "Hearth.slnx")))
        {
            directory = Path.GetDirectoryName(directory) ?? throw new InvalidOperationException("not inside the repository");
        }

        return directory;
    }
}
