using System.Text.Json;
using System.Text.Json.Nodes;
using Hearth.Cluster.ApiServer.Core;
using Hearth.Cluster.ApiServer.Discovery;
using Hearth.Cluster.ApiServer.Registry;
using Hearth.Kube.Objects;
using Hearth.Kube.Patches;

namespace Hearth.Cluster.ApiServer.Crds;

/// <summary>Turns a CustomResourceDefinition into the definitions that it serves.</summary>
internal static class CustomDefinitions
{
    private static readonly string[] TerminatingVerbs = [.. ResourceDefinition.StandardVerbs.Where(v => v != "create")];

    /// <summary>One definition for each served version, the preferred one first; none when the names are not accepted.</summary>
    public static IEnumerable<ResourceDefinition> Of(JsonObject crd, ICustomResourceConverter? converter)
    {
        if (!HasCondition(crd, "Established"))
        {
            return [];
        }

        var versions = crd.Obj("spec").Objects("versions").ToList();
        var stored = versions.FirstOrDefault(v => v.Bool("storage") == true).Str("name") ?? "";
        return versions.Where(v => v.Bool("served") == true)
            .OrderByDescending(v => v.Str("name")!, VersionPriority.Comparer)
            .Select(v => One(crd, v, stored, converter));
    }

    public static bool HasCondition(JsonObject crd, string type) =>
        crd.Obj("status").Objects("conditions").Any(c => c.Str("type") == type && c.Str("status") == "True");

    private static ResourceDefinition One(JsonObject crd, JsonObject version, string stored, ICustomResourceConverter? converter)
    {
        var spec = crd.Obj("spec")!;
        var names = spec.Obj("names")!;
        var type = new ResourceType(spec.Str("group")!, version.Str("name")!, names.Str("plural")!, names.Str("kind")!, spec.Str("scope") == "Namespaced");
        var tree = version.At("schema", "openAPIV3Schema") ?? [];
        var schema = StructuralSchema.Read(tree);
        var isStored = type.Version == stored;
        return new ResourceDefinition
        {
            Type = type,
            SingularName = names.Str("singular"),
            ListKindName = names.Str("listKind"),
            ShortNames = names.Strings("shortNames"),
            Categories = names.Strings("categories"),
            Verbs = crd.IsDeleting() ? TerminatingVerbs : ResourceDefinition.StandardVerbs,
            Subresources = [.. Parts(version, type.Kind)],
            Scale = Scale(version.At("subresources", "scale")),
            SelectableFields = version.Objects("selectableFields").ToDictionary(f => f.Str("jsonPath")!.TrimStart('.'), Reader, StringComparer.Ordinal),
            Table = CustomTable.Of(version),
            IsCustom = true,
            StoredAs = isStored ? null : type with { Version = stored },
            FromStored = isStored || converter is null ? null : t => converter.Convert(t, type.Kind, VersionOf(t), type.Version),
            ToStored = isStored || converter is null ? null : t => converter.Convert(t.DeepClone().AsObject(), type.Kind, type.Version, stored),
            UnknownFields = body => Unknown(schema, body),
            Prune = body => SchemaPruning.Prune(schema, body, "", null),
            PatchSchema = PatchSchema.ForCustomResource(tree),
            OpenApiSchema = tree,
            Strategy = new ResourceStrategy
            {
                TracksGeneration = true,
                RequiresResourceVersion = true,
                Default = body => SchemaPruning.Default(schema, body),
                Validate = (body, errors) => SchemaValidation.Validate(schema, body, "", errors),
                ValidateCreate = (body, errors) => Check(converter, type, body, null, errors),
                ValidateUpdate = (body, old, errors) =>
                {
                    if (!JsonTree.Same(body["spec"], old["spec"])) // as upstream ratchets: what does not change is not looked at again
                    {
                        Check(converter, type, body, old, errors);
                    }
                },
            },
        };
    }

    /// <summary>Only of objects of the right structure: nobody wants two sentences about one thing.</summary>
    private static void Check(ICustomResourceConverter? converter, ResourceType type, JsonObject body, JsonObject? old, FieldErrors errors)
    {
        foreach (var (field, shown, message) in errors.Any || converter is null ? [] : converter.Check(type.Kind, type.Version, body, old))
        {
            errors.Add(field, "FieldValueInvalid", $"Invalid value: {shown}: {message}");
        }
    }

    private static string VersionOf(JsonObject tree)
    {
        var apiVersion = tree.Str("apiVersion") ?? "";
        return apiVersion[(apiVersion.IndexOf('/', StringComparison.Ordinal) + 1)..];
    }

    private static List<string> Unknown(StructuralSchema schema, JsonObject body)
    {
        var unknown = new List<string>();
        SchemaPruning.Prune(schema, body, "", unknown, dry: true);
        return unknown;
    }

    private static IEnumerable<Subresource> Parts(JsonObject version, string kind)
    {
        if (version.At("subresources", "scale") is not null)
        {
            yield return new Subresource("scale", "Scale", "autoscaling", "v1", Subresource.ReadWrite);
        }

        if (version.At("subresources", "status") is not null)
        {
            yield return new Subresource("status", kind, null, null, Subresource.ReadWrite);
        }
    }

    private static ScalePaths? Scale(JsonObject? scale) => scale is null ? null : new ScalePaths(
        scale.Str("specReplicasPath")!.TrimStart('.'), scale.Str("statusReplicasPath")!.TrimStart('.'), scale.Str("labelSelectorPath")?.TrimStart('.'));

    private static Func<JsonElement, string?> Reader(JsonObject field)
    {
        var path = JsonPathQuery.Parse(field.Str("jsonPath")!);
        return root => path.Text(root);
    }
}
