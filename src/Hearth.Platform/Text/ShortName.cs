using System.Security.Cryptography;
using System.Text;

namespace Hearth.Platform.Text;

/// <summary>Names that AWS limits in length.</summary>
public static class ShortName
{
    private const int MarkLength = 8;

    /// <summary>The name itself, or its beginning and a mark made from the whole.</summary>
    /// <param name="name">What it should be called.</param>
    /// <param name="most">Characters that are allowed.</param>
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
