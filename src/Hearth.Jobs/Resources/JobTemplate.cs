using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Hearth.Jobs.Model;
using Hearth.Kube.Objects;

namespace Hearth.Jobs.Resources;

/// <summary>A job template as a Kubernetes object; its name is the id. It never changes.</summary>
public sealed record JobTemplate : IKubeObject<JobTemplate>
{
    /// <inheritdoc/>
    public static ResourceType Type => EmrGroup.JobTemplates;

    /// <inheritdoc/>
    [JsonIgnore]
    public static JsonTypeInfo<JobTemplate> Json => JobsJson.Default.JobTemplate;

    /// <inheritdoc/>
    public ObjectMeta Metadata { get; init; } = new();
    public JobTemplateSpec Spec { get; init; } = new();

    /// <summary>The id.</summary>
    [JsonIgnore]
    public string Id => Metadata.Name!;
}

/// <summary>CreateJobTemplate in its own words.</summary>
public sealed record JobTemplateSpec
{
    public string? Name { get; init; }
    public string? ClientToken { get; init; }
    public string? CreatedBy { get; init; }
    public IReadOnlyDictionary<string, string>? Tags { get; init; }
    public string? KmsKeyArn { get; init; }
    public JobTemplateData? JobTemplateData { get; init; }
}
