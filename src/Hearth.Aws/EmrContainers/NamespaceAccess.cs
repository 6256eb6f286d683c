using Hearth.Aws.Signing;

namespace Hearth.Aws.EmrContainers;

/// <summary>
/// A team may do everything in its own namespace, and with the job templates and security configurations that it has made; it sees nothing of
/// other teams. The administrator may do everything.
/// </summary>
internal sealed class NamespaceAccess(IReadOnlyDictionary<string, string> teams) : IEmrAccess
{
    /// <inheritdoc/>
    public bool AllowsEverything(AwsCredential caller) => caller.IsAdmin;

    /// <inheritdoc/>
    public bool Allows(AwsCredential caller, EmrAction action) => caller.IsAdmin || action switch
    {
        { Namespace: { } ns } => teams.TryGetValue(ns, out var team) && string.Equals(team, caller.Team, StringComparison.Ordinal),
        { Operation: "CreateVirtualCluster" } => false,
        { CreatedBy: { } creator } => string.Equals(creator, caller.PrincipalArn, StringComparison.Ordinal),
        _ => action.Resource is "*",
    };
}
