using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Hearth.Cluster.ApiServer.Core;
using Hearth.Cluster.ApiServer.Registry;
using Hearth.Cluster.ApiServer.Tables;

namespace Hearth.Cluster.ApiServer.Http;

/// <summary>How much of an object a table row carries.</summary>
internal enum RowObject
{
    Metadata,
    Object,
    None,
}

/// <summary>Writes objects and lists in the form that the client asked for.</summary>
internal sealed class AnswerWriter(ResourceDefinition definition, AnswerForm form, string formVersion, RowObject rowObject, DateTimeOffset now)
{
    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private bool _columnsWritten;

    /// <summary>One object.</summary>
    public void WriteObject(IBufferWriter<byte> output, StoredObject item)
    {
        switch (form)
        {
            case AnswerForm.Table:
                WriteTable(output, [item], writer => WriteVersion(writer, item.Revision), columns: true);
                break;
            case AnswerForm.Metadata:
                Write(output, writer => WriteMetadataObject(writer, item));
                break;
            default:
                item.WriteTo(output);
                break;
        }
    }

    /// <summary>The object of a watch event: tables tell their columns once a stream.</summary>
    public void WriteEventObject(IBufferWriter<byte> output, StoredObject item)
    {
        if (form == AnswerForm.Table)
        {
            WriteTable(output, [item], writer => WriteVersion(writer, item.Revision), columns: !_columnsWritten);
            _columnsWritten = true;
        }
        else
        {
            WriteObject(output, item);
        }
    }

    /// <summary>A page of a list.</summary>
    public void WriteList(IBufferWriter<byte> output, ObjectPage page)
    {
        if (form == AnswerForm.Table)
        {
            WriteTable(output, page.Items, writer => WriteListMeta(writer, page), columns: true);
            return;
        }

        var (kind, apiVersion) = form == AnswerForm.Metadata
            ? ("PartialObjectMetadataList", "meta.k8s.io/" + formVersion)
            : (definition.ListKind, definition.Type.ApiVersion);
        Write(output, writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("kind"u8, kind);
            writer.WriteString("apiVersion"u8, apiVersion);
            writer.WritePropertyName("metadata"u8);
            WriteListMeta(writer, page);
            writer.WritePropertyName("items"u8);
            writer.WriteStartArray();
            writer.Flush();
            for (var i = 0; i < page.Items.Count; i++)
            {
                if (i > 0)
                {
                    output.Write(","u8);
                }

                WriteObject(output, page.Items[i]);
            }

            output.Write("]}"u8);
        });
    }

    private void WriteTable(IBufferWriter<byte> output, IReadOnlyList<StoredObject> items, Action<Utf8JsonWriter> meta, bool columns) => Write(output, writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("kind"u8, "Table");
        writer.WriteString("apiVersion"u8, "meta.k8s.io/" + formVersion);
        writer.WritePropertyName("metadata"u8);
        meta(writer);
        writer.WritePropertyName("columnDefinitions"u8);
        WriteColumns(writer, columns ? definition.Table.Columns : []);
        writer.WritePropertyName("rows"u8);
        writer.WriteStartArray();
        var cells = new CellWriter(writer, now);
        foreach (var item in items)
        {
            WriteRow(writer, cells, item);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    });

    private static void WriteColumns(Utf8JsonWriter writer, IReadOnlyList<TableColumn> columns)
    {
        writer.WriteStartArray();
        foreach (var column in columns)
        {
            writer.WriteStartObject();
            writer.WriteString("name"u8, column.Name);
            writer.WriteString("type"u8, column.Type);
            writer.WriteString("format"u8, column.Format);
            writer.WriteString("description"u8, column.Description);
            writer.WriteNumber("priority"u8, column.Wide ? 1 : 0);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private void WriteRow(Utf8JsonWriter writer, CellWriter cells, StoredObject item)
    {
        writer.WriteStartObject();
        writer.WritePropertyName("cells"u8);
        writer.WriteStartArray();
        cells.Root = item.Root;
        definition.Table.Render(cells);
        writer.WriteEndArray();
        if (definition.Table.CompletedReason?.Invoke(item.Root) is { } reason)
        {
            writer.WritePropertyName("conditions"u8);
            writer.WriteStartArray();
            writer.WriteStartObject();
            writer.WriteString("type"u8, "Completed");
            writer.WriteString("status"u8, "True");
            writer.WriteString("reason"u8, reason);
            writer.WriteString("message"u8, "The pod has completed.");
            writer.WriteEndObject();
            writer.WriteEndArray();
        }

        WriteRowObject(writer, item);
        writer.WriteEndObject();
    }

    private void WriteRowObject(Utf8JsonWriter writer, StoredObject item)
    {
        if (rowObject == RowObject.None)
        {
            return;
        }

        writer.WritePropertyName("object"u8);
        if (rowObject == RowObject.Metadata)
        {
            WriteMetadataObject(writer, item);
        }
        else
        {
            item.ToTree().WriteTo(writer);
        }
    }

    private void WriteMetadataObject(Utf8JsonWriter writer, StoredObject item)
    {
        writer.WriteStartObject();
        writer.WriteString("kind"u8, "PartialObjectMetadata");
        writer.WriteString("apiVersion"u8, "meta.k8s.io/" + formVersion);
        writer.WritePropertyName("metadata"u8);
        writer.WriteStartObject();
        if (item.Revision > 0)
        {
            writer.WriteString("resourceVersion"u8, JsonTree.Text(item.Revision));
        }

        foreach (var member in item.Root.Members("metadata"))
        {
            member.WriteTo(writer);
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteVersion(Utf8JsonWriter writer, long revision)
    {
        writer.WriteStartObject();
        writer.WriteString("resourceVersion"u8, JsonTree.Text(revision));
        writer.WriteEndObject();
    }

    private static void WriteListMeta(Utf8JsonWriter writer, ObjectPage page)
    {
        writer.WriteStartObject();
        writer.WriteString("resourceVersion"u8, JsonTree.Text(page.Revision));
        if (page.Continue is { } token)
        {
            writer.WriteString("continue"u8, token);
        }

        if (page.Remaining is { } remaining)
        {
            writer.WriteNumber("remainingItemCount"u8, remaining);
        }

        writer.WriteEndObject();
    }

    private static void Write(IBufferWriter<byte> output, Action<Utf8JsonWriter> write)
    {
        using var writer = new Utf8JsonWriter(output, WriterOptions);
        write(writer);
        writer.Flush();
    }
}
