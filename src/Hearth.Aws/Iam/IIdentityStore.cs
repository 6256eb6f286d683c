using Hearth.Aws.Iam.Resources;

namespace Hearth.Aws.Iam;

/// <summary>Roles, users and policies. Reads are from memory and see every write of this process at once.</summary>
public interface IIdentityStore
{
    /// <summary>All roles, by name.</summary>
    IReadOnlyList<IamRole> Roles { get; }

    /// <summary>All users, by name.</summary>
    IReadOnlyList<IamUser> Users { get; }

    /// <summary>All customer managed policies, by name.</summary>
    IReadOnlyList<IamPolicy> Policies { get; }

    /// <summary>A role by its name, or null.</summary>
    IamRole? FindRole(string name);

    /// <summary>A user by its name, or null.</summary>
    IamUser? FindUser(string name);

    /// <summary>A customer managed policy by its name, or null.</summary>
    IamPolicy? FindPolicy(string name);

    /// <summary>Stores a role, new or changed.</summary>
    Task SaveAsync(IamRole role, CancellationToken ct);

    /// <summary>Stores a user, new or changed.</summary>
    Task SaveAsync(IamUser user, CancellationToken ct);

    /// <summary>Stores a policy, new or changed.</summary>
    Task SaveAsync(IamPolicy policy, CancellationToken ct);

    /// <summary>Removes a role.</summary>
    Task DeleteAsync(IamRole role, CancellationToken ct);
}
