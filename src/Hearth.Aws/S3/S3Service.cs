using Hearth.Aws.Http;
using Hearth.Aws.S3.Api;

namespace Hearth.Aws.S3;

/// <summary>Amazon S3: buckets and objects over <see cref="Storage.ObjectStorage"/>.</summary>
internal sealed class S3Service(S3Options options) : IAwsService
{
    private static readonly Dictionary<string, Func<S3Call, Task>> Operations = new(StringComparer.Ordinal)
    {
        ["ListBuckets"] = BucketOperations.ListAsync,
        ["CreateBucket"] = BucketOperations.CreateAsync,
        ["HeadBucket"] = BucketOperations.HeadAsync,
        ["DeleteBucket"] = BucketOperations.DeleteAsync,
        ["GetBucketLocation"] = BucketOperations.LocationAsync,
        ["GetBucketVersioning"] = BucketOperations.VersioningAsync,
        ["GetBucketTagging"] = BucketOperations.None("NoSuchTagSet", "The TagSet does not exist"),
        ["GetBucketPolicy"] = BucketOperations.None("NoSuchBucketPolicy", "The bucket policy does not exist"),
        ["GetBucketCors"] = BucketOperations.None("NoSuchCORSConfiguration", "The CORS configuration does not exist"),
        ["GetBucketLifecycleConfiguration"] = BucketOperations.None("NoSuchLifecycleConfiguration", "The lifecycle configuration does not exist"),
        ["GetBucketWebsite"] = BucketOperations.None("NoSuchWebsiteConfiguration", "The specified bucket does not have a website configuration"),
        ["GetObjectLockConfiguration"] = BucketOperations.None("ObjectLockConfigurationNotFoundError", "Object Lock configuration does not exist for this bucket"),
        ["ListObjects"] = ListOperations.V1Async,
        ["ListObjectsV2"] = ListOperations.V2Async,
        ["GetObject"] = ReadOperations.GetAsync,
        ["HeadObject"] = ReadOperations.HeadAsync,
        ["PutObject"] = WriteOperations.PutAsync,
        ["CopyObject"] = CopyOperations.CopyAsync,
        ["DeleteObject"] = WriteOperations.DeleteAsync,
        ["DeleteObjects"] = WriteOperations.DeleteManyAsync,
        ["GetObjectTagging"] = WriteOperations.GetTagsAsync,
        ["PutObjectTagging"] = WriteOperations.PutTagsAsync,
        ["DeleteObjectTagging"] = WriteOperations.DeleteTagsAsync,
        ["CreateMultipartUpload"] = UploadOperations.CreateAsync,
        ["UploadPart"] = UploadOperations.PartAsync,
        ["UploadPartCopy"] = UploadOperations.PartCopyAsync,
        ["CompleteMultipartUpload"] = CompleteUpload.HandleAsync,
        ["AbortMultipartUpload"] = UploadOperations.AbortAsync,
        ["ListParts"] = UploadOperations.ListPartsAsync,
        ["ListMultipartUploads"] = UploadOperations.ListUploadsAsync,
    };

    /// <inheritdoc/>
    public IReadOnlyList<string> SigningNames => ["s3"];

    /// <inheritdoc/>
    public AwsProtocol Protocol => AwsProtocol.RestXml;

    /// <inheritdoc/>
    public bool StreamsBody => true;

    /// <inheritdoc/>
    public Task HandleAsync(AwsRequest request, ReadOnlyMemory<byte> body)
    {
        var address = S3Address.Of(request);
        var operation = S3Routes.Operation(request, address);
        Authorize(request, address, operation);
        if (!Operations.TryGetValue(operation, out var handle))
        {
            throw AwsException.NotImplemented($"the S3 operation {operation}");
        }
        if (request.Header("x-amz-expected-bucket-owner") is { } owner && !string.Equals(owner, options.AccountId, StringComparison.Ordinal))
        {
            throw new AwsException(403, "AccessDenied", $"Access Denied: the bucket belongs to account {options.AccountId}, not to {owner}.");
        }
        return handle(new S3Call(request, address, options));
    }

    private void Authorize(AwsRequest request, S3Address address, string operation)
    {
        var action = S3Routes.Action(operation);
        var bucket = address.Bucket.Length == 0 ? null : address.Bucket;
        var key = address.Key.Length == 0 ? null : address.Key;

        // The keys of a batch are checked one by one.
        if (operation is not "DeleteObjects" && !options.Policy.Allows(request.Caller, action, bucket, key))
        {
            var resource = bucket is null ? "*" : key is null ? $"arn:aws:s3:::{bucket}" : $"arn:aws:s3:::{bucket}/{key}";
            throw S3Errors.AccessDenied(request.Caller.PrincipalArn, action, resource);
        }
    }
}
