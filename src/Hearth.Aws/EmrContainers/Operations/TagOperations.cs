using System.Text.Json.Nodes;
using Hearth.Jobs.Model;
using Hearth.Jobs.Service;

namespace Hearth.Aws.EmrContainers.Operations;

/// <summary>Tags by ARN.</summary>
internal sealed class TagOperations(IResourceTags tags, EmrGate gate)
{
    public async Task<JsonObject> ListAsync(EmrCall call)
    {
        await gate.TagsAsync(call, call.Labels[0]).ConfigureAwait(false);
        var found = await tags.ListTagsForResourceAsync(call.Labels[0], call.Aborted).ConfigureAwait(false);
        return new JsonObject { ["tags"] = new JsonObject(found.Select(t => KeyValuePair.Create(t.Key, (JsonNode?)t.Value))) };
    }

    public async Task<JsonObject> TagAsync(EmrCall call)
    {
        var request = call.Body(JobsJson.Default.TagResourceRequest) with { ResourceArn = call.Labels[0] };
        await gate.TagsAsync(call, call.Labels[0], request.Tags).ConfigureAwait(false);
        await tags.TagResourceAsync(request, call.Aborted).ConfigureAwait(false);
        return new JsonObject();
    }

    public async Task<JsonObject> UntagAsync(EmrCall call)
    {
        var request = new UntagResourceRequest { ResourceArn = call.Labels[0], TagKeys = WireValues.Many(call.Query, "tagKeys") };
        await gate.TagsAsync(call, call.Labels[0]).ConfigureAwait(false);
        await tags.UntagResourceAsync(request, call.Aborted).ConfigureAwait(false);
        return new JsonObject();
    }
}
