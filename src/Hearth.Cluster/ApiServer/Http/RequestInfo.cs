using Hearth.Cluster.ApiServer.Auth;

namespace Hearth.Cluster.ApiServer.Http;

/// <summary>What a path is about.</summary>
/// <param name="IsResource">False: discovery, health and other paths that are not about objects.</param>
/// <param name="Verb">As roles name it; for other paths the HTTP method in lower case.</param>
/// <param name="Group">Empty for core.</param>
/// <param name="Version">API version.</param>
/// <param name="Resource">Plural.</param>
/// <param name="Namespace">Null: none in the path.</param>
/// <param name="Name">Null: the collection.</param>
/// <param name="Subresource">Null: the object itself.</param>
internal sealed record RequestInfo(
    bool IsResource, string Verb, string Group, string Version, string Resource, string? Namespace, string? Name, string? Subresource, string Path)
{
    /// <summary>Reads method, path and the parts of the query that change the verb (apiserver <c>requestinfo.go</c>).</summary>
    /// <param name="watch">The query asks to watch.</param>
    /// <param name="pinnedName">The name that a field selector asks for, or null.</param>
    public static RequestInfo Parse(string method, string path, bool watch, string? pinnedName)
    {
        var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var other = new RequestInfo(false, method.ToLowerInvariant(), "", "", "", null, null, null, path);
        var root = parts.Length >= 3 && parts[0] == "api" ? 1 : parts.Length >= 4 && parts[0] == "apis" ? 2 : 0;
        if (root == 0)
        {
            return other;
        }

        var (group, version) = root == 1 ? ("", parts[1]) : (parts[1], parts[2]);
        var rest = parts.AsSpan(root + 1);
        if (rest[0] == "watch" && rest.Length > 1)
        {
            watch = true;
            rest = rest[1..];
        }

        string? ns = null;
        if (rest[0] == "namespaces" && rest.Length > 1)
        {
            ns = rest[1];
            // namespaces/x, namespaces/x/status and namespaces/x/finalize are about the namespace itself.
            if (rest.Length > 2 && !(rest.Length == 3 && rest[2] is "status" or "finalize"))
            {
                rest = rest[2..];
            }
        }

        var name = rest.Length > 1 ? rest[1] : null;
        var subresource = rest.Length > 2 ? string.Join('/', rest[2..].ToArray()) : null;
        return new RequestInfo(true, VerbOf(method, name, watch), group, version, rest[0], ns, name ?? (watch || method == "GET" ? pinnedName : null), subresource, path)
        {
            IsCollection = name is null,
        };
    }

    /// <summary>The path names no single object.</summary>
    public bool IsCollection { get; private init; }

    public AccessRequest ToAccess(string? ns) => IsResource
        ? new AccessRequest(Verb, Group, Resource, Subresource, ns, Name)
        : AccessRequest.ForPath(Verb, Path);

    private static string VerbOf(string method, string? name, bool watch) => method switch
    {
        "GET" or "HEAD" => watch ? "watch" : name is null ? "list" : "get",
        "POST" => "create",
        "PUT" => "update",
        "PATCH" => "patch",
        "DELETE" => name is null ? "deletecollection" : "delete",
        _ => method.ToLowerInvariant(),
    };
}
