using System.Globalization;
using System.Xml.Linq;
using Hearth.Aws.Http;

namespace Hearth.Aws.S3.Api;

/// <summary>Tags of objects: at most ten (buckets: fifty), keys up to 128 and values up to 256 characters.</summary>
internal static class Tagging
{
    private const int MostTags = 10;

    /// <summary>From <c>x-amz-tagging: a=1&amp;b=2</c>.</summary>
    public static IReadOnlyDictionary<string, string> FromHeader(string? header) => Checked(QueryParameters.Parse(header), MostTags);

    /// <summary>From a Tagging document.</summary>
    public static IReadOnlyDictionary<string, string> FromXml(XElement document, int most = MostTags) => document.Name.LocalName is "Tagging"
        ? Checked(document.Descendants().Where(e => e.Name.LocalName is "Tag").Select(tag => KeyValuePair.Create(Child(tag, "Key"), Child(tag, "Value"))), most)
        : throw S3Errors.MalformedXml();

    /// <summary>As a Tagging document.</summary>
    public static XmlText ToXml(IReadOnlyDictionary<string, string> tags)
    {
        var xml = new XmlText().Open("Tagging", XmlText.S3Namespace).Open("TagSet");
        foreach (var (key, value) in tags)
        {
            xml.Open("Tag").Add("Key", key).Add("Value", value).Close("Tag");
        }
        return xml.Close("TagSet").Close("Tagging");
    }

    private static string Child(XElement tag, string name) =>
        tag.Child(name) ?? throw S3Errors.MalformedXml();

    private static SortedDictionary<string, string> Checked(IEnumerable<KeyValuePair<string, string>> pairs, int most)
    {
        var tags = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in pairs)
        {
            if (key.StartsWith("aws:", StringComparison.OrdinalIgnoreCase))
            {
                throw new AwsException(400, "InvalidTag", "System tags cannot be added/updated by requester");
            }
            if (key.Length is 0 or > 128)
            {
                throw new AwsException(400, "InvalidTag", "The TagKey you have provided is invalid");
            }
            if (value.Length > 256)
            {
                throw new AwsException(400, "InvalidTag", "The TagValue you have provided is invalid");
            }
            if (!tags.TryAdd(key, value))
            {
                throw new AwsException(400, "InvalidTag", "Cannot provide multiple Tags with the same key");
            }
        }
        return tags.Count <= most
            ? tags
            : throw new AwsException(400, "BadRequest", string.Create(CultureInfo.InvariantCulture, $"{(most == MostTags ? "Object" : "Bucket")} tags cannot be greater than {most}"));
    }
}
