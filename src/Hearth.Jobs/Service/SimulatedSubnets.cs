using System.Security.Cryptography;
using System.Text;

namespace Hearth.Jobs.Service;

/// <summary>Ids of three private subnets of a cluster that has none in EC2: always the same for the same name.</summary>
public static class SimulatedSubnets
{
    private const int Zones = 3;

    /// <summary>For example <c>subnet-0a1b2c3d4e5f60718</c>.</summary>
    public static IReadOnlyList<string> Of(string clusterName) =>
        [.. Enumerable.Range(0, Zones).Select(zone => $"subnet-0{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(FormattableString.Invariant($"{clusterName}/private/{zone}"))))[..16]}")];
}
