using Hearth.Scheduling.Resources;
using Hearth.Scheduling.YuniKorn.Queues;

namespace Hearth.Scheduling.YuniKorn.Core;

/// <content>Who gets the next place.</content>
public sealed partial class Partition
{
    /// <summary>Hands out places until nobody can have one, then says what waits for nodes and what for its queue, and looks for victims.</summary>
    public void Schedule(DateTimeOffset now)
    {
        ReplaceAll();
        if (_asks.Count == 0)
        {
            return;
        }

        var round = new SchedulingRound(Total());
        while (AllocateNext(Queues.Root, round, now))
        {
        }

        TellOutstanding(round);
        if (Config.Preemption)
        {
            Preempt(round, now);
        }
    }

    private ResourceVector Total() => _cluster.Nodes.Aggregate(ResourceVector.Zero, (sum, n) => sum + n.Allocatable);

    /// <summary>One place for the neediest queue that can use one.</summary>
    private bool AllocateNext(QueueNode queue, SchedulingRound round, DateTimeOffset now)
    {
        if (queue.Pending.Pods == 0)
        {
            return false;
        }

        if (queue.IsLeaf || queue.Children.Count == 0)
        {
            while (round.NextApplication(queue) is { } application)
            {
                if (TryApplication(application, round, now))
                {
                    return true;
                }

                round.Exhausted.Add(application);
            }

            return false;
        }

        while (round.NextChild(queue) is { } child)
        {
            if (AllocateNext(child, round, now))
            {
                return true;
            }

            round.Exhausted.Add(child);
        }

        return false;
    }

    private bool TryApplication(Application application, SchedulingRound round, DateTimeOffset now)
    {
        if (!MayRun(application))
        {
            return false;
        }

        var cursor = round.CursorOf(application);
        while (cursor.Next() is { } ask)
        {
            if (ask.Replaces is null && TryAsk(application, ask, round, now))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The number of applications that a queue may run counts those that hold something; others wait.</summary>
    private static bool MayRun(Application application) =>
        application.Counted || application.Queue.Upward().All(q => q.Config.MaxApplications == 0 || q.Running < q.Config.MaxApplications);

    private bool TryAsk(Application application, Ask ask, SchedulingRound round, DateTimeOffset now)
    {
        if (application.Queue.Exceeded(ask.Requests) is { } full)
        {
            if (!ask.ToldSkipped)
            {
                Skip(ask, $"Request '{ask.Key}' does not fit in queue '{full.Path}' (requested {Configuration.QueueAmounts.From(ask.Requests)}, available {application.Queue.Headroom()})");
            }

            return false;
        }

        if (Users.Exceeded(application, ask.Requests) is { } limit)
        {
            if (!ask.ToldSkipped)
            {
                Skip(ask, $"Request '{ask.Key}': {limit()}");
            }

            return false;
        }

        if (ask.Class >= 0 && round.Refused.Contains(ask.Class))
        {
            round.Unplaced.Add(ask);
            return false;
        }

        var pod = ask.Current();
        if (round.PickNode(ask.Class, pod, _cluster, Config) is not { } node)
        {
            round.Unplaced.Add(ask);
            if (ask.Class >= 0)
            {
                round.Refused.Add(ask.Class);
            }

            return false;
        }

        application.WaitsNoMore(ask);
        _asks.Remove(ask.Key);
        _cluster.AddPod(pod, node.Name);
        round.Filled.Add(node.Name);
        Give(application, ask, node.Name, now);
        _effects.Add(new Placed(ask, node.Name));
        return true;
    }

    /// <summary>Said once: what holds it back changes all the time.</summary>
    private void Skip(Ask ask, string message)
    {
        ask.ToldSkipped = true;
        _effects.Add(new Skipped(ask, message));
    }

    /// <summary>
    /// Marks what a new node could help, once a pod: as much as the queues have left together, so that no nodes are made for pods that may not run
    /// (yunikorn-core, getOutstandingRequests).
    /// </summary>
    private void TellOutstanding(SchedulingRound round)
    {
        var planned = new Dictionary<QueueNode, ResourceVector>();
        foreach (var ask in round.Unplaced)
        {
            var application = _owners[ask.Key];
            if (ask.Replaces is not null || HasPlaceholderFor(application, ask))
            {
                continue;
            }

            var more = planned.GetValueOrDefault(application.Queue) + ask.Requests;
            if (application.Queue.Exceeded(more) is not null)
            {
                continue;
            }

            planned[application.Queue] = more;
            if (!ask.ToldOutstanding)
            {
                ask.ToldOutstanding = true;
                _effects.Add(new Outstanding(ask));
            }
        }
    }

    private static bool HasPlaceholderFor(Application application, Ask ask) =>
        !ask.IsPlaceholder && ask.TaskGroup is not null && application.AllocatedPlaceholders.Pods > 0
        && application.Allocations.Values.Any(a => a.Ask.IsPlaceholder && a.Release == ReleaseReason.None && a.Ask.TaskGroup == ask.TaskGroup);
}
