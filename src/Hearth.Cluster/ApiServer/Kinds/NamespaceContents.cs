using System.Text.Json.Nodes;
using Hearth.Cluster.ApiServer.Auth;
using Hearth.Cluster.ApiServer.Core;
using Hearth.Cluster.ApiServer.Registry;
using Hearth.Cluster.Store;
using Hearth.Kube.Client;

namespace Hearth.Cluster.ApiServer.Kinds;

/// <summary>
/// Puts service account <c>default</c> and config map <c>kube-root-ca.crt</c> into a namespace as it is created, so that a pod can follow at once. A controller
/// puts them back when somebody deletes them.
/// </summary>
internal sealed class NamespaceContents(ObjectCreator creator, string caPem) : ICommitListener
{
    private readonly ApiCall _call = new(UserInfo.Master("system:apiserver"));

    public async ValueTask CommittedAsync(ResourceDefinition resource, ChangeType type, StoredObject written, bool created, CancellationToken ct)
    {
        if (!created || resource.Type != CoreKinds.Namespaces.Type)
        {
            return;
        }

        await CreateAsync(CoreKinds.ServiceAccounts, written.Name, Named("default")).ConfigureAwait(false);
        var bundle = Named("kube-root-ca.crt");
        bundle["data"] = new JsonObject { ["ca.crt"] = caPem };
        await CreateAsync(CoreKinds.ConfigMaps, written.Name, bundle).ConfigureAwait(false);
    }

    private static JsonObject Named(string name) => new() { ["metadata"] = new JsonObject { ["name"] = name } };

    private async Task CreateAsync(ResourceDefinition definition, string ns, JsonObject body)
    {
        try
        {
            // Not cancelled with the request: the namespace is there already.
            await creator.CreateAsync(_call, definition, ns, body, CancellationToken.None).ConfigureAwait(false);
        }
        catch (KubeException e) when (e.IsAlreadyExists || e.IsNotFound || e.Code == 403)
        {
            // Somebody was faster, or the namespace is going again.
        }
    }
}
