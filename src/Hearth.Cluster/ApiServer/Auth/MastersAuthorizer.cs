namespace Hearth.Cluster.ApiServer.Auth;

/// <summary>Only the platform itself may do anything.</summary>
internal sealed class MastersAuthorizer : IAuthorizer
{
    public bool IsAllowed(UserInfo user, AccessRequest request, out string reason)
    {
        reason = "";
        return user.Groups.Contains(UserInfo.Masters, StringComparer.Ordinal);
    }
}
