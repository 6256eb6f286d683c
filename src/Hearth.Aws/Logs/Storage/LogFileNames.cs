using System.Security.Cryptography;
using System.Text;

namespace Hearth.Aws.Logs.Storage;

/// <summary>Names of files for names of groups and streams, which may be longer than file names and hold slashes: a readable part and a digest.</summary>
internal static class LogFileNames
{
    private const int Readable = 80;
    private const int Digest = 16;

    public static string Of(string name)
    {
        var plain = string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' ? c : '.')).Trim('.');
        return $"{(plain.Length > Readable ? plain[^Readable..] : plain)}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..Digest]}";
    }
}
