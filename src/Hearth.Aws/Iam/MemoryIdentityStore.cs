using System.Collections.Concurrent;
using Hearth.Aws.Iam.Resources;

namespace Hearth.Aws.Iam;

/// <summary>Identities that live as long as this object.</summary>
public sealed class MemoryIdentityStore : IIdentityStore
{
    private readonly ConcurrentDictionary<string, IamRole> roles = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, IamUser> users = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, IamPolicy> policies = new(StringComparer.Ordinal);

    /// <summary>A store with what is given.</summary>
    public MemoryIdentityStore(IEnumerable<IamRole>? roles = null, IEnumerable<IamUser>? users = null, IEnumerable<IamPolicy>? policies = null)
    {
        foreach (var role in roles ?? [])
        {
            this.roles[role.Spec.RoleName] = role;
        }

        foreach (var user in users ?? [])
        {
            this.users[user.Spec.UserName] = user;
        }

        foreach (var policy in policies ?? [])
        {
            this.policies[policy.Spec.PolicyName] = policy;
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<IamRole> Roles => [.. roles.OrderBy(r => r.Key, StringComparer.Ordinal).Select(r => r.Value)];

    /// <inheritdoc/>
    public IReadOnlyList<IamUser> Users => [.. users.OrderBy(u => u.Key, StringComparer.Ordinal).Select(u => u.Value)];

    /// <inheritdoc/>
    public IReadOnlyList<IamPolicy> Policies => [.. policies.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => p.Value)];

    /// <inheritdoc/>
    public IamRole? FindRole(string name) => roles.GetValueOrDefault(name);

    /// <inheritdoc/>
    public IamUser? FindUser(string name) => users.GetValueOrDefault(name);

    /// <inheritdoc/>
    public IamPolicy? FindPolicy(string name) => policies.GetValueOrDefault(name);

    /// <inheritdoc/>
    public Task SaveAsync(IamRole role, CancellationToken ct)
    {
        roles[role.Spec.RoleName] = role;
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task SaveAsync(IamUser user, CancellationToken ct)
    {
        users[user.Spec.UserName] = user;
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task SaveAsync(IamPolicy policy, CancellationToken ct)
    {
        policies[policy.Spec.PolicyName] = policy;
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task DeleteAsync(IamRole role, CancellationToken ct)
    {
        roles.TryRemove(role.Spec.RoleName, out _);
        return Task.CompletedTask;
    }
}
