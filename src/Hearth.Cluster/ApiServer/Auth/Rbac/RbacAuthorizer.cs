using Hearth.Cluster.ApiServer.Core;
using Hearth.Cluster.ApiServer.Registry;
using Hearth.Cluster.Store;

namespace Hearth.Cluster.ApiServer.Auth.Rbac;

/// <summary>Decides by the roles and bindings in the store; the group system:masters may do everything.</summary>
internal sealed class RbacAuthorizer(ObjectReader reader) : IAuthorizer, ICommitListener
{
    private const string Group = "rbac.authorization.k8s.io";
    private volatile RbacSnapshot? _snapshot;

    public bool IsAllowed(UserInfo user, AccessRequest request, out string reason)
    {
        if (user.Groups.Contains(UserInfo.Masters, StringComparer.Ordinal))
        {
            reason = "";
            return true;
        }

        foreach (var grant in Snapshot.For(user, request.Namespace))
        {
            // Paths are granted for the whole cluster only.
            if ((request.Path is null || grant.Namespace is null) && grant.Rules.Any(r => r.Allows(request)))
            {
                reason = grant.Description;
                return true;
            }
        }

        reason = "";
        return false;
    }

    /// <summary>Every rule that holds for a user in a namespace.</summary>
    public IReadOnlyList<RbacRule> RulesFor(UserInfo user, string? ns)
    {
        if (user.Groups.Contains(UserInfo.Masters, StringComparer.Ordinal))
        {
            string[] any = ["*"];
            return [new RbacRule(any, any, any, [], []), new RbacRule(any, [], [], [], any), .. Granted(user, ns)];
        }

        return [.. Granted(user, ns)];
    }

    /// <summary>Forgets what was read when a role or binding changes; reads again when asked.</summary>
    public ValueTask CommittedAsync(ResourceDefinition resource, ChangeType type, StoredObject written, bool created, CancellationToken ct)
    {
        if (resource.Type.Group == Group)
        {
            _snapshot = null;
        }

        return ValueTask.CompletedTask;
    }

    private RbacSnapshot Snapshot => _snapshot ??= RbacSnapshot.Read(reader);

    private IEnumerable<RbacRule> Granted(UserInfo user, string? ns) => Snapshot.For(user, ns).SelectMany(g => g.Rules);
}
