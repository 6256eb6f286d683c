using System.Globalization;
using System.Text.Json.Nodes;
using Hearth.Cli.Output;
using Hearth.Scheduling.Planning;
using Hearth.Scheduling.Resources;
using Hearth.Scheduling.YuniKorn.Gangs;

namespace Hearth.Cli.Commands.Plan;

/// <summary>What a plan says: a table of offers, and below it the gang, prices that are assumed, and advice.</summary>
internal sealed record PlanReport(PlanJob Job, PlanTarget Target, IReadOnlyList<PlanOffer> Offers, PlacementPlan? Gang, TimeSpan Duration)
{
    /// <summary>An offer must be this much cheaper to be worth a word.</summary>
    public const decimal Worthwhile = 0.95m;

    private PlanOffer Chosen => Offers[0];

    /// <summary>Some offer goes to nodes that are there anyway: then the bill does not say what it takes.</summary>
    private bool IsOnPresent => Offers.Any(o => o.Fits && o.Plan.PresentInUse.Any());

    public Listing Listing() => new(
        ["", "OFFER", "NODES", "ZONES", "CAPACITY", "$/H", "$ FOR THE JOB", .. IsOnPresent ? ["$/H WITH SHARES"] : Array.Empty<string>(), "START-UP", "CPU", "MEMORY", "WHY NOT"],
        [.. Offers.Select(Row)],
        Document());

    /// <summary>What the table has no column for.</summary>
    public IEnumerable<string> Notes()
    {
        if (Chosen.Fits)
        {
            yield return Chosen.Plan.LaunchesInARow switch
            {
                0 => "Start-up: the nodes are there already.",
                1 => $"Start-up: one launch, {StartUp(Chosen.Plan)} (assumed; embedded nodes are there at once unless spec.simulation says otherwise).",
                var launches => string.Create(CultureInfo.InvariantCulture, $"Start-up: {launches} launches one after the other, {StartUp(Chosen.Plan)} (assumed): executors are asked for when the driver runs."),
            };
            if (Chosen.Plan.PresentInUse.ToArray() is { Length: > 0 } present)
            {
                yield return string.Create(CultureInfo.InvariantCulture, $"Price: the bill grows by {Chosen.Plan.PricePerHour:0.0000} $/h; the job's share of nodes that are there anyway ({Counted(present)}) is worth {Chosen.Plan.UsedPerHour - Chosen.Plan.PricePerHour:0.0000} $/h.");
            }

            if (Target.TimesTheLeast(Chosen.Plan) is { } times)
            {
                yield return string.Create(CultureInfo.InvariantCulture, $"Packing: {times:0.00} x the least that nodes of these pools could cost for these pods (parts of nodes allowed).");
            }
        }

        foreach (var group in Chosen.Plan.Unplaced.GroupBy(u => u.Provisioner, StringComparer.Ordinal))
        {
            yield return $"Does not fit: {string.Join(", ", group.Take(3).Select(u => u.Pod.Name))}{(group.Count() > 3 ? $" and {group.Count() - 3} more" : "")}. {group.Key}; {group.First().Scheduler}";
        }

        foreach (var line in GangNotes())
        {
            yield return line;
        }

        foreach (var better in Offers.Skip(1).Where(o => o.Fits && Chosen.Fits && o.Plan.PricePerHour < Chosen.Plan.PricePerHour * Worthwhile).OrderBy(o => o.Plan.PricePerHour).Take(3))
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"Advice: {better.Name} costs {1 - (better.Plan.PricePerHour / Chosen.Plan.PricePerHour):P0} less.");
        }

        foreach (var basis in Offers.SelectMany(o => o.Plan.Launches).Select(n => n.PriceBasis).OfType<Scheduling.Catalog.PriceBasis>().Where(b => b.IsAssumption).Select(b => b.Text).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            yield return $"Prices: {basis}";
        }
    }

    private IEnumerable<string> GangNotes()
    {
        if (Gang is null)
        {
            yield break;
        }

        var members = Job.Gang.Sum(g => g.MinMember);
        yield return Gang.Unplaced.Count == 0
            ? string.Create(CultureInfo.InvariantCulture, $"Gang: {members} placeholders, {Amounts(TaskGroup.Total(Job.Gang))}, fit: {NodesOf(Gang)} at {Gang.PricePerHour:0.0000} $/h.")
            : string.Create(CultureInfo.InvariantCulture, $"Gang: {Gang.Unplaced.Count} of {members} placeholders do not fit: {Gang.Unplaced[0].Provisioner}. After {Job.Policy.PlaceholderTimeout.TotalSeconds:0} s the job {(Job.Policy.Style == GangStyle.Hard ? "fails" : "goes on without a gang")}.");
        if (members > Job.Executors + 1)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"Gang: {members - Job.Executors - 1} places more than the job has pods are held for {Job.Policy.PlaceholderTimeout.TotalSeconds:0} s.");
        }

        foreach (var ignored in Job.Policy.Ignored)
        {
            yield return $"Gang: {ignored.Text}: {ignored.Why}{(ignored.Suggestion is { } meant ? $"; did you mean {meant}?" : "")}";
        }
    }

    private string[] Row(PlanOffer offer)
    {
        var plan = offer.Plan;
        var hours = (decimal)Duration.TotalHours;
        return
        [
            offer.Chosen ? offer.Fits ? "✓" : "✗" : "",
            offer.Name,
            offer.Fits ? NodesOf(plan) : "-",
            offer.Fits ? Distinct(plan, static n => n.Zone) : "",
            offer.Fits ? Distinct(plan, static n => n.CapacityType) : "",
            offer.Fits ? plan.PricePerHour.ToString("0.0000", CultureInfo.InvariantCulture) : "",
            offer.Fits ? (plan.PricePerHour * hours).ToString("0.0000", CultureInfo.InvariantCulture) : "",
            .. IsOnPresent ? [offer.Fits ? plan.UsedPerHour.ToString("0.0000", CultureInfo.InvariantCulture) : ""] : Array.Empty<string>(),
            offer.Fits ? StartUp(plan) : "",
            offer.Fits ? Percent(plan.CpuShare) : "",
            offer.Fits ? Percent(plan.MemoryShare) : "",
            offer.Refusal ?? "",
        ];
    }

    private string StartUp(PlacementPlan plan)
    {
        var ((shortest, longest), row) = (Target.LaunchDelay, plan.LaunchesInARow);
        return row == 0 ? "now" : string.Create(CultureInfo.InvariantCulture, $"{row * shortest.TotalSeconds:0.#}-{row * longest.TotalSeconds:0.#} s");
    }

    private static string NodesOf(PlacementPlan plan) =>
        string.Join(", ", new[] { Counted(plan.Launches), plan.PresentInUse.Any() ? $"{Counted(plan.PresentInUse)} that are there" : "" }.Where(t => t.Length > 0));

    private static string Counted(IEnumerable<PlanNode> nodes) =>
        string.Join(", ", nodes.CountBy(n => n.Type, StringComparer.Ordinal).Select(n => string.Create(CultureInfo.InvariantCulture, $"{n.Value} x {n.Key}")));

    private static string Distinct(PlacementPlan plan, Func<PlanNode, string> of) =>
        string.Join(',', plan.Launches.Concat(plan.PresentInUse).Select(of).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));

    /// <summary>What people ask about first; the rest under its own name.</summary>
    private static string Amounts(ResourceVector amounts) => string.Join(", ", amounts.Names().Where(n => n != ResourceNames.Pods).Select(n => n switch
    {
        ResourceNames.Cpu => string.Create(CultureInfo.InvariantCulture, $"{amounts.MilliCpu / 1000m:0.###} vCPU"),
        ResourceNames.Memory => string.Create(CultureInfo.InvariantCulture, $"{amounts.Memory / (1024m * 1024 * 1024):0.#} GiB"),
        _ => $"{amounts.Quantity(n)} {n}",
    }));

    private static string Percent(double? share) => share is { } value ? value.ToString("P0", CultureInfo.InvariantCulture) : "";

    private JsonObject Document() => new()
    {
        ["request"] = Job.Name,
        ["executors"] = Job.Executors,
        ["durationSeconds"] = Duration.TotalSeconds,
        ["launchDelaySeconds"] = new JsonArray(Target.LaunchDelay.Shortest.TotalSeconds, Target.LaunchDelay.Longest.TotalSeconds),
        ["offers"] = new JsonArray([.. Offers.Select(Offer)]),
        ["gang"] = Gang is null ? null : new JsonObject
        {
            ["members"] = Job.Gang.Sum(g => g.MinMember), ["fits"] = Gang.Unplaced.Count == 0, ["style"] = Job.Policy.Style.ToString(),
            ["placeholderTimeoutSeconds"] = Job.Policy.PlaceholderTimeout.TotalSeconds, ["pricePerHour"] = Gang.PricePerHour,
        },
        ["notes"] = new JsonArray([.. Notes().Select(n => (JsonNode)n)]),
    };

    private JsonNode Offer(PlanOffer offer) => new JsonObject
    {
        ["name"] = offer.Name,
        ["chosen"] = offer.Chosen,
        ["fits"] = offer.Fits,
        ["pricePerHour"] = offer.Plan.PricePerHour,
        ["usedPerHour"] = offer.Plan.UsedPerHour,
        ["priceForJob"] = offer.Plan.PricePerHour * (decimal)Duration.TotalHours,
        ["launchesInARow"] = offer.Plan.LaunchesInARow,
        ["startUpSeconds"] = new JsonArray(offer.Plan.LaunchesInARow * Target.LaunchDelay.Shortest.TotalSeconds, offer.Plan.LaunchesInARow * Target.LaunchDelay.Longest.TotalSeconds),
        ["timesTheLeastCost"] = Target.TimesTheLeast(offer.Plan),
        ["refusal"] = offer.Refusal,
        ["cpuShare"] = offer.Plan.CpuShare,
        ["memoryShare"] = offer.Plan.MemoryShare,
        ["nodes"] = new JsonArray([.. offer.Plan.Nodes.Where(n => n.IsNew || n.Node.Pods.Count > 0).Select(n => (JsonNode)new JsonObject
        {
            ["origin"] = n.Origin, ["type"] = n.Type, ["zone"] = n.Zone, ["capacityType"] = n.CapacityType, ["new"] = n.IsNew,
            ["pricePerHour"] = n.PriceBasis is null ? null : n.PricePerHour, ["priceBasis"] = n.PriceBasis?.Text,
            ["pods"] = new JsonArray([.. n.Node.Pods.Select(p => p.Name).Order(StringComparer.Ordinal).Select(p => (JsonNode)p)]),
        })]),
        ["unplaced"] = new JsonArray([.. offer.Plan.Unplaced.Select(u => (JsonNode)new JsonObject { ["pod"] = u.Pod.Name, ["scheduler"] = u.Scheduler, ["provisioner"] = u.Provisioner })]),
    };
}
