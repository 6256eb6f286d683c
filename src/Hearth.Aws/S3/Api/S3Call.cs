using System.Globalization;
using System.Text;
using Hearth.Aws.Http;
using Hearth.Aws.S3.Storage;
using Microsoft.AspNetCore.Http;

namespace Hearth.Aws.S3.Api;

/// <summary>One S3 request with what its operation needs.</summary>
internal sealed class S3Call(AwsRequest request, S3Address address, S3Options options)
{
    public AwsRequest Request => request;

    public string Bucket => address.Bucket;

    public string Key => address.Key;

    public S3Options Options => options;

    public ObjectStorage Storage => options.Storage;

    public MultipartUploads Uploads => options.Uploads;

    public QueryParameters Query => request.Query;

    public HttpResponse Response => request.Http.Response;

    public CancellationToken Aborted => request.Aborted;

    /// <summary>The same request, acting on an object that its body named.</summary>
    public S3Call At(string key) => new(request, address with { Key = key }, options);

    /// <summary>A header or null.</summary>
    public string? Header(string name) => request.Header(name);

    /// <summary>Requires that the bucket is there.</summary>
    public void RequireBucket()
    {
        if (!Storage.HasBucket(Bucket))
        {
            throw S3Errors.NoSuchBucket(Bucket);
        }
    }

    /// <summary>Requires that the caller may act on a bucket, or on an object in it.</summary>
    public void RequireRight(string action, string bucket, string? key)
    {
        if (Options.Policy.Decide(Request.Caller, action, bucket, key) is { Allowed: false } refused)
        {
            throw S3Errors.AccessDenied(Request.Caller.PrincipalArn, action, $"arn:aws:s3:::{bucket}{(key is null ? "" : "/" + key)}", refused.Because);
        }
    }

    /// <summary>
    /// What a reader of an object that is not there is told: only who may list the bucket learns that it is not there.
    /// Source: Amazon S3 API reference, GetObject, "Permissions".
    /// </summary>
    public AwsException Missing(string bucket, string key)
    {
        try
        {
            RequireRight("s3:ListBucket", bucket, null);
            return S3Errors.NoSuchKey(key);
        }
        catch (AwsException refused)
        {
            return refused;
        }
    }

    /// <summary>Answers with an XML document.</summary>
    public Task XmlAsync(XmlText document, int status = 200)
    {
        var bytes = Encoding.UTF8.GetBytes(document.ToString());
        Response.StatusCode = status;
        Response.ContentType = "application/xml";
        Response.ContentLength = bytes.Length;
        return Response.Body.WriteAsync(bytes, Aborted).AsTask();
    }

    /// <summary>Answers without a body.</summary>
    public Task EmptyAsync(int status)
    {
        Response.StatusCode = status;
        if (status != 204)
        {
            Response.ContentLength = 0;
        }
        return Task.CompletedTask;
    }

    /// <summary>A number in the query, within bounds.</summary>
    public int Number(string name, int missing, int least, int most)
    {
        var text = Query[name];
        if (string.IsNullOrEmpty(text))
        {
            return missing;
        }
        if (!int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) || value < least)
        {
            throw S3Errors.InvalidArgument(name, text, $"Provided {name} not an integer or within integer range");
        }
        return Math.Min(value, most);
    }

    /// <summary><c>2024-05-01T10:00:00.000Z</c>.</summary>
    public static string Iso(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}

/// <summary>What the operations of S3 share.</summary>
internal sealed record S3Options
{
    public required ObjectStorage Storage { get; init; }
    public required MultipartUploads Uploads { get; init; }
    public required IBucketPolicy Policy { get; init; }
    public required string Region { get; init; }
    public required string AccountId { get; init; }

    /// <summary>Canonical user id that owns everything, 64 hex digits.</summary>
    public required string OwnerId { get; init; }
}
