using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Hearth.Kube.Objects;

namespace Hearth.Aws.Iam.Resources;

/// <summary>The API group of IAM's objects, and their definitions: identities are Kubernetes objects like everything else.</summary>
public static class IamGroup
{
    /// <summary>Group of the custom resources.</summary>
    public const string Name = "iam.hearth.dev";

    /// <summary>Served and stored version.</summary>
    public const string Version = "v1";

    private const int HashLength = 8;

    /// <summary>Roles.</summary>
    public static ResourceType Roles { get; } = new(Name, Version, "iamroles", "IamRole", false);

    /// <summary>Users.</summary>
    public static ResourceType Users { get; } = new(Name, Version, "iamusers", "IamUser", false);

    /// <summary>Customer managed policies.</summary>
    public static ResourceType Policies { get; } = new(Name, Version, "iampolicies", "IamPolicy", false);

    /// <summary>The custom resource definitions, ready to be applied.</summary>
    public static IReadOnlyList<JsonObject> Crds() =>
        [Crd(Roles, "roleName", "Role"), Crd(Users, "userName", "User"), Crd(Policies, "policyName", "Policy")];

    /// <summary>
    /// Name of the object of a role, user or policy: its own when Kubernetes admits it; otherwise what is left of it in lower case, with a digest,
    /// because IAM's names differ only by case and have characters that Kubernetes' may not.
    /// </summary>
    public static string ObjectName(string iamName)
    {
        var plain = string.Concat(iamName.ToLower(CultureInfo.InvariantCulture).Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-')).Trim('-');
        return string.Equals(plain, iamName, StringComparison.Ordinal) && plain.Length > 0
            ? plain
            : $"{(plain.Length == 0 ? "iam" : plain)}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(iamName)))[..HashLength]}";
    }

    private static JsonObject Crd(ResourceType type, string nameField, string title) => new()
    {
        ["apiVersion"] = "apiextensions.k8s.io/v1",
        ["kind"] = "CustomResourceDefinition",
        ["metadata"] = new JsonObject { ["name"] = type.GroupResource },
        ["spec"] = new JsonObject
        {
            ["group"] = Name,
            ["scope"] = "Cluster",
            ["names"] = new JsonObject { ["plural"] = type.Plural, ["singular"] = type.Kind.ToLowerInvariant(), ["kind"] = type.Kind, ["listKind"] = type.Kind + "List" },
            ["versions"] = new JsonArray(new JsonObject
            {
                ["name"] = Version,
                ["served"] = true,
                ["storage"] = true,
                ["schema"] = new JsonObject { ["openAPIV3Schema"] = Schema(nameField) },
                ["additionalPrinterColumns"] = new JsonArray(
                    new JsonObject { ["name"] = title, ["type"] = "string", ["jsonPath"] = $".spec.{nameField}" },
                    new JsonObject { ["name"] = "Team", ["type"] = "string", ["jsonPath"] = ".spec.team" },
                    new JsonObject { ["name"] = "Age", ["type"] = "date", ["jsonPath"] = ".metadata.creationTimestamp" }),
            }),
        },
    };

    private static JsonObject Schema(string nameField) => new()
    {
        ["type"] = "object",
        ["required"] = new JsonArray("spec"),
        ["properties"] = new JsonObject
        {
            ["spec"] = new JsonObject
            {
                ["type"] = "object",
                ["required"] = new JsonArray(nameField),
                ["properties"] = new JsonObject { [nameField] = new JsonObject { ["type"] = "string", ["minLength"] = 1, ["maxLength"] = 128 } },
                ["x-kubernetes-preserve-unknown-fields"] = true,
            },
        },
    };
}
