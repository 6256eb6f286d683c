namespace Hearth.Jobs.Controllers.Queueing;

/// <summary>Where a job run stands with respect to its virtual cluster's limit.</summary>
internal enum RunPlace
{
    /// <summary>Accepted; nothing of it is on the cluster.</summary>
    Waiting,

    /// <summary>On the cluster, or on its way there or off it.</summary>
    Active,

    /// <summary>Ended, or deleted.</summary>
    Ended,
}

/// <summary>
/// Slots of virtual clusters: at most <c>maxConcurrentJobRuns</c> runs hold one, first come first served; without a limit everybody does at once.
/// A run that is on the cluster already keeps its slot whatever the limit says, so that lowering a limit ends nothing.
/// No clock, no calls; each change costs the logarithm of the queue's length.
/// </summary>
internal sealed class RunSlots
{
    private readonly Dictionary<string, Line> _lines = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (string Cluster, DateTimeOffset Since)> _runs = new(StringComparer.Ordinal);

    /// <summary>Sets a cluster's limit; null is none.</summary>
    /// <returns>Runs that hold a slot from now on.</returns>
    public IReadOnlyList<string> Limit(string cluster, int? limit)
    {
        var line = LineOf(cluster);
        line.Limit = limit;
        return line.Grant();
    }

    /// <summary>Notes where a run stands.</summary>
    /// <param name="cluster">Its virtual cluster.</param>
    /// <param name="run">Its key.</param>
    /// <param name="since">When it was accepted.</param>
    /// <param name="place">Where it stands.</param>
    /// <returns>Runs that hold a slot from now on.</returns>
    public IReadOnlyList<string> Observe(string cluster, string run, DateTimeOffset since, RunPlace place)
    {
        if (place == RunPlace.Ended)
        {
            return Forget(run);
        }

        var line = LineOf(cluster);
        _runs[run] = (cluster, since);
        if (place == RunPlace.Active)
        {
            line.Waiting.Remove((since, run));
            line.Holders.Add(run);
        }
        else if (!line.Holders.Contains(run))
        {
            line.Waiting.Add((since, run));
        }

        return line.Grant();
    }

    /// <summary>Takes a run out, wherever it stands.</summary>
    /// <returns>Runs that hold a slot from now on.</returns>
    public IReadOnlyList<string> Forget(string run)
    {
        if (!_runs.Remove(run, out var known))
        {
            return [];
        }

        var line = LineOf(known.Cluster);
        line.Holders.Remove(run);
        line.Waiting.Remove((known.Since, run));
        return line.Grant();
    }

    /// <summary>Whether a run may be on the cluster.</summary>
    public bool Holds(string run) => _runs.TryGetValue(run, out var known) && LineOf(known.Cluster).Holders.Contains(run);

    private Line LineOf(string cluster)
    {
        if (!_lines.TryGetValue(cluster, out var line))
        {
            _lines[cluster] = line = new Line();
        }

        return line;
    }

    private sealed class Line
    {
        public int? Limit { get; set; }

        public HashSet<string> Holders { get; } = new(StringComparer.Ordinal);

        public SortedSet<(DateTimeOffset Since, string Run)> Waiting { get; } = [];

        public IReadOnlyList<string> Grant()
        {
            List<string>? granted = null;
            while (Waiting.Count > 0 && (Limit is not { } limit || Holders.Count < limit))
            {
                var first = Waiting.Min;
                Waiting.Remove(first);
                Holders.Add(first.Run);
                (granted ??= []).Add(first.Run);
            }

            return granted ?? [];
        }
    }
}
