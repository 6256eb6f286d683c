namespace Hearth.Aws.Signing;

/// <summary>What temporary credentials carry beside their keys.</summary>
public sealed record AwsSession
{
    /// <summary>The role that was assumed; null for a session of a user.</summary>
    public string? RoleArn { get; init; }

    /// <summary>Name of the session, the last part of its ARN.</summary>
    public string? Name { get; init; }

    /// <summary>Session policies as JSON: they narrow what the role allows.</summary>
    public IReadOnlyList<string> Policies { get; init; } = [];

    /// <summary>When the token was issued.</summary>
    public required DateTimeOffset IssuedAt { get; init; }

    /// <summary>ARN of the identity provider that vouched, or null.</summary>
    public string? Provider { get; init; }
}
