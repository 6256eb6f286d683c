using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hearth.Cluster.ApiServer.Core;
using Hearth.Cluster.ApiServer.Kinds;

namespace Hearth.Cluster.ApiServer.Tables;

/// <summary>Workloads.</summary>
internal static class WorkloadTables
{
    private static readonly TableColumn[] PodColumns = [new("Containers", Wide: true), new("Images", Wide: true)];
    private static readonly TableColumn Selector = new("Selector", Wide: true);

    public static TableLayout Deployment { get; } = new(
        [TableColumn.ObjectName, new("Ready"), new("Up-to-date"), new("Available"), TableColumn.Age, .. PodColumns, Selector],
        c => Pods(
            c.Name().Text($"{Status(c, "readyReplicas")}/{c.Root.Number("spec", "replicas") ?? 1}").Number(Status(c, "updatedReplicas"))
                .Number(Status(c, "availableReplicas")).Age(),
            "spec", "template").Text(SelectorText(c.Root)));

    public static TableLayout ReplicaSet { get; } = new(
        [TableColumn.ObjectName, new("Desired", "integer"), new("Current", "integer"), new("Ready", "integer"), TableColumn.Age, .. PodColumns, Selector],
        c => Pods(
            c.Name().Number(c.Root.Number("spec", "replicas") ?? 1).Number(Status(c, "replicas")).Number(Status(c, "readyReplicas")).Age(),
            "spec", "template").Text(SelectorText(c.Root)));

    public static TableLayout StatefulSet { get; } = new(
        [TableColumn.ObjectName, new("Ready"), TableColumn.Age, .. PodColumns],
        c => Pods(c.Name().Text($"{Status(c, "readyReplicas")}/{c.Root.Number("spec", "replicas") ?? 1}").Age(), "spec", "template"));

    public static TableLayout DaemonSet { get; } = new(
        [
            TableColumn.ObjectName, new("Desired", "integer"), new("Current", "integer"), new("Ready", "integer"), new("Up-to-date", "integer"),
            new("Available", "integer"), new("Node Selector"), TableColumn.Age, .. PodColumns, Selector,
        ],
        c => Pods(
            c.Name().Number(Status(c, "desiredNumberScheduled")).Number(Status(c, "currentNumberScheduled")).Number(Status(c, "numberReady"))
                .Number(Status(c, "updatedNumberScheduled")).Number(Status(c, "numberAvailable"))
                .TextOrNone(CoreTables.Pairs(c.Root, "spec", "template", "spec", "nodeSelector")).Age(),
            "spec", "template").Text(SelectorText(c.Root)));

    public static TableLayout Job { get; } = new(
        [TableColumn.ObjectName, new("Status"), new("Completions"), new("Duration"), TableColumn.Age, .. PodColumns, Selector],
        c => Pods(c.Name().Text(JobStatus(c.Root)).Text(Completions(c.Root)).Text(JobDuration(c)).Age(), "spec", "template").Text(SelectorText(c.Root)));

    public static TableLayout CronJob { get; } = new(
        [
            TableColumn.ObjectName, new("Schedule"), new("Timezone"), new("Suspend", "boolean"), new("Active", "integer"), new("Last Schedule"), TableColumn.Age,
            .. PodColumns, Selector,
        ],
        c => Pods(
            c.Name().Text(c.Root.Text("spec", "schedule")).TextOrNone(c.Root.Text("spec", "timeZone")).Text(c.Root.IsTrue("spec", "suspend") ? "True" : "False")
                .Number(c.Root.Count("status", "active"))
                .Text(c.Root.Text("status", "lastScheduleTime") is { } last ? AgeText.Since(last, c.Now) : "<none>").Age(),
            "spec", "jobTemplate", "spec", "template").Text("<none>"));

    private static long Status(CellWriter c, string member) => c.Root.Number("status", member) ?? 0;

    private static CellWriter Pods(CellWriter c, params ReadOnlySpan<string> path)
    {
        var containers = c.Root.At(path).Items("spec", "containers").ToList();
        return c.Text(string.Join(',', containers.Select(k => k.Text("name")))).Text(string.Join(',', containers.Select(k => k.Text("image"))));
    }

    private static string SelectorText(JsonElement root)
    {
        var selector = root.At("spec", "selector");
        var text = selector.ValueKind == JsonValueKind.Object ? SelectorTree.Parse(JsonObject.Create(selector)).ToString() : "";
        return text.Length > 0 ? text : "<none>";
    }

    private static string JobStatus(JsonElement root)
    {
        bool Has(string type) => root.Items("status", "conditions").Any(c => c.Text("type") == type && c.Text("status") == "True");
        return Has("Complete") ? "Complete"
            : Has("Failed") ? "Failed"
            : root.Text("metadata", "deletionTimestamp") is not null ? "Terminating"
            : Has("Suspended") ? "Suspended"
            : Has("FailureTarget") ? "FailureTarget"
            : Has("SuccessCriteriaMet") ? "SuccessCriteriaMet"
            : "Running";
    }

    private static string Completions(JsonElement root)
    {
        var done = root.Number("status", "succeeded") ?? 0;
        if (root.Number("spec", "completions") is { } wanted)
        {
            return $"{done}/{wanted}";
        }

        var parallelism = root.Number("spec", "parallelism") ?? 0;
        return parallelism > 1 ? $"{done}/1 of {parallelism}" : $"{done}/1";
    }

    private static string JobDuration(CellWriter c)
    {
        if (!DateTimeOffset.TryParse(c.Root.Text("status", "startTime"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var start))
        {
            return "";
        }

        var finished = DateTimeOffset.TryParse(c.Root.Text("status", "completionTime"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var end);
        return AgeText.Of((finished ? end : c.Now) - start);
    }
}
