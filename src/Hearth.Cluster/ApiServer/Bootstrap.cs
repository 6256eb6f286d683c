using System.Text.Json.Nodes;
using Hearth.Cluster.ApiServer.Auth;
using Hearth.Cluster.ApiServer.Auth.Rbac;
using Hearth.Cluster.ApiServer.Core;
using Hearth.Cluster.ApiServer.Kinds;
using Hearth.Cluster.ApiServer.Registry;
using Hearth.Kube.Client;

namespace Hearth.Cluster.ApiServer;

/// <summary>Puts into a new store what every cluster has, and back what somebody deleted.</summary>
internal sealed class Bootstrap(ApiCore core)
{
    private static readonly string[] Namespaces = ["default", "kube-node-lease", "kube-public", "kube-system"];

    private readonly ApiCall _call = new(UserInfo.Master("system:apiserver"));

    public async Task RunAsync(CancellationToken ct)
    {
        foreach (var name in Namespaces)
        {
            await EnsureAsync(CoreKinds.Namespaces, null, new JsonObject { ["metadata"] = new JsonObject { ["name"] = name } }, ct).ConfigureAwait(false);
        }

        foreach (var role in DefaultRoles.ClusterRoles())
        {
            await EnsureAsync(RbacKinds.ClusterRoles, null, role, ct).ConfigureAwait(false);
        }

        foreach (var binding in DefaultRoles.ClusterRoleBindings())
        {
            await EnsureAsync(RbacKinds.ClusterRoleBindings, null, binding, ct).ConfigureAwait(false);
        }
    }

    private async Task EnsureAsync(ResourceDefinition definition, string? ns, JsonObject body, CancellationToken ct)
    {
        if (core.Reader.Find(definition, ns, body.Name()!) is not null)
        {
            return;
        }

        try
        {
            await core.Creator.CreateAsync(_call, definition, ns, body, ct).ConfigureAwait(false);
        }
        catch (KubeException e) when (e.IsAlreadyExists)
        {
            // Somebody else was faster; the result is the same.
        }
    }
}
