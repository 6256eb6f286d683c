using Amazon.CDK;
using Amazon.CDK.AWS.S3;
using Constructs;
using Hearth.Deploy.Iam;

namespace Hearth.Deploy.Storage;

/// <summary>What <see cref="PlatformBucket"/> makes.</summary>
public sealed record PlatformBucketProps
{
    /// <summary>3 to 63 of a-z, 0-9, <c>.</c> and <c>-</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Account and region.</summary>
    public required Arns Where { get; init; }

    /// <summary>Keeps older versions of objects for 30 days.</summary>
    public bool Versioned { get; init; }

    /// <summary>A customer key's ARN; empty encrypts with keys of S3.</summary>
    public string KeyArn { get; init; } = "";

    /// <summary>Keeps the bucket when its stack is deleted. Buckets with people's data or notebooks are kept.</summary>
    public bool Keep { get; init; } = true;
}

/// <summary>A bucket that is encrypted, private, owned by the account and only spoken to with TLS.</summary>
public sealed class PlatformBucket : Construct
{
    private const int OldVersionDays = 30;

    /// <summary>Throws <see cref="Platform.PlatformException"/> when the name is none.</summary>
    public PlatformBucket(Construct scope, string id, PlatformBucketProps props)
        : base(scope, id)
    {
        new PropsCheck(nameof(PlatformBucketProps))
            .Require(props.Name.Length is >= 3 and <= 63 && props.Name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '.' or '-'), nameof(props.Name),
                $"'{props.Name}' is no bucket name: 3 to 63 of a-z, 0-9, . and -")
            .Throw();
        var bucket = new CfnBucket(this, "Bucket", Props(props));
        bucket.ApplyRemovalPolicy(props.Keep ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY);
        var arn = props.Where.Bucket(props.Name);
        new CfnBucketPolicy(this, "Policy", new CfnBucketPolicyProps
        {
            Bucket = bucket.Ref,
            PolicyDocument = Policies.Document(Policies.Resource(
                "OnlyTls", "Deny", "*", "s3:*", new[] { arn, $"{arn}/*" }, new PolicyCondition("Bool", "aws:SecureTransport", ["false"]))),
        });
        (Name, Arn, Resource) = (props.Name, arn, bucket);
    }

    /// <summary>The bucket's name.</summary>
    public string Name { get; }

    /// <summary>The bucket's ARN.</summary>
    public string Arn { get; }

    internal CfnResource Resource { get; }

    private static CfnBucketProps Props(PlatformBucketProps props)
    {
        var rules = new List<object>
        {
            new CfnBucket.RuleProperty
            {
                Id = "broken-uploads", Status = "Enabled", AbortIncompleteMultipartUpload = new CfnBucket.AbortIncompleteMultipartUploadProperty { DaysAfterInitiation = 1 },
            },
        };
        if (props.Versioned)
        {
            rules.Add(new CfnBucket.RuleProperty
            {
                Id = "old-versions", Status = "Enabled", NoncurrentVersionExpiration = new CfnBucket.NoncurrentVersionExpirationProperty { NoncurrentDays = OldVersionDays },
            });
        }

        return new CfnBucketProps
        {
            BucketName = props.Name,
            BucketEncryption = new CfnBucket.BucketEncryptionProperty { ServerSideEncryptionConfiguration = new object[] { Encryption(props.KeyArn) } },
            PublicAccessBlockConfiguration = new CfnBucket.PublicAccessBlockConfigurationProperty
            {
                BlockPublicAcls = true, BlockPublicPolicy = true, IgnorePublicAcls = true, RestrictPublicBuckets = true,
            },
            OwnershipControls = new CfnBucket.OwnershipControlsProperty
            {
                Rules = new object[] { new CfnBucket.OwnershipControlsRuleProperty { ObjectOwnership = "BucketOwnerEnforced" } },
            },
            VersioningConfiguration = props.Versioned ? new CfnBucket.VersioningConfigurationProperty { Status = "Enabled" } : null,
            LifecycleConfiguration = new CfnBucket.LifecycleConfigurationProperty { Rules = rules.ToArray() },
        };
    }

    private static CfnBucket.ServerSideEncryptionRuleProperty Encryption(string key) => new()
    {
        BucketKeyEnabled = key.Length > 0 ? true : null,
        ServerSideEncryptionByDefault = new CfnBucket.ServerSideEncryptionByDefaultProperty
        {
            SseAlgorithm = key.Length > 0 ? "aws:kms" : "AES256", KmsMasterKeyId = key.Length > 0 ? key : null,
        },
    };
}
