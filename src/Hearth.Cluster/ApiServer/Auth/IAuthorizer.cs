namespace Hearth.Cluster.ApiServer.Auth;

/// <summary>What somebody wants to do, as roles see it.</summary>
/// <param name="Verb">For example <c>get</c>, <c>list</c>, <c>create</c>; of a path: the HTTP method in lower case.</param>
/// <param name="Group">API group; empty for core.</param>
/// <param name="Resource">Plural; empty for a path.</param>
/// <param name="Subresource">For example <c>log</c>; null for none.</param>
/// <param name="Namespace">Null for cluster scope, and for all namespaces.</param>
/// <param name="Name">Null when no single object is meant.</param>
/// <param name="Path">Of a request that is not about a resource; null otherwise.</param>
internal sealed record AccessRequest(string Verb, string Group, string Resource, string? Subresource, string? Namespace, string? Name, string? Path = null)
{
    public static AccessRequest ForPath(string verb, string path) => new(verb, "", "", null, null, null, path);

    /// <summary><c>pods</c> or <c>pods/log</c>.</summary>
    public string QualifiedResource => Subresource is null ? Resource : $"{Resource}/{Subresource}";
}

/// <summary>Decides who may do what.</summary>
internal interface IAuthorizer
{
    /// <summary>Whether the user may; <paramref name="reason"/> says by which binding.</summary>
    bool IsAllowed(UserInfo user, AccessRequest request, out string reason);
}
