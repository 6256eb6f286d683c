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
        var visible = call.Storage.ListBuckets()
            .Where(b => b.Name.StartsWith(prefix, StringComparison.Ordinal) && string.CompareOrdinal(b.Name, token) > 0)
            .Where(b => call.Options.Policy.Allows(call.Request.Caller, "s3:ListBucket", b.Name, null)).Take(most + 1).ToArray();
        var xml = new XmlText().Open("ListAllMyBucketsResult", XmlText.S3Namespace)
            .Open("Owner").Add("ID", call.Options.OwnerId).Close("Owner").Open("Buckets");
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
        ObjectHeaders.RefuseUnsupported(call);
        if (string.Equals(call.Header("x-amz-bucket-object-lock-enabled"), "true", StringComparison.OrdinalIgnoreCase))
        {
            throw AwsException.NotImplemented("object lock in S3", "Create the bucket without it.");
        }
        var document = await BodyReceiver.DocumentAsync(call).ConfigureAwait(false);
        CheckLocation(call, document?.Elements().FirstOrDefault(e => e.Name.LocalName is "LocationConstraint")?.Value);
        if (!call.Storage.CreateBucket(call.Bucket, call.Request.Caller.Team))
        {
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
        return call.Storage.DeleteBucket(call.Bucket)
            ? call.EmptyAsync(204)
            : throw new AwsException(409, "BucketNotEmpty", "The bucket you tried to delete is not empty") { Details = [new("BucketName", call.Bucket)] };
    }

    public static Task LocationAsync(S3Call call)
    {
        call.RequireBucket();
        var region = call.Options.Region is "us-east-1" ? "" : call.Options.Region;
        return call.XmlAsync(new XmlText().Open("LocationConstraint", XmlText.S3Namespace).Text(region).Close("LocationConstraint"));
    }

    public static Task VersioningAsync(S3Call call)
    {
        call.RequireBucket();
        return call.XmlAsync(new XmlText().Open("VersioningConfiguration", XmlText.S3Namespace).Close("VersioningConfiguration"));
    }

    /// <summary>Answers a request for a configuration that no bucket has.</summary>
    public static Func<S3Call, Task> None(string code, string message) => call =>
    {
        call.RequireBucket();
        throw new AwsException(404, code, message) { Details = [new("BucketName", call.Bucket)] };
    };

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
