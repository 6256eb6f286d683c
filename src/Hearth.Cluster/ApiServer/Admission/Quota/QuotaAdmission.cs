using System.Text.Json.Nodes;
using Hearth.Cluster.ApiServer.Core;
using Hearth.Kube.Quantities;

namespace Hearth.Cluster.ApiServer.Admission.Quota;

/// <summary>Refuses new objects that a quota of their namespace has no room for.</summary>
internal sealed class QuotaAdmission(QuotaLedger ledger) : IAdmission
{
    public void Validate(AdmissionRequest request)
    {
        if (request.Operation != AdmissionOperation.Create || request.Namespace is null)
        {
            return;
        }

        var isPod = request.Is("", "pods");
        foreach (var quota in ledger.Quotas(request.Namespace))
        {
            if (QuotaScopes.Match(quota.Obj("spec"), isPod, request.Object))
            {
                Check(request, quota, isPod);
            }
        }
    }

    private void Check(AdmissionRequest request, JsonObject quota, bool isPod)
    {
        var hard = QuotaLedger.Hard(quota);
        if (isPod)
        {
            CheckSpecified(request, quota, hard.Keys);
        }

        var wanted = QuotaUsage.Of(request.Resource.Type, request.Object).Where(w => hard.ContainsKey(w.Key)).ToList();
        if (wanted.Count == 0)
        {
            return;
        }

        var used = ledger.Used(quota);
        var over = wanted.Where(w => used[w.Key] + w.Value > hard[w.Key]).OrderBy(w => w.Key, StringComparer.Ordinal).ToList();
        if (over.Count > 0)
        {
            throw ApiErrors.Forbidden(
                request.Resource.Type,
                request.Name,
                $"exceeded quota: {quota.Name()}, requested: {List(over.Select(o => (o.Key, o.Value)))}, used: {List(over.Select(o => (o.Key, used[o.Key])))}, limited: {List(over.Select(o => (o.Key, hard[o.Key])))}");
        }
    }

    private static void CheckSpecified(AdmissionRequest request, JsonObject quota, IEnumerable<string> constrained)
    {
        var missing = constrained.Order(StringComparer.Ordinal)
            .Select(c => (Name: c, Containers: QuotaUsage.Unspecified(request.Object.Obj("spec"), c).ToList()))
            .Where(m => m.Containers.Count > 0)
            .Select(m => $"{m.Name} for: {string.Join(",", m.Containers)}").ToList();
        if (missing.Count > 0)
        {
            throw ApiErrors.Forbidden(request.Resource.Type, request.Name, $"failed quota: {quota.Name()}: must specify {string.Join("; ", missing)}");
        }
    }

    private static string List(IEnumerable<(string Name, Quantity Amount)> amounts) => string.Join(",", amounts.Select(a => $"{a.Name}={a.Amount}"));
}
