namespace Hearth.Platform;

/// <summary>EMR Studio over one team's virtual cluster; AWS only.</summary>
public sealed record Studio
{
    /// <summary>1 to 63 lower-case letters, digits and <c>-</c>; empty makes no Studio.</summary>
    public string Name { get; init; } = string.Empty;

    /// <summary>The team whose namespace notebooks run in.</summary>
    public string Team { get; init; } = string.Empty;

    /// <summary><c>iam</c> (IAM users) or <c>identityCenter</c>.</summary>
    public string Auth { get; init; } = "iam";

    /// <summary>Interactive endpoints; kernels run as the team's execution role.</summary>
    public IReadOnlyList<StudioEndpoint> Endpoints { get; init; } = [];

    public IReadOnlyList<StudioUser> Users { get; init; } = [];

    /// <summary>True when there is to be one.</summary>
    public bool IsDeclared => Name.Length > 0;
}

/// <summary>An endpoint that notebooks attach to; its full name is <c>&lt;studio&gt;-&lt;name&gt;</c>.</summary>
public sealed record StudioEndpoint
{
    public string Name { get; init; } = string.Empty;

    /// <summary>Empty is the platform's.</summary>
    public string ReleaseLabel { get; init; } = string.Empty;
}

/// <summary>A person, or a group of IAM Identity Center.</summary>
public sealed record StudioUser
{
    /// <summary>The IAM user's name, or the name in IAM Identity Center.</summary>
    public string Name { get; init; } = string.Empty;

    /// <summary><c>user</c> or <c>group</c>.</summary>
    public string Type { get; init; } = "user";

    /// <summary>Names of <see cref="Studio.Endpoints"/>.</summary>
    public IReadOnlyList<string> Endpoints { get; init; } = [];
}
