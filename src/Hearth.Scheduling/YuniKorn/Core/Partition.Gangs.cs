using Hearth.Scheduling.Fit;
using Hearth.Scheduling.YuniKorn.Gangs;

namespace Hearth.Scheduling.YuniKorn.Core;

/// <content>Placeholders: how real pods take their places, and what happens when a gang is not complete in time.</content>
public sealed partial class Partition
{
    /// <summary>Why applications whose style is Hard fail.</summary>
    public const string ReservationTimeout = "ResourceReservationTimeout";

    /// <summary>Does what time brings about.</summary>
    public void Tick(DateTimeOffset now)
    {
        foreach (var application in _applications.Values.ToArray())
        {
            if (application.PlaceholderDeadline <= now)
            {
                application.PlaceholderDeadline = null;
                GiveUpPlaceholders(application, now);
            }

            if (application.CompletesAt <= now)
            {
                End(application, ApplicationState.Completed, now);
            }
        }

        _ended.RemoveAll(a => a.Finished + KeptTime <= now);
    }

    /// <summary>An application goes on without its gang, because its placeholders could not be made.</summary>
    public void ForgetGang(string applicationId)
    {
        if (_applications.TryGetValue(applicationId, out var application))
        {
            application.PlaceholderAsk = default;
            application.PlaceholderDeadline = null;
        }
    }

    private void GiveUpPlaceholders(Application application, DateTimeOffset now)
    {
        if (application.State is ApplicationState.Running or ApplicationState.Completing)
        {
            ReleasePlaceholders(application, "releasing allocated placeholders on placeholder timeout", _ => true);
            return;
        }

        if (application.State != ApplicationState.Accepted)
        {
            return;
        }

        foreach (var ask in application.Asks.ToArray())
        {
            application.WaitsNoMore(ask);
            _asks.Remove(ask.Key);
            _owners.Remove(ask.Key);
            Count(application, ask);
            _effects.Add(new Release(ask, ReleaseReason.TimedOut, "releasing placeholders on app timeout"));
        }

        application.PlaceholderAsk = default;
        if (application.Request.Policy.Style == GangStyle.Hard)
        {
            application.Message = ReservationTimeout;
            Enter(application, ApplicationState.Failing, now);
        }
        else
        {
            Enter(application, ApplicationState.Resuming, now);
        }

        ReleasePlaceholders(application, "releasing allocated placeholders on placeholder timeout", _ => true);
        Settle(application, now);
    }

    private void ReleasePlaceholders(Application application, string message, Func<Ask, bool> which)
    {
        foreach (var placeholder in application.Allocations.Values.Where(a => a.Ask.IsPlaceholder && a.Release == ReleaseReason.None && which(a.Ask)).ToArray())
        {
            placeholder.Release = ReleaseReason.TimedOut;
            Count(application, placeholder.Ask);
            _effects.Add(new Release(placeholder.Ask, ReleaseReason.TimedOut, message));
        }
    }

    private static void Count(Application application, Ask ask)
    {
        if (ask.IsPlaceholder && application.Placeholders.TryGetValue(ask.TaskGroup ?? "", out var count))
        {
            count.TimedOut++;
        }
    }

    /// <summary>Real pods take the places of placeholders of their group; a placeholder goes first, then its successor comes.</summary>
    private void ReplaceAll()
    {
        foreach (var application in _applications.Values)
        {
            if (application.AllocatedPlaceholders.Pods == 0 || application.Asks.Where(WantsPlace).ToArray() is not { Length: > 0 } members)
            {
                continue;
            }

            var free = application.Allocations.Values.Where(a => a.Ask.IsPlaceholder && a.Release == ReleaseReason.None)
                .OrderBy(a => a.Ask.Sequence).GroupBy(a => a.Ask.TaskGroup ?? "", StringComparer.Ordinal)
                .ToDictionary(g => g.Key, g => g.ToList(), StringComparer.Ordinal);
            foreach (var ask in members)
            {
                if (free.TryGetValue(ask.TaskGroup!, out var placeholders) && placeholders.Count > 0)
                {
                    Replace(application, ask, placeholders);
                }
            }
        }
    }

    private static bool WantsPlace(Ask ask) => !ask.IsPlaceholder && ask.TaskGroup is not null && ask.Replaces is null;

    private void Replace(Application application, Ask ask, List<Allocation> placeholders)
    {
        if (placeholders.Exists(p => !ask.Requests.FitsIn(p.Ask.Requests)))
        {
            var size = placeholders.First(p => !ask.Requests.FitsIn(p.Ask.Requests)).Ask.Requests;
            _effects.Add(new Told(ask, $"Task group '{ask.TaskGroup}' in application '{application.Id}': allocation resources '{ask.Requests}' are not matching placeholder '{size}' allocation with ID '{placeholders[0].Key}'"));
            ReleasePlaceholders(application, "cancel placeholder: resource incompatible", p => p.TaskGroup == ask.TaskGroup);
            placeholders.Clear();
            return;
        }

        var pod = ask.Current();
        var own = placeholders.Find(p => _cluster.Find(p.Node) is { } node && AcceptsInPlace(pod, p, node));
        var node = own?.Node;
        if (own is null && NodePicker.Pick(pod, _cluster, Config) is { } other)
        {
            own = placeholders[0];
            node = other.Name;
            _cluster.AddPod(pod, node); // its room is kept until the placeholder is gone
        }

        if (own is null)
        {
            return;
        }

        placeholders.Remove(own);
        (own.Release, own.Successor, own.SuccessorNode, ask.Replaces) = (ReleaseReason.Replaced, ask, node, own);
        if (application.Placeholders.TryGetValue(ask.TaskGroup!, out var count))
        {
            count.Replaced++;
        }

        _effects.Add(new Release(own.Ask, ReleaseReason.Replaced, $"replacing allocation for placeholder: {ask.Key}"));
    }

    /// <summary>Whether the real pod may be where its placeholder is: the placeholder itself neither takes room nor stands in the way.</summary>
    private bool AcceptsInPlace(PodInfo pod, Allocation placeholder, NodeInfo node)
    {
        _cluster.RemovePod(placeholder.Key);
        try
        {
            return NodePicker.Accepts(pod, node, _cluster);
        }
        finally
        {
            _cluster.AddPod(placeholder.Ask.Pod, placeholder.Node);
        }
    }
}
