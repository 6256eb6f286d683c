using Hearth.Aws.Http;

namespace Hearth.Aws.S3.Api;

/// <summary>Names the operation of a request by method, path and sub-resource, whether it is implemented or not.</summary>
internal static class S3Routes
{
    private static readonly (string Parameter, string Name)[] BucketResources =
    [
        ("acl", "BucketAcl"), ("policy", "BucketPolicy"), ("policyStatus", "BucketPolicyStatus"), ("cors", "BucketCors"),
        ("lifecycle", "BucketLifecycleConfiguration"), ("versioning", "BucketVersioning"), ("tagging", "BucketTagging"), ("website", "BucketWebsite"),
        ("logging", "BucketLogging"), ("notification", "BucketNotificationConfiguration"), ("replication", "BucketReplication"),
        ("encryption", "BucketEncryption"), ("publicAccessBlock", "PublicAccessBlock"), ("ownershipControls", "BucketOwnershipControls"),
        ("object-lock", "ObjectLockConfiguration"), ("accelerate", "BucketAccelerateConfiguration"), ("requestPayment", "BucketRequestPayment"),
        ("inventory", "BucketInventoryConfiguration"), ("metrics", "BucketMetricsConfiguration"), ("analytics", "BucketAnalyticsConfiguration"),
        ("intelligent-tiering", "BucketIntelligentTieringConfiguration"), ("location", "BucketLocation"), ("session", "Session"),
    ];

    private static readonly (string Parameter, string Name)[] ObjectResources =
    [
        ("acl", "ObjectAcl"), ("tagging", "ObjectTagging"), ("retention", "ObjectRetention"), ("legal-hold", "ObjectLegalHold"),
        ("torrent", "ObjectTorrent"), ("attributes", "ObjectAttributes"),
    ];

    // What may stand in a query without naming a sub-resource.
    private static readonly string[] Plain = ["x-id", "uploadId", "uploads", "partNumber", "versionId", "delete", "restore", "select", "select-type"];

    /// <summary>For example <c>PutObject</c>.</summary>
    public static string Operation(AwsRequest request, S3Address address)
    {
        if (address.Bucket.Length == 0)
        {
            return request.Method is "GET" ? "ListBuckets" : $"{request.Method} {request.RawPath}";
        }
        return address.Key.Length == 0 ? OnBucket(request) : OnObject(request);
    }

    private static string OnBucket(AwsRequest request)
    {
        var query = request.Query;
        foreach (var (parameter, name) in BucketResources)
        {
            if (query.Has(parameter))
            {
                return Verb(request.Method) + name;
            }
        }
        RefuseUnknown(request);
        return request.Method switch
        {
            "GET" when query.Has("uploads") => "ListMultipartUploads",
            "GET" when query.Has("versions") => "ListObjectVersions",
            "GET" => query["list-type"] is "2" ? "ListObjectsV2" : "ListObjects",
            "HEAD" => "HeadBucket",
            "PUT" => "CreateBucket",
            "DELETE" => "DeleteBucket",
            "POST" when query.Has("delete") => "DeleteObjects",
            "POST" => "PostObject",
            _ => $"{request.Method} on a bucket",
        };
    }

    private static string OnObject(AwsRequest request)
    {
        var query = request.Query;
        foreach (var (parameter, name) in ObjectResources)
        {
            if (query.Has(parameter))
            {
                return Verb(request.Method) + name;
            }
        }
        RefuseUnknown(request);
        var upload = query.Has("uploadId");
        var copy = request.Header("x-amz-copy-source") is not null;
        return request.Method switch
        {
            "GET" => upload ? "ListParts" : "GetObject",
            "HEAD" => "HeadObject",
            "PUT" when upload => copy ? "UploadPartCopy" : "UploadPart",
            "PUT" => copy ? "CopyObject" : "PutObject",
            "DELETE" => upload ? "AbortMultipartUpload" : "DeleteObject",
            "POST" when upload => "CompleteMultipartUpload",
            "POST" when query.Has("uploads") => "CreateMultipartUpload",
            "POST" when query.Has("restore") => "RestoreObject",
            "POST" when query.Has("select") => "SelectObjectContent",
            _ => $"{request.Method} on an object",
        };
    }

    /// <summary>
    /// A sub-resource that is not known must not fall through to the operation on the whole: <c>DELETE /bucket?metadataTable</c>
    /// does not delete the bucket.
    /// </summary>
    private static void RefuseUnknown(AwsRequest request)
    {
        if (request.Method is "GET" or "HEAD")
        {
            return;
        }
        foreach (var (name, value) in request.Query)
        {
            if (value.Length == 0 && !Plain.Contains(name, StringComparer.Ordinal) && !name.StartsWith("x-amz-", StringComparison.OrdinalIgnoreCase))
            {
                throw AwsException.NotImplemented($"{request.Method} of the S3 sub-resource '{name}'");
            }
        }
    }

    private static string Verb(string method) => method switch
    {
        "GET" or "HEAD" => "Get",
        "PUT" => "Put",
        "DELETE" => "Delete",
        _ => method + " ",
    };
}
