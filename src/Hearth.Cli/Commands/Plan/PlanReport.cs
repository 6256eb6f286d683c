using System.Globalization;
using System.Text.Json.Nodes;
using Hearth.Cli.Output;
using Hearth.Scheduling.Planning;
using Hearth.Scheduling.YuniKorn.Configuration;
using Hearth.Scheduling.YuniKorn.Gangs;

namespace Hearth.Cli.Commands.Plan;

/// <summary>What a plan says: a table of offers, and below it the gang, prices that are assumed, and advice.</summary>
internal sealed record PlanReport(PlanJob Job, IReadOnlyList<PlanOffer> Offers, PlacementPlan? Gang, TimeSpan Duration)
{
    /// <summary>An offer must be this much cheaper to be worth a word.</summary>
    private const decimal Worthwhile = 0.95m;

    private const string StartUp = "at once embedded; 30-60 s on AWS (assumed)";

    private PlanOffer Chosen => Offers[0];

    public Listing Listing() => new(
        ["", "OFFER", "NODES", "ZONES", "CAPACITY", "$/H", "$ FOR THE JOB", "CPU", "MEMORY", "WHY NOT"],
        [.. Offers.Select(Row)],
        Document());

    /// <summary>What the table has no column for.</summary>
    public IEnumerable<string> Notes()
    {
        if (Chosen.Fits)
        {
            yield return Chosen.Plan.Launches.Any() ? $"Start-up: nodes are there {StartUp}." : "Start-up: the nodes are there already.";
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

        foreach (var basis in Offers.SelectMany(o => o.Plan.Launches).Select(n => n.PriceBasis).OfType<Scheduling.Catalog.PriceBasis>().Where(b => b.IsAssumption).Select(b => b.Text).Distinct(StringComparer.Ordinal).Take(1))
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
            ? string.Create(CultureInfo.InvariantCulture, $"Gang: {members} placeholders, {QueueAmounts.From(TaskGroup.Total(Job.Gang))}, fit: {NodesOf(Gang)} at {Gang.PricePerHour:0.0000} $/h.")
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
            plan.Launches.Any() ? NodesOf(plan) : offer.Fits ? "present nodes" : "-",
            string.Join(',', plan.Launches.Select(n => n.Zone).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)),
            string.Join(',', plan.Launches.Select(n => n.CapacityType).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)),
            offer.Fits ? plan.PricePerHour.ToString("0.0000", CultureInfo.InvariantCulture) : "",
            offer.Fits ? (plan.PricePerHour * hours).ToString("0.0000", CultureInfo.InvariantCulture) : "",
            Percent(plan.CpuShare),
            Percent(plan.MemoryShare),
            offer.Refusal ?? "",
        ];
    }

    private static string NodesOf(PlacementPlan plan) =>
        string.Join(", ", plan.Launches.CountBy(n => n.Type, StringComparer.Ordinal).Select(n => string.Create(CultureInfo.InvariantCulture, $"{n.Value} x {n.Key}")));

    private static string Percent(double? share) => share is { } value ? value.ToString("P0", CultureInfo.InvariantCulture) : "";

    private JsonObject Document() => new()
    {
        ["request"] = Job.Name,
        ["executors"] = Job.Executors,
        ["durationSeconds"] = Duration.TotalSeconds,
        ["startUp"] = StartUp,
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
        ["priceForJob"] = offer.Plan.PricePerHour * (decimal)Duration.TotalHours,
        ["cpuShare"] = offer.Plan.CpuShare,
        ["memoryShare"] = offer.Plan.MemoryShare,
        ["nodes"] = new JsonArray([.. offer.Plan.Nodes.Where(n => n.IsNew || n.Node.Pods.Count > 0).Select(n => (JsonNode)new JsonObject
        {
            ["origin"] = n.Origin, ["type"] = n.Type, ["zone"] = n.Zone, ["capacityType"] = n.CapacityType, ["new"] = n.IsNew,
            ["pricePerHour"] = n.IsNew ? n.PricePerHour : null, ["priceBasis"] = n.PriceBasis?.Text,
            ["pods"] = new JsonArray([.. n.Node.Pods.Select(p => p.Name).Order(StringComparer.Ordinal).Select(p => (JsonNode)p)]),
        })]),
        ["unplaced"] = new JsonArray([.. offer.Plan.Unplaced.Select(u => (JsonNode)new JsonObject { ["pod"] = u.Pod.Name, ["scheduler"] = u.Scheduler, ["provisioner"] = u.Provisioner })]),
    };
}
