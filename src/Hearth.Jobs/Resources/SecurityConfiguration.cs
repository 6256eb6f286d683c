using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Hearth.Jobs.Model;
using Hearth.Kube.Objects;

namespace Hearth.Jobs.Resources;

/// <summary>A security configuration as a Kubernetes object; its name is the id. It never changes.</summary>
public sealed record SecurityConfiguration : IKubeObject<SecurityConfiguration>
{
    /// <inheritdoc/>
    public static ResourceType Type => EmrGroup.SecurityConfigurations;

    /// <inheritdoc/>
    [JsonIgnore]
    public static JsonTypeInfo<SecurityConfiguration> Json => JobsJson.Default.SecurityConfiguration;

    /// <inheritdoc/>
    public ObjectMeta Metadata { get; init; } = new();
    public SecurityConfigurationSpec Spec { get; init; } = new();

    /// <summary>The id.</summary>
    [JsonIgnore]
    public string Id => Metadata.Name!;
}

/// <summary>CreateSecurityConfiguration in its own words.</summary>
public sealed record SecurityConfigurationSpec
{
    public string? Name { get; init; }
    public string? ClientToken { get; init; }
    public string? CreatedBy { get; init; }
    public IReadOnlyDictionary<string, string>? Tags { get; init; }
    public ContainerProvider? ContainerProvider { get; init; }
    public SecurityConfigurationData? SecurityConfigurationData { get; init; }
}
