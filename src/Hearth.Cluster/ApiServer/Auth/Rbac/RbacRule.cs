using System.Text.Json;
using Hearth.Cluster.ApiServer.Core;

namespace Hearth.Cluster.ApiServer.Auth.Rbac;

/// <summary>One rule of a role, ready to be asked.</summary>
internal sealed record RbacRule(
    IReadOnlyList<string> Verbs, IReadOnlyList<string> Groups, IReadOnlyList<string> Resources, IReadOnlyList<string> Names, IReadOnlyList<string> Paths)
{
    private const string Any = "*";

    public static RbacRule Read(JsonElement rule) =>
        new(Texts(rule, "verbs"), Texts(rule, "apiGroups"), Texts(rule, "resources"), Texts(rule, "resourceNames"), Texts(rule, "nonResourceURLs"));

    public bool Allows(AccessRequest request)
    {
        if (!Has(Verbs, request.Verb))
        {
            return false;
        }

        return request.Path is { } path
            ? Paths.Any(p => p == Any || p == path || (p.EndsWith('*') && path.StartsWith(p[..^1], StringComparison.Ordinal)))
            : Has(Groups, request.Group) && AllowsResource(request) && AllowsName(request);
    }

    private bool AllowsResource(AccessRequest request)
    {
        foreach (var resource in Resources)
        {
            if (resource == Any || string.Equals(resource, request.QualifiedResource, StringComparison.Ordinal))
            {
                return true;
            }

            // */scale stands for that part of every resource.
            if (request.Subresource is { } part && resource.StartsWith("*/", StringComparison.Ordinal) && resource.AsSpan(2).SequenceEqual(part))
            {
                return true;
            }
        }

        return false;
    }

    private bool AllowsName(AccessRequest request) =>
        Names.Count == 0 || (request.Name is { } name && Names.Contains(name, StringComparer.Ordinal));

    private static bool Has(IReadOnlyList<string> values, string wanted)
    {
        foreach (var value in values)
        {
            if (value == Any || string.Equals(value, wanted, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    private static string[] Texts(JsonElement rule, string member) => [.. rule.Items(member).Select(i => i.GetString() ?? "")];
}
