using System.Globalization;

namespace Hearth.Cluster.Nodes.Pods;

/// <summary>
/// Addresses for pods out of 127.64.0.0/10: pods share this machine's network, and on Linux each loopback address can be bound on its own,
/// so two pods may listen on the same port.
/// </summary>
public sealed class PodAddresses
{
    private const int Size = 1 << 22;
    private readonly Lock _lock = new();
    private readonly HashSet<int> _used = [];
    private int _next = 1;

    /// <summary>A free address.</summary>
    public string Take()
    {
        lock (_lock)
        {
            while (!_used.Add(_next) || (_next & 0xff) is 0 or 0xff)
            {
                _next = (_next + 1) % Size;
            }

            return Text(_next++);
        }
    }

    /// <summary>Marks an address as used, for a pod that had it before a restart.</summary>
    public void Keep(string address)
    {
        if (Number(address) is { } number)
        {
            lock (_lock)
            {
                _used.Add(number);
            }
        }
    }

    /// <summary>Gives an address back.</summary>
    public void Release(string address)
    {
        if (Number(address) is { } number)
        {
            lock (_lock)
            {
                _used.Remove(number);
            }
        }
    }

    private static string Text(int number) => string.Create(CultureInfo.InvariantCulture, $"127.{64 + (number >> 16)}.{(number >> 8) & 0xff}.{number & 0xff}");

    private static int? Number(string address)
    {
        var parts = address.Split('.');
        return parts is ["127", var a, var b, var c] && int.TryParse(a, out var x) && int.TryParse(b, out var y) && int.TryParse(c, out var z) && x is >= 64 and < 128
            ? ((x - 64) << 16) + (y << 8) + z
            : null;
    }
}
