using System.Text.Json;
using Hearth.Cluster.ApiServer.Core;

namespace Hearth.Cluster.ApiServer.Tables;

/// <summary>Events, in both of their forms.</summary>
internal static class EventTable
{
    private static readonly TableColumn[] Columns =
    [
        new("Last Seen"), new("Type"), new("Reason"), new("Object"), new("Subobject", Wide: true), new("Source", Wide: true), new("Message"),
        new("First Seen", Wide: true), new("Count", Wide: true), new("Name", Wide: true, Format: "name"),
    ];

    public static TableLayout Layout { get; } = new(Columns, c => Render(c, "involvedObject", "message", "source", "firstTimestamp", "lastTimestamp", "count", "reportingComponent"));

    public static TableLayout ModernLayout { get; } = new(
        Columns, c => Render(c, "regarding", "note", "deprecatedSource", "deprecatedFirstTimestamp", "deprecatedLastTimestamp", "deprecatedCount", "reportingController"));

    private static void Render(CellWriter c, string subject, string message, string source, string first, string last, string count, string reporter)
    {
        var root = c.Root;
        var firstSeen = root.Text(first) ?? root.Text("eventTime");
        var lastSeen = root.Text("series", "lastObservedTime") ?? root.Text(last) ?? firstSeen;
        var times = root.Number("series", "count") ?? root.Number(count) ?? 0;
        c.Age(lastSeen).Text(root.Text("type") ?? "").Text(root.Text("reason") ?? "").Text(Subject(root.At(subject)))
            .Text(root.Text(subject, "fieldPath") ?? "").Text(Source(root, source, reporter)).Text((root.Text(message) ?? "").Trim())
            .Age(firstSeen).Number(times == 0 ? 1 : times).Name();
    }

    private static string Subject(JsonElement subject) =>
        subject.Text("name") is { Length: > 0 } name ? $"{subject.Text("kind")?.ToLowerInvariant()}/{name}" : subject.Text("kind")?.ToLowerInvariant() ?? "";

    private static string Source(JsonElement root, string source, string reporter)
    {
        var component = root.Text(source, "component") is { Length: > 0 } named ? named : root.Text(reporter) ?? "";
        var host = root.Text(source, "host") is { Length: > 0 } from ? from : root.Text("reportingInstance") ?? "";
        return host.Length == 0 ? component : $"{component}, {host}";
    }
}
