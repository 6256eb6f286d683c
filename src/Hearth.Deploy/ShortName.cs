using System.Security.Cryptography;
using System.Text;

namespace Hearth.Deploy;

/// <summary>Names that AWS limits in length.</summary>
internal static class ShortName
{
    private const int MarkLength = 8;

    /// <summary>The name itself, or its beginning and a mark made from the whole.</summary>
    public static string Of(string name, int most)
    {
        if (name.Length <= most)
        {
            return name;
        }

        var mark = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..MarkLength];
        return $"{name[..(most - MarkLength - 1)]}-{mark}";
    }
}
