using System.Security.Cryptography;

namespace Hearth.Jobs.Service;

/// <summary>New ids of what is not a job run: digits and lower-case letters, as long as AWS's are.</summary>
internal static class ResourceIds
{
    private const string Digits = "0123456789abcdefghijklmnopqrstuvwxyz";

    /// <summary>A managed endpoint: 13 characters.</summary>
    public static string Endpoint() => RandomNumberGenerator.GetString(Digits, 13);

    /// <summary>A job template, a security configuration, session credentials: 25 characters.</summary>
    public static string Long() => RandomNumberGenerator.GetString(Digits, 25);
}
