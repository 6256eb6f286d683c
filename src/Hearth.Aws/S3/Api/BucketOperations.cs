using System.Globalization;
using Hearth.Aws.Http;
using Hearth.Aws.S3.Storage;

namespace Hearth.Aws.S3.Api;

/// <summary>Operations on buckets.</summary>
internal static class BucketOperations
{
    public static Task ListAsync(S3Call call)
    {
        var (prefix, token) = (call.Query["prefix"] ?? "", call.Query["continuation-token"]);
        var most = call.Number("max-buckets", 10_000, 1, 10_000);
        var here = call.Query["bucket-region"] is not { Length: > 0 } region || string.Equals(region, call.Options.Region, StringComparison.Ordinal);
        var visible = (here ? call.Storage.ListBuckets() : [])
            .Where(b => b.Name.StartsWith(prefix, StringComparison.Ordinal) && string.CompareOrdinal(b.Name, token) > 0)
            .Where(b => call.Options.Policy.Allows(call.Request.Caller, "s3:ListBucket", b.Name, null)).Take(most + 1).ToArray();
        var xml = new XmlText().Open("ListAllMyBucketsResult", XmlText.S3Namespace).Owner(call).Open("Buckets");
        foreach (var bucket in visible.Take(most))
        {
            xml.Open("Bucket").Add("Name", bucket.Name).Add("CreationDate", S3Call.Iso(bucket.Created)).Add("BucketRegion", call.Options.Region).Close("Bucket");
        }
        xml.Close("Buckets").Add("ContinuationToken", visible.Length > most ? visible[most - 1].Name : null).Add("Prefix", call.Query["prefix"]);
        return call.XmlAsync(xml.Close("ListAllMyBucketsResult"));
    }

    public static async Task CreateAsync(S3Call call)
    {
        if (!BucketNames.IsValid(call.Bucket))
        {
            throw new AwsException(400, "InvalidBucketName", "The specified bucket is not valid.") { Details = [new("BucketName", call.Bucket)] };
        }
        ObjectHeaders.RefuseUnsupported(call.Header);
        if (call.Header("x-amz-object-ownership") is { } ownership and not "BucketOwnerEnforced")
        {
            throw S3Errors.AclNotSupported($"object ownership {ownership}");
        }
        if (string.Equals(call.Header("x-amz-bucket-object-lock-enabled"), "true", StringComparison.OrdinalIgnoreCase))
        {
            throw AwsException.NotImplemented("object lock in S3", "Create the bucket without it.");
        }
        var document = await BodyReceiver.DocumentAsync(call).ConfigureAwait(false);
        CheckLocation(call, document?.Elements().FirstOrDefault(e => e.Name.LocalName is "LocationConstraint")?.Value);
        if (!call.Storage.CreateBucket(call.Bucket, call.Request.Caller.Team) && call.Options.Region is not "us-east-1")
        {
            // In us-east-1 alone S3 answers 200 to whoever has the bucket already.
            throw new AwsException(409, "BucketAlreadyOwnedByYou", "Your previous request to create the named bucket succeeded and you already own it.")
            {
                Details = [new("BucketName", call.Bucket)],
            };
        }
        call.Response.Headers.Location = "/" + call.Bucket;
        await call.EmptyAsync(200).ConfigureAwait(false);
    }

    public static Task HeadAsync(S3Call call)
    {
        call.RequireBucket();
        call.Response.Headers["x-amz-bucket-region"] = call.Options.Region;
        return call.EmptyAsync(200);
    }

    public static Task DeleteAsync(S3Call call)
    {
        call.RequireBucket();
        if (call.Storage.DeleteBucket(call.Bucket))
        {
            return call.EmptyAsync(204);
        }
        var odd = call.Storage.List(call.Bucket, new ListQuery { MaxKeys = 1 }).Objects.Count > 0
            ? ""
            : ": files that are no objects (links, pipes, names longer than a key) are left in its directory; remove them there";
        throw new AwsException(409, "BucketNotEmpty", "The bucket you tried to delete is not empty" + odd) { Details = [new("BucketName", call.Bucket)] };
    }

    public static Task LocationAsync(S3Call call)
    {
        call.RequireBucket();
        var region = call.Options.Region is "us-east-1" ? "" : call.Options.Region;
        return call.XmlAsync(new XmlText().Open("LocationConstraint", XmlText.S3Namespace).Text(region).Close("LocationConstraint"));
    }

    private static void CheckLocation(S3Call call, string? location)
    {
        var wanted = string.IsNullOrEmpty(location) ? "us-east-1" : location;
        if (!string.Equals(wanted, call.Options.Region, StringComparison.Ordinal))
        {
            throw new AwsException(400, "IllegalLocationConstraintException", string.Create(CultureInfo.InvariantCulture,
                $"The {(string.IsNullOrEmpty(location) ? "unspecified" : location)} location constraint is incompatible for the region specific endpoint this request was sent to (region {call.Options.Region})."));
        }
    }
}
