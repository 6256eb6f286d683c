using System.Text.Json.Nodes;
using Hearth.Jobs.Model;
using Hearth.Jobs.Resources;
using Hearth.Jobs.Validation;
using Hearth.Kube.Client;
using Hearth.Kube.Objects;

namespace Hearth.Jobs.Service;

/// <inheritdoc cref="IResourceTags"/>
internal sealed class TagService(ServiceContext context, RunIndex runs) : IResourceTags
{
    private static readonly IReadOnlyDictionary<string, string> None = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <inheritdoc/>
    public async Task<IReadOnlyDictionary<string, string>> ListTagsForResourceAsync(string resourceArn, CancellationToken ct) =>
        (await FindAsync(resourceArn, "ListTagsForResourceRequest", ct).ConfigureAwait(false)).Tags;

    /// <inheritdoc/>
    public async Task TagResourceAsync(TagResourceRequest request, CancellationToken ct)
    {
        var arn = request.ResourceArn ?? "";
        CheckKind(arn);
        Requests.Check(request, JobsJson.Default.TagResourceRequest);
        TagDemands.Check(request.Tags);
        var (target, tags) = await FindAsync(arn, "ListTagsForResourceRequest", ct).ConfigureAwait(false);
        if (tags.Keys.Union(request.Tags!.Keys, StringComparer.Ordinal).Count() > TagDemands.Most)
        {
            throw new JobValidationException($"A resource has at most {TagDemands.Most} tags: take some away with UntagResource first.", "tags");
        }

        await PatchAsync(target, new JsonObject(request.Tags.Select(t => KeyValuePair.Create(t.Key, (JsonNode?)t.Value))), ct).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task UntagResourceAsync(UntagResourceRequest request, CancellationToken ct)
    {
        var arn = request.ResourceArn ?? "";
        CheckKind(arn);
        Requests.Check(request, JobsJson.Default.UntagResourceRequest);
        var (target, tags) = await FindAsync(arn, "ListTagsForResourceRequest", ct).ConfigureAwait(false);
        var gone = request.TagKeys!.Where(tags.ContainsKey).Distinct(StringComparer.Ordinal).ToArray();
        if (gone.Length > 0)
        {
            await PatchAsync(target, new JsonObject(gone.Select(k => KeyValuePair.Create(k, (JsonNode?)null))), ct).ConfigureAwait(false);
        }
    }

    // The refusal of another kind of ARN comes before the constraints of the ARN, which such an ARN breaks too.
    private void CheckKind(string arn)
    {
        if (!arn.StartsWith(context.Options.VirtualClusterArn(""), StringComparison.Ordinal))
        {
            ResourceArn.OfTags(arn, "ListTagsForResourceRequest", context.Options);
        }
    }

    private async Task PatchAsync(ObjectRef target, JsonObject tags, CancellationToken ct)
    {
        var patched = await context.Client.PatchAsync(target, KubePatch.Merge(new JsonObject { ["spec"] = new JsonObject { ["tags"] = tags } }), ct).ConfigureAwait(false);
        if (target.Type == JobRun.Type)
        {
            runs.Replace(KubeJson.Read<JobRun>(patched));
        }
    }

    private async Task<(ObjectRef Target, IReadOnlyDictionary<string, string> Tags)> FindAsync(string arn, string request, CancellationToken ct)
    {
        var resource = ResourceArn.OfTags(arn, request, context.Options);
        var cluster = await context.Client.FindAsync<VirtualCluster>(null, resource.VirtualClusterId, ct).ConfigureAwait(false);
        var (client, id) = (context.Client, resource.Id ?? "");
        (ObjectRef, IReadOnlyDictionary<string, string>)? found = (cluster, resource.Kind) switch
        {
            (null, _) => null,
            (_, null) => (cluster.Ref(), cluster.Spec.Tags ?? None),
            (_, "jobruns") => await client.FindAsync<JobRun>(cluster.Namespace, id, ct).ConfigureAwait(false) is { } run && run.Spec.VirtualClusterId == cluster.Id
                ? (run.Ref(), run.Spec.Tags ?? None) : null,
            _ => await client.FindAsync<ManagedEndpoint>(cluster.Namespace, id, ct).ConfigureAwait(false) is { } endpoint && endpoint.Spec.VirtualClusterId == cluster.Id
                ? (endpoint.Ref(), endpoint.Spec.Tags ?? None) : null,
        };
        return found ?? throw new JobNotFoundException($"Resource {arn} doesn't exist.");
    }
}
