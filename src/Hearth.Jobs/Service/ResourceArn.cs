using Hearth.Jobs.Validation;

namespace Hearth.Jobs.Service;

/// <summary>A virtual cluster, or a job run or managed endpoint of one, as ARNs name them.</summary>
/// <param name="VirtualClusterId">The virtual cluster.</param>
/// <param name="Kind"><c>jobruns</c>, <c>endpoints</c>, or null for the virtual cluster itself.</param>
/// <param name="Id">Id of the job run or endpoint, or null.</param>
public sealed record ResourceArn(string VirtualClusterId, string? Kind, string? Id)
{
    /// <summary>Reads the ARN of a tag operation.</summary>
    /// <exception cref="JobBadRequestException">It names a job template or security configuration, whose tags the service does not serve.</exception>
    /// <exception cref="JobValidationException">It is no ARN of this service.</exception>
    /// <exception cref="JobNotFoundException">It is of another account, region or kind.</exception>
    public static ResourceArn OfTags(string arn, string request, JobServiceOptions options)
    {
        if (arn.StartsWith(options.JobTemplateArn(""), StringComparison.Ordinal) || arn.StartsWith(options.SecurityConfigurationArn(""), StringComparison.Ordinal))
        {
            throw new JobBadRequestException($"Invalid input resource arn {arn}: tags can be asked for of virtual clusters, job runs and managed endpoints.");
        }

        Requests.CheckPath(request, ("resourceArn", arn));
        return Parse(arn, options) ?? throw new JobNotFoundException($"Resource {arn} doesn't exist.");
    }

    /// <summary>The id in an id or the ARN of a virtual cluster.</summary>
    /// <exception cref="JobNotFoundException">An ARN of something else.</exception>
    public static string ClusterIdOf(string identifier, JobServiceOptions options) => !IsArn(identifier) ? identifier
        : Parse(identifier, options) is { Kind: null } arn ? arn.VirtualClusterId
        : throw new JobNotFoundException($"Virtual cluster {identifier} doesn't exist.");

    /// <summary>The id in an id or the ARN of a managed endpoint.</summary>
    /// <exception cref="JobNotFoundException">An ARN of something else.</exception>
    public static string EndpointIdOf(string identifier, JobServiceOptions options) => !IsArn(identifier) ? identifier
        : Parse(identifier, options) is { Kind: "endpoints", Id: { } id } ? id
        : throw new JobNotFoundException($"Managed endpoint {identifier} doesn't exist.");

    /// <summary>Reads an ARN of this account and region; null when it is none.</summary>
    public static ResourceArn? Parse(string arn, JobServiceOptions options)
    {
        var prefix = options.VirtualClusterArn("");
        return !arn.StartsWith(prefix, StringComparison.Ordinal) ? null : arn[prefix.Length..].Split('/') switch
        {
            [{ Length: > 0 } cluster] => new ResourceArn(cluster, null, null),
            [{ Length: > 0 } cluster, ("jobruns" or "endpoints") and var kind, { Length: > 0 } id] => new ResourceArn(cluster, kind, id),
            _ => null,
        };
    }

    private static bool IsArn(string identifier) => identifier.StartsWith("arn:", StringComparison.Ordinal);
}
