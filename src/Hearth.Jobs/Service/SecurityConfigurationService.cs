using Hearth.Jobs.Model;
using Hearth.Jobs.Resources;
using Hearth.Jobs.Validation;
using Hearth.Kube.Client;
using Hearth.Kube.Objects;

namespace Hearth.Jobs.Service;

/// <inheritdoc cref="ISecurityConfigurations"/>
internal sealed class SecurityConfigurationService(ServiceContext context) : ISecurityConfigurations
{
    /// <inheritdoc/>
    public async Task<SecurityConfigurationDescription> CreateSecurityConfigurationAsync(CreateSecurityConfigurationRequest request, JobCaller caller, CancellationToken ct)
    {
        Requests.Check(request, JobsJson.Default.CreateSecurityConfigurationRequest);
        TagDemands.Check(request.Tags);
        if (request.ContainerProvider is { } provider && provider.Id != context.Options.ClusterName)
        {
            throw new JobValidationException($"EKS cluster {provider.Id} doesn't exist: this platform's cluster is {context.Options.ClusterName}.", "containerProvider.id");
        }

        var digest = RequestDigest.Of(request, JobsJson.Default.CreateSecurityConfigurationRequest);
        var configuration = await context.OnceAsync(
            "security configuration", TokenScope.Of(caller), request.ClientToken!, digest, () => TokensAsync(caller, ct),
            () => context.Client.CreateAsync(New(request, digest, caller), ct), ct).ConfigureAwait(false);
        return Descriptions.Of(configuration, context.Options);
    }

    /// <inheritdoc/>
    public async Task<SecurityConfigurationDescription> DescribeSecurityConfigurationAsync(string id, CancellationToken ct)
    {
        Requests.CheckPath("DescribeSecurityConfigurationRequest", ("id", id));
        return await context.Client.FindAsync<SecurityConfiguration>(null, id, ct).ConfigureAwait(false) is { } configuration
            ? Descriptions.Of(configuration, context.Options)
            : throw new JobNotFoundException($"Security configuration {id} doesn't exist.");
    }

    /// <inheritdoc/>
    public async Task<JobPage<SecurityConfigurationDescription>> ListSecurityConfigurationsAsync(ListSecurityConfigurationsRequest request, CancellationToken ct)
    {
        var listing = Listing.Check(request, JobsJson.Default.ListSecurityConfigurationsRequest, request.MaxResults);
        var all = await context.Client.ListAsync<SecurityConfiguration>(null, ListOptions.All, ct).ConfigureAwait(false);
        var wanted = all.Select(c => Descriptions.Of(c, context.Options))
            .Where(c => Listing.Within(c.CreatedAt, request.CreatedAfter, request.CreatedBefore) && request.Visible?.Invoke(c) != false);
        return PageToken.Cut(wanted, c => (c.CreatedAt, c.Id), listing, request.MaxResults, request.NextToken);
    }

    /// <inheritdoc/>
    public async Task<string> DeleteSecurityConfigurationAsync(string id, CancellationToken ct)
    {
        Requests.CheckPath("DeleteSecurityConfigurationRequest", ("id", id));
        var clusters = await context.Client.ListAsync<VirtualCluster>(null, ListOptions.All, ct).ConfigureAwait(false);
        if (clusters.FirstOrDefault(c => c.Spec.SecurityConfigurationId == id && c.State != VirtualClusterState.Terminated) is { } user)
        {
            throw new JobValidationException($"Security configuration {id} is used by virtual cluster {user.Id}: delete the virtual cluster first.", "id");
        }

        return await context.Client.DeleteIfExistsAsync(new ObjectRef(SecurityConfiguration.Type, null, id), DeleteOptions.Default, ct).ConfigureAwait(false)
            ? id
            : throw new JobValidationException($"Security configuration {id} not found.", "id");
    }

    private static SecurityConfiguration New(CreateSecurityConfigurationRequest request, string digest, JobCaller caller) => new()
    {
        Metadata = new ObjectMeta { Name = ResourceIds.Long(), Annotations = RequestDigest.Annotation(digest) },
        Spec = new SecurityConfigurationSpec
        {
            Name = request.Name,
            ClientToken = request.ClientToken,
            CreatedBy = caller.Arn,
            Tags = request.Tags,
            ContainerProvider = request.ContainerProvider,
            SecurityConfigurationData = request.SecurityConfigurationData,
        },
    };

    private async Task<IEnumerable<KeyValuePair<string, string>>> TokensAsync(JobCaller caller, CancellationToken ct)
    {
        var all = await context.Client.ListAsync<SecurityConfiguration>(null, ListOptions.All, ct).ConfigureAwait(false);
        var who = TokenScope.Principal(caller.Arn);
        return all.Where(c => c.Spec.ClientToken is not null && TokenScope.Principal(c.Spec.CreatedBy) == who).DistinctBy(c => c.Spec.ClientToken, StringComparer.Ordinal).Select(c => KeyValuePair.Create(c.Spec.ClientToken!, c.Id));
    }
}
