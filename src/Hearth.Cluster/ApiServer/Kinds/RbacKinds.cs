using System.Text.Json.Nodes;
using Hearth.Cluster.ApiServer.Core;
using Hearth.Cluster.ApiServer.Registry;
using Hearth.Cluster.ApiServer.Tables;
using Hearth.Kube.Objects;

namespace Hearth.Cluster.ApiServer.Kinds;

/// <summary>Roles and their bindings.</summary>
internal static class RbacKinds
{
    private const string Group = "rbac.authorization.k8s.io";

    public static IEnumerable<ResourceDefinition> Definitions() => [Roles, RoleBindings, ClusterRoles, ClusterRoleBindings];

    public static ResourceDefinition Roles { get; } = new()
    {
        Type = new ResourceType(Group, "v1", "roles", "Role", true),
        Strategy = RoleStrategy(),
        Table = PolicyTables.NameAndCreated,
    };

    public static ResourceDefinition ClusterRoles { get; } = new()
    {
        Type = new ResourceType(Group, "v1", "clusterroles", "ClusterRole", false),
        Strategy = RoleStrategy(),
        Table = PolicyTables.NameAndCreated,
    };

    public static ResourceDefinition RoleBindings { get; } = new()
    {
        Type = new ResourceType(Group, "v1", "rolebindings", "RoleBinding", true),
        Strategy = BindingStrategy(),
        Table = PolicyTables.RoleBinding,
    };

    public static ResourceDefinition ClusterRoleBindings { get; } = new()
    {
        Type = new ResourceType(Group, "v1", "clusterrolebindings", "ClusterRoleBinding", false),
        Strategy = BindingStrategy(),
        Table = PolicyTables.RoleBinding,
    };

    private static ResourceStrategy RoleStrategy() => new()
    {
        Name = NameRule.PathSegment,
        CreatesOnUpdate = true,
        Validate = (tree, errors) =>
        {
            var index = 0;
            foreach (var rule in tree.Objects("rules"))
            {
                var field = $"rules[{index++}]";
                if (rule.Arr("verbs") is not { Count: > 0 })
                {
                    errors.Required($"{field}.verbs", "verbs must contain at least one value");
                }

                if (rule.Arr("nonResourceURLs") is not { Count: > 0 })
                {
                    if (rule.Arr("apiGroups") is not { Count: > 0 })
                    {
                        errors.Required($"{field}.apiGroups", "resource rules must supply at least one api group");
                    }

                    if (rule.Arr("resources") is not { Count: > 0 })
                    {
                        errors.Required($"{field}.resources", "resource rules must supply at least one resource");
                    }
                }
            }
        },
    };

    private static ResourceStrategy BindingStrategy() => new()
    {
        Name = NameRule.PathSegment,
        CreatesOnUpdate = true,
        Default = tree =>
        {
            tree.Obj("roleRef")?.SetDefaultText("apiGroup", Group);
            foreach (var subject in tree.Objects("subjects"))
            {
                if (subject.Str("kind") is "User" or "Group")
                {
                    subject.SetDefaultText("apiGroup", Group);
                }
            }
        },
        Validate = ValidateBinding,
        ValidateUpdate = (tree, old, errors) =>
        {
            if (!JsonTree.Same(tree["roleRef"], old["roleRef"]))
            {
                errors.Invalid("roleRef", tree["roleRef"], "cannot change roleRef");
            }
        },
    };

    private static void ValidateBinding(JsonObject tree, FieldErrors errors)
    {
        var reference = tree.Obj("roleRef");
        var namespaced = tree.Str("kind") == "RoleBinding";
        if (reference.Str("kind") is var kind && kind != "ClusterRole" && !(namespaced && kind == "Role"))
        {
            errors.NotSupported("roleRef.kind", kind, namespaced ? ["Role", "ClusterRole"] : ["ClusterRole"]);
        }

        if (string.IsNullOrEmpty(reference.Str("name")))
        {
            errors.Required("roleRef.name");
        }

        var index = 0;
        foreach (var subject in tree.Objects("subjects"))
        {
            var field = $"subjects[{index++}]";
            if (string.IsNullOrEmpty(subject.Str("name")))
            {
                errors.Required($"{field}.name");
            }

            if (subject.Str("kind") is not ("ServiceAccount" or "User" or "Group"))
            {
                errors.NotSupported($"{field}.kind", subject.Str("kind"), "ServiceAccount", "User", "Group");
            }
            else if (subject.Str("kind") == "ServiceAccount" && !namespaced && string.IsNullOrEmpty(subject.Str("namespace")))
            {
                errors.Required($"{field}.namespace");
            }
        }
    }
}
