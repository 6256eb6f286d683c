using Hearth.Aws.S3.Api;

namespace Hearth.Aws.S3;

/// <summary>
/// The table of operations: IAM action and resource of each, and what answers it. An operation that calls for rights of a second object too
/// (the source of a copy, the keys of a batch) checks those itself.
/// </summary>
internal static class S3Operations
{
    private const string NoVersions = "Buckets here keep one version of each object. Copy an object to another key to keep it.";
    private const string NoLock = "Objects here can always be replaced and deleted. Leave object lock out of the request.";
    private const string NoPolicies = "Who may use a bucket follows from the platform's declaration (teams and their buckets).";
    private const string NoLifecycle = "Objects stay until they are deleted; delete old ones from a job.";
    private const string NoEncryption = "Objects are plain files on this machine's disk; encrypt the disk.";
    private const string NoEvents = "Poll with ListObjectsV2 instead.";

    private static readonly Dictionary<string, S3Operation> ByName;

    static S3Operations()
    {
        All = [.. Buckets(), .. BucketsWithout(), .. Listings(), .. Objects(), .. ObjectsWithout(), .. Uploads()];
        ByName = All.ToDictionary(o => o.Name, StringComparer.Ordinal);
    }

    /// <summary>The table.</summary>
    public static IReadOnlyList<S3Operation> All { get; }

    /// <summary>The operation of a name, or null when S3 has none.</summary>
    public static S3Operation? Find(string name) => ByName.GetValueOrDefault(name);

    private static IEnumerable<S3Operation> Buckets() =>
    [
        new("ListBuckets", S3Resource.Service, "s3:ListAllMyBuckets", BucketOperations.ListAsync),
        Bucket("CreateBucket", "CreateBucket", BucketOperations.CreateAsync),
        Bucket("HeadBucket", "ListBucket", BucketOperations.HeadAsync),
        Bucket("DeleteBucket", "DeleteBucket", BucketOperations.DeleteAsync),
        Bucket("GetBucketLocation", "GetBucketLocation", BucketOperations.LocationAsync),
        Bucket("GetBucketVersioning", "GetBucketVersioning", BucketSettings.Empty("VersioningConfiguration")),
        Bucket("GetBucketTagging", "GetBucketTagging", BucketTags.GetAsync),
        Bucket("PutBucketTagging", "PutBucketTagging", BucketTags.PutAsync),
        Bucket("DeleteBucketTagging", "PutBucketTagging", BucketTags.DeleteAsync),
        Bucket("GetBucketAcl", "GetBucketAcl", AclOperations.GetBucketAsync),
        Bucket("PutBucketAcl", "PutBucketAcl", AclOperations.PutBucketAsync),
        Bucket("GetBucketOwnershipControls", "GetBucketOwnershipControls", BucketSettings.OwnershipAsync),
        Bucket("PutBucketOwnershipControls", "PutBucketOwnershipControls", BucketSettings.PutOwnershipAsync),
        Bucket("DeleteBucketOwnershipControls", "PutBucketOwnershipControls", BucketSettings.Gone),
        Bucket("GetPublicAccessBlock", "GetBucketPublicAccessBlock", BucketSettings.PublicAccessAsync),
        Bucket("PutPublicAccessBlock", "PutBucketPublicAccessBlock", BucketSettings.PutPublicAccessAsync),
        Bucket("DeletePublicAccessBlock", "PutBucketPublicAccessBlock", BucketSettings.Gone),
        Bucket("GetBucketRequestPayment", "GetBucketRequestPayment", BucketSettings.PayerAsync),
        Bucket("GetBucketAccelerateConfiguration", "GetAccelerateConfiguration", BucketSettings.Empty("AccelerateConfiguration")),
        Bucket("GetBucketLogging", "GetBucketLogging", BucketSettings.Empty("BucketLoggingStatus")),
        Bucket("PutBucketLogging", "PutBucketLogging", BucketSettings.OnlyEmpty("server access logs", "Read the platform's own log.")),
        Bucket("GetBucketNotificationConfiguration", "GetBucketNotification", BucketSettings.Empty("NotificationConfiguration")),
        Bucket("PutBucketNotificationConfiguration", "PutBucketNotification", BucketSettings.OnlyEmpty("notifications of buckets", NoEvents)),
        Bucket("GetBucketInventoryConfiguration", "GetInventoryConfiguration", BucketSettings.NoneOf("ListInventoryConfigurationsResult")),
        Bucket("GetBucketMetricsConfiguration", "GetMetricsConfiguration", BucketSettings.NoneOf("ListMetricsConfigurationsResult")),
        Bucket("GetBucketAnalyticsConfiguration", "GetAnalyticsConfiguration", BucketSettings.NoneOf("ListBucketAnalyticsConfigurationResult")),
        Bucket("GetBucketIntelligentTieringConfiguration", "GetIntelligentTieringConfiguration", BucketSettings.NoneOf("ListBucketIntelligentTieringConfigurationsOutput")),
        Bucket("DeleteBucketInventoryConfiguration", "PutInventoryConfiguration", BucketSettings.Gone),
        Bucket("DeleteBucketMetricsConfiguration", "PutMetricsConfiguration", BucketSettings.Gone),
        Bucket("DeleteBucketAnalyticsConfiguration", "PutAnalyticsConfiguration", BucketSettings.Gone),
        Bucket("DeleteBucketIntelligentTieringConfiguration", "PutIntelligentTieringConfiguration", BucketSettings.Gone),
    ];

    /// <summary>Settings that no bucket has: reading says so in S3's words, removing changes nothing, setting is refused.</summary>
    private static IEnumerable<S3Operation> BucketsWithout() =>
    [
        .. Without("BucketPolicy", "BucketPolicy", "NoSuchBucketPolicy", "The bucket policy does not exist", NoPolicies, delete: "DeleteBucketPolicy"),
        Bucket("GetBucketPolicyStatus", "GetBucketPolicyStatus", BucketSettings.None("NoSuchBucketPolicy", "The bucket policy does not exist")),
        .. Without("BucketCors", "BucketCORS", "NoSuchCORSConfiguration", "The CORS configuration does not exist", "Serve the page and the objects from one origin."),
        .. Without("BucketLifecycleConfiguration", "LifecycleConfiguration", "NoSuchLifecycleConfiguration", "The lifecycle configuration does not exist", NoLifecycle),
        .. Without("BucketWebsite", "BucketWebsite", "NoSuchWebsiteConfiguration", "The specified bucket does not have a website configuration", "Hand out presigned URLs.", delete: "DeleteBucketWebsite"),
        .. Without("BucketEncryption", "EncryptionConfiguration", "ServerSideEncryptionConfigurationNotFoundError", "The server side encryption configuration was not found", NoEncryption),
        .. Without("BucketReplication", "ReplicationConfiguration", "ReplicationConfigurationNotFoundError", "The replication configuration was not found", "Copy with aws s3 sync."),
        Bucket("GetObjectLockConfiguration", "GetBucketObjectLockConfiguration", BucketSettings.None("ObjectLockConfigurationNotFoundError", "Object Lock configuration does not exist for this bucket")),
        Bucket("PutObjectLockConfiguration", "PutBucketObjectLockConfiguration", null, NoLock),
        Bucket("PutBucketVersioning", "PutBucketVersioning", null, NoVersions),
        Bucket("PutBucketRequestPayment", "PutBucketRequestPayment", null, "The bucket's owner pays; nothing costs anything here."),
        Bucket("PutBucketAccelerateConfiguration", "PutAccelerateConfiguration", null, "There is one endpoint, on this machine."),
        Bucket("PutBucketInventoryConfiguration", "PutInventoryConfiguration", null, NoEvents),
        Bucket("PutBucketMetricsConfiguration", "PutMetricsConfiguration", null),
        Bucket("PutBucketAnalyticsConfiguration", "PutAnalyticsConfiguration", null),
        Bucket("PutBucketIntelligentTieringConfiguration", "PutIntelligentTieringConfiguration", null, "There is only the storage class STANDARD."),
        Bucket("GetSession", "CreateSession", null, "Directory buckets (S3 Express) do not exist here; use a general purpose bucket."),
    ];

    private static IEnumerable<S3Operation> Listings() =>
    [
        Bucket("ListObjects", "ListBucket", ListOperations.V1Async),
        Bucket("ListObjectsV2", "ListBucket", ListOperations.V2Async),
        Bucket("ListObjectVersions", "ListBucketVersions", VersionOperations.ListAsync),
        Bucket("ListMultipartUploads", "ListBucketMultipartUploads", UploadListings.UploadsAsync),
        Bucket("DeleteObjects", "DeleteObject", DeleteOperations.ManyAsync),
    ];

    private static IEnumerable<S3Operation> Objects() =>
    [
        Object("GetObject", "GetObject", ReadOperations.GetAsync),
        Object("HeadObject", "GetObject", ReadOperations.HeadAsync),
        Object("GetObjectAttributes", "GetObjectAttributes", AttributeOperations.GetAsync),
        Object("PutObject", "PutObject", WriteOperations.PutAsync),
        Object("CopyObject", "PutObject", CopyOperations.CopyAsync),
        Object("DeleteObject", "DeleteObject", DeleteOperations.OneAsync),
        Object("GetObjectTagging", "GetObjectTagging", ObjectTags.GetAsync),
        Object("PutObjectTagging", "PutObjectTagging", ObjectTags.PutAsync),
        Object("DeleteObjectTagging", "DeleteObjectTagging", ObjectTags.DeleteAsync),
        Object("GetObjectAcl", "GetObjectAcl", AclOperations.GetObjectAsync),
        Object("PutObjectAcl", "PutObjectAcl", AclOperations.PutObjectAsync),
    ];

    private static IEnumerable<S3Operation> ObjectsWithout() =>
    [
        Object("GetObjectRetention", "GetObjectRetention", ReadOperations.NoLockAsync),
        Object("GetObjectLegalHold", "GetObjectLegalHold", ReadOperations.NoLockAsync),
        Object("PutObjectRetention", "PutObjectRetention", null, NoLock),
        Object("PutObjectLegalHold", "PutObjectLegalHold", null, NoLock),
        Object("GetObjectTorrent", "GetObjectTorrent", null, "Use GetObject."),
        Object("RestoreObject", "RestoreObject", null, "Nothing is archived here: read the object."),
        Object("SelectObjectContent", "GetObject", null, "Query the object with hearth query or in a job."),
    ];

    private static IEnumerable<S3Operation> Uploads() =>
    [
        Object("CreateMultipartUpload", "PutObject", UploadOperations.CreateAsync),
        Object("UploadPart", "PutObject", UploadOperations.PartAsync),
        Object("UploadPartCopy", "PutObject", UploadOperations.PartCopyAsync),
        Object("CompleteMultipartUpload", "PutObject", CompleteUpload.HandleAsync),
        Object("AbortMultipartUpload", "AbortMultipartUpload", UploadOperations.AbortAsync),
        Object("ListParts", "ListMultipartUploadParts", UploadListings.PartsAsync),
    ];

    private static IEnumerable<S3Operation> Without(
        string setting, string permission, string code, string message, string wayOut, string? delete = null) =>
    [
        Bucket("Get" + setting, "Get" + permission, BucketSettings.None(code, message)),
        Bucket("Put" + setting, "Put" + permission, null, wayOut),
        Bucket("Delete" + setting, delete ?? "Put" + permission, BucketSettings.Gone),
    ];

    private static S3Operation Bucket(string name, string action, Func<S3Call, Task>? handle, string? wayOut = null) =>
        new(name, S3Resource.Bucket, "s3:" + action, handle, wayOut);

    private static S3Operation Object(string name, string action, Func<S3Call, Task>? handle, string? wayOut = null) =>
        new(name, S3Resource.Object, "s3:" + action, handle, wayOut);
}
