using System.Text.Json.Serialization;
using Hearth.Jobs.Resources;
using Hearth.Kube.Objects;

namespace Hearth.Jobs.Model;

/// <summary>
/// JSON of the API records, in the words of the wire (camel case, times as <c>2024-05-01T10:00:00Z</c>, absent members left out),
/// and of the custom resources that hold them.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(KubeTimeConverter)])]
[JsonSerializable(typeof(CreateVirtualClusterRequest))]
[JsonSerializable(typeof(StartJobRunRequest))]
[JsonSerializable(typeof(UpdateVirtualClusterRequest))]
[JsonSerializable(typeof(ListVirtualClustersRequest))]
[JsonSerializable(typeof(ListJobRunsRequest))]
[JsonSerializable(typeof(CreateJobTemplateRequest))]
[JsonSerializable(typeof(ListJobTemplatesRequest))]
[JsonSerializable(typeof(CreateManagedEndpointRequest))]
[JsonSerializable(typeof(ListManagedEndpointsRequest))]
[JsonSerializable(typeof(GetManagedEndpointSessionCredentialsRequest))]
[JsonSerializable(typeof(CreateSecurityConfigurationRequest))]
[JsonSerializable(typeof(ListSecurityConfigurationsRequest))]
[JsonSerializable(typeof(TagResourceRequest))]
[JsonSerializable(typeof(UntagResourceRequest))]
[JsonSerializable(typeof(JobTemplateDescription))]
[JsonSerializable(typeof(EndpointDescription))]
[JsonSerializable(typeof(SecurityConfigurationDescription))]
[JsonSerializable(typeof(JobTemplate))]
[JsonSerializable(typeof(ManagedEndpoint))]
[JsonSerializable(typeof(EndpointSession))]
[JsonSerializable(typeof(SecurityConfiguration))]
[JsonSerializable(typeof(VirtualClusterDescription))]
[JsonSerializable(typeof(JobRunDescription))]
[JsonSerializable(typeof(VirtualCluster))]
[JsonSerializable(typeof(JobRun))]
[JsonSerializable(typeof(JobRunSpec))]
[JsonSerializable(typeof(JobRunStatus))]
[JsonSerializable(typeof(ProgressStatus))]
public sealed partial class JobsJson : JsonSerializerContext;
