using System.Globalization;
using System.Text.Json.Nodes;
using Hearth.Cli.Output;
using Hearth.Scheduling.Simulation;

namespace Hearth.Cli.Commands.Plan;

/// <summary>What a trace comes to: a table with one row for each way to run it; for programs every job, node and queue.</summary>
internal sealed record TraceReport(TraceSettings Settings, SimulationRequest Request, IReadOnlyList<TraceOffer> Offers, IReadOnlyDictionary<string, double> Alone)
{
    private const decimal Worthwhile = 0.95m;

    public Listing Listing() => new(
        ["", "OFFER", "$", "NODES", "PEAK", "MEAN WAIT", "P95 WAIT", "DONE AFTER", "CPU USE", "FAIRNESS", "LOST", "WHY NOT"],
        [.. Offers.Select((o, i) => Row(o, i == 0))],
        Document());

    /// <summary>How each queue fared: a row for each offer and queue.</summary>
    public Listing Queues() => new(
        ["OFFER", "QUEUE", "JOBS", "DONE", "MEAN WAIT", "P95 WAIT", "SLOWDOWN", "BESIDE ALONE", "VCPU HOURS"],
        [.. from offer in Offers.Where((o, i) => i == 0 || o.Fits) from queue in ByQueue(offer) select QueueRow(offer, queue)],
        new JsonArray());

    /// <summary>What the table has no column for.</summary>
    public IEnumerable<string> Notes()
    {
        var jobs = Offers[0].Result.Jobs;
        yield return string.Create(CultureInfo.InvariantCulture, $"{jobs.Count} jobs, {jobs.Select(j => j.Submission.Queue).Distinct(StringComparer.Ordinal).Count()} queues, seed {Settings.Seed}; nodes take {Request.BootTime.Shortest.TotalSeconds:0.#}-{Request.BootTime.Longest.TotalSeconds:0.#} s to come (assumed).");
        foreach (var line in DisruptionNotes(Offers[0].Result))
        {
            yield return line;
        }

        if (jobs.Count(j => j.Finished is null) is > 1 and var undone)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{undone} jobs are not done as declared.");
        }

        foreach (var better in Offers.Skip(1).Where(o => o.Fits && Offers[0].Fits && o.Result.Cost < Offers[0].Result.Cost * Worthwhile))
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"Advice: {better.Name} costs {1 - (better.Result.Cost / Offers[0].Result.Cost):P0} less.");
        }

        if (Settings.SpotInterruptions == 0 && Offers.SelectMany(o => o.Result.Nodes).Any(n => n.CapacityType == "spot"))
        {
            yield return "Spot: prices are an assumption, and no node is taken back; say how often with --spot-interruptions.";
        }
    }

    /// <summary>What nodes that went, were refused, or were held for nothing did to the jobs.</summary>
    private static IEnumerable<string> DisruptionNotes(SimulationResult result)
    {
        var restarts = result.Jobs.Sum(j => j.Restarts);
        if (result.Consolidations > 0)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"Consolidation: {result.Consolidations} times nodes with pods were removed or replaced by a cheaper one.");
        }

        if (restarts > 0)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{restarts} times a job lost its driver and began anew: drivers want on-demand nodes and the annotation karpenter.sh/do-not-disrupt: \"true\".");
        }

        if (result.PlaceholderCoreHours >= 0.1)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"Gangs: placeholders held {result.PlaceholderCoreHours:0.0} vCPU hours, beside {result.Jobs.Sum(j => j.CoreHours):0.0} of the jobs' pods.");
        }

        if (result.Refusals > 0)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"Capacity: {result.Refusals} launches were refused, as declared (spec.simulation).");
        }
    }

    private static IEnumerable<IGrouping<string, JobOutcome>> ByQueue(TraceOffer offer) =>
        offer.Result.Jobs.GroupBy(j => j.Submission.Queue, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal);

    private string[] QueueRow(TraceOffer offer, IGrouping<string, JobOutcome> queue) =>
    [
        offer.Name,
        queue.Key.Length > 0 ? queue.Key : "(none)",
        queue.Count().ToString(CultureInfo.InvariantCulture),
        queue.Count(j => j.Finished is not null).ToString(CultureInfo.InvariantCulture),
        Text(Mean(queue)),
        Text(SimulationResult.WaitAt(queue, 0.95)),
        queue.Average(j => j.Slowdown)?.ToString("0.0", CultureInfo.InvariantCulture) ?? "",
        TimesAlone(queue) is { } times ? string.Create(CultureInfo.InvariantCulture, $"{times:0.0} x") : "",
        queue.Sum(j => j.CoreHours).ToString("0.0", CultureInfo.InvariantCulture),
    ];

    /// <summary>How many times as slow as with the platform to itself.</summary>
    private double? TimesAlone(IGrouping<string, JobOutcome> queue) =>
        Alone.TryGetValue(queue.Key, out var alone) ? queue.Average(j => j.Slowdown) / alone : null;

    private string[] Row(TraceOffer offer, bool chosen)
    {
        var result = offer.Result;
        return
        [
            chosen ? offer.Fits ? "✓" : "✗" : "",
            offer.Name,
            result.Cost.ToString("0.00", CultureInfo.InvariantCulture),
            result.Nodes.Count.ToString(CultureInfo.InvariantCulture),
            Peak(result).ToString(CultureInfo.InvariantCulture),
            Text(Mean(result.Jobs)),
            Text(result.WaitAt(0.95)),
            Text(result.End),
            result.CpuUse?.ToString("P0", CultureInfo.InvariantCulture) ?? "",
            result.Fairness(Alone)?.ToString("0.00", CultureInfo.InvariantCulture) ?? "",
            result.Jobs.Sum(j => j.LostExecutors + j.Restarts).ToString(CultureInfo.InvariantCulture),
            offer.Refusal ?? "",
        ];
    }

    private static TimeSpan? Mean(IEnumerable<JobOutcome> jobs)
    {
        var waits = jobs.Select(j => j.Wait).OfType<TimeSpan>().ToArray();
        return waits.Length == 0 ? null : TimeSpan.FromSeconds(waits.Average(w => w.TotalSeconds));
    }

    /// <summary>Most nodes at a time.</summary>
    private static int Peak(SimulationResult result)
    {
        var (now, peak) = (0, 0);
        foreach (var (_, change) in result.Nodes.Select(n => (At: n.Launched, Change: 1)).Concat(result.Nodes.Select(n => (At: n.Ended, Change: -1))).OrderBy(c => c.At).ThenBy(c => c.Change))
        {
            now += change;
            peak = Math.Max(peak, now);
        }

        return peak;
    }

    private static string Text(TimeSpan? time) => time is not { } known
        ? ""
        : known.TotalHours >= 1 ? string.Create(CultureInfo.InvariantCulture, $"{(int)known.TotalHours}h{known.Minutes:00}m")
        : known.TotalMinutes >= 1 ? string.Create(CultureInfo.InvariantCulture, $"{known.Minutes}m{known.Seconds:00}s")
        : string.Create(CultureInfo.InvariantCulture, $"{known.TotalSeconds:0.#}s");

    private JsonObject Document() => new()
    {
        ["trace"] = Settings.File,
        ["seed"] = Settings.Seed,
        ["spotInterruptionsPerHour"] = Settings.SpotInterruptions,
        ["offers"] = new JsonArray([.. Offers.Select((o, i) => (JsonNode)Offer(o, i == 0))]),
        ["notes"] = new JsonArray([.. Notes().Select(n => (JsonNode)n)]),
    };

    private JsonObject Offer(TraceOffer offer, bool chosen) => new()
    {
        ["name"] = offer.Name,
        ["chosen"] = chosen,
        ["fits"] = offer.Fits,
        ["refusal"] = offer.Refusal,
        ["cost"] = offer.Result.Cost,
        ["endSeconds"] = offer.Result.End.TotalSeconds,
        ["meanWaitSeconds"] = Mean(offer.Result.Jobs)?.TotalSeconds,
        ["p95WaitSeconds"] = offer.Result.WaitAt(0.95)?.TotalSeconds,
        ["cpuUse"] = offer.Result.CpuUse,
        ["fairness"] = offer.Result.Fairness(Alone),
        ["consolidations"] = offer.Result.Consolidations,
        ["refusedLaunches"] = offer.Result.Refusals,
        ["placeholderCoreHours"] = offer.Result.PlaceholderCoreHours,
        ["peakNodes"] = Peak(offer.Result),
        ["queues"] = new JsonArray([.. ByQueue(offer).Select(g => (JsonNode)new JsonObject
        {
            ["queue"] = g.Key, ["jobs"] = g.Count(), ["done"] = g.Count(j => j.Finished is not null), ["meanWaitSeconds"] = Mean(g)?.TotalSeconds,
            ["p95WaitSeconds"] = SimulationResult.WaitAt(g, 0.95)?.TotalSeconds, ["meanSlowdown"] = g.Average(j => j.Slowdown), ["slowdownBesideAlone"] = TimesAlone(g), ["coreHours"] = g.Sum(j => j.CoreHours),
        })]),
        ["jobs"] = new JsonArray([.. offer.Result.Jobs.Select(j => (JsonNode)new JsonObject
        {
            ["name"] = j.Submission.Name, ["queue"] = j.Submission.Queue, ["user"] = j.Submission.User, ["arrivalSeconds"] = j.Submission.Arrival.TotalSeconds,
            ["startedSeconds"] = j.Started?.TotalSeconds, ["completeSeconds"] = j.Complete?.TotalSeconds, ["finishedSeconds"] = j.Finished?.TotalSeconds,
            ["slowdown"] = j.Slowdown, ["coreHours"] = j.CoreHours, ["lostExecutors"] = j.LostExecutors, ["restarts"] = j.Restarts, ["problem"] = j.Problem,
        })]),
        ["nodes"] = new JsonArray([.. offer.Result.Nodes.Select(n => (JsonNode)new JsonObject
        {
            ["name"] = n.Name, ["origin"] = n.Origin, ["type"] = n.Type, ["capacityType"] = n.CapacityType, ["pricePerHour"] = n.PricePerHour,
            ["launchedSeconds"] = n.Launched.TotalSeconds, ["endedSeconds"] = n.Ended.TotalSeconds, ["cost"] = n.Cost, ["interrupted"] = n.Interrupted,
        })]),
    };
}
