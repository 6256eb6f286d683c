using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Hearth.Kube.Objects;

namespace Hearth.Aws.Iam.Resources;

/// <summary>A role that jobs or users take on.</summary>
public sealed record IamRole : IKubeObject<IamRole>
{
    /// <inheritdoc/>
    public static ResourceType Type => IamGroup.Roles;

    /// <inheritdoc/>
    [JsonIgnore]
    public static JsonTypeInfo<IamRole> Json => IamJson.Default.IamRole;

    /// <inheritdoc/>
    public ObjectMeta Metadata { get; init; } = new();
    public IamRoleSpec Spec { get; init; } = new();
}

/// <summary>What IAM knows of a role.</summary>
public sealed record IamRoleSpec
{
    public string RoleName { get; init; } = "";
    public string Path { get; init; } = "/";

    /// <summary><c>AROA...</c></summary>
    public string RoleId { get; init; } = "";
    public string? Description { get; init; }

    /// <summary>Seconds, 3600 to 43200.</summary>
    public int MaxSessionDuration { get; init; } = 3600;

    /// <summary>Who may take it on.</summary>
    public JsonObject? AssumeRolePolicyDocument { get; init; }

    /// <summary>Inline policies.</summary>
    public IReadOnlyList<InlinePolicy>? Policies { get; init; }

    /// <summary>ARNs of managed policies.</summary>
    public IReadOnlyList<string>? AttachedPolicies { get; init; }

    /// <summary>The team whose jobs run as it; null for none.</summary>
    public string? Team { get; init; }
    public IReadOnlyDictionary<string, string>? Tags { get; init; }
}

/// <summary>A policy that lives and dies with its user or role.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Document">The policy.</param>
public sealed record InlinePolicy(string Name, JsonObject Document);

/// <summary>A user: somebody with lasting keys.</summary>
public sealed record IamUser : IKubeObject<IamUser>
{
    /// <inheritdoc/>
    public static ResourceType Type => IamGroup.Users;

    /// <inheritdoc/>
    [JsonIgnore]
    public static JsonTypeInfo<IamUser> Json => IamJson.Default.IamUser;

    /// <inheritdoc/>
    public ObjectMeta Metadata { get; init; } = new();
    public IamUserSpec Spec { get; init; } = new();
}

/// <summary>What IAM knows of a user; keys are kept elsewhere.</summary>
public sealed record IamUserSpec
{
    public string UserName { get; init; } = "";
    public string Path { get; init; } = "/";
    public IReadOnlyList<InlinePolicy>? Policies { get; init; }
    public IReadOnlyList<string>? AttachedPolicies { get; init; }
    public string? Team { get; init; }
}

/// <summary>A customer managed policy, in one version.</summary>
public sealed record IamPolicy : IKubeObject<IamPolicy>
{
    /// <inheritdoc/>
    public static ResourceType Type => IamGroup.Policies;

    /// <inheritdoc/>
    [JsonIgnore]
    public static JsonTypeInfo<IamPolicy> Json => IamJson.Default.IamPolicy;

    /// <inheritdoc/>
    public ObjectMeta Metadata { get; init; } = new();
    public IamPolicySpec Spec { get; init; } = new();
}

/// <summary>What IAM knows of a managed policy.</summary>
public sealed record IamPolicySpec
{
    public string PolicyName { get; init; } = "";
    public string Path { get; init; } = "/";

    /// <summary><c>ANPA...</c></summary>
    public string PolicyId { get; init; } = "";
    public string? Description { get; init; }
    public JsonObject? Document { get; init; }
    public string? Team { get; init; }
}

/// <summary>JSON of the objects.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, Converters = [typeof(KubeTimeConverter)])]
[JsonSerializable(typeof(IamRole))]
[JsonSerializable(typeof(IamUser))]
[JsonSerializable(typeof(IamPolicy))]
public sealed partial class IamJson : JsonSerializerContext;
