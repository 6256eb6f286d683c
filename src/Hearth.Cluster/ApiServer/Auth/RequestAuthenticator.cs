using Hearth.Cluster.ApiServer.Core;
using Hearth.Kube.Client;
using Microsoft.AspNetCore.Http;

namespace Hearth.Cluster.ApiServer.Auth;

/// <summary>Who makes an HTTP request: bearer token, then impersonation.</summary>
internal sealed class RequestAuthenticator(TokenAuthenticatorChain tokens, Access access)
{
    private const string UserHeader = "Impersonate-User";
    private const string GroupHeader = "Impersonate-Group";
    private const string UidHeader = "Impersonate-Uid";
    private const string ExtraPrefix = "Impersonate-Extra-";

    /// <exception cref="KubeException">401 bad credentials, 403 not allowed to impersonate.</exception>
    public async ValueTask<UserInfo> AuthenticateAsync(HttpContext context)
    {
        var user = await IdentifyAsync(context).ConfigureAwait(false);
        return Impersonate(context.Request.Headers, user);
    }

    private async ValueTask<UserInfo> IdentifyAsync(HttpContext context)
    {
        var header = context.Request.Headers.Authorization.ToString();
        if (header.Length == 0)
        {
            return UserInfo.Anonymous;
        }

        const string scheme = "Bearer ";
        if (!header.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) || header[scheme.Length..].Trim() is not { Length: > 0 } token)
        {
            throw ApiErrors.Unauthorized();
        }

        var identity = await tokens.AuthenticateAsync(new TokenRequestContext(token, []), context.RequestAborted).ConfigureAwait(false);
        return identity?.User ?? throw ApiErrors.Unauthorized();
    }

    private UserInfo Impersonate(IHeaderDictionary headers, UserInfo user)
    {
        var name = headers[UserHeader].ToString();
        var groups = headers[GroupHeader].Where(g => !string.IsNullOrEmpty(g)).Select(g => g!).ToList();
        var uid = headers[UidHeader].ToString();
        var extra = Extra(headers);
        if (name.Length == 0)
        {
            return groups.Count > 0 || uid.Length > 0 || extra.Count > 0
                ? throw ApiErrors.Internal($"requested [{string.Join(' ', groups)}] without impersonating a user name")
                : user;
        }

        var target = Target(user, name, groups);
        if (uid.Length > 0)
        {
            RequireFor(user, "authentication.k8s.io", "uids", null, uid);
            target = target with { Uid = uid };
        }

        foreach (var (key, values) in extra)
        {
            foreach (var value in values)
            {
                access.Require(user, new AccessRequest("impersonate", "authentication.k8s.io", "userextras", key, null, value));
            }
        }

        return target with { Extra = extra };
    }

    private UserInfo Target(UserInfo user, string name, List<string> groups)
    {
        var parts = name.StartsWith(UserInfo.ServiceAccountPrefix, StringComparison.Ordinal) ? name[UserInfo.ServiceAccountPrefix.Length..].Split(':') : [];
        if (parts.Length == 2)
        {
            RequireFor(user, "", "serviceaccounts", parts[0], parts[1]);
        }
        else
        {
            RequireFor(user, "", "users", null, name);
        }

        foreach (var group in groups)
        {
            RequireFor(user, "", "groups", null, group);
        }

        if (parts.Length == 2 && groups.Count == 0)
        {
            return UserInfo.ServiceAccount(parts[0], parts[1]);
        }

        if (name != UserInfo.Anonymous.Name && !groups.Contains(UserInfo.Authenticated, StringComparer.Ordinal))
        {
            groups.Add(UserInfo.Authenticated);
        }

        return new UserInfo(name, groups.Count > 0 ? groups : UserInfo.Anonymous.Groups);
    }

    private void RequireFor(UserInfo user, string group, string resource, string? ns, string name) =>
        access.Require(user, new AccessRequest("impersonate", group, resource, null, ns, name));

    private static Dictionary<string, IReadOnlyList<string>> Extra(IHeaderDictionary headers)
    {
        var extra = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach (var (header, values) in headers)
        {
            if (header.StartsWith(ExtraPrefix, StringComparison.OrdinalIgnoreCase))
            {
                extra[Uri.UnescapeDataString(header[ExtraPrefix.Length..].ToLowerInvariant())] = [.. values.Select(v => v ?? "")];
            }
        }

        return extra;
    }
}
