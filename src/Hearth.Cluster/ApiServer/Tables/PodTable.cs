using System.Globalization;
using System.Text.Json;
using Hearth.Cluster.ApiServer.Core;

namespace Hearth.Cluster.ApiServer.Tables;

/// <summary>Pods.</summary>
internal static class PodTable
{
    public static TableLayout Layout { get; } = new(
        [
            TableColumn.ObjectName, new("Ready"), new("Status"), new("Restarts"), TableColumn.Age, new("IP", Wide: true), new("Node", Wide: true),
            new("Nominated Node", Wide: true), new("Readiness Gates", Wide: true),
        ],
        Render)
    {
        CompletedReason = root => root.Text("status", "phase") is "Succeeded" or "Failed" ? root.Text("status", "phase") : null,
    };

    private static void Render(CellWriter c)
    {
        var pod = PodSummary.Of(c.Root);
        var restarts = pod.LastRestart is { } last && pod.Restarts > 0
            ? $"{pod.Restarts} ({AgeText.Of(c.Now - last)} ago)"
            : pod.Restarts.ToString(CultureInfo.InvariantCulture);
        c.Name().Text($"{pod.Ready}/{pod.Total}").Text(pod.Status).Text(restarts).Age()
            .TextOrNone(c.Root.Items("status", "podIPs").Select(i => i.Text("ip")).FirstOrDefault() ?? c.Root.Text("status", "podIP"))
            .TextOrNone(c.Root.Text("spec", "nodeName"))
            .TextOrNone(c.Root.Text("status", "nominatedNodeName"))
            .Text(ReadinessGates(c.Root));
    }

    private static string ReadinessGates(JsonElement root)
    {
        var gates = root.Items("spec", "readinessGates").Select(g => g.Text("conditionType")).ToList();
        if (gates.Count == 0)
        {
            return "<none>";
        }

        var met = gates.Count(g => root.Items("status", "conditions").Any(c => c.Text("type") == g && c.Text("status") == "True"));
        return $"{met}/{gates.Count}";
    }
}
