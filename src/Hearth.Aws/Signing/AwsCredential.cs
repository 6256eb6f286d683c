namespace Hearth.Aws.Signing;

/// <summary>An access key and whom it stands for. The secret never appears in logs: <see cref="ToString"/> leaves it out.</summary>
public sealed record AwsCredential
{
    /// <summary>For example <c>AKIA...</c>; 16 to 128 characters.</summary>
    public required string AccessKeyId { get; init; }
    public required string SecretAccessKey { get; init; }

    /// <summary>Set for temporary credentials; requests must then carry it.</summary>
    public string? SessionToken { get; init; }

    /// <summary>When temporary credentials end; null for lasting ones.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>For example <c>arn:aws:iam::123456789012:user/hearth-admin</c>.</summary>
    public required string PrincipalArn { get; init; }

    /// <summary>The principal's unique id, for example <c>AIDA...</c>.</summary>
    public required string UserId { get; init; }

    /// <summary>Twelve digits.</summary>
    public required string AccountId { get; init; }

    /// <summary>The team that the key belongs to; null for the administrator.</summary>
    public string? Team { get; init; }

    /// <summary>Set for temporary credentials.</summary>
    public AwsSession? Session { get; init; }

    /// <summary>Whether this is the administrator, in person or in a session of its own. A role is never, whatever it may do.</summary>
    public bool IsAdmin => Team is null && Session?.RoleArn is null;

    /// <inheritdoc/>
    public override string ToString() => $"{PrincipalArn} ({AccessKeyId})";
}

/// <summary>Where the keys of the platform are kept.</summary>
public interface ICredentialStore
{
    /// <summary>The credential of an access key id, or null.</summary>
    AwsCredential? Find(string accessKeyId);

    /// <summary>The credential of an access key id that comes with a session token, or null.</summary>
    AwsCredential? Find(string accessKeyId, string? sessionToken) => Find(accessKeyId);

    /// <summary>All of them, the administrator first.</summary>
    IReadOnlyList<AwsCredential> All { get; }
}
