using System.Text.Json;
using Hearth.Cluster.ApiServer.Core;

namespace Hearth.Cluster.ApiServer.Tables;

/// <summary>Kinds that set rules: quotas, roles, budgets, priorities, network.</summary>
internal static class PolicyTables
{
    public static TableLayout NameAndCreated { get; } = new(
        [TableColumn.ObjectName, new("Created At", "date")], c => c.Name().Text(c.Root.Text("metadata", "creationTimestamp")));

    public static TableLayout ResourceQuota { get; } = new(
        [TableColumn.ObjectName, new("Request"), new("Limit"), TableColumn.Age],
        c => c.Name().Text(Quota(c.Root, limits: false)).Text(Quota(c.Root, limits: true)).Age());

    public static TableLayout RoleBinding { get; } = new(
        [TableColumn.ObjectName, new("Role"), TableColumn.Age, new("Users", Wide: true), new("Groups", Wide: true), new("ServiceAccounts", Wide: true)],
        c => c.Name().Text($"{c.Root.Text("roleRef", "kind")}/{c.Root.Text("roleRef", "name")}").Age()
            .Text(Subjects(c.Root, "User")).Text(Subjects(c.Root, "Group")).Text(Subjects(c.Root, "ServiceAccount")));

    public static TableLayout PodDisruptionBudget { get; } = new(
        [TableColumn.ObjectName, new("Min Available"), new("Max Unavailable"), new("Allowed Disruptions", "integer"), TableColumn.Age],
        c => c.Name().Text(c.Root.At("spec", "minAvailable").Scalar() ?? "N/A").Text(c.Root.At("spec", "maxUnavailable").Scalar() ?? "N/A")
            .Number(c.Root.Number("status", "disruptionsAllowed") ?? 0).Age());

    public static TableLayout PriorityClass { get; } = new(
        [TableColumn.ObjectName, new("Value", "integer"), new("Global-Default", "boolean"), TableColumn.Age, new("PreemptionPolicy")],
        c => c.Name().Number(c.Root.Number("value") ?? 0).Flag(c.Root.IsTrue("globalDefault")).Age().Text(c.Root.Text("preemptionPolicy") ?? ""));

    public static TableLayout Lease { get; } = new(
        [TableColumn.ObjectName, new("Holder"), TableColumn.Age], c => c.Name().Text(c.Root.Text("spec", "holderIdentity") ?? "").Age());

    public static TableLayout Ingress { get; } = new(
        [TableColumn.ObjectName, new("Class"), new("Hosts"), new("Address"), new("Ports"), TableColumn.Age],
        c => c.Name().TextOrNone(c.Root.Text("spec", "ingressClassName"))
            .Text(string.Join(',', c.Root.Items("spec", "rules").Select(r => r.Text("host")).Where(h => !string.IsNullOrEmpty(h))) is { Length: > 0 } hosts ? hosts : "*")
            .Text(string.Join(',', c.Root.Items("status", "loadBalancer", "ingress").Select(i => i.Text("ip") ?? i.Text("hostname"))))
            .Text(c.Root.Count("spec", "tls") > 0 ? "80, 443" : "80").Age());

    public static TableLayout IngressClass { get; } = new(
        [TableColumn.ObjectName, new("Controller"), new("Parameters"), TableColumn.Age],
        c => c.Name().Text(c.Root.Text("spec", "controller"))
            .Text(c.Root.Text("spec", "parameters", "name") is { } name ? $"{c.Root.Text("spec", "parameters", "kind")}/{name}" : "<none>").Age());

    public static TableLayout NetworkPolicy { get; } = new(
        [TableColumn.ObjectName, new("Pod-Selector"), TableColumn.Age],
        c => c.Name().TextOrNone(CoreTables.Pairs(c.Root, "spec", "podSelector", "matchLabels")).Age());

    private static string Quota(JsonElement root, bool limits) => string.Join(", ", root.Members("status", "hard")
        .Where(h => h.Name.StartsWith("limits.", StringComparison.Ordinal) == limits)
        .OrderBy(h => h.Name, StringComparer.Ordinal)
        .Select(h => $"{h.Name}: {root.At("status", "used", h.Name).Scalar() ?? "0"}/{h.Value.Scalar()}"));

    private static string Subjects(JsonElement root, string kind) => string.Join(", ", root.Items("subjects")
        .Where(s => s.Text("kind") == kind)
        .Select(s => kind == "ServiceAccount" ? $"{s.Text("namespace")}/{s.Text("name")}" : s.Text("name")));
}
