using System.Text.Json;
using Hearth.Cluster.ApiServer.Core;

namespace Hearth.Cluster.ApiServer.Tables;

/// <summary>Columns of the simple core kinds (kubernetes <c>printers/internalversion</c>).</summary>
internal static class CoreTables
{
    private const int ShownEndpoints = 3;

    public static TableLayout Namespace { get; } = new(
        [TableColumn.ObjectName, new("Status"), TableColumn.Age],
        c => c.Name().Text(c.Root.Text("status", "phase")).Age());

    public static TableLayout ConfigMap { get; } = new(
        [TableColumn.ObjectName, new("Data"), TableColumn.Age],
        c => c.Name().Number(c.Root.Count("data") + c.Root.Count("binaryData")).Age());

    public static TableLayout Secret { get; } = new(
        [TableColumn.ObjectName, new("Type"), new("Data"), TableColumn.Age],
        c => c.Name().Text(c.Root.Text("type")).Number(c.Root.Count("data")).Age());

    public static TableLayout ServiceAccount { get; } = new(
        [TableColumn.ObjectName, new("Secrets"), TableColumn.Age],
        c => c.Name().Number(c.Root.Count("secrets")).Age());

    public static TableLayout Service { get; } = new(
        [TableColumn.ObjectName, new("Type"), new("Cluster-IP"), new("External-IP"), new("Port(s)"), TableColumn.Age, new("Selector", Wide: true)],
        c => c.Name().Text(c.Root.Text("spec", "type")).Text(ClusterIp(c.Root)).Text(ExternalIp(c.Root)).Text(Ports(c.Root)).Age()
            .TextOrNone(Pairs(c.Root, "spec", "selector")));

    public static TableLayout Endpoints { get; } = new(
        [TableColumn.ObjectName, new("Endpoints"), TableColumn.Age],
        c => c.Name().Text(EndpointList(c.Root)).Age());

    /// <summary><c>a=b,c=d</c>, sorted; empty when there is nothing.</summary>
    public static string Pairs(JsonElement root, params ReadOnlySpan<string> path) =>
        string.Join(',', root.Members(path).Select(p => $"{p.Name}={p.Value.Scalar()}").Order(StringComparer.Ordinal));

    private static string ClusterIp(JsonElement root) =>
        root.Items("spec", "clusterIPs").Select(i => i.GetString()).FirstOrDefault(i => !string.IsNullOrEmpty(i)) is { } ip ? ip : "<none>";

    private static string ExternalIp(JsonElement root)
    {
        var external = string.Join(',', root.Items("spec", "externalIPs").Select(i => i.GetString()));
        switch (root.Text("spec", "type"))
        {
            case "ExternalName":
                return root.Text("spec", "externalName") ?? "";
            case "LoadBalancer":
                var ingress = string.Join(',', root.Items("status", "loadBalancer", "ingress").Select(i => i.Text("ip") ?? i.Text("hostname")));
                var both = string.Join(',', ((string[])[ingress, external]).Where(t => t.Length > 0));
                return both.Length > 0 ? both : "<pending>";
            default:
                return external.Length > 0 ? external : "<none>";
        }
    }

    private static string Ports(JsonElement root)
    {
        var ports = root.Items("spec", "ports").Select(p =>
            p.Number("nodePort") is > 0 and var node ? $"{p.Number("port")}:{node}/{p.Text("protocol")}" : $"{p.Number("port")}/{p.Text("protocol")}");
        var text = string.Join(',', ports);
        return text.Length > 0 ? text : "<none>";
    }

    private static string EndpointList(JsonElement root)
    {
        var all = new List<string>();
        foreach (var subset in root.Items("subsets"))
        {
            foreach (var address in subset.Items("addresses"))
            {
                var ports = subset.Items("ports").Select(p => $"{address.Text("ip")}:{p.Number("port")}").ToList();
                all.AddRange(ports.Count > 0 ? ports : [address.Text("ip") ?? ""]);
            }
        }

        if (all.Count == 0)
        {
            return "<none>";
        }

        var shown = string.Join(',', all.Take(ShownEndpoints));
        return all.Count > ShownEndpoints ? $"{shown} + {all.Count - ShownEndpoints} more..." : shown;
    }
}
