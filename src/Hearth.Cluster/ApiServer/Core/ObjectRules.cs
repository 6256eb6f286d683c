using System.Text.Json.Nodes;
using Hearth.Cluster.ApiServer.Registry;
using Hearth.Kube.Objects;

namespace Hearth.Cluster.ApiServer.Core;

/// <summary>What holds for the identity and metadata of every object.</summary>
internal static class ObjectRules
{
    private static readonly string[] ServerOwned = ["uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds", "generation"];

    /// <summary>The body must be of the kind, and in the namespace, of the path.</summary>
    public static void CheckIdentity(ResourceDefinition definition, string? ns, string? name, JsonObject body)
    {
        var type = definition.Type;
        var apiVersion = MetaTree.NullIfEmpty(body.Str("apiVersion"));
        var kind = MetaTree.NullIfEmpty(body.Str("kind"));
        if (apiVersion is not null && !string.Equals(apiVersion, type.ApiVersion, StringComparison.Ordinal))
        {
            throw ApiErrors.BadRequest($"the API version in the data ({apiVersion}) does not match the expected API version ({type.ApiVersion})");
        }

        if (kind is not null && !string.Equals(kind, type.Kind, StringComparison.Ordinal))
        {
            throw ApiErrors.BadRequest($"the kind in the data ({kind}) does not match the expected kind ({type.Kind})");
        }

        body["kind"] = type.Kind;
        body["apiVersion"] = type.ApiVersion;
        CheckNames(ns, name, body, type);
    }

    /// <summary>Name syntax, labels, annotations, finalizers, owners.</summary>
    public static void ValidateMetadata(ResourceDefinition definition, JsonObject tree, FieldErrors errors)
    {
        var meta = tree.Meta();
        var name = meta.Str("name") ?? "";
        if (name.Length == 0)
        {
            errors.Required("metadata.name", "name or generateName is required");
        }
        else
        {
            NameRules.Check(definition.Strategy.Name, "metadata.name", name, errors);
        }

        foreach (var (key, value) in meta.Obj("labels") ?? [])
        {
            NameRules.CheckQualified("metadata.labels", key, errors);
            NameRules.CheckLabelValue("metadata.labels", JsonTree.Text(value) ?? "", errors);
        }

        foreach (var (key, _) in meta.Obj("annotations") ?? [])
        {
            NameRules.CheckQualified("metadata.annotations", key.ToLowerInvariant(), errors);
        }

        ValidateOwners(meta, errors);
    }

    /// <summary>A deleted object takes no new finalizers.</summary>
    public static void ValidateFinalizers(JsonObject tree, JsonObject old, FieldErrors errors)
    {
        if (!old.IsDeleting())
        {
            return;
        }

        var added = tree.Finalizers().Except(old.Finalizers(), StringComparer.Ordinal).ToList();
        if (added.Count > 0)
        {
            errors.Forbidden("metadata.finalizers", $"no new finalizers can be added if the object is being deleted, found new finalizers []string{{{string.Join(", ", added.Select(f => $"\"{f}\""))}}}");
        }
    }

    /// <summary>Sets what only the server decides about a new object.</summary>
    public static void OwnNewMetadata(ResourceDefinition definition, string? ns, JsonObject tree, DateTimeOffset now)
    {
        var meta = tree.Meta();
        foreach (var member in ServerOwned)
        {
            meta.Remove(member);
        }

        meta.Remove("selfLink");
        if (definition.Type.Namespaced)
        {
            meta["namespace"] = ns;
        }

        meta["uid"] = Guid.NewGuid().ToString();
        meta["creationTimestamp"] = KubeTimeConverter.ToText(now);
        if (definition.Strategy.TracksGeneration)
        {
            meta["generation"] = 1L;
        }
    }

    /// <summary>Keeps what only the server decides about an object that changes.</summary>
    public static void KeepMetadata(ResourceDefinition definition, JsonObject tree, JsonObject old)
    {
        var (meta, oldMeta) = (tree.Meta(), old.Meta());
        foreach (var member in ServerOwned)
        {
            meta.SetOrRemove(member, oldMeta[member]?.DeepClone());
        }

        meta.Remove("selfLink");
        if (!meta.ContainsKey("managedFields"))
        {
            meta.SetOrRemove("managedFields", oldMeta["managedFields"]?.DeepClone());
        }

        meta["name"] = oldMeta.Str("name");
        meta.SetOrRemove("resourceVersion", oldMeta["resourceVersion"]?.DeepClone());
        if (definition.Type.Namespaced)
        {
            meta["namespace"] = oldMeta.Str("namespace");
        }

        DropEmpty(meta, "labels");
        DropEmpty(meta, "annotations");
        DropEmpty(meta, "finalizers");
        DropEmpty(meta, "ownerReferences");
    }

    /// <summary>Counts a change of anything but metadata and status.</summary>
    public static void CountGeneration(ResourceDefinition definition, JsonObject tree, JsonObject old)
    {
        if (definition.Strategy.TracksGeneration && !SameContent(definition, tree, old))
        {
            tree.Meta()["generation"] = (old.Generation() ?? 0) + 1;
        }
    }

    private static bool SameContent(ResourceDefinition definition, JsonObject a, JsonObject b)
    {
        bool Counts(string name) => name is not ("kind" or "apiVersion" or "metadata") && !(name == "status" && definition.HasStatus);
        return a.Where(m => Counts(m.Key)).All(m => JsonTree.Same(m.Value, b[m.Key]))
            && b.Where(m => Counts(m.Key)).All(m => m.Value is null || a[m.Key] is not null);
    }

    private static void CheckNames(string? ns, string? name, JsonObject body, ResourceType type)
    {
        var meta = body.Meta();
        var bodyNamespace = MetaTree.NullIfEmpty(meta.Str("namespace"));
        if (type.Namespaced && bodyNamespace is not null && !string.Equals(bodyNamespace, ns, StringComparison.Ordinal))
        {
            throw ApiErrors.BadRequest($"the namespace of the provided object does not match the namespace sent on the request");
        }

        if (!type.Namespaced)
        {
            meta.Remove("namespace");
        }

        var bodyName = MetaTree.NullIfEmpty(meta.Str("name"));
        if (name is not null && bodyName is not null && !string.Equals(bodyName, name, StringComparison.Ordinal))
        {
            throw ApiErrors.BadRequest($"the name of the object ({bodyName}) does not match the name on the URL ({name})");
        }

        if (name is not null)
        {
            meta["name"] = name;
        }
    }

    private static void ValidateOwners(JsonObject meta, FieldErrors errors)
    {
        var index = 0;
        var controllers = 0;
        foreach (var owner in meta.Objects("ownerReferences"))
        {
            foreach (var member in (ReadOnlySpan<string>)["apiVersion", "kind", "name", "uid"])
            {
                if (string.IsNullOrEmpty(owner.Str(member)))
                {
                    errors.Invalid($"metadata.ownerReferences[{index}].{member}", "", "must not be empty");
                }
            }

            controllers += owner.Bool("controller") == true ? 1 : 0;
            index++;
        }

        if (controllers > 1)
        {
            errors.Invalid("metadata.ownerReferences", meta["ownerReferences"], "Only one reference can have Controller set to true");
        }
    }

    private static void DropEmpty(JsonObject meta, string member)
    {
        if (meta[member] is JsonObject { Count: 0 } or JsonArray { Count: 0 })
        {
            meta.Remove(member);
        }
    }
}
