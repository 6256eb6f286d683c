using Hearth.Aws.S3.Storage;

namespace Hearth.Aws.S3.Api;

/// <summary>Tags of objects.</summary>
internal static class ObjectTags
{
    public static async Task PutAsync(S3Call call)
    {
        call.RequireBucket();
        ReadOperations.RefuseVersion(call);
        var document = await BodyReceiver.DocumentAsync(call).ConfigureAwait(false) ?? throw S3Errors.MalformedXml();
        await SetAsync(call, Tagging.FromXml(document)).ConfigureAwait(false);
        await call.EmptyAsync(200).ConfigureAwait(false);
    }

    public static Task GetAsync(S3Call call)
    {
        call.RequireBucket();
        ReadOperations.RefuseVersion(call);
        var info = call.Storage.Head(call.Bucket, call.Key) ?? throw S3Errors.NoSuchKey(call.Key);
        return call.XmlAsync(Tagging.ToXml(info.Metadata.Tags));
    }

    public static async Task DeleteAsync(S3Call call)
    {
        call.RequireBucket();
        ReadOperations.RefuseVersion(call);
        await SetAsync(call, ObjectMetadata.NoEntries).ConfigureAwait(false);
        await call.EmptyAsync(204).ConfigureAwait(false);
    }

    private static async Task SetAsync(S3Call call, IReadOnlyDictionary<string, string> tags) =>
        _ = await call.Storage.UpdateAsync(call.Bucket, call.Key, facts => facts with { Tags = tags }, call.Aborted).ConfigureAwait(false)
            ?? throw S3Errors.NoSuchKey(call.Key);
}
