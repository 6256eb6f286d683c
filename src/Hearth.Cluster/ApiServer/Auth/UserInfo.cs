namespace Hearth.Cluster.ApiServer.Auth;

/// <summary>Who makes a request (authentication.k8s.io UserInfo).</summary>
/// <param name="Name">User name; service accounts are <c>system:serviceaccount:ns:name</c>.</param>
/// <param name="Groups">Groups, including <c>system:authenticated</c>.</param>
public sealed record UserInfo(string Name, IReadOnlyList<string> Groups)
{
    /// <summary>Group that may do everything, whatever the roles say.</summary>
    public const string Masters = "system:masters";

    /// <summary>Group of everybody who proved an identity.</summary>
    public const string Authenticated = "system:authenticated";

    /// <summary>Group of everybody who did not.</summary>
    public const string Unauthenticated = "system:unauthenticated";

    /// <summary>Prefix of the names of service accounts.</summary>
    public const string ServiceAccountPrefix = "system:serviceaccount:";

    /// <summary>Stable identity behind the name, or null.</summary>
    public string? Uid { get; init; }

    /// <summary>More about the identity, for example the pod a token is bound to.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Extra { get; init; } = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);

    /// <summary>A request without credentials.</summary>
    public static UserInfo Anonymous { get; } = new("system:anonymous", [Unauthenticated]);

    /// <summary>An identity with every right: parts of the platform itself.</summary>
    public static UserInfo Master(string name) => new(name, [Masters, Authenticated]);

    /// <summary>A service account, without the pod that uses it.</summary>
    public static UserInfo ServiceAccount(string ns, string name) =>
        new($"{ServiceAccountPrefix}{ns}:{name}", ["system:serviceaccounts", $"system:serviceaccounts:{ns}", Authenticated]);
}
