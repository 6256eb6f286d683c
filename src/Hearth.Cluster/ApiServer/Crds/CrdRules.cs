using System.Text.Json.Nodes;
using Hearth.Cluster.ApiServer.Core;
using Hearth.Cluster.ApiServer.Kinds;
using Hearth.Cluster.ApiServer.Registry;
using Hearth.Kube.Objects;

namespace Hearth.Cluster.ApiServer.Crds;

/// <summary>What happens to CustomResourceDefinitions when they are written: names are accepted and the kind is established at once.</summary>
internal sealed class CrdRules(ObjectReader reader, IReadOnlySet<string> convertedGroups)
{
    /// <summary>Keeps the definition until its instances are gone.</summary>
    public const string CleanupFinalizer = "customresourcecleanup.apiextensions.k8s.io";

    public ResourceStrategy Strategy() => new()
    {
        TracksGeneration = true,
        Default = Default,
        PrepareCreate = (tree, call, now) =>
        {
            tree.SetFinalizers([.. tree.Finalizers().Union([CleanupFinalizer], StringComparer.Ordinal)]);
            WarnAboutRules(tree, call);
            SetStatus(tree, now);
        },
        PrepareUpdate = (tree, old) => SetStatus(tree, reader.Time.GetUtcNow()),
        Validate = Validate,
        ValidateUpdate = (tree, old, errors) =>
        {
            Immutable(tree, old, errors, "spec.scope", tree.Obj("spec").Str("scope"), old.Obj("spec").Str("scope"));
            Immutable(tree, old, errors, "spec.group", tree.Obj("spec").Str("group"), old.Obj("spec").Str("group"));
            Immutable(tree, old, errors, "spec.names.kind", tree.At("spec", "names").Str("kind"), old.At("spec", "names").Str("kind"));
            Immutable(tree, old, errors, "spec.names.plural", tree.At("spec", "names").Str("plural"), old.At("spec", "names").Str("plural"));
        },
    };

    private static void Immutable(JsonObject tree, JsonObject old, FieldErrors errors, string field, string? now, string? before)
    {
        if (!string.Equals(now, before, StringComparison.Ordinal) && CustomDefinitions.HasCondition(old, "Established"))
        {
            errors.Invalid(field, now, "field is immutable");
        }
    }

    private static void Default(JsonObject tree)
    {
        var spec = tree.Ensure("spec");
        var names = spec.Ensure("names");
        if (names.Str("kind") is { Length: > 0 } kind)
        {
            names.SetDefaultText("singular", kind.ToLowerInvariant());
            names.SetDefaultText("listKind", kind + "List");
        }

        spec.Ensure("conversion").SetDefaultText("strategy", "None");
    }

    private static void WarnAboutRules(JsonObject tree, ApiCall call)
    {
        try
        {
            if (tree.Obj("spec").Objects("versions").Any(v => v.At("schema", "openAPIV3Schema") is { } schema && StructuralSchema.Read(schema).HasRules))
            {
                call.Warnings.Add("x-kubernetes-validations: CEL rules are kept but not evaluated by this server; types, enums, patterns and ranges are checked");
            }
        }
        catch (FormatException)
        {
            // Validation reports it.
        }
    }

    private void SetStatus(JsonObject tree, DateTimeOffset now)
    {
        var status = tree.Ensure("status");
        var conflict = Conflict(tree);
        SetCondition(status, "NamesAccepted", conflict is null, conflict?.Reason ?? "NoConflicts", conflict?.Message ?? "no conflicts found", now);
        SetCondition(
            status, "Established", conflict is null, conflict is null ? "InitialNamesAccepted" : "NotAccepted",
            conflict is null ? "the initial names have been accepted" : "not all names are accepted", now);
        if (conflict is null)
        {
            status["acceptedNames"] = tree.At("spec", "names")!.DeepClone();
        }

        var stored = status.Strings("storedVersions");
        var current = tree.Obj("spec").Objects("versions").FirstOrDefault(v => v.Bool("storage") == true).Str("name");
        if (current is not null && !stored.Contains(current, StringComparer.Ordinal))
        {
            stored.Add(current);
        }

        status["storedVersions"] = new JsonArray([.. stored.Select(s => (JsonNode)s)]);
    }

    private (string Reason, string Message)? Conflict(JsonObject tree)
    {
        var names = tree.At("spec", "names");
        foreach (var other in reader.All(OtherKinds.CustomResourceDefinitions))
        {
            if (other.Name == tree.Name() || other.Root.Text("spec", "group") != tree.Obj("spec").Str("group"))
            {
                continue;
            }

            var taken = other.Root.Items("spec", "names", "shortNames").Select(s => s.GetString())
                .Append(other.Root.Text("spec", "names", "plural")).Append(other.Root.Text("spec", "names", "singular")).ToHashSet(StringComparer.Ordinal);
            var found = names.Strings("shortNames").Prepend(names.Str("singular") ?? "").FirstOrDefault(taken.Contains);
            if (found is not null)
            {
                return ("ShortNamesConflict", $"\"{found}\" is already in use");
            }

            if (other.Root.Text("spec", "names", "kind") == names.Str("kind"))
            {
                return ("KindConflict", $"\"{names.Str("kind")}\" is already in use");
            }
        }

        return null;
    }

    private static void SetCondition(JsonObject status, string type, bool value, string reason, string message, DateTimeOffset now)
    {
        PodRules.SetCondition(status, type, value ? "True" : "False", now);
        var condition = status.Objects("conditions").First(c => c.Str("type") == type);
        condition["reason"] = reason;
        condition["message"] = message;
    }

    private void Validate(JsonObject tree, FieldErrors errors)
    {
        var spec = tree.Obj("spec")!;
        var names = spec.Obj("names");
        foreach (var (field, value) in ((string, string?)[])[("spec.group", spec.Str("group")), ("spec.names.plural", names.Str("plural")), ("spec.names.kind", names.Str("kind"))])
        {
            if (string.IsNullOrEmpty(value))
            {
                errors.Required(field);
            }
        }

        if (spec.Str("scope") is not ("Cluster" or "Namespaced"))
        {
            errors.NotSupported("spec.scope", spec.Str("scope"), "Cluster", "Namespaced");
        }

        if (tree.Name() != $"{names.Str("plural")}.{spec.Str("group")}")
        {
            errors.Invalid("metadata.name", tree.Name(), "must be spec.names.plural+\".\"+spec.group");
        }

        if (spec.Obj("conversion").Str("strategy") == "Webhook" && !convertedGroups.Contains(spec.Str("group") ?? "") && spec.Objects("versions").Count(v => v.Bool("served") == true) > 1)
        {
            errors.Invalid("spec.conversion.strategy", "Webhook", "conversion webhooks are not called by this server; serve one version, or use strategy None");
        }

        ValidateVersions(spec, errors);
    }

    private static void ValidateVersions(JsonObject spec, FieldErrors errors)
    {
        var versions = spec.Objects("versions").ToList();
        if (versions.Count(v => v.Bool("storage") == true) != 1)
        {
            errors.Invalid("spec.versions", spec["versions"], "must have exactly one version marked as storage version");
        }

        for (var i = 0; i < versions.Count; i++)
        {
            var field = $"spec.versions[{i}]";
            if (versions[i].At("schema", "openAPIV3Schema") is not { } schema)
            {
                errors.Required($"{field}.schema.openAPIV3Schema", "schemas are required");
                continue;
            }

            try
            {
                StructuralSchema.Read(schema);
                CustomTable.Of(versions[i]);
            }
            catch (FormatException e)
            {
                errors.Invalid($"{field}", versions[i].Str("name"), e.Message);
            }
        }
    }
}
