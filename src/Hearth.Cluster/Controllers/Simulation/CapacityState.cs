using System.Collections.Immutable;
using Hearth.Scheduling.Cloud;
using Hearth.Scheduling.Provisioning;

namespace Hearth.Cluster.Controllers.Simulation;

/// <summary>
/// What the simulated cloud has capacity for now: the faults that were declared, and the offerings that were refused in the last three minutes and are avoided
/// (Karpenter's cache of unavailable offerings). Lives as long as the process.
/// </summary>
public sealed class CapacityState(TimeProvider time)
{
    /// <summary>How long a refused offering is avoided.</summary>
    public static TimeSpan Avoided { get; } = TimeSpan.FromMinutes(3);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _hits = new(StringComparer.Ordinal);
    private ImmutableDictionary<OfferingKey, DateTimeOffset> _until = ImmutableDictionary<OfferingKey, DateTimeOffset>.Empty;
    private ImmutableArray<CloudFault> _faults = [];
    private long _draws;
    private long _version;

    /// <summary>Called when a launch has been refused, with the name of the fault.</summary>
    public event Action<string>? Refused;

    /// <summary>Declared faults.</summary>
    public void SetFaults(IEnumerable<CloudFault> faults)
    {
        lock (_lock)
        {
            _faults = [.. faults.OrderBy(f => f.Metadata.Name, StringComparer.Ordinal)];
        }
    }

    /// <summary>Whether a launch of this offering fails now.</summary>
    /// <param name="offering">What is launched.</param>
    /// <param name="avoid">It is avoided from here on, as Karpenter's provider does; an auto-scaling group keeps no such list.</param>
    public bool Refuses(OfferingKey offering, bool avoid = true)
    {
        string? name = null;
        lock (_lock)
        {
            var (draw, now) = (_draws++, time.GetUtcNow());
            name = _faults.FirstOrDefault(f => CloudFaultRules.Refuses(f, offering, draw, now))?.Metadata.Name;
            if (name is not null)
            {
                _hits[name] = _hits.GetValueOrDefault(name) + 1;
                if (avoid)
                {
                    Avoid(offering, now);
                }
            }
        }

        if (name is not null)
        {
            Refused?.Invoke(name);
        }

        return name is not null;
    }

    /// <summary>Avoids an offering for three minutes: it was refused, or taken back.</summary>
    public void Avoid(OfferingKey offering)
    {
        lock (_lock)
        {
            Avoid(offering, time.GetUtcNow());
        }
    }

    /// <summary>Launches that a fault has refused since this process started.</summary>
    public int Hits(string fault)
    {
        lock (_lock)
        {
            return _hits.GetValueOrDefault(fault);
        }
    }

    /// <summary>Offerings that are avoided now, and a number that changes whenever they do.</summary>
    public (IReadOnlySet<OfferingKey> Offerings, long Version) Unavailable()
    {
        lock (_lock)
        {
            var now = time.GetUtcNow();
            if (_until.Any(u => u.Value <= now))
            {
                _until = _until.RemoveRange(_until.Where(u => u.Value <= now).Select(u => u.Key));
                _version++;
            }

            return (_until.Keys.ToHashSet(), _version);
        }
    }

    private void Avoid(OfferingKey offering, DateTimeOffset now)
    {
        _until = _until.SetItem(offering, now + Avoided);
        _version++;
    }
}
