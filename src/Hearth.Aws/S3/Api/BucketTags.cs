using Hearth.Aws.Http;
using Hearth.Aws.S3.Storage;

namespace Hearth.Aws.S3.Api;

/// <summary>Tags of buckets: at most fifty.</summary>
internal static class BucketTags
{
    private const int MostTags = 50;

    public static Task GetAsync(S3Call call)
    {
        var tags = (call.Storage.GetBucket(call.Bucket) ?? throw S3Errors.NoSuchBucket(call.Bucket)).Tags;
        return tags.Count > 0
            ? call.XmlAsync(Tagging.ToXml(tags))
            : throw new AwsException(404, "NoSuchTagSet", "The TagSet does not exist") { Details = [new("BucketName", call.Bucket)] };
    }

    public static async Task PutAsync(S3Call call)
    {
        call.RequireBucket();
        var document = await BodyReceiver.DocumentAsync(call).ConfigureAwait(false) ?? throw S3Errors.MalformedXml();
        call.Storage.TagBucket(call.Bucket, Tagging.FromXml(document, MostTags));
        await call.EmptyAsync(204).ConfigureAwait(false);
    }

    public static Task DeleteAsync(S3Call call)
    {
        call.RequireBucket();
        call.Storage.TagBucket(call.Bucket, ObjectMetadata.NoEntries);
        return call.EmptyAsync(204);
    }
}
