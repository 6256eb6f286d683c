using System.Text.Json.Nodes;
using Hearth.Cluster.ApiServer.Core;

namespace Hearth.Cluster.ApiServer.Auth.Rbac;

/// <summary>The cluster roles and bindings that users of any cluster count on (kubernetes <c>rbac/bootstrappolicy</c>), for the kinds served here.</summary>
internal static class DefaultRoles
{
    private static readonly string[] Read = ["get", "list", "watch"];
    private static readonly string[] Write = ["create", "delete", "deletecollection", "patch", "update"];
    private static readonly string[] ReadWrite = [.. Read, .. Write];
    private static readonly string[] Workloads =
        ["controllerrevisions", "daemonsets", "daemonsets/status", "deployments", "deployments/scale", "deployments/status", "replicasets", "replicasets/scale",
            "replicasets/status", "statefulsets", "statefulsets/scale", "statefulsets/status"];

    /// <summary>ClusterRole trees.</summary>
    public static IEnumerable<JsonObject> ClusterRoles()
    {
        yield return Role("cluster-admin", [Rule(["*"], ["*"], ["*"]), Paths(["*"], "*")]);
        yield return Aggregated("admin", ("rbac.authorization.k8s.io/aggregate-to-admin", "true"));
        yield return Aggregated("edit", ("rbac.authorization.k8s.io/aggregate-to-edit", "true"), "rbac.authorization.k8s.io/aggregate-to-admin");
        yield return Aggregated("view", ("rbac.authorization.k8s.io/aggregate-to-view", "true"), "rbac.authorization.k8s.io/aggregate-to-edit");
        yield return Labelled("system:aggregate-to-view", "rbac.authorization.k8s.io/aggregate-to-view", View());
        yield return Labelled("system:aggregate-to-edit", "rbac.authorization.k8s.io/aggregate-to-edit", Edit());
        yield return Labelled("system:aggregate-to-admin", "rbac.authorization.k8s.io/aggregate-to-admin",
        [
            Rule(["create"], ["authorization.k8s.io"], ["localsubjectaccessreviews"]),
            Rule(ReadWrite, ["rbac.authorization.k8s.io"], ["rolebindings", "roles"]),
        ]);
        yield return Role("system:basic-user",
        [
            Rule(["create"], ["authorization.k8s.io"], ["selfsubjectaccessreviews", "selfsubjectrulesreviews"]),
            Rule(["create"], ["authentication.k8s.io"], ["selfsubjectreviews"]),
        ]);
        yield return Role("system:discovery",
            [Paths(["get"], "/api", "/api/*", "/apis", "/apis/*", "/healthz", "/livez", "/openapi", "/openapi/*", "/readyz", "/version", "/version/")]);
        yield return Role("system:public-info-viewer", [Paths(["get"], "/healthz", "/livez", "/readyz", "/version", "/version/")]);
        yield return Role("system:monitoring", [Paths(["get"], "/healthz", "/healthz/*", "/livez", "/livez/*", "/metrics", "/metrics/*", "/readyz", "/readyz/*")]);
        yield return Role("system:service-account-issuer-discovery", [Paths(["get"], "/.well-known/openid-configuration", "/.well-known/openid-configuration/", "/openid/v1/jwks", "/openid/v1/jwks/")]);
        yield return Role("system:auth-delegator",
            [Rule(["create"], ["authentication.k8s.io"], ["tokenreviews"]), Rule(["create"], ["authorization.k8s.io"], ["subjectaccessreviews"])]);
    }

    /// <summary>ClusterRoleBinding trees.</summary>
    public static IEnumerable<JsonObject> ClusterRoleBindings()
    {
        yield return Binding("cluster-admin", "cluster-admin", UserInfo.Masters);
        yield return Binding("system:basic-user", "system:basic-user", UserInfo.Authenticated);
        yield return Binding("system:discovery", "system:discovery", UserInfo.Authenticated);
        yield return Binding("system:public-info-viewer", "system:public-info-viewer", UserInfo.Authenticated, UserInfo.Unauthenticated);
        yield return Binding("system:monitoring", "system:monitoring", "system:monitoring");
        yield return Binding("system:service-account-issuer-discovery", "system:service-account-issuer-discovery", "system:serviceaccounts");
    }

    private static JsonObject[] View() =>
    [
        Rule(Read, [""],
            ["configmaps", "endpoints", "persistentvolumeclaims", "persistentvolumeclaims/status", "pods", "replicationcontrollers", "serviceaccounts", "services",
                "services/status", "bindings", "events", "limitranges", "namespaces", "namespaces/status", "pods/log", "pods/status", "resourcequotas", "resourcequotas/status"]),
        Rule(Read, ["apps"], Workloads),
        Rule(Read, ["batch"], ["cronjobs", "cronjobs/status", "jobs", "jobs/status"]),
        Rule(Read, ["networking.k8s.io"], ["ingresses", "ingresses/status", "networkpolicies"]),
        Rule(Read, ["policy"], ["poddisruptionbudgets", "poddisruptionbudgets/status"]),
        Rule(Read, ["events.k8s.io"], ["events"]),
        Rule(Read, ["metrics.k8s.io"], ["nodes", "pods"]),
    ];

    private static JsonObject[] Edit() =>
    [
        Rule(Read, [""], ["pods/attach", "pods/exec", "pods/portforward", "pods/proxy", "secrets", "services/proxy"]),
        Rule(["impersonate"], [""], ["serviceaccounts"]),
        Rule(Write, [""], ["pods", "pods/attach", "pods/exec", "pods/portforward", "pods/proxy"]),
        Rule(["create"], [""], ["pods/eviction", "serviceaccounts/token"]),
        Rule(Write, [""], ["configmaps", "events", "persistentvolumeclaims", "secrets", "serviceaccounts", "services", "services/proxy"]),
        Rule(Write, ["apps"], [.. Workloads.Where(w => !w.EndsWith("/status", StringComparison.Ordinal) && w != "controllerrevisions")]),
        Rule(Write, ["batch"], ["cronjobs", "jobs"]),
        Rule(Write, ["networking.k8s.io"], ["ingresses", "networkpolicies"]),
        Rule(Write, ["policy"], ["poddisruptionbudgets"]),
        Rule(ReadWrite, ["coordination.k8s.io"], ["leases"]),
    ];

    private static JsonObject Role(string name, IEnumerable<JsonObject> rules) => new()
    {
        ["metadata"] = Meta(name),
        ["rules"] = new JsonArray([.. rules]),
    };

    private static JsonObject Labelled(string name, string label, IEnumerable<JsonObject> rules)
    {
        var role = Role(name, rules);
        role.Meta().Ensure("labels")[label] = "true";
        return role;
    }

    private static JsonObject Aggregated(string name, (string Key, string Value) label, string? into = null)
    {
        var role = new JsonObject
        {
            ["metadata"] = Meta(name),
            ["aggregationRule"] = new JsonObject
            {
                ["clusterRoleSelectors"] = new JsonArray(new JsonObject { ["matchLabels"] = new JsonObject { [label.Key] = label.Value } }),
            },
        };
        if (into is not null)
        {
            role.Meta().Ensure("labels")[into] = "true";
        }

        return role;
    }

    private static JsonObject Binding(string name, string role, params string[] groups) => new()
    {
        ["metadata"] = Meta(name),
        ["roleRef"] = new JsonObject { ["apiGroup"] = "rbac.authorization.k8s.io", ["kind"] = "ClusterRole", ["name"] = role },
        ["subjects"] = new JsonArray([.. groups.Select(g => (JsonNode)new JsonObject { ["kind"] = "Group", ["apiGroup"] = "rbac.authorization.k8s.io", ["name"] = g })]),
    };

    private static JsonObject Meta(string name) => new()
    {
        ["name"] = name,
        ["labels"] = new JsonObject { ["kubernetes.io/bootstrapping"] = "rbac-defaults" },
        ["annotations"] = new JsonObject { ["rbac.authorization.kubernetes.io/autoupdate"] = "true" },
    };

    private static JsonObject Rule(string[] verbs, string[] groups, string[] resources) => new()
    {
        ["apiGroups"] = Array(groups),
        ["resources"] = Array(resources),
        ["verbs"] = Array(verbs),
    };

    private static JsonObject Paths(string[] verbs, params string[] paths) => new() { ["nonResourceURLs"] = Array(paths), ["verbs"] = Array(verbs) };

    private static JsonArray Array(string[] values) => new([.. values.Select(v => (JsonNode)v)]);
}
