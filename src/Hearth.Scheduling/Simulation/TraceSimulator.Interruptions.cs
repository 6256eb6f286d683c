using Hearth.Scheduling.Disruption;
using Hearth.Scheduling.Karpenter;
using Hearth.Scheduling.Provisioning;

namespace Hearth.Scheduling.Simulation;

/// <content>
/// Spot nodes are taken back with EC2's notice: from then on the node takes no pods and drains, and its offering is avoided as after any want of capacity. What lets itself be
/// evicted goes at once and is wanted elsewhere; what must not be disrupted has until the end of the notice.
/// </content>
public sealed partial class TraceSimulator
{
    private void ForeseeInterruption(SimulatedNode node)
    {
        if (node.CapacityType == KarpenterLabels.Spot && _request.SpotInterruptionsPerHour > 0)
        {
            At(_now + TimeSpan.FromHours(-Math.Log(1 - _random.NextDouble()) / _request.SpotInterruptionsPerHour), () => Notify(node));
        }
    }

    private void Notify(SimulatedNode node)
    {
        if (node.Ended is not null)
        {
            return;
        }

        node.Interrupted = true;
        Leave(node);
        if (!_nodes.IsOfGroup(node))
        {
            _nodes.Capacity.Avoid(new OfferingKey(node.CapacityType, node.Type, node.Zone), _now);
        }

        foreach (var pod in node.Load.Select(p => p.Key).Order(StringComparer.Ordinal).ToArray())
        {
            if (Object(pod) is not { } own || !PodBlocks.IsProtected(own, Clock))
            {
                Lose(pod);
            }
        }

        WatchDrain(node);
        At(_now + _request.SpotNotice, () => TakeBack(node));
    }

    /// <summary>A node that drains ends when its last pod has gone.</summary>
    private void WatchDrain(SimulatedNode node)
    {
        if (node is { Interrupted: true, Ended: null } && node.IsEmpty)
        {
            At(_now, () => TakeBack(node));
        }
    }

    private void TakeBack(SimulatedNode node)
    {
        if (node.Ended is null)
        {
            Remove(node);
        }
    }
}
