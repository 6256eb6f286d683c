using System.Text.Json;
using Hearth.Cluster.ApiServer.Core;

namespace Hearth.Cluster.ApiServer.Tables;

/// <summary>One column of a Table answer.</summary>
/// <param name="Name">Heading; clients print it in capitals.</param>
/// <param name="Type"><c>string</c>, <c>integer</c>, <c>number</c>, <c>boolean</c> or <c>date</c>.</param>
/// <param name="Wide">Shown with <c>-o wide</c> only.</param>
/// <param name="Format"><c>name</c> for the column that names the object.</param>
/// <param name="Description">For people.</param>
internal sealed record TableColumn(string Name, string Type = "string", bool Wide = false, string Format = "", string Description = "")
{
    public static readonly TableColumn ObjectName = new("Name", Format: "name", Description: "Name must be unique within a namespace.");

    public static readonly TableColumn Age = new("Age", Description: "Time since the object was created.");
}

/// <summary>How a kind looks in <c>kubectl get</c>.</summary>
/// <param name="Columns">Headings.</param>
/// <param name="Render">Writes one cell for each column.</param>
internal sealed record TableLayout(IReadOnlyList<TableColumn> Columns, Action<CellWriter> Render)
{
    public static readonly TableLayout NameAndAge = new([TableColumn.ObjectName, TableColumn.Age], c => c.Name().Age());

    /// <summary>Row conditions (finished pods are marked Completed); null for none.</summary>
    public Func<JsonElement, string?>? CompletedReason { get; init; }
}

/// <summary>Writes the cells of one row.</summary>
internal sealed class CellWriter(Utf8JsonWriter writer, DateTimeOffset now)
{
    /// <summary>The object of the row.</summary>
    public JsonElement Root { get; set; }

    public DateTimeOffset Now => now;

    public CellWriter Name() => Text(Root.Text("metadata", "name"));

    /// <summary>Time since creation.</summary>
    public CellWriter Age() => Age(Root.Text("metadata", "creationTimestamp"));

    /// <summary>Time since an RFC 3339 instant.</summary>
    public CellWriter Age(string? timestamp) => Text(AgeText.Since(timestamp, now));

    /// <summary>A string; a null one is an empty cell.</summary>
    public CellWriter Text(string? text)
    {
        if (text is null)
        {
            writer.WriteNullValue();
        }
        else
        {
            writer.WriteStringValue(text);
        }

        return this;
    }

    /// <summary>A string, or <c>&lt;none&gt;</c>.</summary>
    public CellWriter TextOrNone(string? text) => Text(string.IsNullOrEmpty(text) ? "<none>" : text);

    public CellWriter Number(long number)
    {
        writer.WriteNumberValue(number);
        return this;
    }

    public CellWriter Flag(bool flag)
    {
        writer.WriteBooleanValue(flag);
        return this;
    }

    /// <summary>A JSON value as it is; an absent one is an empty cell.</summary>
    public CellWriter Raw(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Undefined)
        {
            writer.WriteNullValue();
        }
        else
        {
            value.WriteTo(writer);
        }

        return this;
    }
}
