using System.Text.Json;
using System.Text.Json.Nodes;
using Hearth.Cluster.ApiServer.Core;
using Hearth.Cluster.ApiServer.Tables;

namespace Hearth.Cluster.ApiServer.Crds;

/// <summary>The table of a custom resource: Name and its additionalPrinterColumns; Age when there are none.</summary>
internal static class CustomTable
{
    /// <exception cref="FormatException">A column's JSONPath cannot be read.</exception>
    public static TableLayout Of(JsonObject version)
    {
        var declared = version.Objects("additionalPrinterColumns").Select(Read).ToList();
        if (declared.Count == 0)
        {
            return TableLayout.NameAndAge;
        }

        return new TableLayout([TableColumn.ObjectName, .. declared.Select(d => d.Column)], c =>
        {
            c.Name();
            foreach (var (column, path) in declared)
            {
                Cell(c, column.Type, path);
            }
        });
    }

    private static (TableColumn Column, JsonPathQuery Path) Read(JsonObject column)
    {
        var shown = new TableColumn(
            column.Str("name") ?? "", column.Str("type") ?? "string", (column.Int("priority") ?? 0) > 0, column.Str("format") ?? "", column.Str("description") ?? "");
        return (shown, JsonPathQuery.Parse(column.Str("jsonPath") ?? ""));
    }

    private static void Cell(CellWriter c, string type, JsonPathQuery path)
    {
        if (type == "string")
        {
            c.Text(path.Text(c.Root));
            return;
        }

        var value = path.Find(c.Root).FirstOrDefault();
        switch (type)
        {
            case "date" when value.ValueKind == JsonValueKind.String:
                c.Age(value.GetString());
                break;
            case "integer" or "number" when value.ValueKind == JsonValueKind.Number:
            case "boolean" when value.ValueKind is JsonValueKind.True or JsonValueKind.False:
                c.Raw(value);
                break;
            default:
                c.Text(null);
                break;
        }
    }
}
