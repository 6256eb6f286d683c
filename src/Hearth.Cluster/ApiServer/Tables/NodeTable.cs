using System.Text.Json;
using Hearth.Cluster.ApiServer.Core;

namespace Hearth.Cluster.ApiServer.Tables;

/// <summary>Nodes.</summary>
internal static class NodeTable
{
    private const string RolePrefix = "node-role.kubernetes.io/";
    private const string RoleLabel = "kubernetes.io/role";

    public static TableLayout Layout { get; } = new(
        [
            TableColumn.ObjectName, new("Status"), new("Roles"), TableColumn.Age, new("Version"), new("Internal-IP", Wide: true), new("External-IP", Wide: true),
            new("OS-Image", Wide: true), new("Kernel-Version", Wide: true), new("Container-Runtime", Wide: true),
        ],
        c => c.Name().Text(Status(c.Root)).Text(Roles(c.Root)).Age().Text(c.Root.Text("status", "nodeInfo", "kubeletVersion") ?? "")
            .Text(Address(c.Root, "InternalIP")).Text(Address(c.Root, "ExternalIP")).Text(Unknown(c.Root, "osImage")).Text(Unknown(c.Root, "kernelVersion"))
            .Text(Unknown(c.Root, "containerRuntimeVersion")));

    private static string Status(JsonElement root)
    {
        var ready = root.Items("status", "conditions").FirstOrDefault(c => c.Text("type") == "Ready");
        var status = ready.ValueKind != JsonValueKind.Object ? "Unknown" : ready.Text("status") == "True" ? "Ready" : "NotReady";
        return root.IsTrue("spec", "unschedulable") ? status + ",SchedulingDisabled" : status;
    }

    private static string Roles(JsonElement root)
    {
        var roles = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var label in root.Members("metadata", "labels"))
        {
            if (label.Name.StartsWith(RolePrefix, StringComparison.Ordinal) && label.Name.Length > RolePrefix.Length)
            {
                roles.Add(label.Name[RolePrefix.Length..]);
            }
            else if (label.Name == RoleLabel && label.Value.GetString() is { Length: > 0 } role)
            {
                roles.Add(role);
            }
        }

        return roles.Count == 0 ? "<none>" : string.Join(',', roles);
    }

    private static string Address(JsonElement root, string type) =>
        root.Items("status", "addresses").FirstOrDefault(a => a.Text("type") == type).Text("address") ?? "<none>";

    private static string Unknown(JsonElement root, string member) => root.Text("status", "nodeInfo", member) is { Length: > 0 } text ? text : "<unknown>";
}
