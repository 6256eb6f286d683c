using Hearth.Scheduling.Fit;
using Hearth.Scheduling.Resources;
using Hearth.Scheduling.YuniKorn.Configuration;
using Hearth.Scheduling.YuniKorn.Queues;

namespace Hearth.Scheduling.YuniKorn.Core;

/// <content>
/// Preemption: a queue that has less than its guaranteed share takes pods of other queues that have more than theirs; never inside one leaf, never below a
/// guarantee, never against a higher priority (yunikorn-core, pkg/scheduler/objects/preemption.go).
/// </content>
public sealed partial class Partition
{
    private const int AttemptsPerRound = 10;
    private static readonly TimeSpan BetweenAttempts = TimeSpan.FromSeconds(15);

    private void Preempt(SchedulingRound round, DateTimeOffset now)
    {
        var attempts = AttemptsPerRound;
        foreach (var ask in round.Unplaced)
        {
            if (attempts == 0)
            {
                return;
            }

            var application = _owners[ask.Key];
            if (MayPreempt(ask, application.Queue, now))
            {
                attempts--;
                ask.LastPreemption = now;
                if (Victims(ask, application.Queue) is { Count: > 0 } victims)
                {
                    foreach (var victim in victims)
                    {
                        Evict(victim, ask, application);
                    }
                }
            }
        }
    }

    /// <summary>When the next of those that wait may look for victims for want of nothing but time, or null.</summary>
    public DateTimeOffset? NextPreemption(DateTimeOffset now)
    {
        DateTimeOffset? next = null;
        foreach (var ask in Config.Preemption ? _asks.Values : Enumerable.Empty<Ask>())
        {
            var due = ask.LastPreemption == DateTimeOffset.MinValue ? ask.Created + _owners[ask.Key].Queue.Settings.PreemptionDelay : ask.LastPreemption + BetweenAttempts;
            if (due > now && !(due >= next) && MayPreempt(ask, _owners[ask.Key].Queue, due))
            {
                next = due;
            }
        }

        return next;
    }

    private static bool MayPreempt(Ask ask, QueueNode queue, DateTimeOffset now) =>
        ask.Pod.MayPreempt && ask.Pod.NodeName is null && ask.Replaces is null
        && queue.Settings.Preemption != PreemptionPolicy.Disabled
        && now - ask.Created >= queue.Settings.PreemptionDelay && now - ask.LastPreemption >= BetweenAttempts
        && queue.Upward().Any(q => !q.Guaranteed.IsEmpty) && queue.Upward().Where(q => !q.Guaranteed.IsEmpty).All(q => BelowGuaranteed(q, ask.Requests));

    /// <summary>Whether the queue stays within its guaranteed share with so much more, of what is asked for.</summary>
    private static bool BelowGuaranteed(QueueNode queue, in ResourceVector more)
    {
        foreach (var (name, share) in queue.Guaranteed.Items)
        {
            if (QueueAmounts.Of(more, name) > 0 && QueueAmounts.Of(queue.Allocated + more, name) > share)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The fewest pods of one node whose end makes room, or null. Nodes go by name.</summary>
    private List<Allocation>? Victims(Ask ask, QueueNode queue)
    {
        var fence = queue.Upward().FirstOrDefault(q => q.Settings.Preemption == PreemptionPolicy.Fence) ?? Queues.Root;
        var candidates = fence.Downward()
            .Where(q => q != queue && q.Applications.Count > 0 && q.Settings.Preemption != PreemptionPolicy.Disabled)
            .SelectMany(q => q.Applications.Values).SelectMany(a => a.Allocations.Values)
            .Where(a => a.Release == ReleaseReason.None && a.Ask.Priority <= ask.Priority)
            .ToLookup(a => a.Node, StringComparer.Ordinal);
        List<Allocation>? best = null;
        var pod = ask.Current();
        foreach (var node in _cluster.Nodes)
        {
            if (candidates.Contains(node.Name) && NodePicker.Accepts(pod, node, _cluster) && VictimsOn(node, pod, candidates[node.Name]) is { } victims
                && (best is null || victims.Count < best.Count))
            {
                best = victims;
            }
        }

        return best;
    }

    private List<Allocation>? VictimsOn(NodeInfo node, PodInfo pod, IEnumerable<Allocation> candidates)
    {
        var victims = new List<Allocation>();
        var free = node.Free;
        var taken = new Dictionary<QueueNode, ResourceVector>();
        foreach (var victim in candidates.OrderByDescending(a => a.Ask.AllowsPreemption).ThenBy(a => a.Ask.IsOriginator).ThenByDescending(a => a.Created).ThenByDescending(a => a.Ask.Sequence))
        {
            if (pod.Requests.FitsIn(free))
            {
                break;
            }

            var queue = _owners[victim.Key].Queue;
            if (!StaysGuaranteed(queue, taken, victim.Ask.Requests))
            {
                continue;
            }

            foreach (var above in queue.Upward())
            {
                taken[above] = taken.GetValueOrDefault(above) + victim.Ask.Requests;
            }

            free += victim.Ask.Requests;
            victims.Add(victim);
        }

        return pod.Requests.FitsIn(free) ? victims : null;
    }

    /// <summary>Whether every queue above a victim keeps its guaranteed share without it.</summary>
    private static bool StaysGuaranteed(QueueNode queue, Dictionary<QueueNode, ResourceVector> taken, ResourceVector less)
    {
        foreach (var above in queue.Upward().Where(q => !q.Guaranteed.IsEmpty))
        {
            var left = above.Allocated - above.Preempting - taken.GetValueOrDefault(above) - less;
            if (above.Guaranteed.Items.Any(i => QueueAmounts.Of(less, i.Key) > 0 && QueueAmounts.Of(left, i.Key) < i.Value))
            {
                return false;
            }
        }

        return true;
    }

    private void Evict(Allocation victim, Ask ask, Application application)
    {
        victim.Release = ReleaseReason.Preempted;
        _owners[victim.Key].Queue.AccountPreempting(victim.Ask.Requests);
        _effects.Add(new Release(victim.Ask, ReleaseReason.Preempted, $"Preempted by {ask.Key} from application {application.Id} in {application.Queue.Path}"));
    }
}
