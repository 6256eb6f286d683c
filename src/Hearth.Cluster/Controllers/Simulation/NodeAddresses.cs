using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using Hearth.Scheduling.Karpenter;

namespace Hearth.Cluster.Controllers.Simulation;

/// <summary>Addresses and names of simulated instances, as EC2 would give them: by a stable hash of the instance, past those that are taken.</summary>
public static class NodeAddresses
{
    private const int Reserved = 4; // first addresses of a subnet belong to the VPC

    /// <summary>A free address of the block for an instance.</summary>
    /// <param name="cidr">IPv4 block.</param>
    /// <param name="seed">Unique to the instance.</param>
    /// <param name="isTaken">Whether a node has the address.</param>
    /// <exception cref="FormatException">Not an IPv4 block.</exception>
    /// <exception cref="InvalidOperationException">Every address is taken.</exception>
    public static IPAddress Free(string cidr, string seed, Func<IPAddress, bool> isTaken)
    {
        var network = IPNetwork.Parse(cidr);
        var bytes = network.BaseAddress.GetAddressBytes();
        if (bytes.Length != 4)
        {
            throw new FormatException($"{cidr} is not an IPv4 block");
        }

        var first = BinaryPrimitives.ReadUInt32BigEndian(bytes);
        var size = (1UL << (32 - network.PrefixLength)) - Reserved - 1;
        var start = ObjectHash.Fnv(seed) % size;
        for (ulong i = 0; i < size; i++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes, (uint)(first + Reserved + ((start + i) % size)));
            var address = new IPAddress(bytes);
            if (!isTaken(address))
            {
                return address;
            }
        }

        throw new InvalidOperationException($"every address of {cidr} is taken");
    }

    /// <summary>The private DNS name of an address: what EKS names nodes.</summary>
    public static string NodeName(IPAddress address, string region)
    {
        var host = "ip-" + address.ToString().Replace('.', '-');
        return region == "us-east-1" ? $"{host}.ec2.internal" : $"{host}.{region}.compute.internal";
    }

    /// <summary>An instance id from a uid: <c>i-</c> and 17 hexadecimal digits.</summary>
    public static string InstanceId(string uid)
    {
        var digits = new string([.. uid.Where(char.IsAsciiHexDigit)]).ToLowerInvariant();
        return "i-" + (digits.Length >= 17 ? digits[..17] : digits + ObjectHash.Fnv(uid).ToString("x16", CultureInfo.InvariantCulture) + "0")[..17];
    }
}
