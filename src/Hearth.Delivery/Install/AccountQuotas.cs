using System.Text.Json.Nodes;
using Hearth.Delivery.Cloud;
using Hearth.Platform;

namespace Hearth.Delivery.Install;

/// <summary>What the account allows of things that are declared in numbers, as Service Quotas tells it: raised quotas count as raised.</summary>
internal sealed class AccountQuotas(AwsCalls aws)
{
    /// <summary>What is declared beyond its quota. An account that does not tell its quotas is not held up by that.</summary>
    public async Task<IReadOnlyList<PlatformFault>> FaultsAsync(PlatformDeclaration platform, CancellationToken cancellation)
    {
        JsonNode? answer;
        try
        {
            answer = await aws.FindAsync(cancellation, "service-quotas", "list-service-quotas", "--service-code", "eks").ConfigureAwait(false);
        }
        catch (DeliveryException)
        {
            return [];
        }

        return [.. Faults(platform, (answer?["Quotas"] as JsonArray ?? []).ToLookup(q => q?["QuotaName"]?.GetValue<string>() ?? "", q => q?["Value"]?.GetValue<double>() ?? double.MaxValue))];
    }

    private static IEnumerable<PlatformFault> Faults(PlatformDeclaration platform, ILookup<string, double> quotas)
    {
        var groups = platform.NodeGroups.SelectMany(g => g.Expand(platform.Network.Zones)).Count();
        if (quotas["Managed node groups per cluster"].FirstOrDefault(double.MaxValue) is var mostGroups && groups > mostGroups)
        {
            yield return new PlatformFault("spec.nodeGroups", $"{groups} node groups, one a zone counted each; this account allows {mostGroups:0} a cluster: declare fewer, or raise the quota of EKS");
        }

        var mostNodes = quotas["Nodes per managed node group"].FirstOrDefault(double.MaxValue);
        for (var i = 0; i < platform.NodeGroups.Count; i++)
        {
            if (platform.NodeGroups[i].MaxSize > mostNodes)
            {
                yield return new PlatformFault($"spec.nodeGroups[{i}].maxSize", $"{platform.NodeGroups[i].MaxSize} nodes; this account allows {mostNodes:0} a group: declare fewer, or raise the quota of EKS");
            }
        }
    }
}
