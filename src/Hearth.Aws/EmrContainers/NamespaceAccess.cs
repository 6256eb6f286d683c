using Hearth.Aws.Signing;

namespace Hearth.Aws.EmrContainers;

/// <summary>Which team may use which namespace, and so which virtual cluster. The administrator may use all.</summary>
internal sealed class NamespaceAccess(IReadOnlyDictionary<string, string> teams)
{
    /// <summary>Whether a caller may use a namespace.</summary>
    public bool Allows(AwsCredential caller, string? @namespace) =>
        caller.IsAdmin
        || (@namespace is not null && teams.TryGetValue(@namespace, out var team) && string.Equals(team, caller.Team, StringComparison.Ordinal));
}
