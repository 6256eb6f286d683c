using System.Text.Json.Nodes;
using Hearth.Cluster.ApiServer.Auth;
using Hearth.Cluster.ApiServer.Core;
using Hearth.Cluster.ApiServer.Kinds;
using Hearth.Cluster.ApiServer.Registry;
using Hearth.Cluster.Store;
using Hearth.Kube.Client;

namespace Hearth.Cluster.ApiServer.Admission.Quota;

/// <summary>Writes into the quotas of a namespace what is used, whenever that can have changed.</summary>
internal sealed class QuotaStatus(QuotaLedger ledger, ObjectUpdater updater) : ICommitListener
{
    private readonly ApiCall _call = new(UserInfo.Master("system:apiserver"));

    public async ValueTask CommittedAsync(ResourceDefinition resource, ChangeType type, StoredObject written, bool created, CancellationToken ct)
    {
        if (written.Namespace is not { } ns || !Matters(resource, type, written, created))
        {
            return;
        }

        foreach (var quota in ledger.Quotas(ns))
        {
            try
            {
                await UpdateAsync(ns, quota).ConfigureAwait(false);
            }
            catch (KubeException e) when (e.IsNotFound)
            {
                // The quota went away meanwhile.
            }
        }
    }

    /// <summary>Something came, went, or finished; or the quota itself was written.</summary>
    private static bool Matters(ResourceDefinition resource, ChangeType type, StoredObject written, bool created) =>
        created || type == ChangeType.Delete || resource.Type == CoreKinds.ResourceQuotas.Type
        || (resource.Type == CoreKinds.Pods.Type && written.Root.Text("status", "phase") is "Succeeded" or "Failed");

    private async Task UpdateAsync(string ns, JsonObject quota)
    {
        var status = new JsonObject { ["hard"] = quota.At("spec", "hard")?.DeepClone() ?? new JsonObject() };
        var used = status.Ensure("used");
        foreach (var (name, amount) in ledger.Used(quota))
        {
            used[name] = amount.ToString();
        }

        var change = new ObjectChange("status", tree =>
        {
            tree["status"] = status.DeepClone();
            return tree;
        });
        await updater.UpdateAsync(_call, CoreKinds.ResourceQuotas, ns, quota.Name()!, change, CancellationToken.None).ConfigureAwait(false);
    }
}
