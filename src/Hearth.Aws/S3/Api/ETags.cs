namespace Hearth.Aws.S3.Api;

/// <summary>Lists of entity tags in conditional headers.</summary>
internal static class ETags
{
    /// <summary>Whether a header such as <c>"abc", W/"def"</c> or <c>*</c> names a tag; quotes may be missing, as with S3.</summary>
    public static bool Matches(string header, string etag)
    {
        foreach (var part in header.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (part is "*" || string.Equals(Unquoted(part), etag, StringComparison.Ordinal))
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>Without quotes and weakness mark.</summary>
    public static string Unquoted(string tag)
    {
        tag = tag.Trim();
        return (tag.StartsWith("W/", StringComparison.Ordinal) ? tag[2..] : tag).Trim('"');
    }

    /// <summary>With quotes.</summary>
    public static string Quoted(string etag) => $"\"{etag}\"";
}
