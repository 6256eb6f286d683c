using System.Security.Cryptography;

namespace Hearth.Cluster.ApiServer.Core;

/// <summary>Names from <c>generateName</c>: the base cut to 58 characters plus five random ones without vowels (apiserver <c>names/generate</c>).</summary>
internal static class NameGenerator
{
    public const int Attempts = 8;
    private const int MaxBase = 58;
    private const string Alphabet = "bcdfghjklmnpqrstvwxz2456789";

    public static string Generate(string generateName) => (generateName.Length > MaxBase ? generateName[..MaxBase] : generateName) + Suffix();

    /// <summary>Five random characters.</summary>
    public static string Suffix() => RandomNumberGenerator.GetString(Alphabet, 5);
}
