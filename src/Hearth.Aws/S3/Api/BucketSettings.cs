using Hearth.Aws.Http;

namespace Hearth.Aws.S3.Api;

/// <summary>
/// Settings that are the same for every bucket: reads tell them, writes that ask for just that succeed, and other writes are refused by name.
/// </summary>
internal static class BucketSettings
{
    private static readonly string[] PublicAccess = ["BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"];

    /// <summary>Answers with an empty document: the setting was never made.</summary>
    public static Func<S3Call, Task> Empty(string element) => call =>
    {
        call.RequireBucket();
        return call.XmlAsync(new XmlText().Open(element, XmlText.S3Namespace).Close(element));
    };

    /// <summary>Answers a request for a configuration that no bucket has.</summary>
    public static Func<S3Call, Task> None(string code, string message) => call =>
    {
        call.RequireBucket();
        throw new AwsException(404, code, message) { Details = [new("BucketName", call.Bucket)] };
    };

    /// <summary>An empty list of configurations, or NoSuchConfiguration for one of them by id.</summary>
    public static Func<S3Call, Task> NoneOf(string element) => call =>
    {
        call.RequireBucket();
        return call.Query["id"] is null
            ? call.XmlAsync(new XmlText().Open(element, XmlText.S3Namespace).Add("IsTruncated", false).Close(element))
            : throw new AwsException(404, "NoSuchConfiguration", "The specified configuration does not exist.");
    };

    /// <summary>Removing what is not there succeeds.</summary>
    public static Task Gone(S3Call call)
    {
        call.RequireBucket();
        return call.EmptyAsync(204);
    }

    /// <summary>Accepts an empty document, which switches a feature off, and refuses every other.</summary>
    public static Func<S3Call, Task> OnlyEmpty(string feature, string wayOut) => async call =>
    {
        call.RequireBucket();
        var document = await BodyReceiver.DocumentAsync(call).ConfigureAwait(false);
        if (document?.HasElements == true)
        {
            throw AwsException.NotImplemented($"{feature} in S3", wayOut);
        }
        await call.EmptyAsync(200).ConfigureAwait(false);
    };

    /// <summary>Who pays: the owner.</summary>
    public static Task PayerAsync(S3Call call)
    {
        call.RequireBucket();
        return call.XmlAsync(new XmlText().Open("RequestPaymentConfiguration", XmlText.S3Namespace).Add("Payer", "BucketOwner").Close("RequestPaymentConfiguration"));
    }

    /// <summary>There are no ACLs: every object is the bucket owner's.</summary>
    public static Task OwnershipAsync(S3Call call)
    {
        call.RequireBucket();
        return call.XmlAsync(new XmlText().Open("OwnershipControls", XmlText.S3Namespace)
            .Open("Rule").Add("ObjectOwnership", "BucketOwnerEnforced").Close("Rule").Close("OwnershipControls"));
    }

    public static async Task PutOwnershipAsync(S3Call call)
    {
        call.RequireBucket();
        var document = await BodyReceiver.DocumentAsync(call).ConfigureAwait(false);
        var rules = document?.Descendants().Where(e => e.Name.LocalName is "ObjectOwnership").Select(e => e.Value).ToArray() ?? [];
        if (rules.Length != 1)
        {
            throw S3Errors.MalformedXml();
        }
        if (rules[0] is not "BucketOwnerEnforced")
        {
            throw S3Errors.AclNotSupported($"object ownership {rules[0]}");
        }
        await call.EmptyAsync(200).ConfigureAwait(false);
    }

    /// <summary>Nothing is public and nothing can be made so.</summary>
    public static Task PublicAccessAsync(S3Call call)
    {
        call.RequireBucket();
        var xml = new XmlText().Open("PublicAccessBlockConfiguration", XmlText.S3Namespace);
        foreach (var setting in PublicAccess)
        {
            xml.Add(setting, true);
        }
        return call.XmlAsync(xml.Close("PublicAccessBlockConfiguration"));
    }

    public static async Task PutPublicAccessAsync(S3Call call)
    {
        call.RequireBucket();
        var document = await BodyReceiver.DocumentAsync(call).ConfigureAwait(false) ?? throw S3Errors.MalformedXml();
        var open = Array.Find(PublicAccess, setting => !string.Equals(document.Child(setting), "true", StringComparison.OrdinalIgnoreCase));
        if (open is not null)
        {
            throw AwsException.NotImplemented($"public access to buckets ({open} other than true)", "Hand out presigned URLs.");
        }
        await call.EmptyAsync(200).ConfigureAwait(false);
    }
}
