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
        var record = UploadOperations.Require(call);
        var document = await BodyReceiver.DocumentAsync(call).ConfigureAwait(false);
        if (document is null || document.Name.LocalName is not "CompleteMultipartUpload")
        {
            throw S3Errors.MalformedXml();
        }
        var parts = Chosen(document, call.Uploads.Parts(call.Bucket, record.UploadId), record);
        CheckSize(call, parts);
        var facts = Facts(call, record, parts);
        var staged = await call.Uploads.JoinAsync(parts, call.Aborted).ConfigureAwait(false);
        ObjectInfo info;
        await using (staged.ConfigureAwait(false))
        {
            info = await WriteOperations.CommitAsync(call, staged, facts, WriteOperations.Condition(call)).ConfigureAwait(false);
        }
        call.Uploads.Remove(call.Bucket, record.UploadId);
        var xml = new XmlText().Open("CompleteMultipartUploadResult", XmlText.S3Namespace)
            .Add("Location", $"http://{call.Header("Host")}/{call.Bucket}/{PercentEncoding.Encode(call.Key, keepSlash: true)}")
            .Add("Bucket", call.Bucket).Add("Key", call.Key).Add("ETag", ETags.Quoted(info.ETag));
        if (facts is { ChecksumAlgorithm: { } algorithm, Checksum: not null })
        {
            xml.Add(algorithm.Element(), facts.Checksum).Add("ChecksumType", facts.ChecksumType);
        }
        await call.XmlAsync(xml.Close("CompleteMultipartUploadResult")).ConfigureAwait(false);
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
        string? Child(string name) => element.Elements().FirstOrDefault(e => string.Equals(e.Name.LocalName, name, StringComparison.Ordinal))?.Value;
        if (!int.TryParse(Child("PartNumber"), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            throw S3Errors.MalformedXml();
        }
        if (!arrived.TryGetValue(number, out var part) || !string.Equals(ETags.Unquoted(Child("ETag") ?? ""), part.ETag, StringComparison.OrdinalIgnoreCase))
        {
            throw Invalid(record, number);
        }
        if (part is { Algorithm: { } algorithm, Checksum: { } digest }
            && Child(algorithm.Element()) is { } given && !string.Equals(given, Convert.ToBase64String(digest), StringComparison.Ordinal))
        {
            throw Invalid(record, number);
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
        if (checksum is not null && record.Metadata.ChecksumAlgorithm is { } algorithm && call.Header(algorithm.Header()) is { } expected
            && !string.Equals(expected.Split('-')[0], checksum.Split('-')[0], StringComparison.Ordinal))
        {
            throw S3Errors.BadDigest(algorithm.Name());
        }
        return record.Metadata with
        {
            ETag = $"{Md5(digests)}-{parts.Count}",
            Checksum = checksum,
            ChecksumAlgorithm = checksum is null ? null : record.Metadata.ChecksumAlgorithm,
            PartSizes = [.. parts.Select(p => p.Size)],
        };
    }

    private static string? Checksum(UploadRecord record, List<UploadedPart> parts)
    {
        if (record.Metadata.ChecksumAlgorithm is not { } algorithm || parts.Exists(p => p.Algorithm != algorithm || p.Checksum is null))
        {
            return null;
        }
        var pieces = parts.Select(p => (p.Checksum!, p.Size)).ToArray();
        return record.ChecksumType is "FULL_OBJECT"
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
