using System.Globalization;
using Hearth.Cli.CommandLine;
using Hearth.Kube.Client;
using Hearth.Scheduling.Pricing;

namespace Hearth.Cli.Commands.Demo;

/// <summary>What the nodes under a job cost so far, from the platform's ledger.</summary>
internal static class NodeCosts
{
    public static async Task PrintAsync(CliContext context, IKubeClient client, IReadOnlyCollection<string> nodes, CancellationToken ct)
    {
        var now = context.Clock.GetUtcNow();
        var records = await client.ListAsync<NodeRecord>(null, ListOptions.All, ct).ConfigureAwait(false);
        var total = 0m;
        context.Print("What the nodes cost (simulated EC2 instances at packaged list prices: nothing is billed)");
        foreach (var record in records.Where(r => nodes.Contains(r.Spec?.NodeName ?? "")).OrderBy(r => r.Spec!.StartedAt).ThenBy(r => r.Spec!.NodeName, StringComparer.Ordinal))
        {
            var spec = record.Spec!;
            var cost = record.Cost(now);
            var time = (record.Status?.EndedAt ?? now) - (spec.StartedAt ?? now);
            total += cost?.Total ?? 0;
            context.Print(string.Create(CultureInfo.InvariantCulture,
                $"  {spec.NodeName,-42} {spec.InstanceType,-12} {spec.CapacityType,-10} {spec.Zone,-11} {time.TotalSeconds,6:0} s  {record.PricePerHour,8:0.0000} $/h  {cost?.Total,10:0.000000} $"));
        }

        context.Print(string.Create(CultureInfo.InvariantCulture, $"  {"total",-87} {total,21:0.000000} $"));
        foreach (var basis in records.Select(r => r.Spec?.PriceBasis).OfType<string>().Distinct(StringComparer.Ordinal))
        {
            context.Print($"  prices: {basis}");
        }
    }
}
