using Hearth.Scheduling.Cloud;
using Hearth.Scheduling.Provisioning;

namespace Hearth.Scheduling.Simulation;

/// <summary>What the cloud has capacity for while a trace is played: a refused offering is avoided for three minutes, as live.</summary>
internal sealed class SimulatedCapacity(IReadOnlyList<CloudFault> faults)
{
    private static readonly TimeSpan Avoided = TimeSpan.FromMinutes(3);
    private readonly Dictionary<OfferingKey, TimeSpan> _until = [];
    private readonly HashSet<OfferingKey> _avoided = [];
    private readonly Dictionary<string, PoolInfo> _left = new(StringComparer.Ordinal);
    private long _draws;

    /// <summary>Launches that were refused.</summary>
    public int Refusals { get; private set; }

    /// <summary>The pool with what is not avoided now.</summary>
    public PoolState At(PoolState pool, TimeSpan now)
    {
        Expire(now);
        if (_until.Count == 0)
        {
            return pool;
        }

        if (!_left.TryGetValue(pool.Pool.Name, out var left))
        {
            _left[pool.Pool.Name] = left = Without(pool.Pool);
        }

        return pool with { Pool = left };
    }

    /// <summary>The next best of the same capacity type when an offering is refused, as one fleet request does; null when none is left.</summary>
    public LaunchChoice? Launch(PlannedClaim claim, TimeSpan now)
    {
        Expire(now);
        string? capacityType = null;
        while (LaunchChooser.Choose(claim.Requirements, claim.Requests, claim.Types, _avoided) is { } choice && (capacityType ??= choice.Offering.CapacityType) == choice.Offering.CapacityType)
        {
            var offering = new OfferingKey(choice.Offering.CapacityType, choice.Offer.Type.Name, choice.Offering.Zone);
            var draw = _draws++;
            if (!faults.Any(f => CloudFaultRules.Refuses(f, offering, draw, DateTimeOffset.UnixEpoch + now)))
            {
                return choice;
            }

            Refusals++;
            Avoid(offering, now);
        }

        return null;
    }

    /// <summary>Has an offering avoided for a while from now on.</summary>
    public void Avoid(OfferingKey offering, TimeSpan now)
    {
        _until[offering] = now + Avoided;
        _avoided.Add(offering);
        _left.Clear();
    }

    /// <summary>When an offering that is avoided now is tried again, or null.</summary>
    public TimeSpan? NextReturn => _until.Count == 0 ? null : _until.Values.Min();

    private void Expire(TimeSpan now)
    {
        foreach (var offering in _until.Where(u => u.Value <= now).Select(u => u.Key).ToArray())
        {
            _until.Remove(offering);
            _avoided.Remove(offering);
            _left.Clear();
        }
    }

    private PoolInfo Without(PoolInfo pool) => new(pool.Name, pool.Weight, pool.Requirements, pool.Taints,
    [
        .. pool.Types.Select(t => t with { Offerings = [.. t.Offerings.Where(o => !_avoided.Contains(new(o.CapacityType, t.Type.Name, o.Zone)))] }).Where(t => t.Offerings.Count > 0),
    ]);
}
