using Hearth.Jobs.Model;
using Hearth.Jobs.Resources;
using Hearth.Jobs.Templates;
using Hearth.Jobs.Validation;
using Hearth.Kube.Client;
using Hearth.Kube.Objects;

namespace Hearth.Jobs.Service;

/// <inheritdoc cref="IJobTemplates"/>
internal sealed class JobTemplateService(ServiceContext context) : IJobTemplates
{
    /// <inheritdoc/>
    public async Task<JobTemplateDescription> CreateJobTemplateAsync(CreateJobTemplateRequest request, JobCaller caller, CancellationToken ct)
    {
        Requests.CheckTemplate(request);
        var digest = RequestDigest.Of(request, JobsJson.Default.CreateJobTemplateRequest);
        var template = await context.OnceAsync(
            "job template", TokenScope.Of(caller), request.ClientToken!, digest, () => TokensAsync(caller, ct),
            () => context.Client.CreateAsync(New(request, digest, caller), ct), ct).ConfigureAwait(false);
        return Descriptions.Of(template, context.Options);
    }

    /// <inheritdoc/>
    public async Task<JobTemplateDescription> DescribeJobTemplateAsync(string id, CancellationToken ct)
    {
        Requests.CheckPath("DescribeJobTemplateRequest", ("id", id));
        return await context.Client.FindAsync<JobTemplate>(null, id, ct).ConfigureAwait(false) is { } template
            ? Descriptions.Of(template, context.Options)
            : throw new JobNotFoundException($"Job template {id} doesn't exist.");
    }

    /// <inheritdoc/>
    public async Task<JobPage<JobTemplateDescription>> ListJobTemplatesAsync(ListJobTemplatesRequest request, CancellationToken ct)
    {
        var listing = Listing.Check(request, JobsJson.Default.ListJobTemplatesRequest, request.MaxResults);
        var all = await context.Client.ListAsync<JobTemplate>(null, ListOptions.All, ct).ConfigureAwait(false);
        var wanted = all.Select(t => Descriptions.Of(t, context.Options))
            .Where(t => Listing.Within(t.CreatedAt, request.CreatedAfter, request.CreatedBefore) && request.Visible?.Invoke(t) != false);
        return PageToken.Cut(wanted, t => (t.CreatedAt, t.Id), listing, request.MaxResults, request.NextToken);
    }

    /// <inheritdoc/>
    public async Task<string> DeleteJobTemplateAsync(string id, CancellationToken ct)
    {
        Requests.CheckPath("DeleteJobTemplateRequest", ("id", id));
        return await context.Client.DeleteIfExistsAsync(new ObjectRef(JobTemplate.Type, null, id), DeleteOptions.Default, ct).ConfigureAwait(false)
            ? id
            : throw new JobValidationException($"Job template {id} not found.", "id");
    }

    private static JobTemplate New(CreateJobTemplateRequest request, string digest, JobCaller caller) => new()
    {
        Metadata = new ObjectMeta { Name = ResourceIds.Long(), Annotations = RequestDigest.Annotation(digest) },
        Spec = new JobTemplateSpec
        {
            Name = request.Name,
            ClientToken = request.ClientToken,
            CreatedBy = caller.Arn,
            Tags = request.Tags,
            KmsKeyArn = request.KmsKeyArn,
            JobTemplateData = request.JobTemplateData,
        },
    };

    private async Task<IEnumerable<KeyValuePair<string, string>>> TokensAsync(JobCaller caller, CancellationToken ct)
    {
        var all = await context.Client.ListAsync<JobTemplate>(null, ListOptions.All, ct).ConfigureAwait(false);
        var who = TokenScope.Principal(caller.Arn);
        return all.Where(t => t.Spec.ClientToken is not null && TokenScope.Principal(t.Spec.CreatedBy) == who).DistinctBy(t => t.Spec.ClientToken, StringComparer.Ordinal).Select(t => KeyValuePair.Create(t.Spec.ClientToken!, t.Id));
    }
}
