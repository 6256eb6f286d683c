using System.Net;

namespace Hearth.Aws.S3.Storage;

/// <summary>Rules of bucket names (Amazon S3 User Guide, general purpose bucket naming rules).</summary>
public static class BucketNames
{
    private static readonly string[] ReservedStarts = ["xn--", "sthree-", "amzn-s3-demo-"];
    private static readonly string[] ReservedEnds = ["-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3"];

    /// <summary>3 to 63 lower-case letters, digits, dots and hyphens; not an IP address.</summary>
    public static bool IsValid(string name) =>
        name.Length is >= 3 and <= 63
        && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '.' or '-')
        && char.IsAsciiLetterOrDigit(name[0]) && char.IsAsciiLetterOrDigit(name[^1])
        && !name.Contains("..", StringComparison.Ordinal)
        && !Array.Exists(ReservedStarts, start => name.StartsWith(start, StringComparison.Ordinal))
        && !Array.Exists(ReservedEnds, end => name.EndsWith(end, StringComparison.Ordinal))
        && !(name.Count(c => c == '.') == 3 && IPAddress.TryParse(name, out _));
}
