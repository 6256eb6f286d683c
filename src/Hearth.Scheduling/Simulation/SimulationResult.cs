namespace Hearth.Scheduling.Simulation;

/// <summary>What became of a job.</summary>
/// <param name="Submission">The job.</param>
/// <param name="Started">When its driver first had a place; null for never.</param>
/// <param name="Complete">When all its executors first ran at once; null for never.</param>
/// <param name="Finished">When it was done; null for never.</param>
/// <param name="LostExecutors">Executors that it lost to interruptions and preemption.</param>
/// <param name="Restarts">How often it lost its driver and began anew.</param>
/// <param name="CoreHours">Requested vCPU times the hours that they were held.</param>
/// <param name="Problem">Why it did not finish, or null.</param>
public sealed record JobOutcome(
    Submission Submission, TimeSpan? Started, TimeSpan? Complete, TimeSpan? Finished, int LostExecutors, int Restarts, double CoreHours, string? Problem)
{
    /// <summary>From its arrival until its driver had a place.</summary>
    public TimeSpan? Wait => Started - Submission.Arrival;

    /// <summary>How many times as long as alone on nodes that are there.</summary>
    public double? Slowdown => Finished is { } end ? (end - Submission.Arrival) / Submission.Duration : null;
}

/// <summary>A node that was launched.</summary>
/// <param name="Origin">Pool or group.</param>
/// <param name="Launched">Paid from here.</param>
/// <param name="Ended">Paid until here.</param>
/// <param name="Interrupted">It was a spot node and was taken back.</param>
public sealed record NodeOutcome(string Name, string Origin, string Type, string CapacityType, decimal PricePerHour, TimeSpan Launched, TimeSpan Ended, bool Interrupted)
{
    /// <summary>USD.</summary>
    public decimal Cost => PricePerHour * (decimal)(Ended - Launched).TotalHours;
}

/// <summary>What became of a trace.</summary>
/// <param name="Jobs">In the order of the trace.</param>
/// <param name="Nodes">In the order of their launch.</param>
/// <param name="End">When the last job was done.</param>
/// <param name="CpuUse">Share (0-1) of the launched nodes' vCPU hours that pods had requested; null when nothing was launched.</param>
public sealed record SimulationResult(IReadOnlyList<JobOutcome> Jobs, IReadOnlyList<NodeOutcome> Nodes, TimeSpan End, double? CpuUse)
{
    /// <summary>vCPU times the hours that YuniKorn's placeholders held them.</summary>
    public double PlaceholderCoreHours { get; init; }

    /// <summary>Launches that were refused for want of capacity.</summary>
    public int Refusals { get; init; }

    /// <summary>Decisions to remove nodes with pods, or to replace them by a cheaper one.</summary>
    public int Consolidations { get; init; }

    /// <summary>USD of all launched nodes.</summary>
    public decimal Cost => Nodes.Sum(n => n.Cost);

    /// <summary>Mean slowdown of each queue's jobs that were done.</summary>
    public IReadOnlyDictionary<string, double> Slowdowns { get; } = Jobs.Where(j => j.Slowdown is not null).GroupBy(j => j.Submission.Queue, StringComparer.Ordinal)
        .ToDictionary(g => g.Key, g => g.Average(j => j.Slowdown!.Value), StringComparer.Ordinal);

    /// <summary>
    /// Jain's index over the queues' mean slowdowns: 1 when every queue's jobs are slowed down alike, 1/n when one bears it all. Null when no queue finished a job.
    /// </summary>
    /// <param name="alone">Slowdowns of the same jobs with the platform to themselves: a queue that is slow for its own load is not treated unfairly. Null for 1.</param>
    public double? Fairness(IReadOnlyDictionary<string, double>? alone = null)
    {
        double[] shares = [.. Slowdowns.Select(s => s.Value / (alone?.GetValueOrDefault(s.Key, 1) ?? 1))];
        return shares.Length == 0 ? null : shares.Sum() * shares.Sum() / (shares.Length * shares.Sum(m => m * m));
    }

    /// <summary>The wait that so many (0-1) of the jobs that started did not exceed.</summary>
    public TimeSpan? WaitAt(double share) => WaitAt(Jobs, share);

    /// <summary>The same of some of them.</summary>
    public static TimeSpan? WaitAt(IEnumerable<JobOutcome> jobs, double share)
    {
        var waits = jobs.Select(j => j.Wait).OfType<TimeSpan>().Order().ToArray();
        return waits.Length == 0 ? null : waits[Math.Clamp((int)Math.Ceiling(share * waits.Length) - 1, 0, waits.Length - 1)];
    }
}
