using Hearth.Aws.S3.Checksums;
using Hearth.Aws.S3.Storage;

namespace Hearth.Aws.S3.Api;

/// <summary>CopyObject.</summary>
internal static class CopyOperations
{
    public static async Task CopyAsync(S3Call call)
    {
        call.RequireBucket();
        ObjectHeaders.RefuseUnsupported(call.Header);
        var condition = WriteOperations.Condition(call);
        using var source = CopySource.Open(call);
        if (source.Info.Size > BodyReceiver.LargestPut)
        {
            throw S3Errors.InvalidRequest($"The specified copy source is larger than the maximum allowable size for a copy source: {BodyReceiver.LargestPut}. Copy it in parts.");
        }
        var facts = Facts(call, source.Info);
        var algorithm = ChecksumNames.Parse(call.Header("x-amz-checksum-algorithm")) ?? source.Info.Metadata.ChecksumAlgorithm ?? ChecksumNames.Default;
        var staged = await call.Storage.StageAsync(source.Stream(), source.Info.Size, algorithm, sha256: false, call.Aborted).ConfigureAwait(false);
        await using (staged.ConfigureAwait(false))
        {
            facts = facts with
            {
                ETag = staged.Digests.ETag,
                ChecksumAlgorithm = algorithm,
                Checksum = staged.Digests.Checksum is { } digest ? Convert.ToBase64String(digest) : null,
                PartSizes = null,
                PartChecksums = null,
                UploadId = null,
            };
            var info = await WriteOperations.CommitAsync(call, staged, facts, condition).ConfigureAwait(false);
            var xml = new XmlText().Open("CopyObjectResult", XmlText.S3Namespace)
                .Add("LastModified", S3Call.Iso(info.LastModified)).Add("ETag", ETags.Quoted(info.ETag));
            xml.Add(algorithm.Element(), facts.Checksum).Add("ChecksumType", facts.ChecksumType);
            await call.XmlAsync(xml.Close("CopyObjectResult")).ConfigureAwait(false);
        }
    }

    private static ObjectMetadata Facts(S3Call call, ObjectInfo source)
    {
        var replace = Replaces(call, "x-amz-metadata-directive");
        var replaceTags = Replaces(call, "x-amz-tagging-directive");
        var onItself = string.Equals(source.Bucket, call.Bucket, StringComparison.Ordinal) && string.Equals(source.Key, call.Key, StringComparison.Ordinal);
        var asked = call.Header("x-amz-storage-class") ?? call.Header("x-amz-server-side-encryption");
        if (onItself && !replace && !replaceTags && asked is null)
        {
            throw S3Errors.InvalidRequest(
                "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.");
        }
        if (!replaceTags && source.Metadata.Tags.Count > 0)
        {
            // Tags that are copied are read there and written here. Source: Amazon S3 API reference, CopyObject, "Permissions".
            call.RequireRight("s3:GetObjectTagging", source.Bucket, source.Key);
            call.RequireRight("s3:PutObjectTagging", call.Bucket, call.Key);
        }
        var given = ObjectHeaders.FromRequest(call);
        var facts = replace ? given : source.Metadata;
        return facts with { Tags = replaceTags ? given.Tags : source.Metadata.Tags };
    }

    private static bool Replaces(S3Call call, string header) => call.Header(header) switch
    {
        null or "COPY" => false,
        "REPLACE" => true,
        var other => throw S3Errors.InvalidArgument(header, other, "Unknown metadata directive."),
    };
}
