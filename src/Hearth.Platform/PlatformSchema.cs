using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hearth.Platform.Fields;
using Hearth.Platform.Schema;

namespace Hearth.Platform;

/// <summary>The format of <c>platform.yaml</c>, described for editors and for people, from the tables that the parser reads.</summary>
public static class PlatformSchema
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>JSON Schema, draft 2020-12, as published in <c>docs/schema/platform.v1.schema.json</c>.</summary>
    public static string ToJsonSchema()
    {
        var definitions = new Definitions();
        var body = PlatformFields.Document.DescribeBody(definitions);
        var schema = new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["$id"] = "https://hearth.dev/schema/platform.v1.schema.json",
            ["title"] = "Hearth platform",
        };
        foreach (var (name, value) in body)
        {
            schema[name] = value?.DeepClone();
        }

        schema["$defs"] = definitions.Write();
        return schema.ToJsonString(Indented) + "\n";
    }

    /// <summary>The reference page, as published in <c>docs/reference/platform.md</c>.</summary>
    public static string ToMarkdown()
    {
        var definitions = new Definitions();
        PlatformFields.Document.DescribeBody(definitions);
        var page = new StringBuilder();
        page.Append("# platform.yaml\n\n");
        page.Append("Every field of the declaration. This page and the JSON Schema (`docs/schema/platform.v1.schema.json`) are generated from the tables\n");
        page.Append("that the parser reads (`src/Hearth.Platform/Fields`). A field in bold is required; an empty default is derived or \"none\", as its meaning says.\n");
        foreach (var shape in definitions.Shapes.Prepend(PlatformFields.Document).DistinctBy(s => s.Name))
        {
            AppendSection(page, shape);
        }

        AppendAddons(page);
        return page.ToString();
    }

    private static void AppendSection(StringBuilder page, IObjectShape shape)
    {
        page.Append($"\n## {shape.Name}\n{shape.Doc}\n\n| field | type | default | meaning |\n|---|---|---|---|\n");
        foreach (var row in shape.Rows)
        {
            var name = row.Required ? $"**{row.Name}**" : row.Name;
            var value = row.Default.Length == 0 ? string.Empty : $"`{row.Default}`";
            page.Append($"| {name} | {row.Type} | {value} | {row.Doc} |\n");
        }
    }

    private static void AppendAddons(StringBuilder page)
    {
        page.Append("\n## Add-ons\nThe keys of `spec.addons`.\n\n| add-on | default | embedded | meaning |\n|---|---|---|---|\n");
        foreach (var addon in AddonCatalog.All)
        {
            page.Append($"| {addon.Name} | {(addon.EnabledByDefault ? "on" : "off")} | {addon.EmbeddedText} | {addon.Title}: {addon.Note} |\n");
        }
    }
}
