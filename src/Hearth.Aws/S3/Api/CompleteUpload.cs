using System.Globalization;
using System.Security.Cryptography;
using System.Xml.Linq;
using Hearth.Aws.Http;
using Hearth.Aws.S3.Checksums;
using Hearth.Aws.S3.Storage;

namespace Hearth.Aws.S3.Api;

/// <summary>CompleteMultipartUpload: checks the list of parts against those that arrived and joins them.</summary>
internal static class CompleteUpload
{
    private const long SmallestPart = 5 * 1024 * 1024;

    public static async Task HandleAsync(S3Call call)
    {
        call.RequireBucket();
        var id = call.Query["uploadId"] ?? "";
        // The checksum headers of this request speak of the object, not of the document.
        var document = await BodyReceiver.DocumentAsync(call, checksums: false).ConfigureAwait(false);
        if (document is null || document.Name.LocalName is not "CompleteMultipartUpload")
        {
            throw S3Errors.MalformedXml();
        }
        using var held = await call.Uploads.HoldAsync(id, call.Aborted).ConfigureAwait(false);
        var info = call.Uploads.Find(call.Bucket, id) is null && call.Storage.Head(call.Bucket, call.Key) is { } done
            && string.Equals(done.Metadata.UploadId, id, StringComparison.Ordinal)
                ? done
                : await JoinAsync(call, UploadOperations.Require(call), document).ConfigureAwait(false);
        var xml = new XmlText().Open("CompleteMultipartUploadResult", XmlText.S3Namespace)
            .Add("Location", $"http://{call.Header("Host")}/{call.Bucket}/{PercentEncoding.Encode(call.Key, keepSlash: true)}")
            .Add("Bucket", call.Bucket).Add("Key", call.Key).Add("ETag", ETags.Quoted(info.ETag));
        if (info.Metadata is { ChecksumAlgorithm: { } algorithm, Checksum: { } checksum })
        {
            xml.Add(algorithm.Element(), checksum).Add("ChecksumType", info.Metadata.ChecksumType);
        }
        await call.XmlAsync(xml.Close("CompleteMultipartUploadResult")).ConfigureAwait(false);
    }

    private static async Task<ObjectInfo> JoinAsync(S3Call call, UploadRecord record, XElement document)
    {
        var parts = Chosen(document, call.Uploads.Parts(call.Bucket, record.UploadId), record);
        CheckSize(call, parts);
        var facts = Facts(call, record, parts);
        var condition = WriteOperations.Condition(call);
        WriteOperations.EarlyCheck(call, condition);
        var staged = await call.Uploads.JoinAsync(parts, call.Aborted).ConfigureAwait(false);
        ObjectInfo info;
        await using (staged.ConfigureAwait(false))
        {
            info = await WriteOperations.CommitAsync(call, staged, facts, condition).ConfigureAwait(false);
        }
        call.Uploads.Remove(call.Bucket, record.UploadId);
        return info;
    }

    private static List<UploadedPart> Chosen(XElement document, IReadOnlyList<UploadedPart> arrived, UploadRecord record)
    {
        var byNumber = arrived.ToDictionary(p => p.Number);
        var chosen = new List<UploadedPart>();
        foreach (var element in document.Elements().Where(e => e.Name.LocalName is "Part"))
        {
            var part = Match(element, byNumber, record);
            if (chosen.Count > 0 && chosen[^1].Number >= part.Number)
            {
                throw new AwsException(400, "InvalidPartOrder", "The list of parts was not in ascending order. Parts must be ordered by part number.");
            }
            if (chosen.Count > 0 && chosen[^1].Size < SmallestPart)
            {
                throw new AwsException(400, "EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size")
                {
                    Details = [new("PartNumber", chosen[^1].Number.ToString(CultureInfo.InvariantCulture)), new("ETag", chosen[^1].ETag)],
                };
            }
            chosen.Add(part);
        }
        return chosen.Count > 0 ? chosen : throw S3Errors.MalformedXml();
    }

    private static UploadedPart Match(XElement element, Dictionary<int, UploadedPart> arrived, UploadRecord record)
    {
        if (!int.TryParse(element.Child("PartNumber"), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            throw S3Errors.MalformedXml();
        }
        if (!arrived.TryGetValue(number, out var part) || !string.Equals(ETags.Unquoted(element.Child("ETag") ?? ""), part.ETag, StringComparison.OrdinalIgnoreCase))
        {
            throw Invalid(record, number);
        }
        if (part is { Algorithm: { } algorithm, Checksum: { } digest })
        {
            var given = element.Child(algorithm.Element());
            if (given is null && record.ChecksumType is "COMPOSITE")
            {
                throw S3Errors.InvalidRequest(
                    $"The upload was created using a {algorithm.Name().ToLowerInvariant()} checksum. The complete request must include the checksum for each part. It was missing for part {number} in the request.");
            }
            if (given is not null && !string.Equals(given, Convert.ToBase64String(digest), StringComparison.Ordinal))
            {
                throw Invalid(record, number);
            }
        }
        return part;
    }

    private static AwsException Invalid(UploadRecord record, int number) => new(
        400, "InvalidPart",
        "One or more of the specified parts could not be found. The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.")
    {
        Details = [new("UploadId", record.UploadId), new("PartNumber", number.ToString(CultureInfo.InvariantCulture))],
    };

    private static void CheckSize(S3Call call, List<UploadedPart> parts)
    {
        if (call.Header("x-amz-mp-object-size") is { } size
            && !string.Equals(size, parts.Sum(p => p.Size).ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal))
        {
            throw S3Errors.InvalidRequest("The provided 'x-amz-mp-object-size' header value does not match what was computed.");
        }
    }

    private static ObjectMetadata Facts(S3Call call, UploadRecord record, List<UploadedPart> parts)
    {
        var digests = parts.SelectMany(p => Convert.FromHexString(p.ETag)).ToArray();
        var checksum = Checksum(record, parts);
        if (call.Header("x-amz-checksum-type") is { } type && record.ChecksumType is { } set && !string.Equals(type, set, StringComparison.OrdinalIgnoreCase))
        {
            throw S3Errors.InvalidRequest($"The upload was created using the {set} checksum mode. The complete request must use the same checksum mode.");
        }
        var algorithm = record.Metadata.ChecksumAlgorithm ?? ChecksumNames.Default;
        if (checksum is not null && call.Header(algorithm.Header()) is { } expected
            && !string.Equals(expected.Split('-')[0], checksum.Split('-')[0], StringComparison.Ordinal))
        {
            throw S3Errors.BadDigest(algorithm.Name());
        }
        return record.Metadata with
        {
            ETag = $"{Md5(digests)}-{parts.Count}",
            UploadId = record.UploadId,
            PartChecksums = checksum is null || record.Metadata.ChecksumAlgorithm is null ? null : [.. parts.Select(p => Convert.ToBase64String(p.Checksum!))],
            Checksum = checksum,
            ChecksumAlgorithm = checksum is null ? null : algorithm,
            PartSizes = [.. parts.Select(p => p.Size)],
        };
    }

    private static string? Checksum(UploadRecord record, List<UploadedPart> parts)
    {
        var algorithm = record.Metadata.ChecksumAlgorithm ?? ChecksumNames.Default;
        if (parts.Exists(p => p.Algorithm != algorithm || p.Checksum is null))
        {
            return null;
        }
        var pieces = parts.Select(p => (p.Checksum!, p.Size)).ToArray();
        return (record.ChecksumType ?? "FULL_OBJECT") is "FULL_OBJECT"
            ? Convert.ToBase64String(CombinedChecksum.FullObject(algorithm, pieces))
            : CombinedChecksum.Composite(algorithm, pieces);
    }

    // The ETag of a multipart object is defined as this hash; it protects nothing.
    private static string Md5(byte[] digests)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        hash.AppendData(digests);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
