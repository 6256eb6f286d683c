using System.Xml.Linq;
using Hearth.Aws.Http;

namespace Hearth.Aws.S3.Api;

/// <summary>
/// Access control lists as a bucket has them whose object ownership is <c>BucketOwnerEnforced</c> (the default of S3 since 2023): the owner
/// may do everything, and nothing else can be granted.
/// </summary>
internal static class AclOperations
{
    private const string Instance = "http://www.w3.org/2001/XMLSchema-instance";
    private static readonly string[] Grants = ["x-amz-grant-full-control", "x-amz-grant-read", "x-amz-grant-write", "x-amz-grant-read-acp", "x-amz-grant-write-acp"];

    public static Task GetBucketAsync(S3Call call)
    {
        call.RequireBucket();
        return AnswerAsync(call);
    }

    public static Task GetObjectAsync(S3Call call)
    {
        RequireObject(call);
        return AnswerAsync(call);
    }

    public static Task PutBucketAsync(S3Call call)
    {
        call.RequireBucket();
        return PutAsync(call);
    }

    public static Task PutObjectAsync(S3Call call)
    {
        RequireObject(call);
        return PutAsync(call);
    }

    /// <summary>Whether a canned ACL gives the owner what the owner has anyway.</summary>
    public static bool IsPrivate(string canned) => canned is "private" or "bucket-owner-full-control" or "bucket-owner-read";

    private static void RequireObject(S3Call call)
    {
        call.RequireBucket();
        ReadOperations.RefuseVersion(call);
        _ = call.Storage.Head(call.Bucket, call.Key) ?? throw S3Errors.NoSuchKey(call.Key);
    }

    private static Task AnswerAsync(S3Call call) => call.XmlAsync(new XmlText()
        .Open("AccessControlPolicy", XmlText.S3Namespace).Owner(call).Open("AccessControlList")
        .Open("Grant").Open("Grantee", attributes: $"xmlns:xsi=\"{Instance}\" xsi:type=\"CanonicalUser\"").Add("ID", call.Options.OwnerId).Close("Grantee")
        .Add("Permission", "FULL_CONTROL").Close("Grant").Close("AccessControlList").Close("AccessControlPolicy"));

    private static async Task PutAsync(S3Call call)
    {
        var canned = call.Header("x-amz-acl");
        if (Array.Find(Grants, name => call.Header(name) is not null) is { } header)
        {
            throw S3Errors.AclNotSupported($"header {header}");
        }
        if (canned is not null && !IsPrivate(canned))
        {
            throw S3Errors.AclNotSupported($"canned ACL '{canned}'");
        }
        var document = await BodyReceiver.DocumentAsync(call).ConfigureAwait(false);
        if (document is null && canned is null)
        {
            throw new AwsException(400, "MissingSecurityHeader", "Your request was missing a required header: x-amz-acl, or an AccessControlPolicy in the body.");
        }
        if (document is not null && !GivesOnlyTheOwner(document, call.Options.OwnerId))
        {
            throw S3Errors.AclNotSupported("a grant to somebody else");
        }
        await call.EmptyAsync(200).ConfigureAwait(false);
    }

    private static bool GivesOnlyTheOwner(XElement document, string owner)
    {
        if (document.Name.LocalName is not "AccessControlPolicy")
        {
            throw S3Errors.MalformedXml();
        }
        var grants = document.Descendants().Where(e => e.Name.LocalName is "Grant").ToArray();
        return grants.Length == 1 && grants.All(grant => grant.Child("Permission") is "FULL_CONTROL"
            && string.Equals(grant.Elements().FirstOrDefault(e => e.Name.LocalName is "Grantee")?.Child("ID"), owner, StringComparison.Ordinal));
    }
}
