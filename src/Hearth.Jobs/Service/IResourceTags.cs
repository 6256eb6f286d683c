using Hearth.Jobs.Model;

namespace Hearth.Jobs.Service;

/// <summary>
/// Tags of virtual clusters, job runs and managed endpoints, by ARN. Tags of job templates and security configurations are given when
/// they are made and cannot be asked for here: the service refuses their ARNs.
/// </summary>
public interface IResourceTags
{
    /// <summary>The tags of a resource.</summary>
    /// <exception cref="JobBadRequestException">The ARN is of another kind of resource.</exception>
    /// <exception cref="JobNotFoundException">No such resource.</exception>
    Task<IReadOnlyDictionary<string, string>> ListTagsForResourceAsync(string resourceArn, CancellationToken ct);

    /// <summary>Adds or replaces tags; 50 at most in all.</summary>
    /// <inheritdoc cref="ListTagsForResourceAsync"/>
    Task TagResourceAsync(TagResourceRequest request, CancellationToken ct);

    /// <summary>Takes tags away; unknown keys do no harm.</summary>
    /// <inheritdoc cref="ListTagsForResourceAsync"/>
    Task UntagResourceAsync(UntagResourceRequest request, CancellationToken ct);
}
