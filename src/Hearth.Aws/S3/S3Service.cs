using Hearth.Aws.Http;
using Hearth.Aws.Iam.Policy;
using Hearth.Aws.S3.Api;

namespace Hearth.Aws.S3;

/// <summary>Amazon S3: buckets and objects over <see cref="Storage.ObjectStorage"/>.</summary>
internal sealed class S3Service(S3Options options, PostPolicyVerifier posts) : IAwsService
{
    /// <inheritdoc/>
    public IReadOnlyList<string> SigningNames => ["s3"];

    /// <inheritdoc/>
    public AwsProtocol Protocol => AwsProtocol.RestXml;

    /// <inheritdoc/>
    public bool StreamsBody => true;

    /// <inheritdoc/>
    public bool Authenticates(AwsRequest request, ReadOnlyMemory<byte> body) => PostObject.IsForm(request) || request.Method is "OPTIONS";

    /// <inheritdoc/>
    public Task HandleAsync(AwsRequest request, ReadOnlyMemory<byte> body)
    {
        var address = S3Address.Of(request);
        var call = new S3Call(request, address, options);
        if (request.Method is "OPTIONS")
        {
            throw new AwsException(403, "AccessForbidden", "CORSResponse: CORS is not enabled for this bucket.");
        }
        if (PostObject.IsForm(request))
        {
            return PostObject.HandleAsync(call, posts);
        }
        var name = S3Routes.Operation(request, address);
        var operation = S3Operations.Find(name) ?? throw S3Errors.MethodNotAllowed(request.Method, name);
        Authorize(call, operation);
        if (operation.Handle is null)
        {
            throw AwsException.NotImplemented($"the S3 operation {operation.Name}", operation.WayOut);
        }
        if (request.Header("x-amz-expected-bucket-owner") is { } owner && !string.Equals(owner, options.AccountId, StringComparison.Ordinal))
        {
            throw new AwsException(403, "AccessDenied", $"Access Denied: the bucket belongs to account {options.AccountId}, not to {owner}.");
        }
        return operation.Handle(call);
    }

    private void Authorize(S3Call call, S3Operation operation)
    {
        // The keys of a batch are checked one by one. A bucket that is not there is nobody's: its operation says so.
        if (operation.Name is "DeleteObjects" || (call.Bucket.Length > 0 && operation.Name is not "CreateBucket" && options.Storage.GetBucket(call.Bucket) is null))
        {
            return;
        }
        var decision = options.Policy.Decide(call.Request.Caller, operation.Action, Bucket(call), Key(call), Conditions(call.Request, operation));
        if (decision.Allowed)
        {
            AuthorizeMore(call, operation);
            return;
        }
        if (operation.Name is "CreateBucket" && options.Storage.GetBucket(call.Bucket) is not null)
        {
            throw S3Errors.BucketAlreadyExists(call.Bucket);
        }
        throw S3Errors.AccessDenied(call.Request.Caller.PrincipalArn, operation.Action, operation.Resource switch
        {
            S3Resource.Service => "*",
            S3Resource.Bucket => $"arn:aws:s3:::{call.Bucket}",
            _ => $"arn:aws:s3:::{call.Bucket}/{call.Key}",
        }, decision.Because);
    }

    /// <summary>Rights that S3 asks for beside the one that an operation is named after. Source: Amazon S3 API reference, "Permissions" of each operation.</summary>
    private static void AuthorizeMore(S3Call call, S3Operation operation)
    {
        if (operation.Name is "GetObjectAttributes")
        {
            call.RequireRight("s3:GetObject", call.Bucket, call.Key);
        }
        if (operation.Name is "PutObject" or "CopyObject" or "CreateMultipartUpload" && call.Header("x-amz-tagging") is not null)
        {
            call.RequireRight("s3:PutObjectTagging", call.Bucket, call.Key);
        }
    }

    private static string? Bucket(S3Call call) => call.Bucket.Length == 0 ? null : call.Bucket;

    private static string? Key(S3Call call) => call.Key.Length == 0 ? null : call.Key;

    private static RequestContext? Conditions(AwsRequest request, S3Operation operation) => operation.Action is "s3:ListBucket" or "s3:ListBucketVersions"
        ? RequestContext.Empty.With("s3:prefix", request.Query["prefix"]).With("s3:delimiter", request.Query["delimiter"]).With("s3:max-keys", request.Query["max-keys"])
        : null;
}
