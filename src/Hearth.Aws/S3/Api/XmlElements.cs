using System.Xml.Linq;

namespace Hearth.Aws.S3.Api;

/// <summary>Reads request documents without regard to their namespace, which clients write in several ways.</summary>
internal static class XmlElements
{
    /// <summary>Text of the first child of a name, or null.</summary>
    public static string? Child(this XElement element, string name) =>
        element.Elements().FirstOrDefault(e => string.Equals(e.Name.LocalName, name, StringComparison.Ordinal))?.Value;
}
